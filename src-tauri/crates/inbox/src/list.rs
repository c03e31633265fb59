//! Which alerts a list shows, and a page of it.

use crate::key;
use agora_alert::{Alert, AlertId, Category};

/// Which alerts a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this category.
    pub category: Option<Category>,
    /// Only unread ones.
    pub unread: bool,
    /// Only urgent ones.
    pub urgent: bool,
    /// Only those with a star.
    pub starred: bool,
    /// Only those of which the person is or was reminded.
    pub reminders: bool,
    /// Only those of this time or later: milliseconds since the Unix epoch.
    pub from_ms: Option<i64>,
    /// Only those before this time: milliseconds since the Unix epoch.
    pub to_ms: Option<i64>,
    /// Only those that one toast told of at this time, after quiet: milliseconds since the Unix epoch.
    pub told_ms: Option<i64>,
}

/// How long before that one toast alerts may have come that it tells of, in milliseconds: 31 days.
const TOLD_AFTER_MS: i64 = 31 * 24 * 60 * 60 * 1_000;
/// How much later than it they may seem to be, by another clock, in milliseconds: a day.
const TOLD_AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

impl Filter {
    /// Everything.
    pub const ALL: Self = Self {
        category: None,
        unread: false,
        urgent: false,
        starred: false,
        reminders: false,
        from_ms: None,
        to_ms: None,
        told_ms: None,
    };

    /// The keys that its times allow: from the first, which is in, to the second, which is out.
    pub(crate) fn keys(&self) -> (AlertId, AlertId) {
        let (from, to) =
            (self.from_ms.map_or(0, key::first_at), self.to_ms.map_or(key::END, key::first_at));
        let Some(told_ms) = self.told_ms else { return (from, to) };
        let earliest = key::first_at(told_ms.saturating_sub(TOLD_AFTER_MS));
        let latest = key::first_at(told_ms.saturating_add(TOLD_AHEAD_MS));
        (from.max(earliest), to.min(latest))
    }

    /// The same, of those no newer than `up_to`.
    pub(crate) fn keys_up_to(&self, up_to: AlertId) -> (AlertId, AlertId) {
        let (from, to) = self.keys();
        (from, to.min(up_to.saturating_add(1)))
    }
}

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    /// At the newest.
    Newest,
    /// With the one that is next older than this key, which needs not be there.
    OlderThan(AlertId),
    /// So that it ends with the one that is next newer than this key.
    NewerThan(AlertId),
}

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub alerts: Vec<Alert>,
    /// Whether more follow in the direction that was asked for.
    pub more: bool,
}

/// Which alerts something is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These.
    Ids(Vec<AlertId>),
    /// All that a list shows, but none that is newer than `up_to`: what arrived since nobody saw.
    Matching {
        /// The list's filter.
        filter: Filter,
        /// The list's search, where there is one.
        text: Option<String>,
        /// The newest that is meant.
        up_to: AlertId,
    },
}
