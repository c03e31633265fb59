//! On which clock a stored time is written, and so what moment it was.
//!
//! A server may write its local time as it is, or with its zone, or with a zone that isn't its own: the
//! real one writes `+08:00` over the local time of wherever it runs. So a zone that is written is not
//! believed more than what else is known:
//! - The stream's clock is heard at each connect: it is the server's local time.
//! - What was made since the last look can't be from before it, and nothing is from the future.
//! - What came over the stream and is stored with the same words, some whole quarters of an hour off, tells
//!   how far the stored times are off. One such pair is enough where a time is impossible as it was
//!   believed; where none is, chance must not do it, and it takes [`ENOUGH`] and nothing that speaks
//!   against them.
//!
//! What was learned holds until something else is, and is never further from UTC than a zone can be.

use super::{Stored, Written};
use std::cmp::Reverse;

const MINUTE_MS: i64 = 60 * 1_000;
/// Zones are whole quarters of an hour from UTC.
const QUARTER_MS: i64 = 15 * MINUTE_MS;
/// And no further than so many of them, which is 14 hours.
const FURTHEST: i64 = 56;
/// The zone that Jackson was told to write over every local time, whatever it is.
const FIXED_MS: i64 = 8 * 60 * MINUTE_MS;
/// So far the market's clock may be from where it was when it was heard, and a look may miss what is just
/// being stored.
const SLACK_MS: i64 = MINUTE_MS;
/// So many pairs are no chance.
const ENOUGH: usize = 3;

/// What is known of the clocks.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "each says its unit")]
pub(crate) struct Clocks {
    /// What the stream's clock is ahead of UTC: its zone, and the difference of the market's clock and ours;
    /// in milliseconds as all of these. `None`: it was never heard.
    pub(crate) stream_ms: Option<i64>,
    /// The zone of the stored times, as far as it was learned.
    pub(crate) stored_zone_ms: Option<i64>,
    /// What our own clock is ahead of UTC.
    pub(crate) here_ms: i64,
    /// When everything that was unread had been seen before; `None`: never.
    pub(crate) looked_ms: Option<i64>,
    /// The present time.
    pub(crate) now_ms: i64,
}

/// When a notification was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Made {
    /// By our clock, since the Unix epoch.
    pub(super) ms: i64,
    /// As the market's clock shows it.
    pub(super) at: i64,
    /// Whether it was written by the market's clock, so that this says the same whatever its zone is by now.
    pub(super) is_on_it: bool,
}

/// What speaks for a zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pairs: usize,
    /// Of these, those that can't have been made when it was believed.
    impossible: usize,
    /// Of these, those on which the zone is written.
    named: usize,
    /// How far apart they are then, together.
    apart_ms: u64,
}

/// What the rest says of what was believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belief {
    /// Something fits it.
    Confirmed,
    /// Nothing does, and something can't be by it.
    Refuted,
    /// Nothing does.
    Open,
}

/// The zone of a clock that is so far ahead of UTC.
pub(crate) fn zone_of(ahead_ms: i64) -> i64 {
    (ahead_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS
}

fn is_zone(zone_ms: i64) -> bool {
    zone_ms.saturating_abs() <= FURTHEST * QUARTER_MS
}

impl Clocks {
    /// What the market's clock, as halves are compared on it, is ahead of UTC.
    pub(super) fn stream_ahead_ms(&self) -> i64 {
        self.stream_ms.unwrap_or(0)
    }

    /// When it was made: by the first reading that can be, or else by the first. Where the market's clock was
    /// never heard, it is no earlier than it can have been.
    pub(super) fn read(&self, one: &Stored) -> Made {
        let ahead_ms = self.stream_ahead_ms();
        let Some(written) = one.written else {
            let at = one.else_ms.saturating_add(ahead_ms);
            return Made { ms: one.else_ms, at, is_on_it: false };
        };
        let ms = self
            .readings(written)
            .find(|ms| self.can_be_at(one, *ms))
            .unwrap_or_else(|| self.first_reading(written));
        let at = ms.saturating_add(ahead_ms);
        let earliest_ms = if self.stream_ms.is_none() { self.earliest_ms(one) } else { i64::MIN };
        let ms = ms.clamp(earliest_ms.min(self.now_ms), self.now_ms);
        Made { ms, at, is_on_it: at == written.local_ms }
    }

    /// Whether it can have been made when it is believed to.
    pub(super) fn can_be(&self, one: &Stored) -> bool {
        one.written.is_none_or(|written| self.can_be_at(one, self.first_reading(written)))
    }

    /// The same as the market's clock shows it, by what is believed first.
    pub(super) fn at_as_believed(&self, written: Written) -> i64 {
        self.first_reading(written).saturating_add(self.stream_ahead_ms())
    }

    /// The moments that may be meant, what is believed most first.
    fn readings(&self, written: Written) -> impl Iterator<Item = i64> {
        // The market's clock may be wrong, in whatever zone it is.
        let wrong_by = self.stream_ms.map_or(0, |ahead| ahead - zone_of(ahead));
        let stream = self.stream_ms;
        let named = written.zone_ms.filter(|zone| is_zone(*zone)).map(|zone| zone + wrong_by);
        // One that is written over everything says nothing where the server's own clock is known.
        let is_fixed = written.zone_ms == Some(FIXED_MS) && stream.is_some();
        let [first, second] = if is_fixed { [stream, None] } else { [named, stream] };
        let learned = self.stored_zone_ms.map(|zone| zone + wrong_by);
        let here = stream.is_none().then_some(self.here_ms);
        let all = [learned, first, second, here].into_iter().flatten();
        all.map(move |ahead| written.local_ms.saturating_sub(ahead))
    }

    fn first_reading(&self, written: Written) -> i64 {
        // There is always the last.
        self.readings(written).next().unwrap_or(written.local_ms)
    }

    fn can_be_at(&self, one: &Stored, ms: i64) -> bool {
        (self.earliest_ms(one)..=self.now_ms.saturating_add(SLACK_MS)).contains(&ms)
    }

    /// What is unread and wasn't at the last look was made since. When the clock was ahead then, that says
    /// nothing.
    fn earliest_ms(&self, one: &Stored) -> i64 {
        let looked = self.looked_ms.filter(|looked| one.unread && *looked <= self.now_ms);
        looked.map_or(i64::MIN, |looked| looked.saturating_sub(SLACK_MS))
    }

    /// Takes the zone for which the most speaks, if enough does. `evidence` is what speaks for each.
    pub(super) fn learn(
        &self,
        evidence: impl Fn(Self) -> Evidence,
        belief: Belief,
    ) -> Option<Self> {
        let zones = (-FURTHEST..=FURTHEST).map(|quarters| quarters * QUARTER_MS);
        let mut found: Vec<_> = zones
            .map(|zone| Self { stored_zone_ms: Some(zone), ..*self })
            .map(|clocks| (evidence(clocks), clocks))
            .filter(|(evidence, _)| evidence.is_enough(belief))
            .collect();
        found.sort_by_key(|(evidence, _)| evidence.weight());
        let (best, clocks) = found.pop()?;
        // Of two that are as good nobody knows which.
        let is_clear = found.pop().is_none_or(|(next, _)| next.weight() < best.weight());
        is_clear.then_some(clocks)
    }
}

impl Evidence {
    /// A pair fits.
    pub(super) fn add(
        &mut self,
        one: &Stored,
        apart_ms: u64,
        zone_ms: Option<i64>,
        was_impossible: bool,
    ) {
        self.pairs += 1;
        self.apart_ms += apart_ms;
        self.impossible += usize::from(was_impossible);
        let named = one.written.and_then(|written| written.zone_ms);
        self.named += usize::from(named.is_some() && named == zone_ms);
    }

    fn weight(&self) -> (usize, usize, Reverse<u64>) {
        (self.pairs, self.named, Reverse(self.apart_ms))
    }

    fn is_enough(self, belief: Belief) -> bool {
        match belief {
            Belief::Confirmed => self.impossible > 0,
            Belief::Refuted => self.pairs > 0,
            Belief::Open => self.pairs >= ENOUGH,
        }
    }
}
