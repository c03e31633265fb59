//! The end of quiet: one toast tells what came meanwhile and is still unread, and leads to exactly that.
//!
//! What is to be told is known from what became of each alert's toast, and so it survives any end of the
//! app; once it was told, that is what became of it.

use super::port::{Daemon, Port};
use super::screen::On;
use super::showing::{Shown, show, show_alert, signed};
use super::toast::Toast;
use super::{Toasts, Work};
use crate::ipc::List;
use agora_alert::Orders;
use agora_inbox::{Alert, AlertId, Category};
use agora_rules::storm::SumKind;
use agora_rules::{Fate, Taken};
use jiff::Timestamp;
use std::cmp::Reverse;

/// What came in quiet.
#[derive(Debug, Default)]
pub(super) struct Came {
    pub(super) count: usize,
    pub(super) urgent: usize,
    /// How many of each category, the most first.
    pub(super) categories: Vec<(Category, usize)>,
    pub(super) orders: Orders,
}

impl Came {
    pub(super) fn of<'a>(alerts: impl IntoIterator<Item = &'a Alert>) -> Self {
        let mut came = Self::default();
        let mut counts = [0; Category::ALL.len()];
        for Alert { body, .. } in alerts {
            came.count += 1;
            came.urgent += usize::from(body.urgent);
            counts[body.category as usize] += 1;
            came.orders.add(body);
        }
        let counted = Category::ALL.into_iter().zip(counts);
        came.categories = counted.filter(|(_, count)| *count > 0).collect();
        came.categories.sort_by_key(|(_, count)| Reverse(*count));
        came
    }
}

impl<P: Port, D: Daemon> Toasts<P, D> {
    /// It isn't quiet any more: looks what came meanwhile.
    pub(super) fn look_back(&self) -> Work<Vec<AlertId>> {
        let port = self.port.clone();
        Box::pin(async move { port.came_in_quiet().await })
    }

    /// The toast that tells of these, as far as they are unread.
    pub(super) fn after_quiet(&mut self, ids: Vec<AlertId>) -> Work<Shown> {
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        Box::pin(async move {
            let mut alerts = Vec::new();
            for id in ids {
                alerts.extend(port.alert(id).await.ok().flatten().filter(|alert| !alert.read));
            }
            let told_ms = Timestamp::now().as_millisecond();
            let count = u32::try_from(alerts.len()).unwrap_or(u32::MAX);
            let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
            let (only, outcome) = match &alerts[..] {
                [] => return Shown::nothing(),
                [only] => {
                    let sound = only.body.urgent;
                    (Some(only.id), show_alert(&port, &daemon, only.id, sound, None).await)
                }
                several => {
                    let came = Came::of(several);
                    let toast = Toast::after_quiet(&came, port.hides_content(), port.language());
                    (None, show(&port, &daemon, signed(toast, &port), None).await)
                }
            };
            Shown {
                on: On::AfterQuiet {
                    unread: ids.clone(),
                    only,
                    list: List { told_ms: Some(told_ms), ..List::default() },
                },
                alerts: ids,
                fate: Fate::AfterQuiet { told_ms, count },
                outcome,
            }
        })
    }

    /// One toast tells of these now: those go in which the desktop kept them.
    pub(super) fn take_kept(&mut self, told: &[AlertId]) {
        let toasts = self.screen.take_alerts(told);
        self.close(toasts);
        for kind in [SumKind::Storm, SumKind::Away] {
            if self.screen.sum_taken(kind) == Some(Taken::Kept) {
                let toast = self.screen.take_sum(kind);
                self.close(toast);
                // What it told of is told anew.
                let _ = self.storm.closed(kind);
            }
        }
    }
}
