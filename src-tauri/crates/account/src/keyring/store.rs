//! What is asked of a platform's keyring, and why it may say no.

use agora_client::Tokens;
use std::fmt::Debug;
use tokio::sync::watch;

/// Why the keyring did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// This desktop has none, or none that answers.
    #[error(
        "this desktop has no keyring (on Linux: a Secret Service such as GNOME Keyring or KWallet): {0}"
    )]
    Unavailable(String),
    /// It has no default collection: a GNOME Keyring that was never set up, or a `KeePassXC` that gives
    /// out no database.
    #[error(
        "the keyring has nothing to keep the token in: a default keyring must be made first (in KeePassXC: a database given out by its Secret Service)"
    )]
    NoCollection,
    /// It is locked, or waits for somebody to unlock it.
    #[error("the keyring is locked: unlock it and try again")]
    Locked,
    /// Somebody was asked, and said no: a prompt was dismissed, or the use of the entry refused.
    #[error("the keyring is locked, and was not unlocked when it asked: try again and allow it")]
    Denied,
    /// Anything else.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

/// Who may be asked to unlock what is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// Nobody is: what is locked is told as locked.
    Nobody,
    /// The person, for what is written to by default.
    ForDefault,
    /// The person, for each collection that may hold the entry.
    ForAll,
}

/// A keyring's calls. They may block for as long as a person takes.
pub(crate) trait Store: Debug + Send + Sync {
    /// The tokens of that name; `None` where there are none.
    fn get(&self, name: &str, asking: Asking) -> Result<Option<Tokens>, KeyringError>;
    /// Puts tokens there, in the place of the former ones.
    fn set(&self, name: &str, tokens: &Tokens, asking: Asking) -> Result<(), KeyringError>;
    /// Removes the tokens of that name; that there are none is no error.
    fn delete(&self, name: &str, asking: Asking) -> Result<(), KeyringError>;
    /// Makes a default collection, where there is none.
    fn make(&self) -> Result<(), KeyringError>;
    /// Whether the call that is under way may be waiting for a person, and not for the keyring itself.
    fn waits_for_person(&self) -> bool;
    /// Begins to ring when it may be worth looking again, and ends when nobody hears it any more. Called
    /// on the runtime.
    fn listen(&self, rings: watch::Sender<u64>);
}
