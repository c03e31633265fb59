//! What leaves: lists, what waits for its time, how far each is, and what is kept of it.

use super::{DraftBody, FormField, FormRule};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A message with placeholders, and whom it goes to.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ListDraft {
    /// What. `{name}` in it stands for the column of that name.
    pub(crate) body: DraftBody,
    /// To whom.
    pub(crate) recipients: RecipientsDraft,
}

/// Whom a list goes to, as it was given.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum RecipientsDraft {
    /// Ids, or a table with a first line of names, as typed or pasted.
    Text {
        /// As it is.
        text: String,
    },
    /// A file.
    File {
        /// Its bytes, in base64.
        base64: String,
    },
}

/// What was found in a list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ListCheck {
    /// The names of its columns; none where it is only ids.
    pub(crate) columns: Vec<String>,
    /// How many would get the message.
    pub(crate) count: u32,
    /// How many stood there more than once, each time after the first; they are left out.
    pub(crate) duplicates: u32,
    /// The first hundred things that are wrong.
    pub(crate) faults: Vec<ListFault>,
    /// How much is wrong.
    pub(crate) fault_count: u32,
    /// The first recipients with their messages.
    pub(crate) first: Vec<FilledMessage>,
}

/// One recipient's message.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct FilledMessage {
    /// Whose.
    pub(crate) user_id: String,
    /// The JSON that leaves, indented.
    pub(crate) json: String,
}

/// Something that is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ListFault {
    /// The line, from 1; 0: it is no line's.
    #[ts(type = "number")]
    pub(crate) line: u64,
    /// What.
    pub(crate) code: ListFaultCode,
    /// What it is about, such as the column's name, as it stands there.
    pub(crate) about: String,
    /// The field of the message that breaks a rule with this line's values.
    pub(crate) field: Option<FormField>,
    /// That rule.
    pub(crate) rule: Option<FormRule>,
}

/// What can be wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ListFaultCode {
    /// It can't be read at all.
    Unread,
    /// It is a table, and no column has the ids.
    NoIds,
    /// Two columns have one name.
    TwoAlike,
    /// The message names a column that isn't there.
    UnknownColumn,
    /// The message has a single brace.
    LoneBrace,
    /// The line has more cells than the first one, or fewer.
    Cells,
    /// What stands there is no id.
    NoId,
    /// Some characters can't be read.
    Unreadable,
    /// The message breaks a rule with these values.
    Message,
    /// Nobody is in it.
    Nobody,
}

/// How it stands with a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum SendingState {
    /// It goes at its time; nothing has left.
    Waiting,
    /// It is being sent.
    Running,
    /// It stands, and can go on.
    Halted,
    /// Each recipient was tried.
    Done,
}

/// Why a sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum SendingHalt {
    /// The person paused it.
    Paused,
    /// The person stopped it.
    Stopped,
    /// Five in a row failed.
    Failures,
    /// The market wants a person to sign in.
    SignIn,
    /// The computer slept.
    Slept,
    /// The program that sent it ended.
    Ended,
    /// Its time passed while nobody could send it.
    Missed,
    /// It couldn't be written down any more.
    Ledger,
}

/// How it stands with a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum LineOutcome {
    /// Nothing was tried.
    NotTried,
    /// About to leave, or under way.
    UnderWay,
    /// The market accepted it. It doesn't say who received it.
    Accepted,
    /// The market refused it.
    Refused,
    /// No answer came: it may have been delivered.
    Maybe,
    /// Nothing left this computer.
    NotSent,
}

/// To whom a sending goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum SentTo {
    /// To everyone.
    Everyone,
    /// To one user.
    User {
        /// Whom.
        user_id: String,
    },
    /// To a list.
    List,
}

/// One message that was to be sent, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SendingView {
    /// Its number.
    #[ts(type = "number")]
    pub(crate) id: i64,
    /// When it was made.
    #[ts(type = "number")]
    pub(crate) made_ms: i64,
    /// Nothing leaves before.
    #[ts(type = "number | null")]
    pub(crate) due_ms: Option<i64>,
    /// To whom.
    pub(crate) to: SentTo,
    /// The user it is sent as.
    pub(crate) account: String,
    /// The market.
    pub(crate) base_url: String,
    /// The body, indented; a list's with its placeholders.
    pub(crate) json: String,
    /// How it stands.
    pub(crate) state: SendingState,
    /// Why it stands, where it does.
    pub(crate) halt: Option<SendingHalt>,
    /// When it goes on, where the market asked to wait.
    #[ts(type = "number | null")]
    pub(crate) resumes_ms: Option<i64>,
    /// How many recipients are how.
    pub(crate) counts: SendingCounts,
    /// How many requests a second were answered lately; 0 where it isn't being sent.
    pub(crate) per_second: f64,
    /// How many seconds are left at that rate.
    pub(crate) left_s: Option<u32>,
}

/// How many recipients are how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SendingCounts {
    /// All.
    pub(crate) total: u32,
    /// Never tried.
    pub(crate) not_tried: u32,
    /// About to leave, or under way.
    pub(crate) under_way: u32,
    /// Accepted.
    pub(crate) accepted: u32,
    /// Refused.
    pub(crate) refused: u32,
    /// May have been delivered.
    pub(crate) maybe: u32,
    /// Tried, and nothing left.
    pub(crate) not_sent: u32,
    /// Brought back by this account's own stream; each is one of the others too.
    pub(crate) seen: u32,
}

/// Which of what was sent is asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SentRequest {
    /// What the body or the account has in it, or who a recipient is; empty: all.
    pub(crate) text: String,
    /// Only those that stand so.
    pub(crate) state: Option<SendingState>,
    /// Only older ones than this.
    #[ts(type = "number | null")]
    pub(crate) before: Option<i64>,
}

/// A page of what was sent.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SentPage {
    /// The newest first.
    pub(crate) sendings: Vec<SendingView>,
    /// Whether there are older ones.
    pub(crate) more: bool,
}

/// A recipient, and how it stands with it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LineView {
    /// Its place in the list, from 1.
    pub(crate) line: u32,
    /// Who; `None`: everyone.
    pub(crate) user_id: Option<String>,
    /// How it stands.
    pub(crate) outcome: LineOutcome,
    /// The market's status, where it answered.
    pub(crate) status: Option<u16>,
    /// Why it wasn't accepted: the market's own words, or the system's.
    pub(crate) why: Option<String>,
    /// When that was.
    #[ts(type = "number | null")]
    pub(crate) at_ms: Option<i64>,
    /// When this account's own stream brought it back.
    #[ts(type = "number | null")]
    pub(crate) seen_ms: Option<i64>,
    /// How many requests left for it.
    pub(crate) tries: u32,
}

/// A page of a sending's recipients.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LinesPage {
    /// In their order.
    pub(crate) lines: Vec<LineView>,
    /// Whether there are more.
    pub(crate) more: bool,
}
