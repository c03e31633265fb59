//! The handle on the inbox, and the thread behind it.
//!
//! SQLite blocks, so one thread owns the one connection and runs what it is asked in order. The
//! queue in front of it is bounded: who asks faster than the disk answers, waits.

use crate::{
    Alert, AlertId, Counts, Cursor, Filter, NewAlert, OpenError, Page, StoreError, alerts, counts,
    cursor, private, schema,
};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};
use std::path::Path;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many requests wait for the thread before the next one has to.
const QUEUE: usize = 64;
/// How long another process (the command line, a backup) may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle on the open inbox. Clones share it; the file is closed with the last.
#[derive(Debug, Clone)]
pub struct Inbox {
    jobs: mpsc::Sender<Job>,
}

/// How the file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Make the file if it isn't there, bring it to this version, read and write.
    Write,
    /// Read what is there, beside the process that writes; where there is no file, or an empty one,
    /// [`OpenError::NotMade`].
    ReadOnly,
}

/// Alerts that are kept together with the place in the stream that follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// In the order of their events.
    pub alerts: Vec<NewAlert>,
    /// Where the stream stands after them.
    pub cursor: Cursor,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The alerts that are new, in order; the others' events were kept before, with the same id,
    /// name and data.
    pub new: Vec<Alert>,
    /// The counts that follow.
    pub counts: Counts,
}

/// What marking did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The alerts that were not marked so before.
    pub changed: Vec<AlertId>,
    /// The counts that follow.
    pub counts: Counts,
}

impl Inbox {
    /// Opens the inbox at `path` and starts its thread. Blocks while it does.
    pub fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        let mut db = match access {
            Access::Write => open_for_writing(path)?,
            Access::ReadOnly => open_for_reading(path)?,
        };
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        std::thread::Builder::new()
            .name("inbox".into())
            .spawn(move || {
                while let Some(job) = queue.blocking_recv() {
                    job(&mut db);
                }
            })
            .map_err(OpenError::Thread)?;
        Ok(Self { jobs })
    }

    /// Keeps a batch and its cursor in one transaction. On an error nothing of it was kept.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        self.run(move |db| {
            let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut new = Vec::with_capacity(batch.alerts.len());
            for body in batch.alerts {
                if let Some(id) = alerts::insert(&all, &batch.cursor.source, &body)? {
                    new.push(Alert { id, read: false, body });
                }
            }
            cursor::store(&all, &batch.cursor)?;
            let counts = counts::load(&all)?;
            all.commit()?;
            Ok(Committed { new, counts })
        })
        .await
    }

    /// The Last-Event-ID from which the stream `source` is to be resumed.
    pub async fn last_event_id(&self, source: String) -> Result<Option<String>, StoreError> {
        self.run(move |db| cursor::load(db, &source)).await
    }

    /// A page of at most `limit` alerts older than `before`, newest first.
    pub async fn page(
        &self,
        filter: Filter,
        before: Option<AlertId>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.run(move |db| alerts::page(db, filter, before, limit)).await
    }

    /// One alert; `None` when it isn't there (any more).
    pub async fn get(&self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        self.run(move |db| alerts::get(db, id)).await
    }

    /// How many alerts there are.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.run(|db| counts::load(db)).await
    }

    /// Marks alerts as read or unread, all or none.
    pub async fn mark(&self, ids: Vec<AlertId>, read: bool) -> Result<Marked, StoreError> {
        self.run(move |db| {
            let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = alerts::mark(&all, &ids, read)?;
            let counts = counts::load(&all)?;
            all.commit()?;
            Ok(Marked { changed, counts })
        })
        .await
    }

    /// Checks the whole file (`PRAGMA quick_check`): [`StoreError::Damaged`] where it is not as
    /// SQLite wrote it. Takes as long as reading every page of it.
    pub async fn check(&self) -> Result<(), StoreError> {
        let found: String =
            self.run(|db| db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))).await?;
        if found == "ok" {
            return Ok(());
        }
        let corrupt = ffi::Error::new(ffi::SQLITE_CORRUPT);
        Err(rusqlite::Error::SqliteFailure(corrupt, Some(found)).into())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            // Nobody may be waiting any more; the work is done all the same.
            let _ = answer.send(work(db));
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        Ok(answered.await.map_err(|_| StoreError::Closed)??)
    }
}

fn open_for_writing(path: &Path) -> Result<Connection, OpenError> {
    if let Some(folder) = path.parent() {
        private::make_folder(folder)
            .map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
    }
    // SQLite would make it as the umask says. Where it can't be made, or is there, SQLite's own
    // answer says more.
    let _ = private::make_file(path);
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    // Whose file it is comes first: another's is not to be switched to our settings.
    schema::check(&db)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL may lose the last commits when the power fails, and an announced alert is a promise.
    db.pragma_update(None, "synchronous", "FULL")?;
    schema::migrate(&mut db)?;
    Ok(db)
}

fn open_for_reading(path: &Path) -> Result<Connection, OpenError> {
    let db = match Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        Err(_) if matches!(path.try_exists(), Ok(false)) => return Err(OpenError::NotMade),
        other => other?,
    };
    db.busy_timeout(BUSY_TIMEOUT)?;
    // The file is there before its tables are: whoever makes it may be about to, or was cut off.
    match schema::check(&db)? {
        0 => Err(OpenError::NotMade),
        _ => Ok(db),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Words};

    #[tokio::test]
    async fn a_full_disk_is_named_and_keeps_nothing_of_the_batch() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(&folder.path().join("inbox.sqlite"), Access::Write).unwrap();
        // SQLite's own limit stands for the disk's: it answers with the same SQLITE_FULL.
        inbox
            .run(|db| {
                let pages: u32 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
                db.query_row(&format!("PRAGMA max_page_count = {}", pages + 8), [], |_| Ok(()))
            })
            .await
            .unwrap();
        let small = NewAlert {
            received_ms: 0,
            event: "message".into(),
            kind: "message".into(),
            category: Category::System,
            title: Words::same("small"),
            content: Words::default(),
            link: None,
            urgent: false,
            raw: String::new(),
            event_id: None,
        };
        let large = NewAlert { raw: "x".repeat(1 << 20), ..small.clone() };
        let batch = Batch {
            alerts: vec![small, large],
            cursor: Cursor { source: "market".into(), last_event_id: Some("2".into()) },
        };
        let error = inbox.commit(batch).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        assert_eq!(inbox.counts().await.unwrap().total(), 0);
        assert_eq!(inbox.last_event_id("market".into()).await.unwrap(), None);
    }
}
