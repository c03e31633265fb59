//! What the market says of its connections.

use serde::Serialize;
use ts_rs::TS;

/// What the market says, or why there is nothing to show.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "said", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum Live<T> {
    /// This.
    This {
        /// What it says.
        live: T,
    },
    /// It has no such call.
    Missing,
    /// It refuses to say.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The market's own words.
        message: String,
    },
    /// No answer came that means anything.
    NoAnswer {
        /// What happened.
        message: String,
    },
}

/// The market's numbers, each where it says it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LiveNumbers {
    /// Users that are connected.
    #[ts(type = "number | null")]
    pub(crate) users: Option<u64>,
    /// Connections that are open.
    #[ts(type = "number | null")]
    pub(crate) connections: Option<u64>,
    /// As many as may be open at once.
    #[ts(type = "number | null")]
    pub(crate) most_connections: Option<u64>,
    /// Messages sent since the market was started.
    #[ts(type = "number | null")]
    pub(crate) messages: Option<u64>,
    /// Errors since then.
    #[ts(type = "number | null")]
    pub(crate) errors: Option<u64>,
}

/// Whether a user is connected.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LiveUser {
    /// The user's id.
    pub(crate) user_id: String,
    /// Whether there is a connection.
    pub(crate) connected: bool,
    /// How many, one a device, where the market says it.
    #[ts(type = "number | null")]
    pub(crate) connections: Option<u64>,
    /// Since when, by the market's own clock, such as `2026-08-22 21:55`.
    pub(crate) since: Option<String>,
}
