//! How many events came in each minute of a day: a ring of small numbers.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const MINUTE_MS: i64 = 60_000;
/// The minutes of a day.
const LENGTH: usize = 24 * 60;
const DAY: i64 = 24 * 60;

/// The counts of the last day up to the newest minute.
#[derive(Debug)]
pub(super) struct Minutes {
    /// By the minute since 1970, modulo the ring's length.
    counts: Box<[u16; LENGTH]>,
    newest: i64,
}

impl Default for Minutes {
    fn default() -> Self {
        Self { counts: Box::new([0; LENGTH]), newest: 0 }
    }
}

impl Minutes {
    /// Counts events at a moment. One that is older than the day is not counted.
    pub(super) fn add(&mut self, at_ms: i64, count: u64) {
        let minute = at_ms.div_euclid(MINUTE_MS);
        let steps = (minute - self.newest).clamp(0, DAY);
        for step in 0..steps {
            self.counts[slot(minute - step)] = 0;
        }
        self.newest = self.newest.max(minute);
        if self.newest - minute < DAY {
            let slot = &mut self.counts[slot(minute)];
            *slot = slot.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
        }
    }

    /// The minute of a moment: when it began, and its count.
    pub(super) fn of(&self, at_ms: i64) -> (i64, u32) {
        let minute = at_ms.div_euclid(MINUTE_MS);
        let is_within = (0..DAY).contains(&(self.newest - minute));
        let count = if is_within { self.counts[slot(minute)] } else { 0 };
        (minute * MINUTE_MS, u32::from(count))
    }

    /// The minutes in which something came, oldest first: when each began, and its count.
    pub(super) fn since(&self, from_ms: i64) -> Vec<(i64, u32)> {
        let oldest = (self.newest - DAY + 1).max(from_ms.div_euclid(MINUTE_MS));
        (oldest..=self.newest)
            .map(|minute| self.of(minute * MINUTE_MS))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// The clock was set: all of it was as long ago as before.
    pub(super) fn shift(&mut self, by_ms: i64) {
        let by = by_ms.div_euclid(MINUTE_MS);
        self.newest += by;
        let by = usize::try_from(by.rem_euclid(DAY)).unwrap_or_default();
        self.counts.rotate_right(by);
    }
}

/// As they are kept: only those in which something came.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sparse(Vec<(i64, u32)>);

impl Sparse {
    /// Lets go of those that can't be.
    pub(super) fn retain(&mut self, was: &RangeInclusive<i64>) {
        self.0.retain(|(at_ms, _)| was.contains(at_ms));
    }
}

impl From<&Minutes> for Sparse {
    fn from(minutes: &Minutes) -> Self {
        Self(minutes.since(i64::MIN))
    }
}

impl From<Sparse> for Minutes {
    fn from(Sparse(kept): Sparse) -> Self {
        let mut minutes = Self::default();
        for (at_ms, count) in kept {
            minutes.add(at_ms, u64::from(count));
        }
        minutes
    }
}

fn slot(minute: i64) -> usize {
    usize::try_from(minute.rem_euclid(DAY)).unwrap_or_default()
}
