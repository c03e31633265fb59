//! Sync: what the market stored while nobody listened.
//!
//! It owns how far that is: after each connect the market is asked for it, again if that fails, and what it
//! had is merged into the inbox and told as one. The calls are in `stored`, the merging is the inbox's,
//! when it is tried again is in `retry`.

mod state;

pub(super) use state::SyncState;

use super::alerts::now_ms;
use super::without_stream::Answer;
use super::{Actor, Completion};
use crate::stored::{self, Fetched, SyncError, Times};
use crate::{Change, Choices};
use agora_inbox::{Alert, Inbox, Mailbox, Merged, Partly, StoreError};
use agora_rules::storm::Passed;
use agora_rules::{Fate, judged};
use jiff::ZonedDateTime;
use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;

/// A market that has no such calls is asked again after this time: it may have been updated.
const ASK_AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// So many fates of toasts are kept at a time.
const FATES: usize = 500;

impl Actor {
    /// Fetches what the market stored, where it answers; otherwise the next connection does it.
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
                self.sync.ended(false);
                self.fetch_is_over(Err(error)).await;
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
        self.sync.ended(result.is_ok() && reached_back);
        self.sync.doubt(&merged.new);
        self.announce_merged(merged).await;
        drop(turn);
        if visit != self.generation {
            // Who is there now may have been kept waiting.
            return self.fetch_once_more().await;
        }
        self.fetch_is_over(result).await;
    }

    /// A fetch is over.
    async fn fetch_is_over(&mut self, result: Result<(), SyncError>) {
        let answer = Answer::of(&result);
        match result {
            Ok(()) => self.sync.retry.succeeded(),
            Err(error) if error.status() == Some(404) => {
                self.sync.retry.succeeded();
                self.market_stores_nothing().await;
            }
            Err(error) => {
                tracing::warn!(%error, "what the market stored can't be synced");
                if error.status() == Some(401) {
                    self.renew_for_calls();
                }
                self.sync.retry.failed(&error);
            }
        }
        self.answered(answer);
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
