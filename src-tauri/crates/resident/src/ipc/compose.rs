//! What an administrator writes, how it will look, and how its sending ended.

use super::{Category, FieldError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the compose form holds.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Draft {
    /// To whom.
    pub(crate) to: Recipient,
    /// What.
    pub(crate) body: DraftBody,
}

/// To whom a message goes.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum Recipient {
    /// A broadcast.
    Everyone,
    /// A direct message.
    User {
        /// The user id as typed.
        user_id: String,
    },
}

/// A message, by fields or as JSON.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum DraftBody {
    /// By fields; empty texts are left out.
    Form {
        /// The kind, such as `SYSTEM_MAINTENANCE_START`.
        kind: String,
        /// At most 100 characters.
        title: String,
        /// At most 1,000 characters.
        content: String,
        /// A path of the market's web site or an https URL.
        link: String,
        /// Whether it is urgent.
        urgent: bool,
    },
    /// The JSON object that is sent.
    Json {
        /// As typed.
        text: String,
    },
}

/// What Rust says of a [`Draft`] while it is being written.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct DraftCheck {
    /// What is wrong; empty when it can be sent.
    pub(crate) errors: Vec<FieldError>,
    /// The JSON that leaves, indented; `None` while it is wrong.
    pub(crate) json: Option<String>,
    /// The alert it becomes at a receiver; `None` while it is wrong or becomes none.
    pub(crate) preview: Option<Preview>,
}

/// How a message will look.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Preview {
    /// The category it is put in.
    pub(crate) category: Category,
    /// The toast's title.
    pub(crate) title: String,
    /// The toast's text.
    pub(crate) content: String,
    /// Whether it is urgent.
    pub(crate) urgent: bool,
    /// The host of its link.
    pub(crate) link_host: Option<String>,
}

/// How a send ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum SendOutcome {
    /// The market accepted it. It doesn't say who received it.
    Accepted {
        /// The HTTP status.
        status: u16,
    },
    /// The market refused it.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The market's own words.
        message: String,
    },
    /// The answer was lost: it may have been delivered, and is not sent again by itself.
    MayHaveBeenDelivered {
        /// What happened.
        message: String,
    },
    /// It never left.
    NotSent {
        /// What happened.
        message: String,
    },
}
