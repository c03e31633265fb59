//! Whether this machine's clock can be believed. Nothing is deleted on its word alone: once a day, when
//! something else speaks for it, the inbox takes down what it shows, and only what was too old on each
//! of five such days goes.

use super::alerts::now_ms;
use super::market_clock::Agreement;
use super::{Actor, Completion};
use agora_inbox::{Inbox, StoreError, key};
use tokio::time::Instant;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// This program is younger: 2026-01-01, UTC.
const FIRST_MS: i64 = 1_767_225_600_000;
/// Where the market doesn't say its time, an alert that is no older than this speaks for the clock.
const RECENT_MS: i64 = 7 * DAY_MS;
/// By so much a clock may be set while it runs, and is the same clock.
const SET_MS: u64 = 60 * 60 * 1_000;

/// What speaks for the clock.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// The present connection has yet to say the market's time.
    is_awaited: bool,
    /// What the clock showed when it did, and when that was.
    heard: Option<(i64, Instant)>,
}

impl Clock {
    /// A connection has opened.
    pub(super) fn opened(&mut self) {
        *self = Self { is_awaited: true, heard: None };
    }

    /// Whether the market's time was heard for the first time on the present connection.
    fn hears(&mut self, agreement: Agreement, now_ms: i64) -> bool {
        let hears = self.is_awaited && agreement != Agreement::Unheard;
        if hears {
            *self = Self { is_awaited: false, heard: Some((now_ms, Instant::now())) };
        }
        hears
    }

    /// What the market's time, which was heard a while ago, says of the clock now: nothing, where it was
    /// set since.
    fn since(&self, agreement: Agreement, now_ms: i64) -> Agreement {
        match self.heard {
            Some((then_ms, then)) => {
                let passed = i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX);
                let is_same = (now_ms - then_ms).abs_diff(passed) <= SET_MS;
                if is_same { agreement } else { Agreement::Differs }
            }
            None => agreement,
        }
    }
}

impl Actor {
    /// The stream has brought something. Where the market has said its time, the clock is looked at; and
    /// whatever came meanwhile has to fit into the inbox's size.
    pub(super) fn look_when_heard(&mut self) {
        let (agreement, now_ms) = (self.market_clock.agreement(), now_ms());
        if self.clock.hears(agreement, now_ms) {
            self.look_at_clock(agreement, now_ms);
            self.make_room();
        }
    }

    /// Looks at the clock because a day is over: a stream may be open for many.
    pub(super) fn look_again(&mut self) {
        if self.is_connected() {
            let now_ms = now_ms();
            let agreement = self.clock.since(self.market_clock.agreement(), now_ms);
            self.look_at_clock(agreement, now_ms);
        }
    }

    fn look_at_clock(&mut self, agreement: Agreement, now_ms: i64) {
        let Some(inbox) = self.store.inbox().cloned() else { return };
        self.beside.spawn(async move {
            let looked = look(&inbox, agreement, now_ms).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the day can't be taken down");
                false
            });
            Completion::Looked(looked)
        });
    }
}

/// Takes down what the clock shows, if it can be believed; whether it is a new day.
async fn look(inbox: &Inbox, agreement: Agreement, now_ms: i64) -> Result<bool, StoreError> {
    let newest_ms = inbox.newest().await?.map(key::time_of);
    if is_believable(now_ms, agreement, newest_ms) {
        return inbox.look(now_ms).await;
    }
    tracing::warn!(
        ?agreement,
        "nothing speaks for this machine's clock: no alert is too old by it"
    );
    Ok(false)
}

/// Whether what the clock shows can be the time, beside the market's clock and the newest alert. An
/// alert from long ago says nothing against a clock that the market confirms: people go on holidays.
fn is_believable(now_ms: i64, agreement: Agreement, newest_ms: Option<i64>) -> bool {
    let is_recent = |newest_ms| (now_ms - RECENT_MS..=now_ms + DAY_MS).contains(&newest_ms);
    now_ms >= FIRST_MS
        && match agreement {
            Agreement::Agrees => true,
            Agreement::Differs => false,
            Agreement::Unheard => newest_ms.is_some_and(is_recent),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// 2026-11-24.
    const NOW: i64 = 1_795_478_400_000;

    #[test]
    fn a_clock_is_believed_when_the_market_or_else_what_came_lately_says_the_same() {
        let days_ago = |days: i64| Some(NOW - days * DAY_MS);
        for (now_ms, agreement, newest_ms, expected) in [
            (NOW, Agreement::Agrees, days_ago(0), true),
            (NOW, Agreement::Agrees, None, true),
            (NOW, Agreement::Agrees, days_ago(300), true),
            (NOW, Agreement::Differs, days_ago(0), false),
            (NOW, Agreement::Differs, None, false),
            (NOW, Agreement::Unheard, days_ago(0), true),
            (NOW, Agreement::Unheard, days_ago(7), true),
            (NOW, Agreement::Unheard, days_ago(8), false),
            (NOW, Agreement::Unheard, days_ago(91), false),
            (NOW, Agreement::Unheard, days_ago(-2), false),
            (NOW, Agreement::Unheard, None, false),
            (946_684_800_000, Agreement::Agrees, Some(946_684_800_000), false),
            (0, Agreement::Unheard, Some(0), false),
        ] {
            let found = is_believable(now_ms, agreement, newest_ms);
            assert_eq!(found, expected, "{now_ms} {agreement:?} {newest_ms:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_markets_word_is_for_the_clock_that_it_was_said_of() {
        let mut clock = Clock::default();
        assert!(!clock.hears(Agreement::Agrees, NOW), "there is no connection");
        clock.opened();
        assert!(!clock.hears(Agreement::Unheard, NOW));
        assert!(clock.hears(Agreement::Agrees, NOW));
        assert!(!clock.hears(Agreement::Agrees, NOW), "once a connection");
        tokio::time::advance(Duration::from_hours(24)).await;
        let of = |now_ms| clock.since(Agreement::Agrees, now_ms);
        assert_eq!(of(NOW + DAY_MS), Agreement::Agrees);
        assert_eq!(of(NOW + DAY_MS + 59 * 60 * 1_000), Agreement::Agrees);
        assert_eq!(of(NOW + 92 * DAY_MS), Agreement::Differs);
        assert_eq!(of(NOW), Agreement::Differs);
    }
}
