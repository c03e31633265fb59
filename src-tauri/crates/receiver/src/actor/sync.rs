//! Sync: what the market stored while nobody listened.
//!
//! It owns how far that is: after each connect the market is asked for it, again if that fails, and what it
//! had is merged into the inbox and told as one. The calls are in `stored`, the merging is the inbox's,
//! when it is tried again is in `retry`.

use super::alerts::now_ms;
use super::op_queue::OpQueue;
use super::retry::{Pace, Retry};
use super::without_stream::Answer;
use super::{Actor, Completion};
use crate::stored::{self, Fetched, Reach, SyncError, Times};
use crate::{Change, Choices};
use agora_inbox::{Alert, Inbox, Mailbox, Merged, Partly, StoreError};
use agora_rules::storm::Passed;
use agora_rules::{Fate, judged};
use jiff::ZonedDateTime;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::spawn_blocking;

/// Whoever was away for longer looks through everything stored since, not only through what is
/// unread.
const LONG: Duration = Duration::from_mins(10);
/// A market that has no such calls is asked again after this time: it may have been updated.
const ASK_AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// As much earlier than the stream was opened, what the market stored may yet come over it: the
/// clocks were compared no better than that.
const OPENING: Duration = Duration::from_secs(5);
/// So many fates of toasts are kept at a time.
const FATES: usize = 500;
/// As much earlier, where the market repeats what it had sent before.
const REPLAYED: Duration = Duration::from_hours(24);

/// How far it is, and what is known of when the market was last heard.
#[derive(Debug, Default)]
pub(super) struct SyncState {
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
    /// The next look is one through everything, not only through what is unread.
    reaches_back: bool,
    /// So is the one that goes on. Where it doesn't come to that, the next one is.
    is_reaching_back: bool,
    /// A look, from the question to the taking in of what was found.
    fetches: OpQueue,
    /// Whose turn it is: between the taking in of what was found and the telling of it, nothing is marked or
    /// deleted as a whole, since nobody has seen it yet.
    turn: Arc<Mutex<()>>,
    pub(super) retry: Retry,
    pace: Pace,
}

impl SyncState {
    /// A stream is asked for, on which the market may repeat what it had sent before. From now on
    /// it may write to it, however long nothing of that arrives.
    pub(super) fn asks(&mut self, now: SystemTime, repeats: bool) {
        self.reaches_back |= self.was_long_away(now);
        self.streams_from = now.checked_sub(if repeats { REPLAYED } else { OPENING });
        self.streams_surely_ms = (!repeats).then_some(i64::MAX);
    }

    /// A connection has opened, on which the market may repeat what it had sent before.
    pub(super) fn want(&mut self, now: SystemTime, repeats: bool) {
        self.wanted = true;
        self.reaches_back |= self.was_long_away(now);
        let surely_ms = || now_ms().saturating_add(i64::try_from(OPENING.as_millis()).unwrap_or(0));
        self.streams_surely_ms = (!repeats).then(surely_ms);
        self.retry.connected();
        self.pace = Pace::default();
    }

    /// These were found that nobody knew.
    fn doubt(&mut self, new: &[Alert]) {
        if let Some(surely_ms) = self.streams_surely_ms {
            let from_ms = self.times().streams_from_ms;
            let is_doubtful = |alert: &&Alert| (from_ms..=surely_ms).contains(&alert.body.at_ms);
            self.doubtful += new.iter().filter(is_doubtful).count();
        }
    }

    /// So many came that were known by their words. A look tells whether the doubtful of them were.
    pub(super) fn known_by_words(&mut self, count: usize) {
        let doubtful = self.doubtful.min(count);
        self.doubtful -= doubtful;
        self.wanted |= doubtful > 0;
    }

    pub(super) fn take_wanted(&mut self) -> bool {
        std::mem::take(&mut self.wanted)
    }

    /// The stream was heard.
    pub(super) fn heard(&mut self, at: SystemTime) {
        self.heard = Some(at);
    }

    pub(super) fn is_going_on(&self) -> bool {
        self.fetches.is_in_flight()
    }

    /// To wait for before many alerts are changed.
    pub(super) fn turn(&self) -> Arc<Mutex<()>> {
        self.turn.clone()
    }

    /// Gives up what is being asked. What is being taken in comes to its end, and is told.
    pub(super) fn call_off(&mut self) {
        if self.fetches.call_off() {
            self.look_is_over(false);
        }
    }

    /// Another account is there. What is being taken in of the one before comes to its end first.
    pub(super) fn begin_anew(&mut self) {
        let (fetches, turn) = (std::mem::take(&mut self.fetches), self.turn.clone());
        *self = Self { fetches, turn, ..Self::default() };
    }

    /// The next look is one through everything, not only through what is unread: what was read elsewhere
    /// may be known here by no id yet.
    pub(super) fn reach_back(&mut self) {
        self.reaches_back = true;
    }

    /// How far back a look reaches that begins now; what is known is of this time.
    fn begin(&mut self, synced_ms: Option<i64>, kept_since_ms: Option<i64>) -> Reach {
        self.is_reaching_back = std::mem::take(&mut self.reaches_back) || synced_ms.is_none();
        self.pace.begun();
        match synced_ms {
            None => Reach::Kept(kept_since_ms),
            Some(known_ms) if self.is_reaching_back => Reach::Since(known_ms),
            Some(known_ms) => Reach::Unread(known_ms),
        }
    }

    /// A look is over, and everything was looked through, or not.
    fn look_is_over(&mut self, reached_back: bool) {
        self.reaches_back |= std::mem::take(&mut self.is_reaching_back) && !reached_back;
    }

    fn times(&self) -> Times {
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

impl Actor {
    /// Looks at what the market stored, where it answers; otherwise the next connection does it.
    pub(super) async fn sync(&mut self) {
        if self.is_in_touch() {
            self.fetch().await;
        }
    }

    /// Asks the market what it stored, beside the actor; not without a token, which is how it
    /// knows whose.
    pub(super) async fn fetch(&mut self) {
        let (Some(inbox), Some(account), Some(token)) =
            (self.store.inbox().cloned(), self.account.clone(), self.session.token().cloned())
        else {
            return;
        };
        if !self.sync.fetches.request() {
            return;
        }
        if let Some(wait) = self.sync.pace.wait() {
            self.sync.retry.within(wait);
        }
        if !self.sync.retry.may_begin() {
            self.sync.fetches.ended();
            return;
        }
        let name = account.mailbox();
        let known = inbox.mailbox(name.clone()).await.unwrap_or_default();
        let now = now_ms();
        if known.missing_ms.is_some_and(|missing| is_of_late(missing, now)) {
            self.sync.fetches.ended();
            return;
        }
        // What a clock said that was ahead is not known.
        let synced_ms = known.synced_ms.filter(|at| *at <= now);
        let kept_since_ms = self.kept_since_ms(now);
        let reach = self.sync.begin(synced_ms, kept_since_ms);
        let visit = self.generation;
        let task = self.beside.spawn(async move {
            let found = stored::fetch(account.base, token, &inbox, name, reach, now).await;
            Completion::Fetched(visit, found)
        });
        self.sync.fetches.can_be_given_up(task);
    }

    /// How far back alerts are kept at all.
    fn kept_since_ms(&self, now_ms: i64) -> Option<i64> {
        self.choices.limits(now_ms).map(|limits| limits.before_ms)
    }

    /// The market has answered what it stored, or not.
    pub(super) async fn fetched(&mut self, found: Result<Fetched, SyncError>) {
        self.sync.fetches.comes_to_its_end();
        match (found, self.store.inbox().cloned()) {
            (Ok(found), Some(inbox)) => {
                // What the stream has brought by now is the first to be kept: then it is new, and this is not.
                self.take_what_waits();
                self.keep().await;
                let (times, turn) = (self.sync.times(), self.sync.turn());
                let visit = self.generation;
                self.beside.spawn(async move {
                    let turn = turn.lock_owned().await;
                    Completion::Merged(visit, merged(inbox, found, times).await, turn)
                });
            }
            (Err(error), _) => {
                self.sync.look_is_over(false);
                self.look_is_over(Err(error)).await;
            }
            (Ok(_), None) => {}
        }
    }

    /// What was found was taken in, as far as it could be. It is told whatever has come up since.
    pub(super) async fn merged(
        &mut self,
        visit: u64,
        Taken { merged, result, reached_back }: Taken,
        turn: OwnedMutexGuard<()>,
    ) {
        self.sync.look_is_over(result.is_ok() && reached_back);
        self.sync.doubt(&merged.new);
        self.announce_merged(merged).await;
        drop(turn);
        if visit != self.generation {
            // Who is there now may have been kept waiting.
            return self.fetch_once_more().await;
        }
        self.look_is_over(result).await;
    }

    /// A look is over.
    async fn look_is_over(&mut self, result: Result<(), SyncError>) {
        let answer = Answer::of(&result);
        match result {
            Ok(()) => self.sync.retry.succeeded(),
            Err(error) if error.status() == Some(404) => {
                self.sync.retry.succeeded();
                self.market_stores_nothing().await;
            }
            Err(error) => {
                tracing::warn!(%error, "what the market stored can't be synced");
                self.sync.retry.failed(&error);
            }
        }
        self.looked(answer);
        self.send_receipts();
        self.fetch_once_more().await;
    }

    async fn fetch_once_more(&mut self) {
        let once_more = self.sync.fetches.ended();
        if once_more || self.sync.take_wanted() {
            self.sync().await;
        }
    }

    async fn announce_merged(&mut self, merged: Merged) {
        let now = ZonedDateTime::now();
        let Choices { rules, snooze, .. } = &self.choices;
        let (mut passed, mut fates) = (Vec::new(), Vec::new());
        for alert in merged.new.iter().filter(|alert| !alert.read) {
            match judged(rules, *snooze, &alert.body, true, &now) {
                Ok(sound) => passed.push(Passed::of(alert, sound)),
                Err(mute) => fates.push((alert.id, Fate::Muted(mute))),
            }
        }
        // What was muted as somebody's word is the market's own now.
        for alert in merged.confirmed.iter().filter(|alert| was_muted(alert)) {
            if let Ok(sound) = judged(rules, *snooze, &alert.body, true, &now) {
                passed.push(Passed::of(alert, sound));
            }
        }
        if merged.new.is_empty() && merged.read.is_empty() && passed.is_empty() {
            return;
        }
        tracing::info!(new = merged.new.len(), read = merged.read.len(), "synced");
        let in_all = u32::try_from(passed.len()).unwrap_or(u32::MAX);
        fates.extend(passed.iter().map(|Passed { id, .. }| (*id, Fate::Away(in_all))));
        for some in fates.chunks(FATES) {
            self.keep_fates(some.to_vec()).await;
        }
        self.change(Change::Synced {
            passed: passed.into(),
            read: merged.read.into(),
            counts: merged.counts.into(),
        });
    }

    async fn market_stores_nothing(&mut self) {
        let (Some(inbox), Some(account)) = (self.store.inbox(), &self.account) else { return };
        tracing::info!("the market stores no notifications");
        let mailbox = account.mailbox();
        let known = inbox.mailbox(mailbox.clone()).await.unwrap_or_default();
        let now = now_ms();
        if known.synced_ms.is_some_and(|at| is_of_late(at, now)) {
            // It had them a moment ago: it is being updated, or something else answers in its place.
            return;
        }
        let known = Mailbox { missing_ms: Some(now), ..known };
        if let Err(error) = inbox.keep_mailbox(mailbox, known).await {
            tracing::warn!(%error, "what is known of the market can't be kept");
        }
    }
}

/// What came of taking in what was found.
pub(super) struct Taken {
    merged: Merged,
    result: Result<(), SyncError>,
    /// Whether everything was looked through.
    reached_back: bool,
}

/// Whether a time was less than a day ago. What the clock said when it was ahead says nothing.
fn is_of_late(at_ms: i64, now_ms: i64) -> bool {
    (0..ASK_AGAIN_MS).contains(&now_ms.saturating_sub(at_ms))
}

async fn merged(inbox: Inbox, found: Fetched, times: Times) -> Taken {
    let reached_back = found.reaches_back();
    let read = spawn_blocking(move || found.for_inbox(times)).await;
    let Ok((found, cut_short)) = read else {
        let (merged, result) = (Merged::default(), Err(StoreError::Closed.into()));
        return Taken { merged, result, reached_back };
    };
    let (merged, result) = match inbox.merge(found).await {
        Ok(merged) => (merged, Ok(())),
        Err(Partly { done, error }) => (done, Err(error)),
    };
    let cut_short = cut_short.map_or(Ok(()), |error| Err(error.into()));
    Taken { merged, result: result.map_err(Into::into).and(cut_short), reached_back }
}

/// Whether a rule had muted an alert's toast.
fn was_muted(alert: &Alert) -> bool {
    let fate = alert.body.toast.as_deref().and_then(Fate::of_text);
    matches!(fate, Some(Fate::Muted(_)))
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
        // Nor by a look that didn't come to it, nor by a second connect.
        sync.look_is_over(false);
        sync.want(now, false);
        assert_eq!(sync.begin(Some(7), None), Reach::Since(7));
        sync.look_is_over(true);
        assert_eq!(sync.begin(Some(7), None), Reach::Unread(7));
    }

    #[test]
    fn what_asks_for_a_look_back_during_one_is_not_answered_by_it() {
        let mut sync = SyncState::default();
        assert_eq!(sync.begin(None, Some(3)), Reach::Kept(Some(3)));
        sync.reach_back();
        sync.look_is_over(true);
        assert_eq!(sync.begin(Some(7), None), Reach::Since(7));
    }
}
