//! Read receipts: the market is told what was read here.
//!
//! It owns how far that is: one task at a time beside the actor, begun whenever there may be a receipt
//! due, and again later where it failed. Which are due is in the inbox; the calls are in `stored`.

use super::op_queue::OpQueue;
use super::retry::Retry;
use super::{Actor, Completion};
use crate::stored::{self, Receipts, SyncError};

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct ReadReceipts {
    sending: OpQueue,
    pub(super) retry: Retry,
}

impl ReadReceipts {
    /// Gives up what goes on; what wasn't told is still known as such.
    pub(super) fn call_off(&mut self) {
        self.sending.call_off();
    }
}

impl Actor {
    /// Tells what there is to tell, if the market can be reached.
    pub(super) fn send_receipts(&mut self) {
        let (Some(inbox), Some(account), Some(token)) =
            (self.store.inbox(), &self.account, self.session.token())
        else {
            return;
        };
        if !self.is_in_touch() {
            return;
        }
        if !self.receipts.sending.request() {
            return;
        }
        if !self.receipts.retry.may_begin() {
            self.receipts.sending.ended();
            return;
        }
        let (inbox, account, token) = (inbox.clone(), account.clone(), token.clone());
        let visit = self.generation;
        let task = self.beside.spawn(async move {
            let name = account.mailbox();
            Completion::ReceiptsSent(
                visit,
                stored::send_receipts(account.base, token, &inbox, &name).await,
            )
        });
        self.receipts.sending.can_be_given_up(task);
    }

    /// The market knows what was read here, or couldn't be told.
    pub(super) async fn receipts_sent(&mut self, told: Result<Receipts, SyncError>) {
        let told = match told {
            Ok(Receipts::Each) => Ok(false),
            Ok(Receipts::All(ids)) => self.all_receipts_sent(ids).await.map(|()| true),
            Err(error) => Err(error),
        };
        let once_more = self.receipts.sending.ended();
        match told {
            Ok(more) => {
                self.receipts.retry.succeeded();
                if more || once_more {
                    self.send_receipts();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the market can't be told what was read");
                if error.status() == Some(401) {
                    self.renew_for_calls();
                }
                self.receipts.retry.failed(&error);
            }
        }
    }

    /// The market has all as read, these and what came to it meanwhile. Nobody here has seen that, and
    /// it stays unread here: it has come over the stream by now.
    async fn all_receipts_sent(&mut self, ids: Vec<i64>) -> Result<(), SyncError> {
        self.take_what_waits();
        self.keep().await;
        let (Some(inbox), Some(account)) = (self.store.inbox(), &self.account) else {
            return Ok(());
        };
        Ok(inbox.all_receipts_sent(account.mailbox(), ids).await?)
    }
}
