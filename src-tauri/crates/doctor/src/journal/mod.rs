//! The connection's last day: what state it was in and why, when the machine slept, woke and changed its
//! network, how many events came in each minute, and what the last heartbeats said.
//!
//! It owns no clock, no timer and no file: each entry comes with a [`Moment`], at something that happens
//! anyway, and [`Journal::to_keep`] says when it is worth writing down. It is bounded by a day and by
//! [`MOST`] entries. No text of anybody's is in it: codes, numbers and times alone.

mod beats;
mod day;
mod entry;
mod kept;
mod minutes;
mod moment;

pub use beats::{Beat, Said};
pub use day::{Day, Mark, Stretch, Total};
pub use entry::{Happening, Standing, State};
pub use kept::Kept;
pub use moment::Moment;

use beats::Beats;
use entry::{Entry, What};
use minutes::Minutes;
use std::collections::VecDeque;

/// How far back it goes, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How many entries there are at most: one a minute and a half of a day.
const MOST: usize = 1_000;
/// Clocks that are apart by less, in milliseconds, were slewed.
const APART_MS: i64 = 5_000;
/// Changes are kept at most so often, in milliseconds.
const CHANGES_MS: i64 = 10_000;
/// That events came is kept at most so often, in milliseconds.
const EVENTS_MS: i64 = 15 * 60 * 1_000;

/// The connection's last day. One is one connection's.
#[derive(Debug, Default)]
pub struct Journal {
    /// Oldest first.
    entries: VecDeque<Entry>,
    minutes: Minutes,
    beats: Beats,
    /// Since when the stream is open that was last told of.
    open_since: Option<i64>,
    /// When something was last told.
    last: Option<Moment>,
    /// How many entries were made.
    entered: u64,
    unkept: Unkept,
}

/// What isn't kept yet.
#[derive(Debug, Default)]
struct Unkept {
    entries: bool,
    events: bool,
    /// When it was last kept.
    last: Option<Moment>,
}

impl Journal {
    /// The program has begun, with what was kept of the time before.
    pub fn begun(kept: Option<Kept>, now: Moment) -> Self {
        let mut journal = Self::default();
        if let Some(kept) = kept {
            journal.take_up(kept, now);
        }
        journal.happened(now, Happening::Began);
        journal
    }

    /// The program ends in order.
    pub fn ended(&mut self, now: Moment) {
        self.happened(now, Happening::Ended);
    }

    /// The connection is in this state, of which it may have been told before. `open_since`: when the
    /// stream opened, in milliseconds since 1970, where one is.
    pub fn became(&mut self, now: Moment, standing: Standing, open_since: Option<i64>) {
        self.advance(now);
        let is_another = open_since.is_some() && self.open_since != open_since;
        if self.standing() == Some(standing) && !is_another {
            return;
        }
        if let Some(gap) = self.beats.broken_off(now, standing.reason) {
            self.enter(now, What::Happened(gap));
        }
        if is_another {
            self.beats.opened();
        }
        self.open_since = open_since;
        self.enter(now, What::Became(standing));
    }

    /// So many events came.
    pub fn events(&mut self, now: Moment, count: u64) {
        self.advance(now);
        self.minutes.add(now.wall_ms, count);
        self.unkept.events = true;
    }

    /// The market said something of itself.
    pub fn beat(&mut self, now: Moment, said: Said) {
        self.advance(now);
        if let Some(gap) = self.beats.add(now, said) {
            self.enter(now, What::Happened(gap));
        }
        self.unkept.events = true;
    }

    /// Something happened to the machine or the program.
    pub fn happened(&mut self, now: Moment, what: Happening) {
        self.advance(now);
        self.enter(now, What::Happened(what));
    }

    /// The day up to now.
    pub fn day(&self, now_ms: i64) -> Day {
        Day::of(now_ms, &self.entries, self.minutes.since(now_ms - DAY_MS), self.beats.listed())
    }

    /// How many entries were made since the program began: whether there is anything new.
    pub fn entered(&self) -> u64 {
        self.entered
    }

    /// The last heartbeats, newest last.
    pub fn beats(&self) -> Vec<Beat> {
        self.beats.listed()
    }

    /// How many events came in the minute of a moment, and when it began.
    pub fn minute(&self, now_ms: i64) -> (i64, u32) {
        self.minutes.of(now_ms)
    }

    /// What to keep now, where it is worth it.
    pub fn to_keep(&mut self, now: Moment) -> Option<Kept> {
        let since = self.unkept.last.map_or(i64::MAX, |last| now.alive_ms - last.alive_ms);
        let is_worth_it = (self.unkept.entries && since >= CHANGES_MS)
            || (self.unkept.events && since >= EVENTS_MS);
        is_worth_it.then(|| self.keep(now))
    }

    /// All of it, whether that is worth it or not.
    pub fn keep(&mut self, now: Moment) -> Kept {
        self.unkept = Unkept { last: Some(now), ..Unkept::default() };
        Kept::of(now.wall_ms, &self.entries, &self.minutes)
    }

    /// The state it is in.
    fn standing(&self) -> Option<Standing> {
        // What the time before this program's beginning was like says nothing of it.
        let recent = self.entries.iter().rev();
        recent.take_while(|entry| entry.what != What::Happened(Happening::Began)).find_map(
            |entry| match entry.what {
                What::Became(standing) => Some(standing),
                What::Happened(_) => None,
            },
        )
    }

    /// Looks at the clocks: whether the machine slept, and whether the one on the wall was set.
    fn advance(&mut self, now: Moment) {
        let Some(last) = self.last.replace(now) else { return };
        let alive = now.alive_ms - last.alive_ms;
        let slept = alive - (now.awake_ms - last.awake_ms);
        let ahead = (now.wall_ms - last.wall_ms) - alive;
        if ahead.abs() >= APART_MS {
            // What was before is told in the time that it is now, in which it was as long ago.
            for entry in &mut self.entries {
                entry.at_ms += ahead;
            }
            self.minutes.shift(ahead);
            self.beats.shift(ahead);
            self.open_since = self.open_since.map(|since| since + ahead);
            self.enter(now, What::Happened(Happening::ClockSet { by_ms: ahead }));
        }
        if slept >= APART_MS {
            self.enter(now, What::Happened(Happening::Slept { ms: slept }));
        }
    }

    fn enter(&mut self, now: Moment, what: What) {
        self.entries.push_back(Entry { at_ms: now.wall_ms, what });
        self.unkept.entries = true;
        self.entered += 1;
        self.trim(now.wall_ms - DAY_MS);
    }

    /// Lets go of what is too old or too much. The state that was before remains.
    fn trim(&mut self, from_ms: i64) {
        let old = self
            .entries
            .iter()
            .rposition(|entry| entry.at_ms <= from_ms && entry.what.is_a_state());
        let much = self.entries.len().saturating_sub(MOST);
        self.entries.drain(..old.unwrap_or_default().max(much));
    }

    /// Goes on from what was kept. A program that ended without a word was last alive when it kept that.
    fn take_up(&mut self, kept: Kept, now: Moment) {
        let (saved_ms, entries, minutes) = kept.apart(now.wall_ms);
        (self.entries, self.minutes) = (entries, minutes);
        let is_over = self.entries.back().is_none_or(|last| {
            matches!(last.what, What::Happened(Happening::Ended | Happening::Died))
        });
        if !is_over {
            let at_ms = saved_ms.min(now.wall_ms);
            self.entries.push_back(Entry { at_ms, what: What::Happened(Happening::Died) });
        }
    }
}

#[cfg(test)]
mod tests;
