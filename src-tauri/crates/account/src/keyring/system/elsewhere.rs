//! The keyrings of macOS and Windows: Keychain and Credential Manager, by the library. The system asks a
//! person where it wants to, and has made a default one for each of its users.

use super::super::store::{Asking, KeyringError, Store};
use super::library;
use agora_client::Tokens;
use tokio::sync::watch;

/// The keyring of the platform.
#[derive(Debug, Default)]
pub(in crate::keyring) struct System;

impl Store for System {
    fn get(&self, name: &str, _asking: Asking) -> Result<Option<Tokens>, KeyringError> {
        library::get(name)
    }

    fn set(&self, name: &str, tokens: &Tokens, _asking: Asking) -> Result<(), KeyringError> {
        library::set(name, tokens)
    }

    fn delete(&self, name: &str, _asking: Asking) -> Result<(), KeyringError> {
        library::delete(name)
    }

    fn make(&self) -> Result<(), KeyringError> {
        Ok(())
    }

    fn waits_for_person(&self) -> bool {
        true
    }

    fn listen(&self, _rings: watch::Sender<u64>) {}
}
