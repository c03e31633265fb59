//! Which alerts become toasts, as the person sets it.

use super::Category;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which alerts become toasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Rules {
    /// Every category's rule.
    pub(crate) categories: BTreeMap<Category, CategoryRule>,
    /// When no toasts appear.
    pub(crate) quiet: QuietHours,
    /// Whether urgent alerts pass quiet hours and snooze. A category that is off stays off.
    pub(crate) urgent_passes: bool,
    /// Whether those do so too that only a message says are urgent, which anybody may have sent.
    pub(crate) urgent_messages_pass: bool,
    /// Whether a toast shows only the category.
    pub(crate) hide_content: bool,
}

/// What a category's alerts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct CategoryRule {
    /// Whether they become toasts.
    pub(crate) toast: bool,
    /// Whether their toasts sound.
    pub(crate) sound: bool,
    /// Whether only urgent ones become toasts.
    pub(crate) only_urgent: bool,
}

/// Hours of the day without toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct QuietHours {
    /// Whether there are any.
    pub(crate) on: bool,
    /// On which days they begin, Monday first.
    pub(crate) days: [bool; 7],
    /// When they begin, in minutes since midnight.
    pub(crate) from: u16,
    /// When they end, in minutes since midnight; not after the beginning: on the next day.
    pub(crate) to: u16,
}

/// What rules would have done with the alerts of the last 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct RulesPreview {
    /// Alerts in all.
    pub(crate) total: u32,
    /// How many would have been toasts.
    pub(crate) shown: u32,
    /// How many of those with a sound.
    pub(crate) sounded: u32,
    /// The others, by reason.
    pub(crate) muted: Vec<MutedCount>,
}

/// How many alerts a rule would have muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct MutedCount {
    /// Why; the catalogue words it under `muted.<code>`.
    pub(crate) code: MutedCode,
    /// How many.
    pub(crate) count: u32,
}

/// Why alerts are no toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum MutedCode {
    /// They only confirm what the person did.
    Confirmation,
    /// Their category is off.
    Category,
    /// Their category is on for urgent ones only.
    OnlyUrgent,
    /// They came in quiet hours.
    Quiet,
}

/// For how long toasts are snoozed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SnoozeChoice {
    /// 30 minutes.
    HalfHour,
    /// 2 hours.
    TwoHours,
    /// Until 08:00 tomorrow.
    UntilTomorrow,
    /// No longer.
    Off,
}

/// For how long it disconnects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum PauseChoice {
    /// 30 minutes.
    HalfHour,
    /// 2 hours.
    TwoHours,
    /// Until the person connects, or the app starts anew.
    UntilConnected,
    /// No longer: it connects.
    Off,
}

/// A message that the person sent to themselves, on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SelfTest {
    /// Whether it is still on its way.
    pub(crate) running: bool,
    /// Whether it went through the market; `false`: the market refused, and a local one was shown.
    pub(crate) through_market: bool,
    /// The way, in order.
    pub(crate) hops: Vec<Hop>,
}

/// A place that the message comes through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Hop {
    /// Which; the catalogue words it under `test.<name>`.
    pub(crate) name: HopName,
    /// What became of it there.
    pub(crate) state: HopState,
    /// Milliseconds since it was sent.
    pub(crate) after_ms: Option<u32>,
    /// Why it got no further, in the market's or the system's words, or as a sentence in the
    /// person's language.
    pub(crate) detail: Option<String>,
}

/// The places that a message comes through, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum HopName {
    /// The market took it.
    Accepted,
    /// It came over the stream.
    Received,
    /// It is in the inbox.
    Committed,
    /// Its toast was shown.
    Shown,
}

/// What became of a message at a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum HopState {
    /// It hasn't come so far.
    Waiting,
    /// It came through.
    Passed,
    /// It got no further.
    Failed,
}
