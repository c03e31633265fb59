//! Another try, in its time, of what the market was asked or told in vain; and the end of all of it
//! when the market is left. What is asked and told is in `catching_up` and `telling`.

use super::Actor;
use crate::mailbox::MailboxError;
use agora_client::connection::{Backoff, Outcome, Timing};
use std::time::Duration;
use tokio::time::Instant;

/// What the jitter of the first wait is drawn from; it doubles with each failure.
const BASE: Duration = Duration::from_secs(5);
/// The most that doubling leads to.
const CAP: Duration = Duration::from_secs(300);

/// The time of the next try, if one is owed.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// The schedule since the first of the failures in a row.
    backoff: Option<Backoff>,
    due: Option<Instant>,
    /// Whether the market asked for the wait.
    asked_for: bool,
}

impl Again {
    /// It failed: it is owed, if waiting can cure that.
    pub(super) fn failed(&mut self, error: &MailboxError) {
        self.due = None;
        if !error.may_pass() {
            return;
        }
        let (now, retry_after) = (Instant::now(), error.retry_after());
        let backoff = self.backoff.get_or_insert_with(|| Backoff::new(timing(), now));
        let delay = backoff.next(Outcome::Failed { retry_after }, now, rand::random());
        self.due = Some(now + delay.length);
        self.asked_for = retry_after.is_some();
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

impl Actor {
    /// When something that failed is to be tried again: only while there is a connection, and each new
    /// one tries by itself.
    pub(super) fn owed_at(&self) -> Option<Instant> {
        let due = [self.catching_up.again.due, self.telling.again.due];
        due.into_iter().flatten().min().filter(|_| self.is_connected())
    }

    pub(super) async fn try_owed(&mut self) {
        if self.catching_up.again.take_due() {
            self.catch_up().await;
        }
        if self.telling.again.take_due() {
            self.tell_reads();
        }
    }

    /// Gives up what is being asked and told: nothing follows the goodbye, and what is found of an
    /// account that was left is nobody's.
    pub(super) fn call_off(&mut self) {
        self.visit += 1;
        self.catching_up.call_off();
        self.telling.call_off();
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

    fn refused(status: u16, retry_after: Option<u64>) -> MailboxError {
        let retry_after = retry_after.map(Duration::from_secs);
        MailboxError::Call(CallError::Refused(Refusal { status, message: None, retry_after }))
    }

    fn unanswered(code: ReasonCode) -> MailboxError {
        let reason = Reason { code, status: None, detail: None };
        MailboxError::Call(CallError::NoAnswer { reason })
    }

    /// The wait after a failure.
    fn wait(again: &mut Again, error: &MailboxError) -> Option<Duration> {
        again.failed(error);
        again.due.map(|due| due - Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn the_jitter_is_full_under_a_doubling_cap() {
        let mut most = [Duration::ZERO; 10];
        for _ in 0..500 {
            let mut again = Again::default();
            for most in &mut most {
                *most = wait(&mut again, &refused(500, None)).unwrap().max(*most);
            }
        }
        for (most, cap) in most.into_iter().zip([5, 10, 20, 40, 80, 160, 300, 300, 300, 300]) {
            let cap = Duration::from_secs(cap);
            assert!(most <= cap && most > cap * 9 / 10, "{most:?} of {cap:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_waiting_can_cure_is_owed() {
        let owed = |error: MailboxError| wait(&mut Again::default(), &error).is_some();
        assert!([408, 429, 500, 503].into_iter().all(|status| owed(refused(status, None))));
        assert!(owed(unanswered(ReasonCode::Timeout)) && owed(unanswered(ReasonCode::Cut)));
        assert!(owed(MailboxError::Store(StoreError::Closed)));
        assert!([302, 400, 401, 403, 404].into_iter().all(|status| !owed(refused(status, None))));
        // What is no answer at all is the same the next time.
        assert!(!owed(unanswered(ReasonCode::UnexpectedStatus)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_the_market_asks_for_outlives_the_connection() {
        let mut again = Again::default();
        assert!(wait(&mut again, &refused(503, Some(60))).unwrap() >= Duration::from_secs(60));
        again.connected();
        assert!(!again.may_begin());
        tokio::time::advance(Duration::from_secs(76)).await;
        assert!(again.may_begin() && again.due.is_none());
        wait(&mut again, &refused(500, None));
        assert!(!again.may_begin());
        again.connected();
        assert!(again.may_begin());
    }
}
