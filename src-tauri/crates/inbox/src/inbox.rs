//! The handle on the inbox, and the thread behind it.
//!
//! SQLite blocks, so one thread owns the one connection and runs what it is asked in order. The
//! queue in front of it is bounded: who asks faster than the disk answers, waits. What touches very
//! many alerts is cut into jobs, so that an alert that arrives meanwhile has its turn.

mod chunks;
mod marking;
mod merging;

use crate::aside::SetAside;
use crate::error::failure;
use crate::held::Held;
use crate::key;
use crate::search::{Search, SearchPage};
use crate::tables::{
    alert, counts, cursor, look, mailbox, reminder, stored, toast, trash, twin, unread,
};
use crate::work::Going;
use crate::{
    Access, Alert, AlertId, Batch, Committed, Counts, Deleted, Deletion, Due, Filter, Followed,
    Limits, Mailbox, OpenError, Page, Partly, Seek, StoreError, Which, limits, open, search, work,
};
use chunks::{Chunks, Matching};
use rusqlite::{Connection, ffi};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// How many requests wait for the thread before the next one has to.
const QUEUE: usize = 64;
/// How many alerts one job marks or deletes at the most.
const CHUNK: usize = 500;
/// Where room is made, a part of all that may be in use: one in so many bytes.
const SOME_ROOM: u64 = 20;
/// How many reminders become due at once; the rest follows.
const REMINDED: u32 = 100;
/// Of how many one job changes what is known of the market's notifications.
const MANY: u32 = 2_000;
/// Of so many unread alerts it is told what became of their toasts.
const MOST_TOASTS: u32 = 4_096;

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
    pub async fn commit(&self, mut batch: Batch) -> Result<Committed, StoreError> {
        batch.alerts.iter_mut().for_each(limits::fit);
        self.keep(move |db| work::commit(db, batch)).await
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

    /// Deletes alerts, so that they can be brought back by `deletion`, a number that no other deletion
    /// has. What is taken in meanwhile nobody has seen: as far as it is unread it stays.
    pub async fn delete(
        &self,
        which: Which,
        deletion: Deletion,
    ) -> Result<Deleted, Partly<Deleted>> {
        let (mut chunks, seen) = match which {
            Which::Ids(ids) => (Chunks::Ids(ids), None),
            Which::Matching { filter, text, up_to } => {
                let seen = self.unread(&filter, up_to).await?;
                (Chunks::Matching(Matching::new(filter, text, up_to)), Some(seen))
            }
        };
        let mut deleted = Deleted { counts: self.counts().await?, ..Deleted::default() };
        loop {
            let seen = seen.clone();
            let part = async {
                let Some(ids) = chunks.next(self).await? else { return Ok(None) };
                let delete = move |db: &mut _| work::delete(db, &ids, deletion, seen.as_deref());
                self.run(delete).await.map(Some)
            };
            match part.await {
                Ok(Some(part)) => deleted.add(part),
                Ok(None) => return Ok(deleted),
                Err(error) => return Err(Partly { done: deleted, error }),
            }
        }
    }

    /// Brings the alerts of a deletion back as they were.
    pub async fn undo(&self, deletion: Deletion) -> Result<Deleted, Partly<Deleted>> {
        let mut back = Deleted { counts: self.counts().await?, ..Deleted::default() };
        loop {
            match self.run(move |db| work::undo(db, deletion, CHUNK)).await {
                Ok(part) if part.ids.is_empty() => return Ok(back),
                Ok(part) => back.add(part),
                Err(error) => return Err(Partly { done: back, error }),
            }
        }
    }

    /// The deletions that can be undone.
    pub async fn deletions(&self) -> Result<Vec<Deletion>, StoreError> {
        self.run(|db| trash::deletions(db)).await
    }

    /// Lets go for good of what a deletion holds.
    pub async fn empty_trash(&self, deletion: Deletion) -> Result<(), StoreError> {
        while self.run(move |db| work::empty_trash(db, deletion, CHUNK)).await? == CHUNK {}
        Ok(())
    }

    /// Gives alerts a star, or takes it away.
    pub async fn star(&self, ids: Vec<AlertId>, starred: bool) -> Result<Followed, StoreError> {
        self.run(move |db| work::star(db, &ids, starred)).await
    }

    /// Sets an alert's reminder to a time, in milliseconds since the Unix epoch, or takes it away.
    pub async fn remind(&self, id: AlertId, due_ms: Option<i64>) -> Result<Followed, StoreError> {
        self.run(move |db| work::remind(db, id, due_ms)).await
    }

    /// Has the alerts whose reminders are due be unread again: of each, once.
    pub async fn remind_due(&self, now_ms: i64) -> Result<Due, StoreError> {
        self.run(move |db| work::remind_due(db, now_ms, REMINDED)).await
    }

    /// Those whose reminders were due and of whose toasts nothing is known: nobody was told, or the program
    /// ended before it said so. Each with its time, in milliseconds since the Unix epoch, the longest due
    /// first.
    pub async fn untold_reminders(&self) -> Result<Vec<(AlertId, i64)>, StoreError> {
        self.run(|db| reminder::untold(db)).await
    }

    /// When the next reminder is due, in milliseconds since the Unix epoch.
    pub async fn next_reminder_ms(&self) -> Result<Option<i64>, StoreError> {
        self.run(|db| reminder::next_ms(db)).await
    }

    /// Takes down that the clock shows `now_ms`, milliseconds since the Unix epoch, for whoever has
    /// found that it can be believed; `false` where that was done today already. It is what tells when
    /// alerts were received and which time is over.
    pub async fn look(&self, now_ms: i64) -> Result<bool, StoreError> {
        self.run(move |db| work::look(db, now_ms)).await
    }

    /// The time that is surely over, in milliseconds since the Unix epoch: the clock showed a later one
    /// on each of the last five days that it was looked at. `None` while there were fewer.
    pub async fn agreed_ms(&self) -> Result<Option<i64>, StoreError> {
        self.run(|db| look::agreed_ms(db)).await
    }

    /// Lets go for good of what is older than the limits, by its own time and by when it was received.
    /// The counts that follow, if anything went.
    pub async fn expire(&self, limits: Limits) -> Result<Option<Counts>, Partly<Option<Counts>>> {
        let (mut counts, mut from) = (None, Some(0));
        while let Some(first) = from {
            match self.run(move |db| work::expire(db, first, limits, CHUNK)).await {
                Ok(gone) => (counts, from) = (gone.counts.or(counts), gone.next),
                Err(error) => return Err(Partly { done: counts, error }),
            }
        }
        Ok(counts)
    }

    /// Forgets what the market's notifications were whose alerts are long gone, as far as the market
    /// doesn't bring them again.
    pub async fn forget_long_gone(&self) -> Result<(), StoreError> {
        while self.run(|db| work::forget_long_gone(db, MANY)).await? >= MANY {}
        Ok(())
    }

    /// Where more than `most` bytes of the file are in use, lets go for good of the oldest alerts until
    /// there is some room again: of those that were read first, of urgent unread ones last.
    pub async fn make_room(&self, most: u64) -> Result<Room, Partly<Room>> {
        let mut room = Room::default();
        let mut bytes = most;
        for going in Going::IN_ORDER {
            let mut from = Some(0);
            while let Some(first) = from {
                let made =
                    self.run(move |db| work::make_room(db, bytes, going, first, CHUNK)).await;
                let gone = match made {
                    Ok(Some(gone)) => gone,
                    Ok(None) => return Ok(room),
                    Err(error) => return Err(Partly { done: room, error }),
                };
                // Not so little that it is full again with the next alert.
                bytes = most - most / SOME_ROOM;
                room.alerts += gone.alerts;
                room.unread += gone.unread;
                room.counts = gone.counts.or(room.counts);
                from = gone.next;
            }
        }
        Ok(room)
    }

    /// Gives the file's unused room back to the disk, where it is much.
    pub async fn give_back(&self) -> Result<(), StoreError> {
        self.run(work::give_back).await
    }

    /// Deletes every alert at once and for good, and gives their room back to the disk.
    pub async fn delete_everything(&self) -> Result<(), StoreError> {
        // The longest part of it comes before, a bit at a time.
        while self.run(|db| work::forget_some(db, MANY)).await? >= MANY {}
        self.run(work::delete_everything).await?;
        if let Err(error) = self.give_back().await {
            tracing::warn!(%error, "the inbox's file is no smaller, though all in it was deleted");
        }
        Ok(())
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

    /// What became of the toasts of what is unread since a time, in milliseconds since the Unix epoch;
    /// of very much the newest alone.
    pub async fn unread_toasts(&self, since_ms: i64) -> Result<Vec<(AlertId, String)>, StoreError> {
        self.run(move |db| toast::of_unread(db, key::first_at(since_ms), MOST_TOASTS)).await
    }

    /// What is known of a mailbox.
    pub async fn mailbox(&self, name: String) -> Result<Mailbox, StoreError> {
        self.run(move |db| mailbox::load(db, &name)).await
    }

    /// Keeps what is known of a mailbox.
    pub async fn keep_mailbox(&self, name: String, known: Mailbox) -> Result<(), StoreError> {
        self.run(move |db| mailbox::store(db, &name, known)).await
    }

    /// The ids of a mailbox's stored notifications that are unread here, the oldest alert first.
    pub async fn unread_notices(&self, mailbox: String) -> Result<Vec<i64>, StoreError> {
        let (mut ids, mut after) = (Vec::new(), -1);
        loop {
            let name = mailbox.clone();
            let some = self.run(move |db| stored::unread(db, &name, after, MANY)).await?;
            let Some((_, last)) = some.last() else { return Ok(ids) };
            after = *last;
            ids.extend(some.into_iter().map(|(id, _)| id));
        }
    }

    /// Whether a mailbox's notification is known, and known to be read here or there.
    pub async fn is_read(&self, mailbox: String, id: i64) -> Result<bool, StoreError> {
        self.run(move |db| stored::is_read(db, &mailbox, id)).await
    }

    /// At most `limit` ids of a mailbox's notifications that were read here and of which the market
    /// doesn't know it, the newest first.
    pub async fn receipts_due(&self, mailbox: String, limit: u32) -> Result<Vec<i64>, StoreError> {
        self.run(move |db| stored::untold(db, &mailbox, limit)).await
    }

    /// The market knows now that these were read.
    pub async fn receipts_sent(&self, mailbox: String, ids: Vec<i64>) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            stored::told(&all, &mailbox, &ids)?;
            all.commit()
        })
        .await
    }

    /// The market knows now that all of a mailbox's notifications were read, these among them. One
    /// that is unread here all the same stays so.
    pub async fn all_receipts_sent(
        &self,
        mailbox: String,
        ids: Vec<i64>,
    ) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            stored::told(&all, &mailbox, &ids)?;
            stored::told_all(&all, &mailbox)?;
            twin::told_all(&all)?;
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

    /// The keys of all that is unread of a list, in order.
    async fn unread(&self, filter: &Filter, up_to: AlertId) -> Result<Arc<[AlertId]>, StoreError> {
        let (category, keys) = (filter.category, filter.keys_up_to(up_to));
        self.run(move |db| unread::ids(db, category, keys).map(Into::into)).await
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

/// What was let go of to make room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// How many alerts.
    pub alerts: u64,
    /// How many of those were unread.
    pub unread: u64,
    /// The counts that follow, if any went.
    pub counts: Option<Counts>,
}

/// Whether a list leaves out nothing but by category and time: what is unread of it is known without
/// looking at its alerts.
fn is_whole(filter: &Filter) -> bool {
    !(filter.urgent || filter.starred || filter.reminders || filter.told_ms.is_some())
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
