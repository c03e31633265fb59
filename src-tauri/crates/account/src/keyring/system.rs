//! The platforms' keyrings: Secret Service, Keychain and Credential Manager, by the library.

#[cfg(target_os = "linux")]
mod collection;
#[cfg(target_os = "linux")]
mod quiet;

use super::{KeyringError, Store, form};
use agora_client::Tokens;
use keyring::{Entry, Error};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// The service under which the keyring files our entries: the app's identifier.
const SERVICE: &str = "market.agora.notifier";

/// The keyring of the platform.
#[derive(Debug)]
pub(super) struct System;

impl Store for System {
    fn get(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        match with_entry(name, Entry::get_secret).map(Zeroizing::new) {
            Ok(secret) => form::read(&secret).map(Some).ok_or_else(no_token),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(worded(&error)),
        }
    }

    fn set(&self, name: &str, tokens: &Tokens) -> Result<(), KeyringError> {
        let secret = form::written(tokens);
        with_entry(name, |entry| entry.set_secret(&secret)).map_err(|error| worded(&error))
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        match with_entry(name, Entry::delete_credential) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(worded(&error)),
        }
    }

    fn make(&self) -> Result<(), KeyringError> {
        #[cfg(target_os = "linux")]
        return collection::make();
        // Elsewhere the system has made one for each of its users.
        #[cfg(not(target_os = "linux"))]
        Ok(())
    }

    /// Elsewhere the keyring is open as long as its user is signed in.
    #[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "nobody is asked"))]
    fn wait_for(&self, somebody: watch::Receiver<bool>) {
        #[cfg(target_os = "linux")]
        quiet::wait_for(somebody);
    }
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
        #[cfg(target_os = "linux")]
        Error::NoStorageAccess(cause) if collection::is_missing(&**cause) => {
            KeyringError::NoCollection
        }
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::NoDefaultStore => KeyringError::Unavailable("it could not be opened".into()),
        Error::PlatformFailure(cause) => KeyringError::Unavailable(cause.to_string()),
        // The library's words name the kind of failure; what was stored is in none of them.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => no_token(),
        other => KeyringError::Failed(other.to_string()),
    }
}

fn no_token() -> KeyringError {
    KeyringError::Failed("what it holds is no token".into())
}
