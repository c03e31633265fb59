//! How far a sync is, and how far back the next one reaches. Pure but for the clock of its pace.

use super::super::alerts::now_ms;
use super::super::op_queue::OpQueue;
use super::super::retry::{Pace, Retry};
use crate::stored::{Reach, Times};
use agora_inbox::Alert;
use jiff::ZonedDateTime;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Mutex;

/// Whoever was away for longer fetches everything stored since, not only what is unread.
const LONG: Duration = Duration::from_mins(10);
/// As much earlier than the stream was opened, what the market stored may yet come over it: the
/// clocks were compared no better than that.
const OPENING: Duration = Duration::from_secs(5);
/// As much earlier, where the market repeats what it had sent before.
const REPLAYED: Duration = Duration::from_hours(24);

/// How far it is, and what is known of when the market was last heard.
#[derive(Debug, Default)]
pub(in crate::actor) struct SyncState {
    /// When the stream was last heard; `None` before the first connection.
    heard: Option<SystemTime>,
    /// What the market stored at this time or later may yet come over the stream too.
    streams_from: Option<SystemTime>,
    /// What was stored later has surely come over the stream: milliseconds since the Unix epoch. `None`
    /// where the market repeats what it had sent before.
    streams_surely_ms: Option<i64>,
    /// So many were found that may have come over it, or not. What comes and says the same may be one
    /// of them that is late, or another.
    doubtful: usize,
    /// It is to be done.
    wanted: bool,
    /// The next fetch is one of everything, not only of what is unread.
    reaches_back: bool,
    /// So is the one that goes on. Where it doesn't come to that, the next one is.
    is_reaching_back: bool,
    /// A fetch, from the question to the taking in of what was found.
    pub(super) fetches: OpQueue,
    /// Whose turn it is: between the taking in of what was found and the telling of it, nothing is marked or
    /// deleted as a whole, since nobody has seen it yet.
    turn: Arc<Mutex<()>>,
    pub(in crate::actor) retry: Retry,
    pub(super) pace: Pace,
}

impl SyncState {
    /// A stream is asked for, on which the market may repeat what it had sent before. From now on
    /// it may write to it, however long nothing of that arrives.
    pub(in crate::actor) fn asks(&mut self, now: SystemTime, repeats: bool) {
        self.reaches_back |= self.was_long_away(now);
        self.streams_from = now.checked_sub(if repeats { REPLAYED } else { OPENING });
        self.streams_surely_ms = (!repeats).then_some(i64::MAX);
    }

    /// A connection has opened, on which the market may repeat what it had sent before.
    pub(in crate::actor) fn want(&mut self, now: SystemTime, repeats: bool) {
        self.wanted = true;
        self.reaches_back |= self.was_long_away(now);
        let surely_ms = || now_ms().saturating_add(i64::try_from(OPENING.as_millis()).unwrap_or(0));
        self.streams_surely_ms = (!repeats).then(surely_ms);
        self.retry.connected();
        self.pace = Pace::default();
    }

    /// These were found that nobody knew.
    pub(super) fn doubt(&mut self, new: &[Alert]) {
        if let Some(surely_ms) = self.streams_surely_ms {
            let from_ms = self.times().streams_from_ms;
            let is_doubtful = |alert: &&Alert| (from_ms..=surely_ms).contains(&alert.body.at_ms);
            self.doubtful += new.iter().filter(is_doubtful).count();
        }
    }

    /// So many came that were known by their words. A fetch tells whether the doubtful of them were.
    pub(in crate::actor) fn known_by_words(&mut self, count: usize) {
        let doubtful = self.doubtful.min(count);
        self.doubtful -= doubtful;
        self.wanted |= doubtful > 0;
    }

    pub(in crate::actor) fn take_wanted(&mut self) -> bool {
        std::mem::take(&mut self.wanted)
    }

    /// The stream was heard.
    pub(in crate::actor) fn heard(&mut self, at: SystemTime) {
        self.heard = Some(at);
    }

    pub(in crate::actor) fn is_going_on(&self) -> bool {
        self.fetches.is_in_flight()
    }

    /// To wait for before many alerts are changed.
    pub(in crate::actor) fn turn(&self) -> Arc<Mutex<()>> {
        self.turn.clone()
    }

    /// Gives up what is being asked. What is being taken in comes to its end, and is told.
    pub(in crate::actor) fn call_off(&mut self) {
        if self.fetches.call_off() {
            self.ended(false);
        }
    }

    /// Another account is there. What is being taken in of the one before comes to its end first.
    pub(in crate::actor) fn begin_anew(&mut self) {
        let (fetches, turn) = (std::mem::take(&mut self.fetches), self.turn.clone());
        *self = Self { fetches, turn, ..Self::default() };
    }

    /// The next fetch is one of everything, not only of what is unread: what was read elsewhere
    /// may be known here by no id yet.
    pub(in crate::actor) fn reach_back(&mut self) {
        self.reaches_back = true;
    }

    /// How far back a fetch reaches that begins now; what is known is of this time.
    pub(super) fn begin(&mut self, synced_ms: Option<i64>, kept_since_ms: Option<i64>) -> Reach {
        self.is_reaching_back = std::mem::take(&mut self.reaches_back) || synced_ms.is_none();
        self.pace.begun();
        match synced_ms {
            None => Reach::Kept(kept_since_ms),
            Some(known_ms) if self.is_reaching_back => Reach::Since(known_ms),
            Some(known_ms) => Reach::Unread(known_ms),
        }
    }

    /// A fetch has ended, and everything was looked through, or not.
    pub(super) fn ended(&mut self, reached_back: bool) {
        self.reaches_back |= std::mem::take(&mut self.is_reaching_back) && !reached_back;
    }

    pub(super) fn times(&self) -> Times {
        let streams_from = self.streams_from.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Times {
            here_ahead_ms: i64::from(ZonedDateTime::now().offset().seconds()) * 1_000,
            streams_from_ms: streams_from
                .and_then(|since_epoch| i64::try_from(since_epoch.as_millis()).ok())
                .unwrap_or_default(),
        }
    }

    /// Whether nobody was there for long, or for who knows how long: it was heard when the clock was
    /// ahead.
    fn was_long_away(&self, now: SystemTime) -> bool {
        self.heard.is_none_or(|heard| now.duration_since(heard).map_or(true, |away| away > LONG))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_absence_is_no_long_one() {
        let now = SystemTime::now();
        let mut sync = SyncState::default();
        assert!(sync.was_long_away(now));
        sync.heard(now - LONG);
        assert!(!sync.was_long_away(now));
        sync.heard(now - LONG - Duration::from_secs(1));
        assert!(sync.was_long_away(now));
        // Set ahead then, and right again since.
        sync.heard(now + Duration::from_secs(1));
        assert!(sync.was_long_away(now));
    }

    #[test]
    fn a_long_absence_is_not_forgotten_because_the_stream_is_heard_again() {
        let now = SystemTime::now();
        let mut sync = SyncState::default();
        sync.heard(now - 2 * LONG);
        sync.want(now, false);
        sync.heard(now);
        assert_eq!(sync.begin(Some(7), None), Reach::Since(7));
        // Nor by a fetch that didn't come to it, nor by a second connect.
        sync.ended(false);
        sync.want(now, false);
        assert_eq!(sync.begin(Some(7), None), Reach::Since(7));
        sync.ended(true);
        assert_eq!(sync.begin(Some(7), None), Reach::Unread(7));
    }

    #[test]
    fn what_asks_to_reach_back_during_a_fetch_is_not_answered_by_it() {
        let mut sync = SyncState::default();
        assert_eq!(sync.begin(None, Some(3)), Reach::Kept(Some(3)));
        sync.reach_back();
        sync.ended(true);
        assert_eq!(sync.begin(Some(7), None), Reach::Since(7));
    }
}
