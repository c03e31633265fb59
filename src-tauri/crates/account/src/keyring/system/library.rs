//! Reading and writing by the library, which knows each platform's keyring.

use super::super::form;
use super::super::store::KeyringError;
#[cfg(target_os = "linux")]
use super::errors::worded as said;
use agora_client::Tokens;
use keyring::{Entry, Error};
use zeroize::Zeroizing;

/// The service under which the keyring files our entries: the app's identifier.
pub(super) const SERVICE: &str = "market.agora.notifier";

/// The secret of that name; `None` where there is none.
pub(super) fn secret(name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    match with_entry(name, Entry::get_secret).map(Zeroizing::new) {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(worded(&error)),
    }
}

/// Puts a secret there, in the place of the former one.
pub(super) fn put(name: &str, secret: &[u8]) -> Result<(), KeyringError> {
    with_entry(name, |entry| entry.set_secret(secret)).map_err(|error| worded(&error))
}

/// Removes the secret of that name; that there is none is no error.
#[cfg(not(target_os = "linux"))]
pub(super) fn delete(name: &str) -> Result<(), KeyringError> {
    match with_entry(name, Entry::delete_credential) {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(worded(&error)),
    }
}

/// The tokens that an entry's bytes are.
pub(super) fn read(secret: &[u8]) -> Result<Tokens, KeyringError> {
    form::read(secret).ok_or_else(no_token)
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
        Error::NoStorageAccess(cause) | Error::PlatformFailure(cause)
            if let Some(cause) = cause.downcast_ref() =>
        {
            said(cause)
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
