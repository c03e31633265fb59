//! From the receiver to the page: a snapshot, then every change, over one channel.

use crate::ipc::{PAGE_LIMIT, PageEvent, Snapshot};
use crate::shell::Shell;
use crate::view;
use agora_receiver::{Change, Subscription};
use std::sync::Arc;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;

/// Feeds a page until it is gone. Subscribes before it takes the snapshot, so that nothing falls
/// between the two.
pub(crate) async fn feed(shell: Arc<Shell>, page: Channel<PageEvent>) {
    let mut told = shell.receiver.subscribe();
    let mut preferences = shell.preferences();
    let mut notices = shell.notices.subscribe();
    let mut asked = shell.asked();
    let mut next = Some(snapshot(&shell, &mut told).await);
    loop {
        if let Some(event) = next
            && page.send(event).is_err()
        {
            return;
        }
        next = tokio::select! {
            Ok(()) = told.status.changed() => {
                Some(PageEvent::Status { status: view::status(&told.status.borrow_and_update()) })
            }
            Ok(()) = told.account.changed() => Some(snapshot(&shell, &mut told).await),
            Ok(()) = preferences.changed() => Some(snapshot(&shell, &mut told).await),
            Ok(()) = notices.changed() => Some(PageEvent::Notices { notices: shell.notices.list() }),
            Ok(()) = asked.changed() => shell.take_asked().map(|id| PageEvent::Open { id }),
            change = told.changes.recv() => match change {
                Ok(change) => match of_change(&shell, &change) {
                    Some(event) => Some(event),
                    None => Some(snapshot(&shell, &mut told).await),
                },
                Err(RecvError::Lagged(_)) => Some(snapshot(&shell, &mut told).await),
                Err(RecvError::Closed) => return,
            },
        };
    }
}

async fn snapshot(shell: &Shell, told: &mut Subscription) -> PageEvent {
    let counts = match shell.receiver.inbox() {
        Some(inbox) => inbox.counts().await.unwrap_or_default(),
        None => agora_inbox::Counts::default(),
    };
    let preferences = shell.preferences().borrow().clone();
    PageEvent::Snapshot {
        snapshot: Box::new(Snapshot {
            account: told.account.borrow_and_update().as_ref().map(view::account),
            status: view::status(&told.status.borrow_and_update()),
            counts: view::counts(&counts),
            language: preferences.resolved_language().into(),
            preferences,
            notices: shell.notices.list(),
            open: shell.take_asked(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
    }
}

/// `None` where the change is more than one event may carry.
fn of_change(shell: &Shell, change: &Change) -> Option<PageEvent> {
    match change {
        Change::Arrived { alerts, .. } if alerts.len() > PAGE_LIMIT => None,
        Change::Arrived { alerts, counts } => Some(PageEvent::Arrived {
            alerts: view::rows(alerts, shell.language()),
            counts: view::counts(counts),
        }),
        Change::Marked { ids, read, counts } => {
            Some(PageEvent::Marked { ids: ids.to_vec(), read: *read, counts: view::counts(counts) })
        }
    }
}
