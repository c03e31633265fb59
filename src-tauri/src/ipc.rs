//! What the window's page sees: every type that crosses from Rust to the page and back.
//!
//! The TypeScript in `ui/src/bindings` is generated from here. The types are the page's own view:
//! texts are already in the person's language, times are milliseconds since the Unix epoch (UTC),
//! and nothing in them is a secret.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Everything the page needs to draw itself once; afterwards it gets [`PageEvent`]s.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Snapshot {
    /// Whose alerts these are; `None` before the first start is finished.
    pub(crate) account: Option<AccountView>,
    /// The connection, as it is now.
    pub(crate) status: StatusView,
    /// Unread and total counts.
    pub(crate) counts: Counts,
    /// The person's choices.
    pub(crate) preferences: Preferences,
    /// The language the texts are in, after `Preferences::language` was resolved.
    pub(crate) language: Language,
    /// What is missing or wrong.
    pub(crate) notices: Vec<Notice>,
    /// An alert that a toast's click asked for, to be opened first.
    #[ts(type = "number | null")]
    pub(crate) open: Option<i64>,
    /// The program's version.
    pub(crate) version: String,
}

/// One change, in the order it happened.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum PageEvent {
    /// Everything anew: the first event, and the answer to having missed some.
    Snapshot {
        /// The whole.
        snapshot: Box<Snapshot>,
    },
    /// The connection's status changed.
    Status {
        /// The new status.
        status: StatusView,
    },
    /// Alerts were committed to the inbox, newest last.
    Arrived {
        /// The rows; at most [`PAGE_LIMIT`], more come as a `Snapshot`.
        alerts: Vec<AlertRow>,
        /// The counts that follow from them.
        counts: Counts,
    },
    /// Alerts were marked read or unread.
    Marked {
        /// Which.
        #[ts(type = "number[]")]
        ids: Vec<i64>,
        /// As what.
        read: bool,
        /// The counts that follow.
        counts: Counts,
    },
    /// Show this alert: its toast was clicked.
    Open {
        /// The alert.
        #[ts(type = "number")]
        id: i64,
    },
    /// What is missing or wrong has changed.
    Notices {
        /// The whole list, as it is now.
        notices: Vec<Notice>,
    },
}

/// The most rows that one [`InboxPage`] or `Arrived` carries.
pub(crate) const PAGE_LIMIT: usize = 100;

/// The account, without its token.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AccountView {
    /// The market's base URL.
    pub(crate) base_url: String,
    /// The client id that is sent.
    pub(crate) client_id: String,
    /// The user's number, where the client id has the market's own form.
    pub(crate) user_id: Option<String>,
    /// Where the token is.
    pub(crate) token: TokenState,
    /// Whether the client id departs from the market's own form: allowed, but worth a warning.
    pub(crate) unusual_client_id: bool,
}

/// Where the account's token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum TokenState {
    /// None was given, or it is still being asked for; the market may not want one.
    None,
    /// In the system's keyring.
    Keyring,
    /// From the environment variable `AGORA_TOKEN`.
    Environment,
    /// Only in this program's memory, until it quits, because there is no keyring to use.
    MemoryOnly,
    /// In a keyring that is locked: it can't be read until it is unlocked.
    Locked,
    /// In a keyring that isn't there now.
    Unavailable,
    /// It was kept in memory only, by a program that has ended since.
    Forgotten,
}

/// The connection's state in the terms that the page words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum StatusView {
    /// Asking, and no answer yet.
    Connecting,
    /// Open, and bytes were seen within the liveness limit.
    Connected {
        /// When it opened.
        #[ts(type = "number")]
        since_ms: i64,
        /// When bytes were last seen.
        #[ts(type = "number")]
        heard_ms: i64,
    },
    /// Not connected; the next try comes by itself.
    Waiting {
        /// When.
        #[ts(type = "number")]
        until_ms: i64,
        /// Why.
        reason: ReasonView,
    },
    /// Paused by the person.
    Paused,
    /// No account, or the market doesn't accept its token. `reason` is `None` without an account.
    SignedOut {
        /// What the market said.
        reason: Option<ReasonView>,
    },
    /// The market's answer is one that waiting can't cure, or there is no inbox to receive into.
    Refused {
        /// What it said; the code is `no_inbox` where it is the inbox.
        reason: ReasonView,
    },
}

/// Why there is no connection: the page's catalogue words `code`, under `reason.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ReasonView {
    /// A key of the catalogue, such as `unreachable`, `server_error` or `silent`.
    pub(crate) code: String,
    /// The HTTP status, where there was one.
    pub(crate) status: Option<u16>,
    /// The market's own words or the system's, to be shown as they are.
    pub(crate) detail: Option<String>,
}

/// A category of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum Category {
    /// Orders, refunds and the cart.
    Orders,
    /// Deliveries.
    Delivery,
    /// Balance, recharge, withdrawal and transactions.
    Money,
    /// Messages and calls.
    Chat,
    /// Sign-ins, tokens, passwords and warnings.
    Security,
    /// Stock and prices.
    Products,
    /// Profile and store.
    Store,
    /// Notices, maintenance, and all that is not known.
    System,
}

/// How many alerts there are.
#[derive(Debug, Clone, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Counts {
    /// Unread alerts in all.
    pub(crate) unread: u32,
    /// Alerts in all.
    pub(crate) total: u32,
    /// The categories that hold something.
    pub(crate) categories: BTreeMap<Category, CategoryCount>,
}

/// How many alerts one category holds.
#[derive(Debug, Clone, Copy, Default, Serialize, TS)]
#[ts(export)]
pub(crate) struct CategoryCount {
    /// Unread ones.
    pub(crate) unread: u32,
    /// All.
    pub(crate) total: u32,
}

/// One line of the list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AlertRow {
    /// The alert's key: higher is newer.
    #[ts(type = "number")]
    pub(crate) id: i64,
    /// When it was received.
    #[ts(type = "number")]
    pub(crate) received_ms: i64,
    /// The event's kind, such as `ORDER_SHIPPED`.
    pub(crate) kind: String,
    /// Its category.
    pub(crate) category: Category,
    /// Plain text, one line.
    pub(crate) title: String,
    /// Plain text, the beginning of the content on one line, at most 200 characters.
    pub(crate) excerpt: String,
    /// Whether it is urgent.
    pub(crate) urgent: bool,
    /// Whether it was read.
    pub(crate) read: bool,
}

/// One page of the list, newest first.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct InboxPage {
    /// The rows, newest first.
    pub(crate) alerts: Vec<AlertRow>,
    /// Whether older ones follow.
    pub(crate) more: bool,
}

/// What the list asks for.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct PageRequest {
    /// Only alerts older than this key; the newest when `None`.
    #[ts(type = "number | null")]
    pub(crate) before: Option<i64>,
    /// Only this category.
    pub(crate) category: Option<Category>,
    /// Only unread alerts.
    pub(crate) unread: bool,
    /// Only urgent alerts.
    pub(crate) urgent: bool,
    /// How many rows, at most [`PAGE_LIMIT`].
    pub(crate) limit: u32,
}

/// One alert, whole.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AlertDetail {
    /// Its line in the list.
    pub(crate) row: AlertRow,
    /// Plain text with line breaks.
    pub(crate) content: String,
    /// The fields that are known by name, in the order to be shown.
    pub(crate) fields: Vec<FieldView>,
    /// Where it leads.
    pub(crate) link: Option<LinkView>,
    /// The `event:` name on the wire.
    pub(crate) event: String,
    /// The `data:` on the wire, as it came.
    pub(crate) raw: String,
}

/// A known field of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct FieldView {
    /// Its label in the person's language.
    pub(crate) label: String,
    /// Its value as plain text.
    pub(crate) value: String,
}

/// A link and whether it may be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LinkView {
    /// The host that it leads to; the link as it came where it has none.
    pub(crate) host: String,
    /// Whether *Open in the market* may open it: https, or http to this machine.
    pub(crate) opens: bool,
}

/// What the person chose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub(crate) struct Preferences {
    /// The language; the system's by default.
    pub(crate) language: LanguageChoice,
    /// The theme; the system's by default.
    pub(crate) theme: ThemeChoice,
}

/// A language with a catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub(crate) enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Traditional Chinese as written in Taiwan.
    #[serde(rename = "zh-TW")]
    ZhTw,
}

/// The choice of language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub(crate) enum LanguageChoice {
    /// As the system is set.
    #[default]
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    En,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW")]
    ZhTw,
}

/// The choice of theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ThemeChoice {
    /// As the system is set.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

/// Something that is wrong with this desktop or the inbox while the app works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Notice {
    /// What is missing or wrong; the catalogue words it under `notice.<code>`.
    pub(crate) code: NoticeCode,
    /// The system's own words, to be shown as they are.
    pub(crate) detail: Option<String>,
}

/// What a [`Notice`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum NoticeCode {
    /// No notification daemon: alerts are kept, but no toast appears.
    NoToasts,
    /// No tray host: the app is reached by starting it again.
    NoTray,
    /// No Secret Service: a token lasts only until the app quits.
    NoKeyring,
    /// The keyring is locked.
    KeyringLocked,
    /// The inbox was written by a newer version: nothing is received, so that nothing is lost.
    InboxNewer,
    /// The inbox can't be written: what arrives waits in memory, and the stream with it.
    InboxUnwritable,
    /// The disk is full: what arrives waits in memory, and the stream with it.
    InboxFull,
    /// The inbox can't be opened at all.
    InboxBroken,
    /// The settings file can't be read; it was left as it is.
    SettingsBroken,
}

/// What the account form holds. Text as typed; Rust checks it.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AccountForm {
    /// The market's base URL.
    pub(crate) base_url: String,
    /// Either a user id, from which the client id of this device is made …
    pub(crate) user_id: Option<String>,
    /// … or a client id by hand.
    pub(crate) client_id: Option<String>,
    /// The bearer token. `None` keeps the one there is, an empty text removes it.
    pub(crate) token: Option<String>,
    /// Keep the token in memory only, because the person agreed to it when there is no keyring.
    pub(crate) memory_only: bool,
}

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

/// A field that is wrong: the catalogue words it under `rule.<rule>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct FieldError {
    /// The form's field: `base_url`, `client_id`, `user_id`, `token`, `kind`, `title`, `content`, `link` or `json`.
    pub(crate) field: String,
    /// The rule it breaks, a key of the catalogue such as `required` or `too_long`.
    pub(crate) rule: String,
    /// The same in English, for what the catalogue doesn't know.
    pub(crate) message: String,
    /// For `json`: the line that is wrong, from 1.
    pub(crate) line: Option<u32>,
    /// For `json`: the column, from 1.
    pub(crate) column: Option<u32>,
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

/// What a command answers when it can't do what was asked.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Problem {
    /// A key of the catalogue under `problem.<code>`; the page branches on `invalid` and `keyring_unavailable`.
    pub(crate) code: String,
    /// The same in English.
    pub(crate) message: String,
    /// With `invalid`: the fields.
    pub(crate) fields: Vec<FieldError>,
}
