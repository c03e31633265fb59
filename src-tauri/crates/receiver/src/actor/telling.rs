//! Telling the market what was read here: one task at a time beside the mailbox, begun whenever
//! there may be something to tell, and again later where it failed.

use super::again::Again;
use super::op_queue::OpQueue;
use super::{Actor, Completion};
use crate::mailbox::{self, MailboxError, Told};

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Telling {
    tells: OpQueue,
    pub(super) again: Again,
}

impl Telling {
    /// Gives up what goes on; what wasn't told is still known as such.
    pub(super) fn call_off(&mut self) {
        self.tells.call_off();
    }
}

impl Actor {
    /// Tells what there is to tell, if the market can be reached.
    pub(super) fn tell_reads(&mut self) {
        let (Some(inbox), Some(account), Some(token)) =
            (self.store.inbox(), &self.account, self.session.token())
        else {
            return;
        };
        if !self.is_in_touch() {
            return;
        }
        if !self.telling.tells.request() {
            return;
        }
        if !self.telling.again.may_begin() {
            self.telling.tells.ended();
            return;
        }
        let (inbox, account, token) = (inbox.clone(), account.clone(), token.clone());
        let visit = self.generation;
        let task = self.beside.spawn(async move {
            let name = account.mailbox();
            Completion::Told(visit, mailbox::tell(account.base, token, &inbox, &name).await)
        });
        self.telling.tells.can_be_given_up(task);
    }

    /// The market knows what was read here, or couldn't be told.
    pub(super) async fn told(&mut self, told: Result<Told, MailboxError>) {
        let told = match told {
            Ok(Told::Each) => Ok(false),
            Ok(Told::All(ids)) => self.told_all(ids).await.map(|()| true),
            Err(error) => Err(error),
        };
        let once_more = self.telling.tells.ended();
        match told {
            Ok(more) => {
                self.telling.again.succeeded();
                if more || once_more {
                    self.tell_reads();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the market can't be told what was read");
                self.telling.again.failed(&error);
            }
        }
    }

    /// The market has all as read, these and what came to it meanwhile. Nobody here has seen that, and
    /// it stays unread here: it has come over the stream by now.
    async fn told_all(&mut self, ids: Vec<i64>) -> Result<(), MailboxError> {
        self.take_what_waits();
        self.keep().await;
        let (Some(inbox), Some(account)) = (self.store.inbox(), &self.account) else {
            return Ok(());
        };
        Ok(inbox.told_all(account.mailbox(), ids).await?)
    }
}
