//! What people follow up: stars, and when they are reminded.

use agora_rules::RemindFor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When a person is, or was, reminded of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ReminderView {
    /// The time.
    #[ts(type = "number")]
    pub(crate) due_ms: i64,
    /// Whether that was: the alert is unread again because of it.
    pub(crate) reminded: bool,
}

/// When to remind of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "when", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum RemindWhen {
    /// An hour from now.
    Hour,
    /// Today at 18:00.
    Evening,
    /// The next morning, 08:00.
    Tomorrow,
    /// The Monday after that, 08:00.
    Monday,
    /// At a time of one's own, which isn't over.
    At {
        /// The time.
        #[ts(type = "number")]
        at_ms: i64,
    },
    /// Not any more.
    Never,
}

/// A time that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ReminderOffer {
    /// Which.
    pub(crate) offer: OfferName,
    /// When that is.
    #[ts(type = "number")]
    pub(crate) at_ms: i64,
    /// Whether it falls into quiet hours or a snooze: the person is reminded all the same, without a sound.
    pub(crate) is_quiet: bool,
}

/// Which time is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum OfferName {
    /// An hour from now.
    Hour,
    /// Today at 18:00.
    Evening,
    /// The next morning, 08:00.
    Tomorrow,
    /// The Monday after that, 08:00.
    Monday,
}

impl From<RemindFor> for OfferName {
    fn from(offer: RemindFor) -> Self {
        match offer {
            RemindFor::Hour => Self::Hour,
            RemindFor::Evening => Self::Evening,
            RemindFor::Tomorrow => Self::Tomorrow,
            RemindFor::Monday => Self::Monday,
        }
    }
}
