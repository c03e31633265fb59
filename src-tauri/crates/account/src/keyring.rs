//! The token in the system's keyring: Secret Service, Keychain or Credential Manager.
//!
//! The platforms' calls block, and on a locked collection they wait for a person. So they run on
//! a thread of their own, and whoever asks waits only so long.

use agora_client::Token;
use keyring::{Entry, Error};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::oneshot;

/// The service under which the keyring files our entries: the app's identifier.
const SERVICE: &str = "market.agora.notifier";
/// How long an answer may take. A prompt to unlock may still be on the screen after it.
const LIMIT: Duration = Duration::from_secs(10);
/// How many calls wait behind one that hangs before the next is told that the keyring is locked.
const QUEUE: usize = 4;

type Job = Box<dyn FnOnce() + Send>;

/// Why the keyring did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// This desktop has none.
    #[error(
        "this desktop has no keyring (on Linux: a Secret Service such as GNOME Keyring or KWallet): {0}"
    )]
    Unavailable(String),
    /// It is locked, or waits for somebody to unlock it.
    #[error("the keyring is locked: unlock it and try again")]
    Locked,
    /// Anything else.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

/// A handle on the keyring's thread, which starts with the first call.
#[derive(Debug, Default)]
pub(crate) struct Keyring {
    thread: std::sync::OnceLock<SyncSender<Job>>,
}

impl Keyring {
    /// The token of that name; `None` where there is none.
    pub(crate) async fn get(&self, name: String) -> Result<Option<Token>, KeyringError> {
        let secret = self
            .run(move || match with_entry(&name, Entry::get_password) {
                Err(Error::NoEntry) => Ok(None),
                other => other.map(Some),
            })
            .await?;
        secret
            .map(|secret| Token::parse(&secret))
            .transpose()
            .map_err(|_| KeyringError::Failed("what it holds is no token".into()))
    }

    pub(crate) async fn set(&self, name: String, token: Token) -> Result<(), KeyringError> {
        self.run(move || with_entry(&name, |entry| entry.set_password(token.expose()))).await
    }

    /// Removes the token of that name; that there is none is no error.
    pub(crate) async fn delete(&self, name: String) -> Result<(), KeyringError> {
        self.run(move || match with_entry(&name, Entry::delete_credential) {
            Err(Error::NoEntry) => Ok(()),
            other => other,
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(work());
        });
        self.thread.get_or_init(start).try_send(job).map_err(|_| KeyringError::Locked)?;
        match tokio::time::timeout(LIMIT, answered).await {
            Err(_) => Err(KeyringError::Locked),
            Ok(Err(_)) => Err(KeyringError::Failed("its thread ended".into())),
            Ok(Ok(result)) => result.map_err(|error| worded(&error)),
        }
    }
}

fn start() -> SyncSender<Job> {
    let (jobs, queue) = sync_channel::<Job>(QUEUE);
    let started = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        for job in queue {
            job();
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "the keyring's thread can't be started");
    }
    jobs
}

/// Runs a call on an entry. The platform's store is opened once by the library; where it wasn't
/// there then, or has gone since, it is opened anew and the call made once more.
fn with_entry<T>(name: &str, call: impl Fn(&Entry) -> keyring::Result<T>) -> keyring::Result<T> {
    match Entry::new(SERVICE, name).and_then(|entry| call(&entry)) {
        Err(Error::NoDefaultStore | Error::PlatformFailure(_)) => call(&reopened(name)?),
        other => other,
    }
}

#[cfg(target_os = "linux")]
fn reopened(name: &str) -> keyring::Result<Entry> {
    keyring_core::set_default_store(zbus_secret_service_keyring_store::Store::new()?);
    Ok(Entry { inner: keyring_core::Entry::new(SERVICE, name)? })
}

#[cfg(not(target_os = "linux"))]
fn reopened(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

fn worded(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::NoDefaultStore => KeyringError::Unavailable("it could not be opened".into()),
        Error::PlatformFailure(cause) => KeyringError::Unavailable(cause.to_string()),
        // The library's words name the kind of failure; what was stored is in none of them.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeyringError::Failed("what it holds is no token".into())
        }
        other => KeyringError::Failed(other.to_string()),
    }
}
