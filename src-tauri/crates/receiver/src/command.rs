//! What people ask of the actor: the commands, and the envelopes for its answers.

use crate::Choices;
use agora_account::{Account, AccountError, Keep, SignInFailure, TokenChange, Welcome};
use agora_client::connection::Control;
use agora_client::{BaseUrl, Proof, Secret};
use agora_inbox::{AlertId, Deletion, Marking, Partly, StoreError, Which};
use agora_rules::Fate;
use std::time::Duration;
use tokio::sync::oneshot;

/// The envelope for an answer; that it can't be delivered any more is nobody's fault.
pub(crate) type Answer<T> = oneshot::Sender<T>;

/// Something to do.
#[derive(Debug)]
pub(crate) enum Command {
    /// For how long, unless until it is ended.
    Pause(Option<Duration>),
    Resume,
    Reconnect,
    /// Somebody is there whom the keyring may ask to be unlocked.
    Attended,
    /// What the system has to tell the connection.
    Tell(Control),
    Choose(Choices),
    Toasted(Vec<(AlertId, Fate)>),
    SelfTest {
        title: String,
        content: String,
    },
    Mark {
        which: Which,
        read: bool,
        done: Answer<Result<(), StoreError>>,
    },
    Star {
        ids: Vec<AlertId>,
        starred: bool,
        done: Answer<Result<(), StoreError>>,
    },
    Remind {
        id: AlertId,
        /// When, in milliseconds since the Unix epoch; `None`: not any more.
        due_ms: Option<i64>,
        done: Answer<Result<bool, StoreError>>,
    },
    MarkAllRead {
        which: Which,
        done: Answer<Result<Marking, Partly<Option<Marking>>>>,
    },
    UndoMarking {
        marking: Marking,
        done: Answer<Result<bool, StoreError>>,
    },
    Delete {
        which: Which,
        done: Answer<Result<Deletion, Partly<Option<Deletion>>>>,
    },
    Undo {
        deletion: Deletion,
        done: Answer<Result<bool, StoreError>>,
    },
    DeleteEverything {
        done: Answer<Result<(), StoreError>>,
    },
    SetInboxAside {
        done: Answer<Result<(), String>>,
    },
    SaveAccount {
        account: Account,
        token: TokenChange,
        done: Answer<Result<(), AccountError>>,
    },
    SignIn {
        base: BaseUrl,
        proof: Proof,
        two_factor: Option<Secret>,
        keep: Keep,
        done: Answer<Result<Welcome, SignInFailure>>,
    },
    ForgetAccount {
        done: Answer<Result<(), AccountError>>,
    },
}
