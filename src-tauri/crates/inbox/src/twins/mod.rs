//! Which of the market's stored notifications are what came over the stream already, and when each was
//! made. Pure: the halves and the clocks come in as arguments.
//!
//! Nothing that both halves carry says that they are one: an id on the stream may be anybody's. So the
//! market's own words decide, and the times, one half with one half: two honest events with the same
//! words stay two. Times are compared on the market's own clock, as the stream shows it; ours may be
//! wrong, and that one may change to summer time. What the market stored may be written on another
//! clock: see [`zones`].

mod alike;
mod pairs;
mod zones;

pub(crate) use alike::Alike;
pub(crate) use zones::{Clocks, zone_of};

use crate::AlertId;
use pairs::{Window, in_order, nearest};
use std::collections::{HashMap, HashSet};
use zones::{Belief, Made};

/// How much later than its stored half says the stream's may have come: it may have been slow.
pub(crate) const LATE_MS: i64 = 5 * 60 * 1_000;
/// How much earlier: no more than the two clocks were compared wrongly.
pub(crate) const EARLY_MS: i64 = 30 * 1_000;

const AS_SENT: Window = Window { early: EARLY_MS, late: LATE_MS };
/// What a stream with ids brought may have been kept for any length of time before.
const KEPT: Window = Window { early: EARLY_MS, late: i64::MAX };
/// Where the zone is still to be learned, chance must not do it.
const CLOSE: Window = Window { early: 5_000, late: 15_000 };
/// No summer time moves a clock by more.
const SUMMER_MS: i64 = 2 * 60 * 60 * 1_000;

/// A time as the market wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// What the clock showed: milliseconds since 1970, as if it had been in UTC.
    pub local_ms: i64,
    /// What the zone that is named beside it is ahead of UTC, in milliseconds.
    pub zone_ms: Option<i64>,
}

/// A stored notification that isn't known by its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    /// The hash of its words; without one it is known by nothing.
    pub(crate) words: Option<i64>,
    /// When it was made, where that is said.
    pub(crate) written: Option<Written>,
    /// When it is taken to have been made where it isn't: milliseconds since the Unix epoch.
    pub(crate) else_ms: i64,
    pub(crate) unread: bool,
    pub(crate) urgent: bool,
}

/// An alert that came over the stream, and of which it isn't known what the market stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Streamed {
    pub(crate) alert: AlertId,
    pub(crate) words: i64,
    /// What the market's clock showed when it came: milliseconds, as [`Written::local_ms`].
    pub(crate) at: i64,
    /// When it came by our clock, since the Unix epoch.
    pub(crate) came_ms: i64,
    /// Whether it may have been kept before.
    pub(crate) is_kept: bool,
    pub(crate) urgent: bool,
}

/// What is to be taken for what. Each list has an entry for each notification.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// When it was made: milliseconds since the Unix epoch, by our clock.
    pub(crate) made_ms: Vec<i64>,
    /// The same as the market's clock shows it.
    pub(crate) at: Vec<i64>,
    /// The alert that it is.
    pub(crate) twins: Vec<Option<AlertId>>,
    /// The zone of the stored times as far as it was learned.
    pub(crate) stored_zone_ms: Option<i64>,
}

/// Says of each notification when it was made and which alert it is, if it is one.
pub(crate) fn plan(stored: &[Stored], streamed: &[Streamed], clocks: Clocks) -> Plan {
    let plan = with_clocks(stored, streamed, clocks);
    let Some(clocks) = learned(stored, streamed, clocks, &plan) else { return plan };
    let learned = with_clocks(stored, streamed, clocks);
    // What was learned has to explain more than what was believed before.
    if count(&learned) > count(&plan) { learned } else { plan }
}

fn count(plan: &Plan) -> usize {
    plan.twins.iter().flatten().count()
}

fn with_clocks(stored: &[Stored], streamed: &[Streamed], clocks: Clocks) -> Plan {
    let made: Vec<_> = stored.iter().map(|one| clocks.read(one)).collect();
    Plan {
        made_ms: made.iter().map(|made| made.ms).collect(),
        at: made.iter().map(|made| made.at).collect(),
        twins: pair(stored, &made, streamed, clocks),
        stored_zone_ms: clocks.stored_zone_ms,
    }
}

/// One word's halves, each side in the order of time.
#[derive(Default)]
struct Group {
    stored: Vec<(i64, usize)>,
    streamed: Vec<(i64, usize)>,
}

/// Pairs what has the same words, for each of the stored ones the alert that it is.
fn pair(
    stored: &[Stored],
    made: &[Made],
    streamed: &[Streamed],
    clocks: Clocks,
) -> Vec<Option<AlertId>> {
    let mut pairing =
        Pairing { stored, streamed, twins: vec![None; stored.len()], used: HashSet::new() };
    // What the market's clock showed when it came, and what it would have shown in the zone it has now: that
    // may have changed, and is only heard at each connect.
    let then = |one: &Streamed| Some(one.at);
    let now = |one: &Streamed| Some(one.came_ms + clocks.stream_ahead_ms());
    let summer =
        |one: &Streamed| now(one).filter(|now| now.abs_diff(one.at) <= SUMMER_MS.unsigned_abs());
    let on_it = |index: usize| made[index].is_on_it.then_some(made[index].at);
    let off_it = |index: usize| (!made[index].is_on_it).then_some(made[index].at);
    let as_sent = |position: &dyn Fn(&Streamed) -> Option<i64>, one: &Streamed| {
        position(one).filter(|_| !one.is_kept)
    };
    pairing.add(AS_SENT, on_it, |one| as_sent(&then, one));
    pairing.add(AS_SENT, off_it, |one| as_sent(&now, one));
    pairing.add(AS_SENT, on_it, |one| as_sent(&summer, one));
    pairing.add(AS_SENT, off_it, |one| as_sent(&then, one));
    pairing.add(KEPT, |index| Some(made[index].at), |one| then(one).filter(|_| one.is_kept));
    pairing.twins
}

/// What was paired so far.
struct Pairing<'a> {
    stored: &'a [Stored],
    streamed: &'a [Streamed],
    twins: Vec<Option<AlertId>>,
    used: HashSet<usize>,
}

impl Pairing<'_> {
    /// Pairs what is left, as far as it has a place in time.
    fn add(
        &mut self,
        window: Window,
        stored_at: impl Fn(usize) -> Option<i64>,
        streamed_at: impl Fn(&Streamed) -> Option<i64>,
    ) {
        // What is urgent is no twin of what isn't: somebody may have sent its words to have it missed.
        for urgent in [true, false] {
            let mut groups: HashMap<i64, Group> = HashMap::new();
            for (index, one) in self.streamed.iter().enumerate() {
                if let Some(at) = streamed_at(one).filter(|_| one.urgent || !urgent)
                    && !self.used.contains(&index)
                {
                    groups.entry(one.words).or_default().streamed.push((at, index));
                }
            }
            for (index, one) in self.stored.iter().enumerate() {
                if let Some(group) = one.words.and_then(|words| groups.get_mut(&words))
                    && let Some(at) = stored_at(index).filter(|_| one.urgent == urgent)
                    && self.twins[index].is_none()
                {
                    group.stored.push((at, index));
                }
            }
            for (one, other) in groups.into_values().flat_map(|group| group.pairs(window)) {
                self.twins[one] = Some(self.streamed[other].alert);
                self.used.insert(other);
            }
        }
    }
}

impl Group {
    /// The indices of those that are one.
    fn pairs(mut self, window: Window) -> Vec<(usize, usize)> {
        self.stored.sort_unstable();
        self.streamed.sort_unstable();
        let in_order = in_order(&self.stored, &self.streamed, window);
        if window.late == i64::MAX {
            return in_order;
        }
        // Of many with the same words each finds its own, but not at the price of one that finds none.
        let nearest = nearest(&self.stored, &self.streamed, window);
        if nearest.len() < in_order.len() { in_order } else { nearest }
    }
}

/// The clocks, where what was left over says that the stored times are on another one than was believed:
/// whole quarters of an hour off, one half with one half of the same words.
fn learned(
    stored: &[Stored],
    streamed: &[Streamed],
    clocks: Clocks,
    plan: &Plan,
) -> Option<Clocks> {
    let used: HashSet<_> = plan.twins.iter().flatten().collect();
    let mut groups: HashMap<i64, Group> = HashMap::new();
    for (index, one) in streamed.iter().enumerate() {
        if !one.is_kept && !used.contains(&one.alert) {
            let at = one.came_ms + clocks.stream_ahead_ms();
            groups.entry(one.words).or_default().streamed.push((at, index));
        }
    }
    for (index, one) in stored.iter().enumerate() {
        if let Some(words) = one.words
            && let Some(written) = one.written
            && plan.twins[index].is_none()
            && let Some(group) = groups.get_mut(&words)
        {
            group.stored.push((written.local_ms, index));
        }
    }
    groups.retain(|_, group| !group.stored.is_empty());
    for group in groups.values_mut() {
        group.stored.sort_unstable();
        group.streamed.sort_unstable();
    }
    let evidence = |other: Clocks| {
        let mut found = zones::Evidence::default();
        for group in groups.values() {
            let moved: Vec<_> = group
                .stored
                .iter()
                .filter_map(|(_, index)| {
                    Some((other.at_as_believed(stored[*index].written?), *index))
                })
                .collect();
            for (one, twin) in in_order(&moved, &group.streamed, CLOSE) {
                let (one, twin) = (&stored[one], &streamed[twin]);
                if other.can_be(one) {
                    let apart_ms = other.read(one).ms.abs_diff(twin.came_ms);
                    found.add(one, apart_ms, other.stored_zone_ms, !clocks.can_be(one));
                }
            }
        }
        found
    };
    let belief = match (used.is_empty(), stored.iter().all(|one| clocks.can_be(one))) {
        (false, _) => Belief::Confirmed,
        (true, false) => Belief::Refuted,
        (true, true) => Belief::Open,
    };
    clocks.learn(evidence, belief)
}

#[cfg(test)]
mod tests;
