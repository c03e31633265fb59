//! When the market is asked again: the [`Retry`] of what failed, on the connection's own schedule, and the
//! [`Pace`] of what the stream's hints lead to.
//!
//! What is asked is in `sync` and `read_receipts`. When the market is left, nothing of it is owed any more.

use super::Actor;
use super::without_stream::WithoutStream;
use crate::stored::SyncError;
use agora_client::connection::{Backoff, Outcome, Timing};
use std::time::Duration;
use tokio::time::Instant;

/// What the jitter of the first wait is drawn from; it doubles with each failure.
const BASE: Duration = Duration::from_secs(5);
/// The most that doubling leads to.
const CAP: Duration = Duration::from_mins(5);
/// The least time between two fetches that the stream's hints lead to, when they keep coming; it doubles.
const LEAST: Duration = Duration::from_secs(2);
/// The most that doubling leads to.
const MOST: Duration = Duration::from_secs(30);

/// The time of the next try, if one is owed.
#[derive(Debug, Default)]
pub(super) struct Retry {
    /// The schedule since the first of the failures in a row.
    backoff: Option<Backoff>,
    due: Option<Instant>,
    /// Whether the market asked for the wait.
    asked_for: bool,
}

impl Retry {
    /// It failed: it is owed, if waiting can cure that.
    pub(super) fn failed(&mut self, error: &SyncError) {
        self.due = None;
        if error.may_pass() {
            let retry_after = error.retry_after();
            self.due = Some(Instant::now() + self.next(retry_after));
            self.asked_for = retry_after.is_some();
        }
    }

    /// It failed: how long it is until the next try, by the schedule or as was asked for.
    pub(super) fn next(&mut self, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let backoff = self.backoff.get_or_insert_with(|| Backoff::new(timing(), now));
        backoff.next(Outcome::Failed { retry_after }, now, rand::random()).length
    }

    /// Whether it has failed since it last succeeded.
    pub(super) fn has_failed(&self) -> bool {
        self.backoff.is_some()
    }

    /// It is done, and nothing is owed.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A new connection: a try at once, unless the market asked to wait.
    pub(super) fn connected(&mut self) {
        if !self.asked_for {
            *self = Self::default();
        }
    }

    /// A try comes in so long, unless one is owed anyway.
    pub(super) fn within(&mut self, wait: Duration) {
        self.due.get_or_insert_with(|| Instant::now() + wait);
    }

    /// Whether a try is due now. It is begun then, and nothing is owed until it fails.
    fn take_due(&mut self) -> bool {
        self.due.take_if(|due| *due <= Instant::now()).is_some()
    }

    /// Whether it may be begun: not before its time.
    pub(super) fn may_begin(&mut self) -> bool {
        self.take_due();
        self.due.is_none()
    }
}

/// The pace of fetches. Anybody may be able to write to the stream, so what comes over it must not
/// lead to a request each time: the first hint does, and the next one answers all that came since.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When the last fetch began.
    last: Option<Instant>,
    /// The time from then to the next.
    gap: Duration,
}

impl Pace {
    /// How long it is until a fetch may begin.
    pub(super) fn wait(&self) -> Option<Duration> {
        let next = self.last? + self.gap;
        next.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())
    }

    pub(super) fn begun(&mut self) {
        let now = Instant::now();
        let was_quiet = self.last.is_none_or(|last| now - last >= 2 * self.gap.max(LEAST));
        self.gap = if was_quiet { Duration::ZERO } else { (2 * self.gap).clamp(LEAST, MOST) };
        self.last = Some(now);
    }
}

impl Actor {
    /// When something is to be done that failed or had to wait: only while there is a stream, or
    /// something tries to open one, since each new one does it by itself.
    pub(super) fn owed_at(&self) -> Option<Instant> {
        let fetch = self.sync.retry.due.filter(|_| self.is_connected() || self.may_fetch());
        let tell = self.receipts.retry.due.filter(|_| self.is_in_touch());
        [fetch, tell, self.without_stream.tell_at].into_iter().flatten().min()
    }

    pub(super) async fn try_owed(&mut self) {
        if self.sync.retry.take_due() {
            self.fetch().await;
            self.count_connections();
        }
        if self.receipts.retry.take_due() {
            self.send_receipts();
        }
        self.tell_of_checking();
    }

    /// Gives up what is being asked and told: nothing follows the goodbye, and what is found of an
    /// account that was left is nobody's.
    pub(super) fn call_off(&mut self) {
        self.generation += 1;
        self.sync.call_off();
        self.receipts.call_off();
        self.without_stream = WithoutStream::default();
    }
}

/// The connection's schedule, for calls that matter less than the stream.
fn timing() -> Timing {
    Timing { base: BASE, cap: CAP, long_cap: CAP, waking: Duration::ZERO, ..Timing::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_client::{CallError, Reason, ReasonCode, Refusal};
    use agora_inbox::StoreError;

    fn refused(status: u16, retry_after: Option<u64>) -> SyncError {
        let retry_after = retry_after.map(Duration::from_secs);
        SyncError::Call(CallError::Refused(Refusal { status, message: None, retry_after }))
    }

    fn unanswered(code: ReasonCode) -> SyncError {
        let reason = Reason { code, status: None, detail: None };
        SyncError::Call(CallError::NoAnswer { reason })
    }

    /// The wait after a failure.
    fn wait(retry: &mut Retry, error: &SyncError) -> Option<Duration> {
        retry.failed(error);
        retry.due.map(|due| due - Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn the_jitter_is_full_under_a_doubling_cap() {
        let mut most = [Duration::ZERO; 10];
        for _ in 0..500 {
            let mut retry = Retry::default();
            for most in &mut most {
                *most = wait(&mut retry, &refused(500, None)).unwrap().max(*most);
            }
        }
        for (most, cap) in most.into_iter().zip([5, 10, 20, 40, 80, 160, 300, 300, 300, 300]) {
            let cap = Duration::from_secs(cap);
            assert!(most <= cap && most > cap * 9 / 10, "{most:?} of {cap:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_waiting_can_cure_is_owed() {
        let owed = |error: SyncError| wait(&mut Retry::default(), &error).is_some();
        assert!([408, 429, 500, 503].into_iter().all(|status| owed(refused(status, None))));
        assert!(owed(unanswered(ReasonCode::Timeout)) && owed(unanswered(ReasonCode::Cut)));
        assert!(owed(SyncError::Store(StoreError::Closed)));
        assert!([302, 400, 401, 403, 404].into_iter().all(|status| !owed(refused(status, None))));
        // What is no answer at all is the same the next time.
        assert!(!owed(unanswered(ReasonCode::UnexpectedStatus)));
    }

    /// When fetches begin, in seconds, while there is a hint every so many milliseconds for so long.
    async fn fetches(pace: &mut Pace, every_ms: u64, for_ms: u64) -> Vec<u64> {
        let (start, mut begun) = (Instant::now(), Vec::new());
        for _ in 0..for_ms / every_ms {
            if pace.wait().is_none() {
                pace.begun();
                begun.push(start.elapsed().as_secs());
            }
            tokio::time::advance(Duration::from_millis(every_ms)).await;
        }
        begun
    }

    #[tokio::test(start_paused = true)]
    async fn hints_without_end_lead_to_ever_fewer_fetches_and_a_single_one_to_one_at_once() {
        let mut pace = Pace::default();
        assert_eq!(fetches(&mut pace, 2, 8_000).await, [0, 0, 2, 6]);
        assert_eq!(fetches(&mut pace, 500, 120_000).await.len(), 5);
        tokio::time::advance(Duration::from_mins(1)).await;
        // One now and then is answered when it comes.
        for _ in 0..10 {
            assert_eq!(pace.wait(), None);
            pace.begun();
            tokio::time::advance(Duration::from_secs(5)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_the_market_asks_for_outlives_the_connection() {
        let mut retry = Retry::default();
        assert!(wait(&mut retry, &refused(503, Some(60))).unwrap() >= Duration::from_mins(1));
        retry.connected();
        assert!(!retry.may_begin());
        tokio::time::advance(Duration::from_secs(76)).await;
        assert!(retry.may_begin() && retry.due.is_none());
        wait(&mut retry, &refused(500, None));
        assert!(!retry.may_begin());
        retry.connected();
        assert!(retry.may_begin());
    }
}
