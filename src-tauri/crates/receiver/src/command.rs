//! What people ask of the actor.

use crate::{Choices, Fate, SendOutcome};
use agora_account::{Account, AccountError, TokenChange};
use agora_client::{Message, UserId};
use agora_inbox::{AlertId, Deletion, StoreError, Which};
use tokio::sync::oneshot;

/// What was asked, with the envelope for the answer; that it can't be delivered any more is nobody's
/// fault.
pub(crate) type Done<T> = oneshot::Sender<T>;

/// A letter in the actor's mailbox.
#[derive(Debug)]
pub(crate) enum Command {
    Pause(bool),
    Reconnect,
    NetworkUp,
    Choose(Choices),
    Toasted(Vec<(AlertId, Fate)>),
    SelfTest { title: String, content: String },
    Mark { which: Which, read: bool, done: Done<Result<(), StoreError>> },
    Delete { which: Which, done: Done<Result<Deletion, StoreError>> },
    Undo { deletion: Deletion, done: Done<Result<(), StoreError>> },
    DeleteEverything { done: Done<Result<(), StoreError>> },
    SetInboxAside { done: Done<Result<(), String>> },
    SaveAccount { account: Account, token: TokenChange, done: Done<Result<(), AccountError>> },
    ForgetAccount { done: Done<Result<(), AccountError>> },
    Send { to: Recipient, message: Message, done: Done<SendOutcome> },
}

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A broadcast, to everyone who is connected.
    Everyone,
    /// A direct message.
    User(UserId),
}
