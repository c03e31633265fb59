//! What people ask of the actor.

use crate::SendOutcome;
use agora_account::{Account, AccountError, TokenChange};
use agora_client::{Message, UserId};
use agora_inbox::{AlertId, StoreError};
use tokio::sync::oneshot;

/// A letter in the actor's mailbox. Where someone waits for the end of it, it carries the envelope
/// for the answer; that the answer can't be delivered any more is nobody's fault.
#[derive(Debug)]
pub(crate) enum Command {
    Pause(bool),
    Reconnect,
    NetworkUp,
    Mark {
        ids: Vec<AlertId>,
        read: bool,
        done: oneshot::Sender<Result<(), StoreError>>,
    },
    SaveAccount {
        account: Account,
        token: TokenChange,
        done: oneshot::Sender<Result<(), AccountError>>,
    },
    ForgetAccount {
        done: oneshot::Sender<Result<(), AccountError>>,
    },
    Send {
        to: Recipient,
        message: Message,
        done: oneshot::Sender<SendOutcome>,
    },
}

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A broadcast, to everyone who is connected.
    Everyone,
    /// A direct message.
    User(UserId),
}
