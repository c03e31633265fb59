//! What people do with alerts: marked, deleted and brought back. What may touch many alerts goes on
//! beside the mailbox, so that what arrives meanwhile doesn't wait.

use super::{Actor, Done};
use crate::command::Answer;
use crate::{Change, Fate};
use agora_inbox::{AlertId, Counts, Deletion, Inbox, Marked, StoreError, Which};
use jiff::Timestamp;
use std::future::Future;
use std::sync::Arc;

/// So many are marked at once; more go on beside.
const AT_ONCE: usize = 100;

impl Actor {
    pub(super) async fn mark(
        &mut self,
        which: Which,
        read: bool,
        done: Answer<Result<(), StoreError>>,
    ) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        if matches!(&which, Which::Ids(ids) if ids.len() <= AT_ONCE) {
            let result = match inbox.mark(which, read).await {
                Ok(marked) => {
                    self.worked(Worked::marked(marked, read)).await;
                    Ok(())
                }
                Err(error) => Err(error),
            };
            let _ = done.send(result);
            return;
        }
        self.work(
            done,
            async move { Ok((Worked::marked(inbox.mark(which, read).await?, read), ())) },
        );
    }

    pub(super) fn delete(&mut self, which: Which, done: Answer<Result<Deletion, StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        // Two at the same time are still two, each to be undone by itself.
        self.deletion = now_ms().max(self.deletion + 1);
        let deletion = self.deletion;
        self.throw_away_later(deletion);
        self.work(done, async move {
            let deleted = inbox.delete(which, deletion).await?;
            let change = match deleted.more {
                true => Some(Change::Much { counts: deleted.counts.into() }),
                false if deleted.ids.is_empty() => None,
                false => {
                    Some(Change::Deleted { ids: deleted.ids.into(), counts: deleted.counts.into() })
                }
            };
            Ok((change.into(), deletion))
        });
    }

    pub(super) fn undo(&mut self, deletion: Deletion, done: Answer<Result<(), StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.work(done, async move {
            let back = inbox.undo(deletion).await?;
            Ok((Some(Change::Much { counts: back.counts.into() }).into(), ()))
        });
    }

    pub(super) fn delete_everything(&mut self, done: Answer<Result<(), StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.work(done, async move {
            inbox.delete_everything().await?;
            Ok((Some(Change::Much { counts: Arc::default() }).into(), ()))
        });
    }

    /// Keeps what became of alerts' toasts.
    pub(super) async fn keep_fates(&mut self, fates: Vec<(AlertId, Fate)>) {
        let Some(inbox) = &self.inbox else { return };
        let fates = fates.into_iter().map(|(id, fate)| (id, fate.to_text())).collect();
        if let Err(error) = inbox.keep_toasts(fates).await {
            tracing::warn!(%error, "what became of toasts can't be kept");
        }
    }

    /// Work beside the mailbox is over. The counts that it knew may be older than what has arrived.
    pub(super) async fn worked(&mut self, Worked { change, unnamed }: Worked) {
        let Some(change) = change else { return };
        let change = match &self.inbox {
            Some(inbox) => with_counts_now(inbox, change).await,
            None => change,
        };
        self.change(change);
        if unnamed {
            // The market is told when it is known by which id.
            self.catch_up().await;
        }
        self.tell_reads();
    }

    /// Does something beside the mailbox, and answers once it is announced.
    fn work<T: Send + 'static>(
        &mut self,
        done: Answer<Result<T, StoreError>>,
        work: impl Future<Output = Result<(Worked, T), StoreError>> + Send + 'static,
    ) {
        self.beside.spawn(async move {
            let (worked, result) = match work.await {
                Ok((worked, answer)) => (worked, Ok(answer)),
                Err(error) => {
                    tracing::error!(%error, "alerts can't be changed");
                    (Worked::default(), Err(error))
                }
            };
            let answer = move || {
                let _ = done.send(result);
            };
            Done::Worked(worked, Box::new(answer))
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
}

impl From<Option<Change>> for Worked {
    fn from(change: Option<Change>) -> Self {
        Self { change, unnamed: false }
    }
}

impl Worked {
    fn marked(Marked { changed, more, unnamed, counts }: Marked, read: bool) -> Self {
        let counts = Arc::new(counts);
        let change = match more {
            true => Some(Change::Much { counts }),
            false if changed.is_empty() => None,
            false => Some(Change::Marked { ids: changed.into(), read, counts }),
        };
        Self { change, unnamed }
    }
}

async fn with_counts_now(inbox: &Inbox, mut change: Change) -> Change {
    if let Ok(now) = inbox.counts().await {
        let now: Arc<Counts> = Arc::new(now);
        match &mut change {
            Change::Arrived { counts, .. }
            | Change::CaughtUp { counts, .. }
            | Change::Marked { counts, .. }
            | Change::Deleted { counts, .. }
            | Change::Much { counts } => *counts = now,
        }
    }
    change
}

pub(super) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
