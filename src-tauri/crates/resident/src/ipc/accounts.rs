//! The home's accounts, in short.

use serde::Serialize;
use ts_rs::TS;

/// One of the accounts that a person may turn to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AccountEntry {
    /// Its name, which calls are made with.
    pub(crate) name: String,
    /// What the person calls it.
    pub(crate) label: String,
    /// Whether it is of the demo, and gone when that is left.
    pub(crate) demo: bool,
    /// The market's base URL; `None` where nobody is signed in.
    pub(crate) base_url: Option<String>,
    /// How its connection is.
    pub(crate) state: AccountStanding,
    /// How many of its alerts are unread.
    pub(crate) unread: u32,
}

/// How an account's connection is, as far as somebody has to know who looks at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum AccountStanding {
    /// Its alerts come.
    Connected,
    /// They will, by themselves.
    Waiting,
    /// The person disconnected it.
    Paused,
    /// Somebody has to do something.
    Attention,
}
