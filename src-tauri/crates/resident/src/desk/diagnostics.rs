//! What an account's diagnostics are made of: its connection's journal, what the checks last found, and
//! whether a page has them open.

use super::journal::KeptJournal;
use agora_doctor::{Outline, Part};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The diagnostics of one account. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Diagnostics {
    pub(crate) journal: KeptJournal,
    /// Whether a page shows them.
    pub(crate) is_open: Arc<watch::Sender<bool>>,
    /// What each check found when it was last run.
    found: Arc<Mutex<BTreeMap<Part, Outline>>>,
}

impl Diagnostics {
    pub(crate) fn new(journal: KeptJournal) -> Self {
        Self { journal, is_open: Arc::default(), found: Arc::default() }
    }

    /// The page shows them no longer.
    pub(crate) fn close(&self) {
        self.is_open.send_replace(false);
    }

    /// What each check found when it was last run.
    pub(crate) fn found(&self) -> MutexGuard<'_, BTreeMap<Part, Outline>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
