//! What has arrived and waits for the inbox: committed with its stream's cursor in one transaction, and
//! held on to, within bounds, where that can't be done yet.

use agora_alert::{Event, OWN};
use agora_inbox::{Alert, Batch, Counts, Cursor, Inbox, NewAlert, Notice, OpenError, StoreError};
use agora_rules::storm::Passed;
use agora_rules::{Fate, Mute};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// The most alerts that wait.
const MOST: usize = 256;
/// The most bytes of events that wait, but for the last one.
const MOST_BYTES: usize = 4 << 20;
/// How long to wait before trying again what the open inbox could not do: soon, since what has arrived waits.
pub(crate) const RETRY: Duration = Duration::from_secs(5);

/// The name of what came over no stream.
const LOCAL: &str = "local";

/// What is wrong with the inbox. Each holds the system's own words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A newer version of the program wrote it.
    Newer(String),
    /// The file in its place is another program's database.
    Foreign(String),
    /// Another program holds it.
    Locked(String),
    /// It can't be opened.
    Broken(String),
    /// The disk is full: alerts wait in memory, and the stream with them.
    Full(String),
    /// It can't be written: alerts wait in memory, and the stream with them.
    Unwritable(String),
}

/// What was let go of since the start, because the inbox took more room than it may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MadeRoom {
    /// How many alerts.
    pub alerts: u64,
    /// How many of those nobody had read.
    pub unread: u64,
}

/// What has arrived and is not yet kept.
#[derive(Debug)]
pub(crate) struct Ingest {
    inbox: Inbox,
    /// A batch a stream; the last is the present stream's, the ones before could not be kept yet.
    batches: VecDeque<Batch>,
    /// Whether the present stream's cursor moved since it was last kept.
    moved: bool,
    bytes: usize,
    /// What the market's clock is ahead of UTC, in milliseconds, if that is news.
    ahead_ms: Option<i64>,
    /// When to try again, after a failure.
    retry: Option<Instant>,
}

/// What came of keeping.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The alerts that are new.
    pub(crate) new: Vec<Alert>,
    /// The counts that follow, if anything was kept.
    pub(crate) counts: Option<Counts>,
    /// Those of them that are to be toasts.
    pub(crate) passed: Vec<Passed>,
    /// How many were taken for what a sync had brought, by their words alone.
    pub(crate) known_by_words: usize,
    /// What stopped it. The rest still waits.
    pub(crate) error: Option<StoreError>,
}

impl Ingest {
    pub(crate) fn new(inbox: Inbox) -> Self {
        Self {
            inbox,
            batches: VecDeque::new(),
            moved: false,
            bytes: 0,
            ahead_ms: None,
            retry: None,
        }
    }

    /// Makes ready for the stream named `source`, of the user whose notifications are `mailbox`, and
    /// says where it is to be resumed.
    pub(crate) async fn resume(
        &mut self,
        source: String,
        mailbox: String,
    ) -> Result<Option<String>, StoreError> {
        if let Some(present) = self.batches.back()
            && present.cursor.source == source
        {
            return Ok(present.cursor.last_event_id.clone());
        }
        let last_event_id = self.inbox.last_event_id(source.clone()).await?;
        self.batches.retain(|batch| !batch.alerts.is_empty());
        self.moved = false;
        let cursor = Cursor { source, last_event_id: last_event_id.clone() };
        self.batches.push_back(Batch { alerts: Vec::new(), cursor, mailbox });
        Ok(last_event_id)
    }

    /// The market's clock was heard, or not.
    pub(crate) fn hear_clock(&mut self, ahead_ms: Option<i64>) {
        self.ahead_ms = ahead_ms.or(self.ahead_ms);
    }

    /// Takes an event; what a person has nothing to see of moves only the cursor.
    /// `id` is the last event ID in force, which may be an earlier event's.
    pub(crate) fn take(&mut self, event: Event<'_>, id: Option<String>, id_is_own: bool) {
        let own_id = id.clone().filter(|_| id_is_own);
        self.move_cursor(id);
        let alert = event.into_alert(own_id, Timestamp::now().as_millisecond());
        if let (Some(alert), Some(present)) = (alert, self.batches.back_mut()) {
            self.bytes += alert.raw.len();
            present.alerts.push(alert);
        }
    }

    /// Takes an alert that came over no stream.
    pub(crate) fn take_local(&mut self, data: &str) {
        let now_ms = Timestamp::now().as_millisecond();
        let Some(mut alert) = agora_alert::read("message", data, None, now_ms) else { return };
        OWN.clone_into(&mut alert.event);
        self.bytes += alert.raw.len();
        let cursor = Cursor { source: LOCAL.to_owned(), last_event_id: None };
        let batch = Batch { alerts: vec![alert], cursor, mailbox: LOCAL.to_owned() };
        // The present stream's stays the last.
        self.batches.push_front(batch);
    }

    /// The stream's cursor moved without an event.
    pub(crate) fn move_cursor(&mut self, last_event_id: Option<String>) {
        if let Some(present) = self.batches.back_mut()
            && present.cursor.last_event_id != last_event_id
        {
            present.cursor.last_event_id = last_event_id;
            self.moved = true;
        }
    }

    /// Whether the present stream has a cursor, from which the market may send again.
    pub(crate) fn has_cursor(&self) -> bool {
        self.batches.back().is_some_and(|batch| batch.cursor.last_event_id.is_some())
    }

    /// Whether there is room for more, kept or not.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting() < MOST && self.bytes < MOST_BYTES
    }

    /// How many alerts are not yet kept.
    pub(crate) fn waiting(&self) -> usize {
        self.batches.iter().map(|batch| batch.alerts.len()).sum()
    }

    /// When to try again to keep what could not be kept.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        self.retry
    }

    /// Keeps everything that was taken, a stream's in one transaction, with what becomes of each
    /// alert's toast as `judge` says: whether it sounds, or what mutes it. What can't be kept is
    /// still here afterwards, and [`Self::retry_at`] says when to try again.
    pub(crate) async fn keep(&mut self, judge: impl Fn(&NewAlert) -> Result<bool, Mute>) -> Kept {
        let mut kept = Kept::default();
        self.retry = None;
        self.keep_clock().await;
        while let Some(batch) = self.batches.front() {
            let is_present = self.batches.len() == 1;
            if batch.alerts.is_empty() && !(is_present && self.moved) {
                break;
            }
            let mut batch = batch.clone();
            for alert in &mut batch.alerts {
                alert.toast = judge(alert).err().map(|mute| Fate::Muted(mute).to_text());
            }
            let by_words = batch.alerts.iter().filter(|alert| is_known_by_words(alert)).count();
            match self.inbox.commit(batch).await {
                Ok(committed) => {
                    let new = committed.new.iter().map(|alert| &alert.body);
                    kept.known_by_words +=
                        by_words - new.filter(|alert| is_known_by_words(alert)).count();
                    let passed = committed
                        .new
                        .iter()
                        .filter_map(|alert| Some(Passed::of(alert, judge(&alert.body).ok()?)));
                    kept.passed.extend(passed);
                    kept.new.extend(committed.new);
                    kept.counts = Some(committed.counts);
                    self.forget_first(is_present);
                }
                Err(error) => {
                    self.retry = Some(Instant::now() + RETRY);
                    kept.error = Some(error);
                    break;
                }
            }
        }
        kept
    }

    /// Keeps what is known of the market's clock: what came with it is compared by it.
    async fn keep_clock(&mut self) {
        if let (Some(ahead_ms), Some(present)) = (self.ahead_ms, self.batches.back()) {
            match self.inbox.hear_clock(present.mailbox.clone(), ahead_ms).await {
                Ok(()) => self.ahead_ms = None,
                Err(error) => tracing::warn!(%error, "what the market's clock shows can't be kept"),
            }
        }
    }

    /// The first batch is kept. The present stream's stays, for what comes next.
    fn forget_first(&mut self, is_present: bool) {
        if is_present {
            self.moved = false;
            if let Some(present) = self.batches.front_mut() {
                present.alerts.clear();
            }
        } else {
            self.batches.pop_front();
        }
        let alerts = self.batches.iter().flat_map(|batch| &batch.alerts);
        self.bytes = alerts.map(|alert| alert.raw.len()).sum();
    }
}

/// Whether nothing but its words and its time tells an alert from others. One that a stream with ids sends again
/// has its id.
fn is_known_by_words(alert: &NewAlert) -> bool {
    alert.event_id.is_none() && matches!(alert.notice, Notice::Unnamed(_))
}

impl Trouble {
    pub(crate) fn of_store(error: &StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::Full(error.to_string()),
            StoreError::Busy(_) => Self::Locked(error.to_string()),
            _ => Self::Unwritable(error.to_string()),
        }
    }

    pub(crate) fn of_open(error: &OpenError) -> Self {
        match error {
            OpenError::Newer { .. } => Self::Newer(error.to_string()),
            OpenError::NotAnInbox => Self::Foreign(error.to_string()),
            OpenError::Store(StoreError::Busy(_)) => Self::Locked(error.to_string()),
            OpenError::Store(StoreError::Full(_)) | OpenError::Backup(_, StoreError::Full(_)) => {
                Self::Full(error.to_string())
            }
            _ => Self::Broken(error.to_string()),
        }
    }

    /// Whether it may be over by itself, so that the inbox is worth another try.
    pub(crate) fn may_pass(&self) -> bool {
        !matches!(self, Self::Newer(_) | Self::Foreign(_))
    }
}
