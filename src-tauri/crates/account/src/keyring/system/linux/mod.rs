//! Linux's keyrings: the Secret Service, such as GNOME Keyring, `KWallet` and `KeePassXC`.
//!
//! It is looked at before it is asked: which collections are locked is seen without a prompt, and a service
//! that hides what a locked collection holds, as `KeePassXC` does, is not taken for one that holds nothing.
//!
//! The library reads and writes where nothing is locked. Elsewhere it would ask a person by itself, and wait
//! for ever where the service has gone with its prompt; so what may want a person's word goes over the
//! [`Link`], and so does each deletion, which some services have confirmed.

mod bell;
mod link;
mod look;

use super::super::form;
use super::super::store::{Asking, KeyringError, Store};
use super::errors::worded;
use super::library::{self, SERVICE};
use agora_client::Tokens;
use link::Link;
use look::{attributes, look, sought, unlock, unlocked};
use secret_service::Error;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// The alias of the collection that programs keep their secrets in.
const DEFAULT: &str = "default";
/// What a person's programs for keyrings call the new one.
const LABEL: &str = "Default keyring";
/// A token is text; some keyrings file anything else as an attachment.
const CONTENT: &str = "text/plain";

/// The keyring of the platform.
#[derive(Default)]
pub(in crate::keyring) struct System {
    /// It is closed on the keyring's thread or ends with the program, and is dropped by nobody else: that
    /// blocks, and whoever lets go of the keyring last may be on a runtime's thread.
    link: Mutex<Option<ManuallyDrop<Link>>>,
    /// The service has answered, and what it does now may wait for a person.
    waits: AtomicBool,
}

impl std::fmt::Debug for System {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("System")
    }
}

impl Store for System {
    fn get(&self, name: &str, asking: Asking) -> Result<Option<Tokens>, KeyringError> {
        self.reach(asking, |link| {
            let seen = sought(link, name, asking)?;
            let Some(item) = seen.item else { return Ok(None) };
            if seen.is_plain {
                let secret = library::secret(name)?;
                return Ok(secret.map(|secret| library::read(&secret)).transpose()?);
            }
            let secret = Zeroizing::new(unlocked(link, item, asking)?.get_secret()?);
            Ok(Some(library::read(&secret)?))
        })
    }

    fn set(&self, name: &str, tokens: &Tokens, asking: Asking) -> Result<(), KeyringError> {
        self.reach(asking, |link| {
            let secret = form::written(tokens);
            let seen = look(link, name)?;
            // The library takes a missing one for a locked one.
            let default = link.service.get_default_collection();
            if seen.is_plain && (seen.item.is_some() || default.is_ok()) {
                return Ok(library::put(name, &secret)?);
            }
            if let Some(item) = seen.item {
                return Ok(unlocked(link, item, asking)?.set_secret(&secret, CONTENT)?);
            }
            let default = default?;
            unlock(&default, asking)?;
            let label = format!("keyring:{name}@{SERVICE}");
            default.create_item(&label, attributes(name), &secret, true, CONTENT)?;
            link.is_trusted.set(true);
            Ok(())
        })
    }

    fn delete(&self, name: &str, asking: Asking) -> Result<(), KeyringError> {
        self.reach(asking, |link| match sought(link, name, asking)?.item {
            Some(item) => Ok(unlocked(link, item, asking)?.delete()?),
            None => Ok(()),
        })
    }

    fn make(&self) -> Result<(), KeyringError> {
        let made = self.reach(Asking::ForDefault, |link| {
            match link.service.get_default_collection() {
                Err(Error::NoResult) => link.service.create_collection(LABEL, DEFAULT).map(drop),
                other => other.map(drop),
            }?;
            Ok(())
        });
        // Whoever dismisses the prompt has none.
        made.map_err(|error| match error {
            KeyringError::Denied => KeyringError::NoCollection,
            other => other,
        })
    }

    fn waits_for_person(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    fn listen(&self, rings: watch::Sender<u64>) {
        tokio::spawn(bell::listen(rings));
    }
}

/// Why a call came to nothing: the service's word, or ours.
enum Failure {
    Said(Error),
    Known(KeyringError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        Self::Known(error)
    }
}

impl System {
    /// Runs a call over the link. One that is left over from a service that has gone since is opened anew,
    /// and the call made once more, but not where that would put another prompt before a person.
    fn reach<T>(
        &self,
        asking: Asking,
        call: impl Fn(&Link) -> Result<T, Failure>,
    ) -> Result<T, KeyringError> {
        let mut held = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let former = held.take();
            let is_new = former.is_none();
            let open = || Link::open().map(ManuallyDrop::new);
            let link = former.map_or_else(open, Ok).map_err(|error| worded(&error))?;
            let done = self.run(&link, asking, &call);
            let was_asked = matches!(done, Err(Failure::Said(Error::PromptDisconnected)));
            let done = done.map_err(|failure| match failure {
                Failure::Said(error) => worded(&error),
                Failure::Known(error) => error,
            });
            if !matches!(done, Err(KeyringError::Unavailable(_))) {
                *held = Some(link);
                return done;
            }
            ManuallyDrop::into_inner(link).close();
            if is_new || was_asked {
                return done;
            }
        }
    }

    fn run<T>(
        &self,
        link: &Link,
        asking: Asking,
        call: impl Fn(&Link) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        // It has to answer once: from here on its silence is a prompt.
        link.collections()?;
        self.waits.store(asking != Asking::Nobody, Ordering::Relaxed);
        let done = call(link);
        self.waits.store(false, Ordering::Relaxed);
        done
    }
}
