//! The heartbeats: what the last ones said, and that some are missing.

use super::{Happening, Moment};
use agora_client::ReasonCode;
use serde::Serialize;
use std::collections::VecDeque;

/// How many are kept.
const MOST: usize = 12;
/// How often the market sends one where it doesn't say, in milliseconds.
const USUAL_MS: i64 = 30_000;
/// What one may be late by before it is missed, in milliseconds, beside half an interval.
const LATE_MS: i64 = 2_000;

/// What the market said of itself in one. Anybody may be able to write a heartbeat, so that it is shown
/// and nothing follows from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// How often it is going to come, in milliseconds.
    pub interval_ms: Option<i64>,
    /// How long until the first one, in milliseconds.
    pub wait_ms: Option<i64>,
    /// How far its clock is ahead of UTC, its zone and a difference of the clocks together, in milliseconds.
    pub ahead_ms: Option<i64>,
    /// The state of calls, as a word of capital letters.
    pub calls: Option<String>,
}

/// One that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Beat {
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// How long after the one before on the same stream, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub after_ms: Option<i64>,
    /// How often the market says that it is going to come, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub interval_ms: Option<i64>,
    /// How long until the first one, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub wait_ms: Option<i64>,
    /// How far the market's clock is from this machine's in any zone of whole quarters of an hour, in
    /// milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub clock_ms: Option<i64>,
    /// The state of calls.
    pub calls: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Beats {
    last: VecDeque<Beat>,
    /// When the last one of this stream came, by the clock that stands still in a sleep.
    heard: Option<Moment>,
    /// What the market announced.
    announced_ms: Option<i64>,
}

impl Beats {
    /// A stream has opened.
    pub(super) fn opened(&mut self) {
        self.heard = None;
    }

    /// One came; gives the gap before it, if there was one.
    pub(super) fn add(&mut self, now: Moment, said: Said) -> Option<Happening> {
        self.announced_ms = said.interval_ms.or(self.announced_ms);
        let before = self.heard.replace(now);
        let gap = before.and_then(|before| self.gap(before, now));
        if self.last.len() == MOST {
            self.last.pop_front();
        }
        self.last.push_back(Beat {
            at_ms: now.wall_ms,
            after_ms: before.map(|before| now.awake_ms - before.awake_ms),
            interval_ms: said.interval_ms,
            wait_ms: said.wait_ms,
            clock_ms: said.ahead_ms.map(beside_zone),
            calls: said.calls,
        });
        gap
    }

    /// The stream is over; gives the gap at its end, where silence ended it.
    pub(super) fn broken_off(&mut self, now: Moment, why: Option<ReasonCode>) -> Option<Happening> {
        let heard = self.heard.take_if(|_| why.is_some())?;
        (why == Some(ReasonCode::Silent)).then(|| self.gap(heard, now)).flatten()
    }

    pub(super) fn listed(&self) -> Vec<Beat> {
        self.last.iter().cloned().collect()
    }

    pub(super) fn shift(&mut self, by_ms: i64) {
        for beat in &mut self.last {
            beat.at_ms += by_ms;
        }
    }

    fn gap(&self, before: Moment, now: Moment) -> Option<Happening> {
        let every = self.announced_ms.unwrap_or(USUAL_MS);
        let ms = now.awake_ms - before.awake_ms;
        (ms > every + every / 2 + LATE_MS)
            .then(|| Happening::Gap { ms, missed: ((ms + every / 2) / every - 1).max(1) })
    }
}

/// Without whole quarters of an hour, which are a zone's.
fn beside_zone(ahead_ms: i64) -> i64 {
    const QUARTER_MS: i64 = 15 * 60 * 1_000;
    (ahead_ms + QUARTER_MS / 2).rem_euclid(QUARTER_MS) - QUARTER_MS / 2
}
