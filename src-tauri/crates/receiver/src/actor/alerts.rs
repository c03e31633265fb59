//! What people do with alerts: marked, deleted and brought back. What may touch many alerts goes on
//! beside the actor, so that what arrives meanwhile doesn't wait.

use super::{Actor, Completion};
use crate::Change;
use crate::command::Answer;
use agora_inbox::{
    AlertId, Counts, Deleted, Deletion, Inbox, Marked, Marking, Partly, StoreError, Which,
};
use agora_rules::Fate;
use jiff::Timestamp;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// So many are marked at once; more go on beside.
const AT_ONCE: usize = 100;

impl Actor {
    pub(super) async fn mark(
        &mut self,
        which: Which,
        read: bool,
        done: Answer<Result<(), StoreError>>,
    ) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        let is_short = matches!(&which, Which::Ids(ids) if ids.len() <= AT_ONCE);
        let turn = self.turn_for(&which);
        let marking = async move {
            let _turn = turn.await;
            let (marked, result) = match inbox.mark(which, read).await {
                Ok(marked) => (marked, Ok(())),
                Err(Partly { done, error }) => (done, Err(error)),
            };
            (Worked::marked(marked, read), result)
        };
        if is_short {
            let (worked, result) = marking.await;
            self.worked(worked).await;
            let _ = done.send(result);
        } else {
            self.work(done, marking);
        }
    }

    /// Marks as read what can be made unread again for a minute.
    pub(super) fn mark_all_read(
        &mut self,
        which: Which,
        done: Answer<Result<Marking, Partly<Option<Marking>>>>,
    ) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed.into()));
            return;
        };
        let marking = self.markings.begin();
        let turn = self.turn_for(&which);
        self.work(done, async move {
            let _turn = turn.await;
            let (marked, error) = match inbox.mark_read_by(which, marking).await {
                Ok(marked) => (marked, None),
                Err(Partly { done, error }) => (done, Some(error)),
            };
            // The market is told of none of it before the minute is over.
            let mut worked = Worked::marked(Marked { unnamed: false, ..marked }, true);
            worked.marking = worked.change.is_some().then_some(marking);
            let result = match error {
                None => Ok(marking),
                Some(error) => Err(Partly { done: worked.marking, error }),
            };
            (worked, result)
        });
    }

    pub(super) fn undo_marking(
        &mut self,
        marking: Marking,
        done: Answer<Result<bool, StoreError>>,
    ) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        if !self.markings.hold(marking) {
            let _ = done.send(Ok(false));
            return;
        }
        self.work(done, async move {
            let (back, result) = match inbox.undo_marking(marking).await {
                Ok(back) => (back, Ok(true)),
                Err(Partly { done, error }) => (done, Err(error)),
            };
            let marking = result.is_err().then_some(marking);
            (Worked { marking, ..Worked::marked(back, false) }, result)
        });
    }

    pub(super) fn delete(
        &mut self,
        which: Which,
        done: Answer<Result<Deletion, Partly<Option<Deletion>>>>,
    ) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed.into()));
            return;
        };
        let deletion = self.trash.begin();
        let turn = self.turn_for(&which);
        self.work(done, async move {
            let _turn = turn.await;
            let (deleted, error) = match inbox.delete(which, deletion).await {
                Ok(deleted) => (deleted, None),
                Err(Partly { done, error }) => (done, Some(error)),
            };
            let worked = Worked::deleted(deleted, deletion);
            let result = match error {
                None => Ok(deletion),
                Some(error) => Err(Partly { done: worked.deletion, error }),
            };
            (worked, result)
        });
    }

    pub(super) fn undo(&mut self, deletion: Deletion, done: Answer<Result<bool, StoreError>>) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        if !self.trash.hold(deletion) {
            let _ = done.send(Ok(false));
            return;
        }
        self.work(done, async move {
            let (back, result) = match inbox.undo(deletion).await {
                Ok(back) => (back, Ok(true)),
                Err(Partly { done, error }) => (done, Err(error)),
            };
            let change = Some(Change::Much { counts: back.counts.into() });
            // What isn't back yet can be brought back as long as if it were deleted now.
            let deletion = result.is_err().then_some(deletion);
            (Worked { change, deletion, ..Worked::default() }, result)
        });
    }

    pub(super) fn delete_everything(&mut self, done: Answer<Result<(), StoreError>>) {
        let Some(inbox) = self.store.inbox().cloned() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.work(done, async move {
            let result = inbox.delete_everything().await;
            let change = result.is_ok().then(|| Change::Much { counts: Arc::default() });
            (change.into(), result)
        });
    }

    /// Keeps what became of alerts' toasts.
    pub(super) async fn keep_fates(&mut self, fates: Vec<(AlertId, Fate)>) {
        let Some(inbox) = self.store.inbox() else { return };
        let fates = fates.into_iter().map(|(id, fate)| (id, fate.to_text())).collect();
        if let Err(error) = inbox.keep_toasts(fates).await {
            tracing::warn!(%error, "what became of toasts can't be kept");
        }
    }

    /// Work beside the actor is over. The counts that it knew may be older than what has arrived.
    pub(super) async fn worked(&mut self, Worked { change, unnamed, deletion, marking }: Worked) {
        if let Some(deletion) = deletion {
            self.throw_away_later(deletion);
        }
        if let Some(marking) = marking {
            self.settle_later(marking);
        }
        if let Some(change) = change {
            let change = match self.store.inbox() {
                Some(inbox) => with_counts_now(inbox, change).await,
                None => change,
            };
            self.change(change);
        }
        if unnamed {
            // The market is told when it is known by which id.
            self.sync().await;
        }
        self.send_receipts();
    }

    /// What is meant as a whole has its turn when what is being taken in was told: nobody has seen that yet.
    fn turn_for(&self, which: &Which) -> impl Future<Output = Option<OwnedMutexGuard<()>>> + use<> {
        let turn = matches!(which, Which::Matching { .. }).then(|| self.sync.turn());
        async move {
            match turn {
                Some(turn) => Some(turn.lock_owned().await),
                None => None,
            }
        }
    }

    /// Does something beside the actor, and answers once that is announced which was done of it.
    fn work<T: Send + 'static, E: fmt::Debug + Send + 'static>(
        &mut self,
        done: Answer<Result<T, E>>,
        work: impl Future<Output = (Worked, Result<T, E>)> + Send + 'static,
    ) {
        self.beside.spawn(async move {
            let (worked, result) = work.await;
            if let Err(error) = &result {
                tracing::error!(?error, "alerts can't all be changed");
            }
            let answer = move || {
                let _ = done.send(result);
            };
            Completion::Worked(worked, Box::new(answer))
        });
    }
}

/// What came of work on alerts.
#[derive(Debug, Default)]
pub(super) struct Worked {
    /// What there is to announce.
    change: Option<Change>,
    /// The market is to be told of some, whose ids aren't known yet.
    unnamed: bool,
    /// What can be undone from now on.
    deletion: Option<Deletion>,
    marking: Option<Marking>,
}

impl From<Option<Change>> for Worked {
    fn from(change: Option<Change>) -> Self {
        Self { change, ..Self::default() }
    }
}

impl Worked {
    /// A marking is for good.
    pub(super) fn settled(unnamed: bool) -> Self {
        Self { unnamed, ..Self::default() }
    }

    fn marked(Marked { changed, more, unnamed, counts }: Marked, read: bool) -> Self {
        let counts = Arc::new(counts);
        let change = match more {
            true => Some(Change::Much { counts }),
            false if changed.is_empty() => None,
            false => Some(Change::Marked { ids: changed.into(), read, counts }),
        };
        Self { change, unnamed, ..Self::default() }
    }

    fn deleted(Deleted { ids, more, counts }: Deleted, deletion: Deletion) -> Self {
        let counts = Arc::new(counts);
        let change = match more {
            true => Some(Change::Much { counts }),
            false if ids.is_empty() => None,
            false => Some(Change::Deleted { ids: ids.into(), counts }),
        };
        let deletion = change.is_some().then_some(deletion);
        Self { change, deletion, ..Self::default() }
    }
}

async fn with_counts_now(inbox: &Inbox, mut change: Change) -> Change {
    if let Ok(now) = inbox.counts().await {
        let now: Arc<Counts> = Arc::new(now);
        match &mut change {
            Change::Arrived { counts, .. }
            | Change::Synced { counts, .. }
            | Change::Marked { counts, .. }
            | Change::Followed { counts, .. }
            | Change::Deleted { counts, .. }
            | Change::Much { counts } => *counts = now,
        }
    }
    change
}

pub(super) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
