//! What people do with toasts, passed on to where it is done.

use super::screen::On;
use super::{Action, Event, ToastId, Toasts};
use crate::shell::Shell;
use crate::{opener, window};
use agora_inbox::{AlertId, Which};
use agora_receiver::Fate;
use agora_receiver::link::Link;
use agora_receiver::rules::storm::SumKind;
use std::sync::Arc;

impl Toasts {
    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Acted { toast, action, token } => self.acted(toast, action, token),
            Event::Closed { toast } => {
                if let Some(On::Sum { kind, .. }) = self.screen.take(toast) {
                    self.sum_closed(kind);
                }
            }
            Event::Gone => {
                self.screen.clear();
                self.storm.daemon_lost();
            }
        }
    }

    fn sum_closed(&mut self, kind: SumKind) {
        if let Some(sum) = self.storm.closed(kind) {
            self.told_of_all(sum);
        }
    }

    fn acted(&mut self, toast: ToastId, action: Action, token: Option<String>) {
        // It is another program's, or older than what is known.
        let Some(on) = self.screen.take(toast) else { return };
        // Some daemons leave it where it is.
        self.close([toast]);
        if action == Action::Open {
            let_window_come(&self.shell, token.clone());
        }
        let alert = match on {
            On::Alert(id) => id,
            On::Sum { kind, only, list } => {
                self.sum_closed(kind);
                match only {
                    Some(id) => id,
                    None => return self.shell.show_list(list),
                }
            }
        };
        self.fates.push((alert, Fate::Clicked));
        match action {
            Action::Open => self.shell.open_alert(alert),
            Action::MarkRead => self.mark_read(alert),
            Action::OpenInMarket => {
                self.shell.spawn(open_in_market(self.shell.clone(), alert, token));
            }
        }
    }

    fn mark_read(&self, alert: AlertId) {
        let receiver = self.shell.receiver.clone();
        self.shell.spawn(async move {
            if let Err(error) = receiver.mark(Which::Ids(vec![alert]), true).await {
                tracing::error!(%error, "an alert can't be marked as read");
            }
        });
    }
}

/// Opens an alert's link, and takes the alert for read. A link that may not open without a question
/// any more, or doesn't, is the window's.
async fn open_in_market(shell: Arc<Shell>, id: AlertId, token: Option<String>) {
    let alert = match shell.receiver.inbox() {
        Some(inbox) => inbox.get(id).await.ok().flatten(),
        None => None,
    };
    let text = alert.and_then(|alert| alert.body.link);
    let opened = match text.map(|text| shell.links().look_at(&text)) {
        Some(Link::Opens { url, trusted: true, .. }) => {
            opener::open(url.as_str(), token.as_deref())
                .await
                .inspect_err(|error| tracing::warn!("a link can't be opened: {error:#}"))
                .is_ok()
        }
        _ => false,
    };
    if !opened {
        let_window_come(&shell, token);
        return shell.open_alert(id);
    }
    if let Err(error) = shell.receiver.mark(Which::Ids(vec![id]), true).await {
        tracing::error!(%error, "an alert can't be marked as read");
    }
}

/// Lets the window come to the front the next time that it is to.
fn let_window_come(shell: &Shell, token: Option<String>) {
    if let Some(token) = token {
        window::keep_activation(&shell.app, token);
    }
}
