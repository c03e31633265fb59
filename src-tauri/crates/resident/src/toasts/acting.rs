//! What people do with toasts, passed on to where it is done.

use super::port::{Daemon, Port};
use super::screen::On;
use super::{Action, Event, ToastId, Toasts};
use crate::ipc::List;
use agora_inbox::AlertId;
use agora_rules::storm::SumKind;
use agora_rules::{Fate, RemindFor, Taken};

impl<P: Port, D: Daemon> Toasts<P, D> {
    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Acted { toast, action, token } => self.acted(toast, action, token),
            // Some daemons close a toast that they put another in the place of.
            Event::Closed { toast } if self.replaced == Some(toast) => {}
            Event::Closed { toast } => {
                if let Some(On::Sum { kind, taken, .. }) = self.screen.close(toast) {
                    self.sum_closed(kind, taken);
                }
            }
            Event::Gone => {
                self.screen.clear();
                self.storm.daemon_lost();
            }
        }
    }

    fn sum_closed(&mut self, kind: SumKind, taken: Taken) {
        if let Some(sum) = self.storm.closed(kind) {
            self.told_of_all(sum, taken);
        }
    }

    fn acted(&mut self, toast: ToastId, action: Action, token: Option<String>) {
        let on_screen = self.screen.take(toast);
        let was_there = on_screen.is_some();
        // It is another program's, or older than what is known.
        let Some(on) = on_screen.or_else(|| self.screen.take_closed(toast)) else { return };
        // Some daemons leave it where it is.
        self.close([toast]);
        if action == Action::Open {
            self.port.let_window_come(token.clone());
        }
        let alert = match on {
            On::Alert(id) | On::AfterQuiet { only: Some(id), .. } => id,
            On::Sum { kind, only, list, taken } => {
                if was_there {
                    self.sum_closed(kind, taken);
                }
                match only {
                    Some(id) => id,
                    None => return self.port.show_list(list),
                }
            }
            On::AfterQuiet { list, .. } => return self.port.show_list(list),
            On::Reminders => {
                let list = List { reminders: true, unread: true, ..List::default() };
                return self.port.show_list(list);
            }
            On::App(word) => return self.port.act_on(word),
        };
        self.fates.push((alert, Fate::Clicked));
        match action {
            Action::Open => self.port.open_alert(alert),
            Action::MarkRead => self.mark_read(alert),
            Action::RemindInAnHour => self.remind(alert, RemindFor::Hour),
            Action::RemindTomorrow => self.remind(alert, RemindFor::Tomorrow),
            Action::OpenInMarket => {
                self.port.spawn(open_in_market(self.port.clone(), alert, token));
            }
        }
    }

    fn remind(&self, alert: AlertId, at: RemindFor) {
        let port = self.port.clone();
        self.port.spawn(async move { port.remind(alert, at).await });
    }

    fn mark_read(&self, alert: AlertId) {
        let port = self.port.clone();
        self.port.spawn(async move { port.mark_read(alert).await });
    }
}

/// Opens an alert's link, and takes the alert for read. A link that may not open without a question
/// any more, or doesn't, is the window's.
async fn open_in_market(port: impl Port, id: AlertId, token: Option<String>) {
    let alert = port.alert(id).await.ok().flatten();
    let opened = match alert.and_then(|alert| port.trusted_link(&alert)) {
        Some(url) => port.open_outside(&url, token.as_deref()).await,
        None => false,
    };
    if opened {
        port.mark_read(id).await;
    } else {
        port.let_window_come(token);
        port.open_alert(id);
    }
}
