//! What an administrator writes, how it will look, and how its sending ended.

use super::{AlertDetail, FieldError, Language};
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
        /// The title and the content in other languages.
        translations: Vec<Translation>,
        /// What else the message holds, after these fields.
        more: Vec<Member>,
    },
    /// The JSON object that is sent.
    Json {
        /// As typed.
        text: String,
    },
}

/// A message's words in one language; empty texts are left out.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Translation {
    /// Its tag, such as `en`.
    pub(crate) language: String,
    /// At most 100 characters.
    pub(crate) title: String,
    /// At most 1,000 characters.
    pub(crate) content: String,
}

/// A member of a message that the form has no field for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// Its value, as JSON.
    pub(crate) value: String,
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
    /// How it looks at a receiver, in each language; empty while it is wrong or becomes no alert.
    pub(crate) looks: Vec<Look>,
}

/// How a message will look to who speaks a language, by the code that shows it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Look {
    /// Which.
    pub(crate) language: Language,
    /// Its toast.
    pub(crate) toast: ToastLook,
    /// Its toast where a receiver hides content.
    pub(crate) hidden: ToastLook,
    /// The alert, open; its row is in it.
    pub(crate) alert: AlertDetail,
}

/// What a toast says.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ToastLook {
    /// One line.
    pub(crate) title: String,
    /// A few lines at the most; may be empty.
    pub(crate) body: String,
    /// Its buttons.
    pub(crate) buttons: Vec<String>,
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
