//! Toasts: the system's notifications of alerts that were just committed.
//!
//! They hang on the receiver's changes and never hold up the stream: a slow notification daemon
//! makes this task lag, and what it missed becomes one toast that says so.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as system;

use crate::shell::Shell;
use crate::window;
use agora_inbox::{Alert, AlertId, Category};
use agora_receiver::Change;
use agora_receiver::alert::{Presentation, kind};
use agora_receiver::catalogue::{self, Language};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{AbortHandle, JoinSet};

/// The most toasts of alerts that arrive together; the rest is one that counts them.
const TOGETHER: usize = 4;
/// The most toasts whose click is waited for. Each holds a connection to the bus.
const CLICKABLE: usize = 16;

/// What a toast shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    title: String,
    /// Plain text.
    body: String,
    urgent: bool,
    category: Category,
    /// The default action's label, for systems that show it.
    action: String,
    /// The alert that a click opens; the inbox where there is none.
    opens: Option<AlertId>,
}

/// Shows toasts until the app quits.
pub(crate) async fn run(shell: Arc<Shell>) {
    let mut changes = shell.receiver.subscribe().changes;
    let daemon = system::Daemon::watch(&shell).await;
    let mut clicks = Clicks::default();
    loop {
        let toasts = match changes.recv().await {
            Ok(Change::Arrived { alerts, .. }) => toasts_of(&alerts, shell.language()),
            Ok(Change::Marked { .. }) => continue,
            Err(RecvError::Lagged(_)) => vec![uncounted(shell.language())],
            Err(RecvError::Closed) => return,
        };
        for toast in toasts {
            if let Some(shown) = daemon.show(&toast).await {
                clicks.wait_for(shown, toast.opens, shell.clone());
            }
        }
    }
}

/// The toasts whose click is waited for.
#[derive(Default)]
struct Clicks {
    tasks: JoinSet<()>,
    /// Oldest first; those that ended are among them until the next one comes.
    order: VecDeque<AbortHandle>,
}

impl Clicks {
    fn wait_for(&mut self, shown: system::Shown, opens: Option<AlertId>, shell: Arc<Shell>) {
        while self.tasks.try_join_next().is_some() {}
        self.order.retain(|click| !click.is_finished());
        if self.order.len() == CLICKABLE
            && let Some(oldest) = self.order.pop_front()
        {
            oldest.abort();
        }
        self.order.push_back(self.tasks.spawn(async move {
            if shown.clicked().await {
                match opens {
                    Some(id) => shell.open_alert(id),
                    None => window::show(&shell.app),
                }
            }
        }));
    }
}

fn toasts_of(alerts: &[Alert], language: Language) -> Vec<Toast> {
    let shown = |alert: &&Alert| {
        kind(&alert.body.kind).is_none_or(|kind| kind.presentation == Presentation::Toast)
    };
    let alerts: Vec<_> = alerts.iter().filter(shown).collect();
    // One more than fits is as good alone as in a toast that counts it.
    let alone = if alerts.len() <= TOGETHER + 1 { alerts.len() } else { TOGETHER };
    let (alone, together) = alerts.split_at(alone);
    let toasts = alone.iter().map(|alert| of_alert(alert, language));
    toasts.chain(counted(together, language)).collect()
}

fn of_alert(alert: &Alert, language: Language) -> Toast {
    Toast {
        title: language.of(&alert.body.title).to_owned(),
        body: language.of(&alert.body.content).to_owned(),
        urgent: alert.body.urgent,
        category: alert.body.category,
        action: catalogue::text(language, "toast.open").to_owned(),
        opens: Some(alert.id),
    }
}

/// One toast for many alerts; urgent when one of them is.
fn counted(alerts: &[&Alert], language: Language) -> Option<Toast> {
    if alerts.is_empty() {
        return None;
    }
    let count = alerts.len().to_string();
    Some(Toast {
        title: catalogue::text_with(language, "toast.missed_other", &[("count", &count)]),
        urgent: alerts.iter().any(|alert| alert.body.urgent),
        ..uncounted(language)
    })
}

/// One toast for alerts that nobody counted.
fn uncounted(language: Language) -> Toast {
    let text = |path: &str| catalogue::text(language, path).to_owned();
    Toast {
        title: text("toast.missed"),
        body: text("toast.missed_content"),
        urgent: false,
        category: Category::System,
        action: text("toast.open"),
        opens: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_receiver::alert::read;

    fn alerts(events: &[&str]) -> Vec<Alert> {
        let kept = |(id, data): (usize, &&str)| Alert {
            id: i64::try_from(id).unwrap(),
            read: false,
            body: read("message", data, None, 0).unwrap(),
        };
        events.iter().enumerate().map(kept).collect()
    }

    #[test]
    fn an_alert_is_one_toast_in_the_persons_language() {
        let alerts = alerts(&[r#"{"type":"ORDER_SHIPPED","orderId":7,"productName":"茶"}"#]);
        let toasts = toasts_of(&alerts, Language::ZhTw);
        assert_eq!(toasts.len(), 1);
        assert_eq!((&*toasts[0].title, &*toasts[0].body), ("訂單 #7 已出貨", "茶"));
        assert_eq!(toasts[0].opens, Some(0));
    }

    #[test]
    fn a_confirmation_of_what_one_did_is_no_toast() {
        assert!(toasts_of(&alerts(&[r#"{"type":"MESSAGE_SENT"}"#]), Language::En).is_empty());
    }

    #[test]
    fn many_at_once_become_a_few_and_one_that_counts() {
        let mut events = vec![r#"{"title":"x"}"#; 99];
        events.push(r#"{"title":"x","isUrgent":true}"#);
        let toasts = toasts_of(&alerts(&events), Language::En);
        assert_eq!(toasts.len(), TOGETHER + 1);
        let last = toasts.last().unwrap();
        assert_eq!((&*last.title, last.urgent, last.opens), ("96 more alerts", true, None));
    }
}
