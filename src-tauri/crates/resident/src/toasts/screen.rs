//! What is on the screen: which toast tells of what, so that a click finds its alert and what was
//! read elsewhere is taken away.

use super::ToastId;
use crate::desk::Announcement;
use crate::ipc::List;
use agora_inbox::AlertId;
use agora_rules::Taken;
use agora_rules::storm::SumKind;
use std::collections::VecDeque;

/// The most toasts that are known; of those before, a click does nothing. A daemon that keeps them
/// keeps fewer.
const MOST: usize = 512;
/// So many that went are remembered: some daemons tell that a toast is gone before they tell of the click that
/// took it away.
const LATELY: usize = 16;

/// What a toast tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum On {
    /// One alert.
    Alert(AlertId),
    /// The alerts of a sum.
    Sum {
        /// Which sum.
        kind: SumKind,
        /// The one alert that it is shown as, where it is one.
        only: Option<AlertId>,
        /// The list that shows them.
        list: List,
        /// What the desktop did with the toast.
        taken: Taken,
    },
    /// What came in quiet.
    AfterQuiet {
        /// Those of it that are unread.
        unread: Vec<AlertId>,
        /// The one alert that it is shown as, where it is one.
        only: Option<AlertId>,
        /// The list that shows exactly it.
        list: List,
    },
    /// Many that the person wants to be reminded of.
    Reminders,
    /// Nothing of the market's: what the app itself has to say.
    App(Announcement),
}

/// The toasts on the screen, oldest first.
#[derive(Debug, Default)]
pub(super) struct Screen {
    toasts: VecDeque<(ToastId, On)>,
    /// What was closed, the last one at the end.
    closed: VecDeque<(ToastId, On)>,
}

impl Screen {
    /// A toast is shown. Gives the one that it was to take the place of and didn't.
    pub(super) fn put(&mut self, id: ToastId, on: On) -> Option<ToastId> {
        let before = match &on {
            On::Sum { kind, .. } => self.take_sum(*kind).filter(|before| *before != id),
            On::Alert(_) | On::AfterQuiet { .. } | On::Reminders | On::App(_) => None,
        };
        self.take(id);
        self.closed.retain(|(toast, _)| *toast != id);
        if self.toasts.len() == MOST {
            self.toasts.pop_front();
        }
        self.toasts.push_back((id, on));
        before
    }

    /// A toast is gone.
    pub(super) fn take(&mut self, id: ToastId) -> Option<On> {
        let at = self.toasts.iter().position(|(toast, _)| *toast == id)?;
        self.toasts.remove(at).map(|(_, on)| on)
    }

    /// A toast was closed; a click on it may yet be told.
    pub(super) fn close(&mut self, id: ToastId) -> Option<On> {
        let on = self.take(id)?;
        if self.closed.len() == LATELY {
            self.closed.pop_front();
        }
        self.closed.push_back((id, on.clone()));
        Some(on)
    }

    /// A toast that was closed is clicked all the same.
    pub(super) fn take_closed(&mut self, id: ToastId) -> Option<On> {
        let at = self.closed.iter().position(|(toast, _)| *toast == id)?;
        self.closed.remove(at).map(|(_, on)| on)
    }

    /// The toast of a sum.
    pub(super) fn of_sum(&self, kind: SumKind) -> Option<ToastId> {
        let is_it = |on: &On| matches!(on, On::Sum { kind: of, .. } if *of == kind);
        self.toasts.iter().find(|(_, on)| is_it(on)).map(|(id, _)| *id)
    }

    /// What the desktop did with the toast of a sum, if there is one.
    pub(super) fn sum_taken(&self, kind: SumKind) -> Option<Taken> {
        self.toasts.iter().find_map(|(_, on)| match on {
            On::Sum { kind: of, taken, .. } if *of == kind => Some(*taken),
            _ => None,
        })
    }

    /// The toast of a sum, which is to be gone.
    pub(super) fn take_sum(&mut self, kind: SumKind) -> Option<ToastId> {
        let id = self.of_sum(kind)?;
        self.take(id);
        Some(id)
    }

    /// The toasts that tell of nothing any more without these alerts, which are to be gone.
    pub(super) fn take_alerts(&mut self, ids: &[AlertId]) -> Vec<ToastId> {
        let mut taken = Vec::new();
        self.toasts.retain_mut(|(toast, on)| {
            let is_over = match on {
                On::Alert(id) => ids.contains(id),
                On::AfterQuiet { unread, .. } => {
                    unread.retain(|id| !ids.contains(id));
                    unread.is_empty()
                }
                On::Sum { .. } | On::Reminders | On::App(_) => false,
            };
            taken.extend(is_over.then_some(*toast));
            !is_over
        });
        taken
    }

    /// The alerts that have a toast of their own, or came in quiet.
    pub(super) fn alerts(&self) -> impl Iterator<Item = AlertId> {
        self.toasts.iter().flat_map(|(_, on)| {
            match on {
                On::Alert(id) => std::slice::from_ref(id),
                On::AfterQuiet { unread, .. } => unread,
                On::Sum { .. } | On::Reminders | On::App(_) => &[],
            }
            .iter()
            .copied()
        })
    }

    /// All of them, which are to be gone.
    pub(super) fn take_all(&mut self) -> Vec<ToastId> {
        self.toasts.drain(..).map(|(toast, _)| toast).collect()
    }

    /// The daemon took all of them with it.
    pub(super) fn clear(&mut self) {
        self.toasts.clear();
        self.closed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(kind: SumKind) -> On {
        On::Sum { kind, only: None, list: List::default(), taken: Taken::Shown }
    }

    #[test]
    fn a_sum_has_one_toast_of_its_kind() {
        let mut screen = Screen::default();
        assert_eq!(screen.put(1, sum(SumKind::Storm)), None);
        assert_eq!(screen.put(2, sum(SumKind::Away)), None);
        assert_eq!(screen.put(1, sum(SumKind::Storm)), None, "it took the same place");
        assert_eq!(screen.put(3, sum(SumKind::Storm)), Some(1), "the daemon made another one");
        assert_eq!(screen.take_sum(SumKind::Storm), Some(3));
        assert_eq!(screen.of_sum(SumKind::Storm), None);
        assert_eq!(screen.of_sum(SumKind::Away), Some(2));
    }

    #[test]
    fn what_was_read_is_taken_and_the_rest_stays() {
        let mut screen = Screen::default();
        for (toast, alert) in [(1, 10), (2, 20), (3, 30)] {
            screen.put(toast, On::Alert(alert));
        }
        assert_eq!(screen.take_alerts(&[30, 10, 40]), [1, 3]);
        assert_eq!(screen.alerts().collect::<Vec<_>>(), [20]);
        assert_eq!(screen.take(1), None);
    }

    #[test]
    fn it_is_bounded() {
        let mut screen = Screen::default();
        for toast in 0..10_000 {
            screen.put(toast, On::Alert(1));
        }
        assert_eq!(screen.toasts.len(), MOST);
    }
}
