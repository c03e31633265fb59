//! From events to kept alerts: groups what has arrived, commits it with the cursor, and holds on
//! to what can't be kept yet.

use crate::alert;
use agora_client::connection::StreamEvent;
use agora_inbox::{Batch, Committed, Cursor, Inbox, NewAlert, StoreError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// The most alerts of one transaction.
pub(crate) const GROUP: usize = 256;
/// How long to wait before trying again to keep what could not be kept.
const RETRY: Duration = Duration::from_secs(5);

/// What is wrong with the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The settings can't be read, so nobody knows whose alerts to receive.
    Settings(String),
    /// A newer version of the program wrote the inbox.
    Newer(String),
    /// It can't be opened.
    Broken(String),
    /// The disk is full: alerts wait in memory, and the stream with them.
    Full(String),
    /// It can't be written: alerts wait in memory, and the stream with them.
    Unwritable(String),
}

/// What has arrived and is not yet kept.
#[derive(Debug)]
pub(crate) struct Keeping {
    inbox: Inbox,
    source: String,
    alerts: Vec<NewAlert>,
    cursor: Option<String>,
    /// Whether the cursor moved since it was last kept.
    moved: bool,
    /// When to try again, after a failure.
    retry: Option<Instant>,
}

impl Keeping {
    /// For the stream named `source`, whose cursor stands at `cursor`.
    pub(crate) fn new(inbox: Inbox, source: String, cursor: Option<String>) -> Self {
        Self { inbox, source, alerts: Vec::new(), cursor, moved: false, retry: None }
    }

    /// Whose events these are.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Where the stream stands, with what is not yet kept.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// How many alerts are not yet kept.
    pub(crate) fn waiting(&self) -> usize {
        self.alerts.len()
    }

    /// Takes an event; what a person has nothing to see of moves only the cursor.
    pub(crate) fn take(&mut self, event: StreamEvent) {
        self.move_cursor(event.id.clone());
        let own_id = event.id.filter(|_| event.id_is_own);
        self.alerts.extend(alert::read(&event.event, &event.data, own_id, now_ms()));
    }

    /// The stream's cursor moved without an event.
    pub(crate) fn move_cursor(&mut self, cursor: Option<String>) {
        self.moved |= self.cursor != cursor;
        self.cursor = cursor;
    }

    /// Whether there is room for more, kept or not.
    pub(crate) fn has_room(&self) -> bool {
        self.alerts.len() < GROUP
    }

    /// When to try again to keep what could not be kept.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        self.retry
    }

    /// Keeps everything that was taken, if there is anything. On an error everything is still here,
    /// and [`Self::retry_at`] says when to try again.
    pub(crate) async fn keep(&mut self) -> Result<Option<Committed>, StoreError> {
        if self.alerts.is_empty() && !self.moved {
            return Ok(None);
        }
        let batch = Batch {
            alerts: self.alerts.clone(),
            cursor: Cursor { source: self.source.clone(), last_event_id: self.cursor.clone() },
        };
        match self.inbox.commit(batch).await {
            Ok(committed) => {
                self.alerts.clear();
                self.moved = false;
                self.retry = None;
                Ok(Some(committed))
            }
            Err(error) => {
                self.retry = Some(Instant::now() + RETRY);
                Err(error)
            }
        }
    }
}

impl Trouble {
    pub(crate) fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::Full(error.to_string()),
            _ => Self::Unwritable(error.to_string()),
        }
    }

    pub(crate) fn of_open(error: &agora_inbox::OpenError) -> Self {
        match error {
            agora_inbox::OpenError::Newer { .. } => Self::Newer(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

fn now_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}
