//! Telling the market what was read here: one task at a time beside the mailbox, begun whenever
//! there may be something to tell, and again later where it failed.

use super::again::Again;
use super::{Actor, Done};
use crate::mailbox::{self, MailboxError, Told};
use tokio::task::AbortHandle;

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Telling {
    task: Option<AbortHandle>,
    /// Something was read since it began.
    once_more: bool,
    pub(super) again: Again,
}

impl Telling {
    /// Gives up what goes on; what wasn't told is still known as such.
    pub(super) fn call_off(&mut self) {
        self.once_more = false;
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

impl Actor {
    /// Tells what there is to tell, if the market can be reached.
    pub(super) fn tell_reads(&mut self) {
        let (Some(inbox), Some(account), Some(token)) = (&self.inbox, &self.account, &self.token)
        else {
            return;
        };
        if !self.is_in_touch() {
            return;
        }
        if self.telling.task.is_some() {
            self.telling.once_more = true;
            return;
        }
        if !self.telling.again.may_begin() {
            return;
        }
        let (inbox, account, token) = (inbox.clone(), account.clone(), token.clone());
        let visit = self.visit;
        self.telling.task = Some(self.beside.spawn(async move {
            let name = account.mailbox();
            Done::Told(visit, mailbox::tell(account.base, token, &inbox, &name).await)
        }));
    }

    /// The market knows what was read here, or couldn't be told.
    pub(super) async fn told(&mut self, told: Result<Told, MailboxError>) {
        let told = match told {
            Ok(Told::Each) => Ok(std::mem::take(&mut self.telling.once_more)),
            Ok(Told::All(ids)) => self.told_all(ids).await.map(|()| true),
            Err(error) => Err(error),
        };
        self.telling.task = None;
        match told {
            Ok(more) => {
                self.telling.again.succeeded();
                if more {
                    self.tell_reads();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the market can't be told what was read");
                self.telling.once_more = false;
                self.telling.again.failed(&error);
            }
        }
    }

    /// The market has all as read, these and what came to it meanwhile. Nobody here has seen that, and
    /// it stays unread here: it has come over the stream by now.
    async fn told_all(&mut self, ids: Vec<i64>) -> Result<(), MailboxError> {
        self.take_what_waits();
        self.keep().await;
        let (Some(inbox), Some(account)) = (&self.inbox, &self.account) else { return Ok(()) };
        Ok(inbox.told_all(account.mailbox(), ids).await?)
    }
}
