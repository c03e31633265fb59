//! Toasts of what people want to be reminded of. Whose toast nothing is known of says the inbox: what was
//! due while nothing ran, or when the last run ended before its toast, has one now, once.

use super::port::{Daemon, Port};
use super::screen::On;
use super::showing::{Shown, show, show_alert_as, signed};
use super::toast::Toast;
use super::{Toasts, Work};
use agora_inbox::{Alert, AlertId};
use agora_rules::{Fate, Mute};
use std::collections::VecDeque;

/// More than so many at once are told of by one toast that counts them.
const ALONE: usize = 3;

/// A reminder that was due: of which alert, and when, in milliseconds since the Unix epoch.
pub(super) type Due = (AlertId, i64);

/// Reminders that were due.
#[derive(Debug, Default)]
pub(super) struct Reminders {
    /// Whether the inbox is to be asked for them.
    pub(super) wanted: bool,
    /// Those that it named and of whose toasts it knew nothing then.
    named: Vec<Due>,
    /// Those that have none yet.
    waiting: VecDeque<AlertId>,
}

impl Reminders {
    /// At first the inbox is to be asked.
    pub(super) fn unasked() -> Self {
        Self { wanted: true, ..Self::default() }
    }

    /// These are all of whose toasts the inbox knows nothing: those that it hasn't named before wait.
    fn name(&mut self, due: Vec<Due>) {
        let new = due.iter().filter(|due| !self.named.contains(due)).map(|(id, _)| *id);
        self.waiting.extend(new);
        self.named = due;
    }

    /// Those whose toast is next.
    fn take(&mut self) -> Vec<AlertId> {
        let many = if self.waiting.len() > ALONE { self.waiting.len() } else { 1 };
        self.waiting.drain(..many.min(self.waiting.len())).collect()
    }

    /// These need none any more: which of them would have had one.
    fn remove(&mut self, ids: &[AlertId]) -> Vec<AlertId> {
        let gone = self.waiting.iter().copied().filter(|id| ids.contains(id)).collect();
        self.waiting.retain(|id| !ids.contains(id));
        gone
    }
}

impl<P: Port, D: Daemon> Toasts<P, D> {
    /// Asks the inbox which reminders nobody was told of.
    pub(super) fn ask_for_reminders(&self) -> Work<Vec<Due>> {
        let port = self.port.clone();
        Box::pin(async move { port.untold_reminders().await })
    }

    pub(super) fn reminders_due(&mut self, due: Vec<Due>) {
        self.reminders.name(due);
    }

    /// The alerts of these are read or gone.
    pub(super) fn no_reminders(&mut self, ids: &[AlertId]) {
        let gone = self.reminders.remove(ids).into_iter();
        self.fates.extend(gone.map(|id| (id, Fate::Muted(Mute::Read))));
    }

    pub(super) fn awaited_reminders(&self) -> impl Iterator<Item = AlertId> {
        self.reminders.waiting.iter().copied()
    }

    /// The next reminder's toast, on its way.
    pub(super) fn reminder(&mut self) -> Option<Work<Shown>> {
        let ids = self.reminders.take();
        match ids[..] {
            [] => None,
            [id] => Some(self.one(id)),
            _ => Some(self.many(ids)),
        }
    }

    fn one(&mut self, id: AlertId) -> Work<Shown> {
        self.coming = Some(id);
        // The alert's own may still be there.
        let own = self.screen.take_alerts(&[id]);
        self.close(own);
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        Box::pin(async move {
            let make = |alert: &Alert| {
                let sound = port.reminds_aloud(alert.body.category);
                Toast::of_reminder(alert, sound, port.hides_content(), port.language())
            };
            Shown {
                on: On::Alert(id),
                alerts: vec![id],
                fate: Fate::Shown,
                outcome: show_alert_as(&port, &daemon, id, make, None).await,
            }
        })
    }

    fn many(&self, ids: Vec<AlertId>) -> Work<Shown> {
        let (port, daemon) = (self.port.clone(), self.daemon.clone());
        Box::pin(async move {
            let toast = Toast::of_reminders(ids.len(), port.language());
            Shown {
                on: On::Reminders,
                fate: Fate::SummedUp(u32::try_from(ids.len()).unwrap_or(u32::MAX)),
                alerts: ids,
                outcome: show(&port, &daemon, signed(toast, &port), None).await,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_of_once_and_again_when_it_was_moved() {
        let mut reminders = Reminders::default();
        reminders.name(vec![(1, 10), (2, 20)]);
        assert_eq!(reminders.take(), [1]);
        // Nothing is known of the first one's toast yet.
        reminders.name(vec![(1, 10), (2, 20), (3, 30)]);
        assert_eq!(reminders.remove(&[3, 4]), [3]);
        assert_eq!(reminders.take(), [2]);
        assert_eq!(reminders.take(), [] as [AlertId; 0]);
        reminders.name(vec![(2, 20)]);
        reminders.name(vec![(1, 40), (2, 20)]);
        assert_eq!(reminders.take(), [1]);
        reminders.name((5..9).map(|id| (id, 1)).collect());
        assert_eq!(reminders.take(), [5, 6, 7, 8]);
    }
}
