//! The day as it is shown: stretches of one state each, without a gap, and what happened at moments.

use super::DAY_MS;
use super::beats::Beat;
use super::entry::{Entry, Happening, Standing, State, What};
use agora_client::ReasonCode;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// A wake that the system tells of so soon after the sleep was seen is the same, in milliseconds.
const SAME_WAKE_MS: i64 = 60_000;

/// The last 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Day {
    /// When it begins, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub from_ms: i64,
    /// When it ends.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub to_ms: i64,
    /// Each from where the one before ends.
    pub stretches: Vec<Stretch>,
    /// What happened, oldest first.
    pub marks: Vec<Mark>,
    /// The minutes in which events came, oldest first: when each began, and how many.
    #[cfg_attr(feature = "ts", ts(type = "[number, number][]"))]
    pub minutes: Vec<(i64, u32)>,
    /// What the last heartbeats said, newest last.
    pub beats: Vec<Beat>,
    /// How long it was in each state, the longest first.
    pub totals: Vec<Total>,
}

/// A stretch of time in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Stretch {
    /// When it begins.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub from_ms: i64,
    /// When it ends.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub to_ms: i64,
    /// The state.
    pub state: State,
    /// Why.
    pub reason: Option<ReasonCode>,
    /// The status of the market's answer.
    pub status: Option<u16>,
    /// How long it was to wait, in milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub wait_ms: Option<i64>,
}

/// Something that happened at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Mark {
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub at_ms: i64,
    /// What.
    pub what: Happening,
}

/// How long it was in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Total {
    /// Which.
    pub state: State,
    /// In milliseconds.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub ms: i64,
    /// In how many stretches.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub times: usize,
}

impl Day {
    pub(super) fn of(
        to_ms: i64,
        entries: &VecDeque<Entry>,
        minutes: Vec<(i64, u32)>,
        beats: Vec<Beat>,
    ) -> Self {
        let from_ms = to_ms - DAY_MS;
        let mut line = Line { at_ms: from_ms, standing: State::Unrecorded.into(), drawn: vec![] };
        for entry in entries {
            line.take(entry);
        }
        line.go_to(to_ms);
        let totals = totals(&line.drawn);
        let marks = marks(entries, from_ms);
        Self { from_ms, to_ms, stretches: line.drawn, marks, minutes, beats, totals }
    }
}

/// The stretches as far as they are drawn.
struct Line {
    at_ms: i64,
    standing: Standing,
    drawn: Vec<Stretch>,
}

impl Line {
    fn take(&mut self, entry: &Entry) {
        match entry.what {
            What::Became(standing) => self.turn(entry.at_ms, standing),
            What::Happened(Happening::Slept { ms }) => {
                let before = self.standing;
                self.turn(entry.at_ms.saturating_sub(ms), State::Asleep.into());
                self.turn(entry.at_ms, before);
            }
            What::Happened(Happening::Began) => self.turn(entry.at_ms, State::Connecting.into()),
            What::Happened(Happening::Ended | Happening::Died) => {
                self.turn(entry.at_ms, State::NotRunning.into());
            }
            What::Happened(_) => {}
        }
    }

    fn turn(&mut self, at_ms: i64, standing: Standing) {
        self.go_to(at_ms);
        self.standing = standing;
    }

    /// Draws what the state was until then. What is before the day isn't drawn.
    fn go_to(&mut self, to_ms: i64) {
        if to_ms <= self.at_ms {
            return;
        }
        let Standing { state, reason, status, wait_ms } = self.standing;
        let from_ms = std::mem::replace(&mut self.at_ms, to_ms);
        if let Some(last) = self.drawn.last_mut()
            && (last.state, last.reason, last.status) == (state, reason, status)
        {
            (last.to_ms, last.wait_ms) = (to_ms, wait_ms);
            return;
        }
        self.drawn.push(Stretch { from_ms, to_ms, state, reason, status, wait_ms });
    }
}

fn totals(stretches: &[Stretch]) -> Vec<Total> {
    let mut by_state: BTreeMap<State, (i64, usize)> = BTreeMap::new();
    for stretch in stretches {
        let total = by_state.entry(stretch.state).or_default();
        total.0 += stretch.to_ms - stretch.from_ms;
        total.1 += 1;
    }
    let mut totals: Vec<_> =
        by_state.into_iter().map(|(state, (ms, times))| Total { state, ms, times }).collect();
    totals.sort_by_key(|total| std::cmp::Reverse(total.ms));
    totals
}

fn marks(entries: &VecDeque<Entry>, from_ms: i64) -> Vec<Mark> {
    let mut slept_until = i64::MIN;
    let mut marks = Vec::new();
    for entry in entries.iter().filter(|entry| entry.at_ms >= from_ms) {
        let What::Happened(what) = entry.what else { continue };
        match what {
            Happening::Slept { .. } => slept_until = entry.at_ms,
            // One that a sleep was seen of is told by that.
            Happening::Woke if entry.at_ms.saturating_sub(slept_until) < SAME_WAKE_MS => continue,
            _ => {}
        }
        marks.push(Mark { at_ms: entry.at_ms, what });
    }
    marks
}
