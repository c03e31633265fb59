//! The list, its pages, and one alert whole.

use super::{Problem, ReminderView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The most rows that one [`InboxPage`] or `Arrived` carries.
pub(crate) const PAGE_LIMIT: usize = 100;

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
    /// Alerts with a star.
    pub(crate) starred: u32,
    /// Alerts of which the person is or was reminded.
    pub(crate) reminders: u32,
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
    /// When it was received, or stored by the market while nobody was there.
    #[ts(type = "number")]
    pub(crate) at_ms: i64,
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
    /// Whether it has a star.
    pub(crate) starred: bool,
    /// When the person is, or was, reminded of it.
    pub(crate) reminder: Option<ReminderView>,
    /// Where a search was found in it; `None` without a search.
    pub(crate) found: Option<Found>,
}

/// A search's hit in an alert, to be shown in place of its title and excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Found {
    /// The title.
    pub(crate) title: Vec<Piece>,
    /// The line of the content, or of the fields, that has the hit.
    pub(crate) excerpt: Vec<Piece>,
}

/// A piece of a text, as it is written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Piece {
    /// Plain text.
    pub(crate) text: String,
    /// Whether it is what was searched for.
    pub(crate) hit: bool,
}

/// Which alerts a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct List {
    /// Only this category.
    pub(crate) category: Option<Category>,
    /// Only unread alerts.
    pub(crate) unread: bool,
    /// Only urgent alerts.
    pub(crate) urgent: bool,
    /// Only alerts with a star.
    pub(crate) starred: bool,
    /// Only alerts of which the person is or was reminded.
    pub(crate) reminders: bool,
    /// Only those of this time or later.
    #[ts(type = "number | null")]
    pub(crate) from_ms: Option<i64>,
    /// Only those before this time.
    #[ts(type = "number | null")]
    pub(crate) to_ms: Option<i64>,
    /// Only those that one toast told of at this time, after quiet.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub(crate) told_ms: Option<i64>,
    /// Only those that say all of these words, in title, content or fields; empty: all.
    pub(crate) search: String,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "seek", rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum Seek {
    /// At the newest.
    Newest,
    /// With the one next older than this key.
    OlderThan {
        /// A key, whether it is there or not.
        #[ts(type = "number")]
        id: i64,
    },
    /// So that it ends with the one next newer than this key. Not in a search.
    NewerThan {
        /// A key, whether it is there or not.
        #[ts(type = "number")]
        id: i64,
    },
    /// With the last one before this time: a jump to a day asks for the day's end.
    Before {
        /// The time.
        #[ts(type = "number")]
        at_ms: i64,
    },
}

/// One page of the list, newest first.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct InboxPage {
    /// The rows, newest first.
    pub(crate) alerts: Vec<AlertRow>,
    /// The key to go on from in the same direction; `None` at the end. A search's page may be empty
    /// and go on all the same: one call looks at a limited number of alerts.
    #[ts(type = "number | null")]
    pub(crate) next: Option<i64>,
}

/// What the list asks for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct PageRequest {
    /// Which alerts.
    pub(crate) list: List,
    /// From where on.
    pub(crate) seek: Seek,
    /// How many rows, at most [`PAGE_LIMIT`].
    pub(crate) limit: u32,
}

/// What alerts are of, that people look for by its name.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Subject {
    /// What it is.
    pub(crate) what: SubjectKind,
    /// Its name, or the number of an order, as alerts show it; a search for it finds them.
    pub(crate) name: String,
    /// The newest alert that is of it.
    pub(crate) newest: AlertRow,
}

/// What a [`Subject`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum SubjectKind {
    /// An order.
    Order,
    /// Somebody who buys, sells, delivers or writes.
    Person,
}

/// Which alerts something is done to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "which", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum Which {
    /// These.
    Ids {
        /// Their keys.
        #[ts(type = "number[]")]
        ids: Vec<i64>,
    },
    /// All that a list shows, but none that is newer than the newest that was seen.
    Matching {
        /// The list.
        list: List,
        /// The key of the newest that is meant.
        #[ts(type = "number")]
        up_to: i64,
    },
}

/// What came of deleting.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Deleted {
    /// What brings back what was deleted; `None` where nothing was.
    #[ts(type = "number | null")]
    pub(crate) deletion: Option<i64>,
    /// Why not all of it was.
    pub(crate) problem: Option<Problem>,
}

/// What came of marking all as read.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct MarkedAll {
    /// What makes unread again what was marked; `None` where nothing was.
    #[ts(type = "number | null")]
    pub(crate) marking: Option<i64>,
    /// Why not all of it was.
    pub(crate) problem: Option<Problem>,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ExportFormat {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// An export that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Exported {
    /// Where it is.
    pub(crate) path: String,
    /// How many alerts are in it.
    #[ts(type = "number")]
    pub(crate) count: u64,
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
    /// What became of its toast, as a sentence in the person's language; `None` where nothing is
    /// known of it.
    pub(crate) toast: Option<String>,
    /// Which way it came.
    pub(crate) source: AlertSource,
    /// The `event:` name on the wire; empty where it came over none.
    pub(crate) event: String,
    /// The `data:` on the wire, as it came.
    pub(crate) raw: String,
}

/// Which way an alert came. Nothing on the stream says who sent it: it is told how it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum AlertSource {
    /// The market has it stored, and lists it itself.
    Stored,
    /// Over the live stream, to everyone.
    Broadcast,
    /// Over the live stream, to this user; anybody may have sent it.
    Message,
    /// From this program itself.
    App,
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
    /// The number in it that people copy, to ask for the thing elsewhere; `None` where it has none.
    pub(crate) number: Option<String>,
}

/// A link and what opening it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct LinkView {
    /// The whole of it, to be copied; `None` where it doesn't open.
    pub(crate) url: Option<String>,
    /// The host that it leads to; the link as it came where it has none.
    pub(crate) host: String,
    /// Whether *Open in the market* may open it.
    pub(crate) opens: LinkOpens,
    /// The market's own host that its host resembles without being it: what to warn of.
    pub(crate) resembles: Option<String>,
    /// Why it stays closed; the catalogue words it under `link.<why>`.
    pub(crate) why: Option<LinkFault>,
}

/// Why a link stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum LinkFault {
    /// It is neither https nor on this computer.
    Scheme,
    /// It is http.
    PlainHttp,
    /// It carries a name or a password.
    Credentials,
    /// Its host imitates another.
    LookAlike,
    /// It is no web address.
    Malformed,
}

/// What opening a link takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum LinkOpens {
    /// It is the market's own: it opens.
    AtOnce,
    /// It leads elsewhere: it opens after the person was asked.
    AfterAsking,
    /// It doesn't open.
    Never,
}
