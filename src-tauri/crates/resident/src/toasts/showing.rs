//! From a plan to a toast on the screen, and what became of it.

use super::port::{Daemon, Port};
use super::screen::On;
use super::toast::{Toast, only_category};
use super::{NotShown, Plan, SLOW, ToastId, Toasts, Work, now};
use crate::desk::Announcement;
use crate::ipc::List;
use agora_inbox::{Alert, AlertId, key};
use agora_rules::Fate;
use agora_rules::storm::{Passed, Sum, SumKind};
use agora_rules::{Mute, Taken};
use std::time::Duration;
use tokio::time::Instant;

/// What came of a toast.
pub(super) struct Shown {
    pub(super) on: On,
    /// The alerts that are told of now, and weren't before.
    pub(super) alerts: Vec<AlertId>,
    /// What that makes of each.
    pub(super) fate: Fate,
    pub(super) outcome: Outcome,
}

impl Shown {
    /// There was nothing left to show.
    pub(super) fn nothing() -> Self {
        let on = On::AfterQuiet { unread: Vec::new(), only: None, list: List::default() };
        Self { on, alerts: Vec::new(), fate: Fate::Shown, outcome: Outcome::Gone }
    }
}

pub(super) enum Outcome {
    /// The desktop has taken it, after so long.
    Taken(ToastId, Duration, Taken),
    /// It isn't, after so long.
    Not(NotShown, Duration),
    /// Its alert was read meanwhile.
    Read,
    /// Its alert is gone.
    Gone,
}

impl Outcome {
    /// What the desktop did with it, as far as it is known to have it.
    fn taken(&self) -> Taken {
        match self {
            Self::Taken(_, _, taken) => *taken,
            _ => Taken::Unsaid,
        }
    }
}

impl<P: Port, D: Daemon> Toasts<P, D> {
    /// The next toast that is to be shown, on its way.
    pub(super) fn next(&mut self) -> Option<Work<Shown>> {
        if let Some(word) = self.announced.take() {
            return Some(self.word(word));
        }
        if let Some(reminder) = self.reminder() {
            return Some(reminder);
        }
        if !self.came.is_empty() {
            let came = std::mem::take(&mut self.came);
            return Some(self.after_quiet(came));
        }
        while let Some(plan) = self.storm.next(now()) {
            match plan {
                Plan::Alone(alert) => return Some(self.alone(alert)),
                Plan::Sum(sum) => return Some(self.sum(sum)),
                Plan::Withdraw(kind) => {
                    let toast = self.screen.take_sum(kind);
                    self.close(toast);
                }
                // A toast that never came told nothing.
                Plan::Grown(sum) => {
                    if let Some(taken) = self.screen.sum_taken(sum.kind) {
                        self.told_of_all(sum, taken);
                    }
                }
            }
        }
        None
    }

    /// A sum's toast tells of more than it did when some of them joined.
    pub(super) fn told_of_all(&mut self, sum: Sum, taken: Taken) {
        let fate = fate(&sum).taken(taken);
        self.fates.extend(sum.added.into_iter().map(|id| (id, fate)));
    }

    fn alone(&mut self, alert: Passed) -> Work<Shown> {
        self.coming = Some(alert.id);
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        Box::pin(async move {
            Shown {
                on: On::Alert(alert.id),
                alerts: vec![alert.id],
                fate: Fate::Shown,
                outcome: show_alert(&port, &daemon, alert.id, alert.sound, None).await,
            }
        })
    }

    fn sum(&mut self, sum: Sum) -> Work<Shown> {
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        let replaces = self.screen.of_sum(sum.kind);
        self.replaced = replaces;
        Box::pin(async move {
            let outcome = if let Some(only) = sum.only {
                show_alert(&port, &daemon, only, sum.sound, replaces).await
            } else {
                let toast = Toast::of_sum(&sum, port.language());
                show(&port, &daemon, signed(toast, &port), replaces).await
            };
            Shown {
                on: On::Sum {
                    kind: sum.kind,
                    only: sum.only,
                    list: list(&sum),
                    taken: outcome.taken(),
                },
                fate: fate(&sum),
                alerts: sum.added,
                outcome,
            }
        })
    }

    fn word(&self, word: Announcement) -> Work<Shown> {
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        Box::pin(async move {
            let toast = Toast::of_announcement(word, port.language());
            let toast = if word == Announcement::SignIn { signed(toast, &port) } else { toast };
            Shown {
                on: On::App(word),
                alerts: Vec::new(),
                fate: Fate::Shown,
                outcome: show(&port, &daemon, toast, None).await,
            }
        })
    }

    /// A toast was shown, or not.
    pub(super) fn shown(&mut self, shown: Shown) {
        let Shown { on, alerts, fate, outcome } = shown;
        let came = self.coming.take();
        self.replaced = None;
        let fate = match outcome {
            Outcome::Taken(_, _, taken) => fate.taken(taken),
            Outcome::Not(NotShown::NoDaemon, _) => Fate::NoDaemon,
            Outcome::Not(NotShown::Refused, _) => Fate::NotShown,
            Outcome::Read => Fate::Muted(Mute::Read),
            Outcome::Gone => return,
        };
        if matches!(fate, Fate::AfterQuiet { .. }) {
            self.take_kept(&alerts);
        }
        self.fates.extend(alerts.into_iter().map(|id| (id, fate)));
        if let Outcome::Taken(_, took, _) | Outcome::Not(_, took) = outcome {
            self.storm.daemon_slow(now(), took > SLOW);
        }
        let Outcome::Taken(toast, ..) = outcome else { return };
        let stays = match &on {
            On::Alert(id) => came == Some(*id),
            On::Sum { .. } | On::AfterQuiet { .. } | On::Reminders | On::App(_) => true,
        };
        let gone = if stays { self.screen.put(toast, on) } else { Some(toast) };
        self.close(gone);
    }
}

/// Shows an alert as it is now, if it is still unread.
pub(super) async fn show_alert(
    port: &impl Port,
    daemon: &impl Daemon,
    id: AlertId,
    sound: bool,
    replaces: Option<ToastId>,
) -> Outcome {
    let make = |alert: &Alert| {
        let opens = port.trusted_link(alert).is_some();
        Toast::of_alert(alert, sound, opens, port.hides_content(), port.language())
    };
    show_alert_as(port, daemon, id, make, replaces).await
}

/// The same, as it is made of the alert.
pub(super) async fn show_alert_as(
    port: &impl Port,
    daemon: &impl Daemon,
    id: AlertId,
    make: impl Fn(&Alert) -> Toast,
    replaces: Option<ToastId>,
) -> Outcome {
    let alert = port.alert(id).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an alert can't be read for its toast");
        None
    });
    match alert {
        Some(Alert { read: true, .. }) => Outcome::Read,
        Some(alert) => show(port, daemon, signed(make(&alert), port), replaces).await,
        None => Outcome::Gone,
    }
}

/// Says whose it is, where that may be asked.
pub(super) fn signed(toast: Toast, port: &impl Port) -> Toast {
    match port.account() {
        Some(account) => toast.signed(&account, port.language()),
        None => toast,
    }
}

pub(super) async fn show(
    port: &impl Port,
    daemon: &impl Daemon,
    mut toast: Toast,
    replaces: Option<ToastId>,
) -> Outcome {
    // Not every desktop keeps quiet by itself.
    toast.sound &= !port.is_undisturbed();
    let began = Instant::now();
    match daemon.show(&toast, replaces).await {
        Ok(id) => {
            let took = began.elapsed();
            Outcome::Taken(id, took, port.taken(toast.urgent).await)
        }
        Err(why) => Outcome::Not(why, began.elapsed()),
    }
}

/// The list that shows what a sum counts.
fn list(sum: &Sum) -> List {
    List {
        category: only_category(sum).map(Into::into),
        unread: true,
        from_ms: sum.since.filter(|_| !sum.uncounted).map(key::time_of),
        ..List::default()
    }
}

/// What a sum's toast makes of the alerts in it.
fn fate(sum: &Sum) -> Fate {
    let count = u32::try_from(sum.count).unwrap_or(u32::MAX);
    match sum.kind {
        _ if sum.only.is_some() => Fate::Shown,
        SumKind::Storm => Fate::SummedUp(count),
        SumKind::Away => Fate::Away(count),
    }
}
