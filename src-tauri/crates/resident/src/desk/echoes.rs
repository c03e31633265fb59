//! What was sent from here and came back: each alert that arrives may be one.

use agora_receiver::{Change, Receiver};
use agora_sending::Sender;
use jiff::Timestamp;
use tokio::sync::broadcast::error::RecvError;

/// Tells the sender of what arrives while it may be awaited, until the app quits.
pub(crate) async fn watch_echoes(receiver: Receiver, sender: Sender) {
    let mut changes = receiver.changes();
    loop {
        let alerts = match changes.recv().await {
            Ok(Change::Arrived { alerts, .. }) => alerts,
            Ok(_) | Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let at = Timestamp::now().as_millisecond();
        let Some(inbox) = receiver.inbox().filter(|_| sender.awaits_echoes()) else { continue };
        for alert in alerts.iter() {
            // What is told of leaves out the event itself.
            if let Ok(Some(kept)) = inbox.get(alert.id).await {
                sender.hears(&kept.body.raw, at).await;
            }
        }
    }
}
