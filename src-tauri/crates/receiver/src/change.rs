//! What happens in the inbox, as it is told.

use agora_inbox::{Alert, AlertId, Counts};
use agora_rules::storm::Passed;
use std::sync::Arc;

/// Something that changed in the inbox.
#[derive(Debug, Clone)]
pub enum Change {
    /// Alerts were committed that are new, in order.
    Arrived {
        /// The alerts, without their raw events, which may be large and are in the inbox.
        alerts: Arc<[Alert]>,
        /// Those of them that the person's rules let through to be toasts.
        passed: Arc<[Passed]>,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// What the market had stored was taken in: new alerts may be anywhere in the list, and old ones
    /// may have been read.
    Synced {
        /// The new ones that the person's rules let through to be told of.
        passed: Arc<[Passed]>,
        /// The alerts that were read elsewhere.
        read: Arc<[AlertId]>,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// Alerts were marked.
    Marked {
        /// Which.
        ids: Arc<[AlertId]>,
        /// As read, or as unread.
        read: bool,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// What people follow up of alerts changed: a star, a reminder, or that one is due.
    Followed {
        /// Which.
        ids: Arc<[AlertId]>,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// Alerts were deleted.
    Deleted {
        /// Which.
        ids: Arc<[AlertId]>,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// More changed than is worth listing: the inbox is to be read anew.
    Much {
        /// The counts that follow.
        counts: Arc<Counts>,
    },
}

impl Change {
    /// The counts that follow.
    pub fn counts(&self) -> &Counts {
        match self {
            Self::Arrived { counts, .. }
            | Self::Synced { counts, .. }
            | Self::Marked { counts, .. }
            | Self::Followed { counts, .. }
            | Self::Deleted { counts, .. }
            | Self::Much { counts } => counts,
        }
    }
}
