//! The alerts of one sum: what its toast tells already, and what it is to tell.

use super::{Passed, Plan, Sum, SumKind, WINDOW};
use agora_alert::{AlertId, Category};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The shortest time between two updates; each takes twice as long as the one before.
const SOONEST: Duration = Duration::from_secs(1);
/// How often the time doubles: to 8 seconds.
const DOUBLINGS: u32 = 3;
/// How many alerts are known by their keys. Those beyond are counted, and leave with the others.
const KNOWN: usize = 16_384;

/// What is summed up.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What the toast on the screen tells.
    told: Tally,
    /// What joined since.
    added: Tally,
    on_screen: bool,
    /// The toast on the screen isn't right any more.
    changed: bool,
    /// It tells of more than it did when some of them joined, which nobody has been told.
    grown: bool,
    last_added: Option<Instant>,
    last_told: Option<Instant>,
    /// How often it was told in this storm.
    times: u32,
    /// The loudest that it was in this storm.
    loudness: Loudness,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    #[default]
    Silent,
    Sound,
    Urgent,
}

impl Gathered {
    /// Whether one was added so short a time ago that the next one belongs to it.
    pub(super) fn is_going_on(&self, now: Instant) -> bool {
        self.last_added.is_some_and(|last| now.saturating_duration_since(last) < WINDOW)
    }

    pub(super) fn add(&mut self, now: Instant, alert: Passed) {
        self.goes_on(now);
        self.added.add(alert);
    }

    pub(super) fn missed(&mut self, now: Instant) {
        self.goes_on(now);
        self.added.uncounted = true;
    }

    /// Gives those that weren't told.
    pub(super) fn read(&mut self, ids: &[AlertId]) -> Vec<AlertId> {
        let told = ids.iter().filter(|id| self.told.remove(**id)).count();
        let untold: Vec<_> = ids.iter().copied().filter(|id| self.added.remove(*id)).collect();
        self.changed |= told > 0 || !untold.is_empty();
        // What was never told needs no update that untells it.
        self.changed &= self.on_screen || !self.added.is_empty();
        untold
    }

    pub(super) fn known(&self) -> impl Iterator<Item = AlertId> {
        self.told.known.keys().chain(self.added.known.keys()).copied()
    }

    pub(super) fn closed(&mut self, kind: SumKind) -> Option<Sum> {
        let grown = self.grown(kind);
        self.told = Tally::default();
        self.on_screen = false;
        self.changed = !self.added.is_empty();
        grown
    }

    pub(super) fn lost(&mut self) {
        self.on_screen = false;
    }

    /// When it has something to tell, if it has.
    pub(super) fn due(&self) -> Option<Instant> {
        if !self.changed {
            return self.last_added.filter(|_| self.grown).map(|added| added + WINDOW);
        }
        let (last, added) = match (self.last_told, self.last_added) {
            (Some(last), Some(added)) if !self.is_empty() => (last, added),
            (_, added) => return added,
        };
        let doublings = if self.added.urgent > 0 { 0 } else { self.times.saturating_sub(1) };
        let regular = last + SOONEST * 2_u32.pow(doublings.min(DOUBLINGS));
        // At the end of a storm the number is right.
        Some(regular.min(added + WINDOW).max(last + SOONEST))
    }

    /// What to do about the toast now; it counts as done.
    pub(super) fn take(&mut self, now: Instant, kind: SumKind) -> Option<Plan> {
        if self.due()? > now {
            return None;
        }
        if !std::mem::take(&mut self.changed) {
            return self.grown(kind).map(Plan::Grown);
        }
        if self.is_empty() {
            self.told = Tally::default();
            self.grown = false;
            let was_on_screen = std::mem::take(&mut self.on_screen);
            return was_on_screen.then_some(Plan::Withdraw(kind));
        }
        let added = std::mem::take(&mut self.added);
        let loudness = added.loudness();
        let sound = loudness > self.loudness;
        self.loudness = self.loudness.max(loudness);
        let ids = added.known.keys().copied().collect();
        self.grown |= !self.told.is_empty() && !added.is_empty();
        self.told.absorb(added);
        self.last_told = Some(now);
        self.times += 1;
        let replaces = std::mem::replace(&mut self.on_screen, true);
        Some(Plan::Sum(self.told.sum(kind, sound, replaces, ids)))
    }

    /// What the toast tells, of all that it counts: once after it has grown.
    fn grown(&mut self, kind: SumKind) -> Option<Sum> {
        let grown = std::mem::take(&mut self.grown) && !self.told.is_empty();
        let all = || self.told.known.keys().copied().collect();
        grown.then(|| self.told.sum(kind, false, true, all()))
    }

    fn goes_on(&mut self, now: Instant) {
        if !self.is_going_on(now) {
            self.times = 0;
            self.loudness = Loudness::Silent;
        }
        self.last_added = Some(now);
        self.changed = true;
    }

    fn is_empty(&self) -> bool {
        self.told.is_empty() && self.added.is_empty()
    }
}

/// Alerts, counted.
#[derive(Debug, Default)]
struct Tally {
    known: BTreeMap<AlertId, Passed>,
    counts: [usize; Category::ALL.len()],
    urgent: usize,
    uncounted: bool,
}

impl Tally {
    /// Adds one that is not among them: alerts arrive once.
    fn add(&mut self, alert: Passed) {
        if self.known.len() < KNOWN {
            self.known.insert(alert.id, alert);
        }
        self.counts[alert.category as usize] += 1;
        self.urgent += usize::from(alert.urgent);
    }

    /// `true` where it was known.
    fn remove(&mut self, id: AlertId) -> bool {
        let Some(alert) = self.known.remove(&id) else {
            return false;
        };
        self.counts[alert.category as usize] -= 1;
        self.urgent -= usize::from(alert.urgent);
        if self.known.is_empty() {
            // So many are read all at once only.
            *self = Self { uncounted: self.uncounted, ..Self::default() };
        }
        true
    }

    fn absorb(&mut self, other: Self) {
        for (id, alert) in other.known {
            if self.known.len() < KNOWN {
                self.known.insert(id, alert);
            }
        }
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.urgent += other.urgent;
        self.uncounted |= other.uncounted;
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty() && !self.uncounted
    }

    fn loudness(&self) -> Loudness {
        let of = |alert: &Passed| match alert {
            Passed { sound: false, .. } => Loudness::Silent,
            Passed { urgent: false, .. } => Loudness::Sound,
            Passed { .. } => Loudness::Urgent,
        };
        self.known.values().map(of).max().unwrap_or_default()
    }

    fn sum(&self, kind: SumKind, sound: bool, replaces: bool, added: Vec<AlertId>) -> Sum {
        let count = self.counts.iter().sum();
        let mut categories: Vec<_> =
            Category::ALL.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect();
        categories.sort_by_key(|(_, count)| Reverse(*count));
        let since = self.known.keys().next().copied();
        Sum {
            kind,
            count,
            only: since.filter(|_| count == 1 && !self.uncounted),
            uncounted: self.uncounted,
            categories,
            since,
            urgent: self.urgent > 0,
            sound,
            replaces,
            added,
        }
    }
}
