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
    /// Only those of this time or later: milliseconds since the Unix epoch.
    pub from_ms: Option<i64>,
    /// Only those before this time: milliseconds since the Unix epoch.
    pub to_ms: Option<i64>,
}

impl Filter {
    /// Everything.
    pub const ALL: Self =
        Self { category: None, unread: false, urgent: false, from_ms: None, to_ms: None };

    /// The keys that its times allow: from the first, which is in, to the second, which is out.
    pub(crate) fn keys(&self) -> (AlertId, AlertId) {
        (self.from_ms.map_or(0, key::first_at), self.to_ms.map_or(key::END, key::first_at))
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
