//! Which alerts get a toast of their own, and which are summed up in one that counts them.
//!
//! A state machine without a clock, a daemon or words: it is told what happens and when, and asked
//! with [`Storm::next`] what to show, one toast at a time, so that what is read while a slow daemon
//! takes its time is never shown. [`Storm::next_tick`] says when to ask again where nothing happens.
//! What it holds is bounded, whatever comes.

mod sum;

use agora_alert::{Alert, AlertId, Category, NewAlert};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use sum::Gathered;

/// A storm is when more than [`ALONE`] come within this time; it is over when none came for as long.
const WINDOW: Duration = Duration::from_secs(5);
/// How many toasts of their own there are within [`WINDOW`].
const ALONE: usize = 3;
/// How many more there are for urgent alerts. Beyond it they join the sum, which is urgent then:
/// a market that calls everything urgent must not be able to cover the screen.
const URGENT_ALONE: usize = 5;

/// An alert that the rules let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Its key.
    pub id: AlertId,
    /// Its category.
    pub category: Category,
    /// Whether the person should not miss it.
    pub urgent: bool,
    /// Whether its toast makes a sound.
    pub sound: bool,
}

impl Passed {
    /// An alert in the inbox that the rules let through.
    pub fn of(alert: &Alert, sound: bool) -> Self {
        let NewAlert { category, urgent, .. } = alert.body;
        Self { id: alert.id, category, urgent, sound }
    }
}

/// Something to do about a toast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Show a toast for one alert.
    Alone(Passed),
    /// Show or update the toast of a sum.
    Sum(Sum),
    /// Close the toast of a sum: all that it counted was read.
    Withdraw(SumKind),
    /// Show nothing: a sum has grown, and this is what its toast tells now of all that it counts.
    Grown(Sum),
}

/// What a toast tells that stands for many alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Why they are summed up.
    pub kind: SumKind,
    /// How many unread alerts it stands for; those with a toast of their own are not among them.
    pub count: usize,
    /// The one that it stands for, where it is one: it is shown as that alert.
    pub only: Option<AlertId>,
    /// Some are missing from the count: changes went by that nobody saw.
    pub uncounted: bool,
    /// How many of each category, the most first. It is empty where nothing was counted.
    pub categories: Vec<(Category, usize)>,
    /// The lowest key among them, to open the list with; `None` where nothing was counted.
    pub since: Option<AlertId>,
    /// One of them is urgent.
    pub urgent: bool,
    /// It makes a sound: once a storm, and once more where something urgent joins.
    pub sound: bool,
    /// It takes the place of this sum's toast that is on the screen.
    pub replaces: bool,
    /// The alerts that joined since the last time, at most some thousands of them. Where it has
    /// grown, all.
    pub added: Vec<AlertId>,
}

/// Why alerts are summed up. There is at most one toast of each on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SumKind {
    /// Too many came at once, or faster than the daemon shows them.
    Storm,
    /// They came while nobody was there.
    Away,
}

/// What waits to be shown.
#[derive(Debug, Default)]
pub struct Storm {
    /// These get a toast of their own.
    waiting: VecDeque<Passed>,
    alone: Recent,
    urgent: Recent,
    summed: Gathered,
    away: Gathered,
    slow: bool,
}

impl Storm {
    /// New alerts arrived on the stream and are to be shown.
    pub fn arrived(&mut self, now: Instant, alerts: impl IntoIterator<Item = Passed>) {
        for alert in alerts {
            let is_alone = !self.slow
                && self.waiting.len() < ALONE + URGENT_ALONE
                && if alert.urgent {
                    self.urgent.admits(now, URGENT_ALONE)
                } else {
                    !self.summed.is_going_on(now) && self.alone.admits(now, ALONE)
                };
            if is_alone {
                self.waiting.push_back(alert);
            } else {
                self.summed.add(now, alert);
            }
        }
    }

    /// Alerts were fetched that the market had stored, and are to be shown: always as one sum.
    pub fn away(&mut self, now: Instant, alerts: impl IntoIterator<Item = Passed>) {
        for alert in alerts {
            self.away.add(now, alert);
        }
    }

    /// Changes went by that nobody saw.
    pub fn missed(&mut self, now: Instant) {
        self.summed.missed(now);
    }

    /// Alerts were read, here or elsewhere: they are not shown any more, nor counted. The toasts of
    /// their own that are on the screen are the caller's. Gives those that no toast has told of.
    pub fn read(&mut self, ids: &[AlertId]) -> Vec<AlertId> {
        let (read, waiting) =
            self.waiting.drain(..).partition::<VecDeque<_>, _>(|alert| ids.contains(&alert.id));
        self.waiting = waiting;
        let mut untold: Vec<_> = read.into_iter().map(|alert| alert.id).collect();
        untold.extend(self.summed.read(ids));
        untold.extend(self.away.read(ids));
        untold
    }

    /// The alerts that are still to be shown or are counted, as far as they are known by their keys.
    pub fn known(&self) -> impl Iterator<Item = AlertId> {
        let waiting = self.waiting.iter().map(|alert| alert.id);
        waiting.chain(self.summed.known()).chain(self.away.known())
    }

    /// The toast of a sum is gone: closed or clicked by the person, or expired. What comes is
    /// counted anew, in a toast of its own. Gives what it told last, if it had grown.
    pub fn closed(&mut self, kind: SumKind) -> Option<Sum> {
        self.gathered(kind).closed(kind)
    }

    /// The daemon that showed the toasts is gone, and they with it. A sum that changes is shown anew.
    pub fn daemon_lost(&mut self) {
        self.summed.lost();
        self.away.lost();
    }

    /// How the daemon keeps pace. While it is slow, everything is one toast, what waits and what is
    /// urgent too.
    pub fn daemon_slow(&mut self, now: Instant, slow: bool) {
        self.slow = slow;
        if slow {
            for alert in self.waiting.drain(..) {
                self.summed.add(now, alert);
            }
        }
    }

    /// What is to be done now, and `None` where there is nothing. It counts as done.
    pub fn next(&mut self, now: Instant) -> Option<Plan> {
        let urgent = self.waiting.iter().position(|alert| alert.urgent);
        if let Some(alert) = self.waiting.remove(urgent.unwrap_or_default()) {
            return Some(Plan::Alone(alert));
        }
        [SumKind::Storm, SumKind::Away]
            .into_iter()
            .find_map(|kind| self.gathered(kind).take(now, kind))
    }

    /// When [`Storm::next`] has something even if nothing happens; `None`: not before it does.
    pub fn next_tick(&self, now: Instant) -> Option<Instant> {
        if !self.waiting.is_empty() {
            return Some(now);
        }
        let due = self.summed.due().into_iter().chain(self.away.due()).min()?;
        Some(due.max(now))
    }

    fn gathered(&mut self, kind: SumKind) -> &mut Gathered {
        match kind {
            SumKind::Storm => &mut self.summed,
            SumKind::Away => &mut self.away,
        }
    }
}

/// When the last toasts came, within [`WINDOW`].
#[derive(Debug, Default)]
struct Recent(VecDeque<Instant>);

impl Recent {
    /// Whether there may be one more, which then is among them.
    fn admits(&mut self, now: Instant, most: usize) -> bool {
        while self.0.front().is_some_and(|at| now.saturating_duration_since(*at) >= WINDOW) {
            self.0.pop_front();
        }
        let admits = self.0.len() < most;
        if admits {
            self.0.push_back(now);
        }
        admits
    }
}

#[cfg(test)]
mod tests;
