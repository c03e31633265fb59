//! The list, its pages, and one alert whole.

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
