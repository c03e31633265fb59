//! The keyrings of macOS and Windows: Keychain and Credential Manager, by the library. The system asks a
//! person where it wants to, and has made a default one for each of its users.

use super::super::form;
use super::super::store::{Asking, KeyringError, Store};
use super::library;
use super::parted::{Entries, Parted};
use agora_client::Tokens;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// How many bytes an entry takes: of the Keychain any number, in one entry that fits all tokens.
#[cfg(windows)]
const LIMIT: usize = 2_560;
#[cfg(not(windows))]
const LIMIT: usize = usize::MAX;

const ENTRIES: Parted<Library> = Parted { entries: Library, limit: LIMIT };

#[derive(Debug)]
struct Library;

impl Entries for Library {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        library::secret(name)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        library::put(name, secret)
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        library::delete(name)
    }
}

/// The keyring of the platform.
#[derive(Debug, Default)]
pub(in crate::keyring) struct System;

impl Store for System {
    fn get(&self, name: &str, _asking: Asking) -> Result<Option<Tokens>, KeyringError> {
        ENTRIES.get(name)?.map(|secret| library::read(&secret)).transpose()
    }

    fn set(&self, name: &str, tokens: &Tokens, _asking: Asking) -> Result<(), KeyringError> {
        ENTRIES.set(name, &form::written(tokens))
    }

    fn delete(&self, name: &str, _asking: Asking) -> Result<(), KeyringError> {
        ENTRIES.delete(name)
    }

    fn make(&self) -> Result<(), KeyringError> {
        Ok(())
    }

    fn waits_for_person(&self) -> bool {
        true
    }

    fn listen(&self, _rings: watch::Sender<u64>) {}
}
