//! The handle on the inbox, and the thread behind it.
//!
//! SQLite blocks, so one thread owns the one connection and runs what it is asked in order. The
//! queue in front of it is bounded: who asks faster than the disk answers, waits. What touches very
//! many alerts is cut into jobs, so that an alert that arrives meanwhile has its turn.

mod chunks;

use crate::aside::SetAside;
use crate::error::failure;
use crate::held::Held;
use crate::search::{Search, SearchPage};
use crate::tables::{alert, counts, cursor, mailbox, stored, toast};
use crate::{
    Access, Alert, AlertId, Batch, CaughtUp, Committed, Counts, Deleted, Deletion, Filter, Mailbox,
    Marked, Merged, OpenError, Page, Seek, StoreError, Which, key, open, search, work,
};
use chunks::{Chunks, Matching};
use rusqlite::{Connection, ffi};
use std::path::Path;
use tokio::sync::{mpsc, oneshot, watch};

/// How many requests wait for the thread before the next one has to.
const QUEUE: usize = 64;
/// How many alerts one job marks or deletes at the most.
const CHUNK: usize = 500;
/// Of how many one job changes what is known of the market's notifications.
const MANY: u32 = 2_000;

/// What the thread is asked.
enum Job {
    Work(Box<dyn FnOnce(&mut Held) + Send>),
    Close(oneshot::Sender<()>),
}

/// A handle on the open inbox. Clones share it; the file is closed by [`Self::close`], or else with
/// the last of them.
#[derive(Debug, Clone)]
pub struct Inbox {
    jobs: mpsc::Sender<Job>,
    set_aside: watch::Receiver<Option<SetAside>>,
}

impl Inbox {
    /// Opens the inbox at `path` and starts its thread. Blocks while it does.
    pub fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        let mut held = Held::open(path, access)?;
        let set_aside = held.told();
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        std::thread::Builder::new()
            .name("inbox".into())
            .spawn(move || {
                while let Some(job) = queue.blocking_recv() {
                    match job {
                        Job::Work(work) => work(&mut held),
                        Job::Close(closed) => {
                            drop(held);
                            // Whoever asked may have given up waiting.
                            let _ = closed.send(());
                            return;
                        }
                    }
                }
            })
            .map_err(OpenError::Thread)?;
        Ok(Self { jobs, set_aside })
    }

    /// What was set aside last since the inbox was opened, and when something is: a file that was
    /// damaged, in whose place there is a new one. All that was read before may be in the old one.
    pub fn set_aside(&self) -> watch::Receiver<Option<SetAside>> {
        self.set_aside.clone()
    }

    /// Closes the file for all who share this handle, after the work that was asked for before. What
    /// SQLite kept beside the file is in it then, unless another process has it open. Whatever is
    /// asked afterwards is answered with [`StoreError::Closed`].
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Job::Close(done)).await.is_ok() {
            // An error means that another has closed it first.
            let _ = closed.await;
        }
    }

    /// Keeps a batch and its cursor in one transaction. On an error nothing of it was kept.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        self.keep(move |db| work::commit(db, batch)).await
    }

    /// Takes in what the market stored, in one transaction.
    pub async fn merge(&self, found: CaughtUp) -> Result<Merged, StoreError> {
        self.keep(move |db| work::merge(db, found)).await
    }

    /// The market says that notifications were read elsewhere: these, or all where `ids` is `None`.
    pub async fn read_elsewhere(
        &self,
        mailbox: String,
        ids: Option<Vec<i64>>,
    ) -> Result<Merged, StoreError> {
        self.run(move |db| work::mark_stored(db, &mailbox, ids.as_deref())).await
    }

    /// The Last-Event-ID from which the stream `source` is to be resumed.
    pub async fn last_event_id(&self, source: String) -> Result<Option<String>, StoreError> {
        self.run(move |db| cursor::load(db, &source)).await
    }

    /// A page of at most `limit` alerts, newest first.
    pub async fn page(&self, filter: Filter, seek: Seek, limit: usize) -> Result<Page, StoreError> {
        self.run(move |db| alert::page(db, &filter, seek, limit)).await
    }

    /// Alerts that say what is searched for, newest first.
    pub async fn search(&self, search: Search) -> Result<SearchPage, StoreError> {
        self.run(move |db| search::page(db, &search)).await
    }

    /// One alert; `None` when it isn't there (any more).
    pub async fn get(&self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        self.run(move |db| alert::get(db, id)).await
    }

    /// The newest alert's key; `None` in an empty inbox.
    pub async fn newest(&self) -> Result<Option<AlertId>, StoreError> {
        self.run(|db| alert::newest(db)).await
    }

    /// How many alerts there are.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.run(|db| counts::load(db)).await
    }

    /// Marks alerts as read or unread. Of very many, it stops in between where it fails; what was
    /// marked by then stays marked.
    pub async fn mark(&self, which: Which, read: bool) -> Result<Marked, StoreError> {
        match which {
            Which::Ids(ids) => self.run(move |db| work::mark(db, &ids, read)).await,
            Which::Matching { filter, text: None, up_to } if read && marks_as_a_whole(&filter) => {
                let (category, mut unnamed, mut from) = (filter.category, false, Some(0));
                while let Some(first) = from {
                    let tell = move |db: &mut _| work::tell_some(db, category, first, up_to, MANY);
                    let told = self.run(tell).await?;
                    (unnamed, from) = (unnamed | told.unnamed, told.next);
                }
                self.run(move |db| work::mark_all(db, category, up_to, unnamed)).await
            }
            Which::Matching { filter, text, up_to } => {
                let filter = Filter { unread: filter.unread || read, ..filter };
                let mut marked = Marked { counts: self.counts().await?, ..Marked::default() };
                let mut matching = Matching::new(filter, text, up_to);
                while let Some(ids) = matching.next(self).await? {
                    let Marked { changed, unnamed, counts, .. } =
                        self.run(move |db| work::mark(db, &ids, read)).await?;
                    marked.add(changed);
                    marked.unnamed |= unnamed;
                    marked.counts = counts;
                }
                Ok(marked)
            }
        }
    }

    /// Deletes alerts, so that they can be brought back by `deletion`, which is the time of it in
    /// milliseconds since the Unix epoch. Of very many, what was deleted before a failure stays so.
    pub async fn delete(&self, which: Which, deletion: Deletion) -> Result<Deleted, StoreError> {
        let mut deleted = Deleted { counts: self.counts().await?, ..Deleted::default() };
        let mut chunks = match which {
            Which::Ids(ids) => Chunks::Ids(ids),
            Which::Matching { filter, text, up_to } => {
                Chunks::Matching(Matching::new(filter, text, up_to))
            }
        };
        while let Some(ids) = chunks.next(self).await? {
            let Deleted { ids, counts, .. } =
                self.run(move |db| work::delete(db, &ids, deletion)).await?;
            deleted.add(ids);
            deleted.counts = counts;
        }
        Ok(deleted)
    }

    /// Brings the alerts of a deletion back as they were.
    pub async fn undo(&self, deletion: Deletion) -> Result<Deleted, StoreError> {
        let mut back = Deleted { counts: self.counts().await?, ..Deleted::default() };
        loop {
            let Deleted { ids, counts, .. } =
                self.run(move |db| work::undo(db, deletion, CHUNK)).await?;
            back.counts = counts;
            if ids.is_empty() {
                return Ok(back);
            }
            back.add(ids);
        }
    }

    /// Lets go for good of what was deleted before a time, in milliseconds since the Unix epoch.
    pub async fn empty_trash(&self, before: Deletion) -> Result<(), StoreError> {
        while self.run(move |db| work::empty_trash(db, before, CHUNK)).await? == CHUNK {}
        Ok(())
    }

    /// Lets go for good of what is older than `before_ms`, and of unread and urgent alerts older
    /// than `in_any_case_ms`: milliseconds since the Unix epoch. The counts that follow, if
    /// anything went.
    pub async fn expire(
        &self,
        before_ms: i64,
        in_any_case_ms: i64,
    ) -> Result<Option<Counts>, StoreError> {
        let (before, in_any_case) = (key::first_at(before_ms), key::first_at(in_any_case_ms));
        let (mut counts, mut from) = (None, Some(0));
        while let Some(first) = from {
            let expire = move |db: &mut _| work::expire(db, first, before, in_any_case, CHUNK);
            let expired = self.run(expire).await?;
            (counts, from) = (expired.counts.or(counts), expired.next);
        }
        Ok(counts)
    }

    /// Deletes every alert at once and for good.
    pub async fn delete_everything(&self) -> Result<(), StoreError> {
        // The longest part of it comes before, a bit at a time.
        while self.run(|db| work::forget_some(db, MANY)).await? >= MANY {}
        self.run(work::delete_everything).await
    }

    /// Keeps what became of some alerts' toasts.
    pub async fn keep_toasts(&self, fates: Vec<(AlertId, String)>) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            for (id, fate) in &fates {
                toast::store(&all, *id, fate)?;
            }
            all.commit()
        })
        .await
    }

    /// What is known of a mailbox.
    pub async fn mailbox(&self, name: String) -> Result<Mailbox, StoreError> {
        self.run(move |db| mailbox::load(db, &name)).await
    }

    /// Keeps what is known of a mailbox.
    pub async fn keep_mailbox(&self, name: String, known: Mailbox) -> Result<(), StoreError> {
        self.run(move |db| mailbox::store(db, &name, known)).await
    }

    /// The ids of a mailbox's stored notifications that are unread here.
    pub async fn unread_notices(&self, mailbox: String) -> Result<Vec<i64>, StoreError> {
        self.run(move |db| {
            Ok(stored::unread(db, &mailbox)?.into_iter().map(|(id, _)| id).collect())
        })
        .await
    }

    /// Whether a mailbox's notification is known.
    pub async fn knows_notice(&self, mailbox: String, id: i64) -> Result<bool, StoreError> {
        self.run(move |db| Ok(stored::alert_of(db, &mailbox, id)?.is_some())).await
    }

    /// At most `limit` ids of a mailbox's notifications that were read here and of which the market
    /// doesn't know it, the newest first.
    pub async fn untold(&self, mailbox: String, limit: u32) -> Result<Vec<i64>, StoreError> {
        self.run(move |db| stored::untold(db, &mailbox, limit)).await
    }

    /// The market knows now that these were read.
    pub async fn told(&self, mailbox: String, ids: Vec<i64>) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            stored::told(&all, &mailbox, &ids)?;
            all.commit()
        })
        .await
    }

    /// The market knows now that all of a mailbox's notifications were read, these among them. One
    /// that is unread here all the same stays so.
    pub async fn told_all(&self, mailbox: String, ids: Vec<i64>) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            stored::told(&all, &mailbox, &ids)?;
            stored::told_all(&all, &mailbox)?;
            all.commit()
        })
        .await
    }

    /// Checks the whole file (its length, and `PRAGMA quick_check`): [`StoreError::Damaged`] where it
    /// is not as SQLite wrote it. Takes as long as reading every page of it.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.run(|db| {
            // One look at the file, whoever writes beside.
            let db = db.transaction()?;
            open::is_whole(&db, Path::new(db.path().unwrap_or_default()))?;
            let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            match found.lines().last() {
                Some("ok") => Ok(()),
                // The line before says in which database.
                last => Err(failure(ffi::SQLITE_CORRUPT, last.unwrap_or_default())),
            }
        })
        .await
    }

    /// Has the thread do some work; see [`Held::work`].
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(move |held| held.work(work)).await
    }

    /// Has the thread keep something new; see [`Held::keep`].
    async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(move |held| held.keep(work)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Held) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Work(Box::new(move |held| {
            // Nobody may be waiting any more; the work is done all the same.
            let _ = answer.send(work(held));
        }));
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

/// Whether a list can be marked as read without looking at its alerts one by one.
fn marks_as_a_whole(filter: &Filter) -> bool {
    Filter { category: None, unread: false, ..*filter } == Filter::ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Cursor, NewAlert, Notice, Words};

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
            at_ms: 0,
            event: "message".into(),
            kind: "message".into(),
            category: Category::System,
            title: Words::same("small"),
            content: Words::default(),
            fields: String::new(),
            link: None,
            urgent: false,
            raw: String::new(),
            event_id: None,
            notice: Notice::None,
            toast: None,
        };
        let large = NewAlert { raw: "x".repeat(1 << 20), ..small.clone() };
        let batch = Batch {
            alerts: vec![small, large],
            cursor: Cursor { source: "market".into(), last_event_id: Some("2".into()) },
            mailbox: "mailbox".into(),
        };
        let error = inbox.commit(batch).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        assert_eq!(inbox.counts().await.unwrap().total(), 0);
        assert_eq!(inbox.last_event_id("market".into()).await.unwrap(), None);
    }
}
