//! What people do with alerts: marked, deleted and brought back. What may touch many alerts goes on
//! beside the mailbox, so that what arrives meanwhile doesn't wait.

use super::{Actor, Done};
use crate::command::Done as Answer;
use crate::{Change, Fate};
use agora_inbox::{AlertId, Counts, Deletion, Inbox, Marked, StoreError, Which};
use std::future::Future;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

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
            let marked = inbox.mark(which, read).await;
            let change = marked.map(|marked| of_marked(marked, read));
            let _ = done.send(self.announce(change).await);
            return;
        }
        self.work(done, async move {
            Ok((of_marked(inbox.mark(which, read).await?, read), ()))
        });
    }

    pub(super) fn delete(&mut self, which: Which, done: Answer<Result<Deletion, StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.throw_away_later();
        self.work(done, async move {
            let deletion = now_ms();
            let deleted = inbox.delete(which, deletion).await?;
            let change = match deleted.more {
                true => Some(Change::Much { counts: deleted.counts.into() }),
                false if deleted.ids.is_empty() => None,
                false => Some(Change::Deleted {
                    ids: deleted.ids.into(),
                    counts: deleted.counts.into(),
                }),
            };
            Ok((change, deletion))
        });
    }

    pub(super) fn undo(&mut self, deletion: Deletion, done: Answer<Result<(), StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.work(done, async move {
            let back = inbox.undo(deletion).await?;
            Ok((Some(Change::Much { counts: back.counts.into() }), ()))
        });
    }

    pub(super) fn delete_everything(&mut self, done: Answer<Result<(), StoreError>>) {
        let Some(inbox) = self.inbox.clone() else {
            let _ = done.send(Err(StoreError::Closed));
            return;
        };
        self.work(done, async move {
            inbox.delete_everything().await?;
            Ok((Some(Change::Much { counts: Arc::default() }), ()))
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
    pub(super) async fn worked(&mut self, change: Option<Change>) {
        let Some(change) = change else { return };
        let change = match &self.inbox {
            Some(inbox) => with_counts_now(inbox, change).await,
            None => change,
        };
        self.change(change);
        self.tell_reads();
    }

    /// Does something beside the mailbox, and answers once it is announced.
    fn work<T: Send + 'static>(
        &mut self,
        done: Answer<Result<T, StoreError>>,
        work: impl Future<Output = Result<(Option<Change>, T), StoreError>> + Send + 'static,
    ) {
        self.beside.spawn(async move {
            match work.await {
                Ok((change, answer)) => {
                    let _ = done.send(Ok(answer));
                    Done::Worked(change)
                }
                Err(error) => {
                    tracing::error!(%error, "alerts can't be changed");
                    let _ = done.send(Err(error));
                    Done::Worked(None)
                }
            }
        });
    }

    async fn announce(
        &mut self,
        change: Result<Option<Change>, StoreError>,
    ) -> Result<(), StoreError> {
        self.worked(change?).await;
        Ok(())
    }
}

fn of_marked(Marked { changed, more, counts }: Marked, read: bool) -> Option<Change> {
    let counts = Arc::new(counts);
    match more {
        true => Some(Change::Much { counts }),
        false if changed.is_empty() => None,
        false => Some(Change::Marked { ids: changed.into(), read, counts }),
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
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}
