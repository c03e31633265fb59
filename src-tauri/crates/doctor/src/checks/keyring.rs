//! The keyring: an entry is written, read and deleted.

use crate::{Check, Finding, Part};
use agora_account::{Accounts, KeyringError};

/// Tries it with an entry of nobody's.
pub async fn check(accounts: &Accounts) -> Check {
    match accounts.probe_keyring().await {
        Ok(()) => Check::of(Part::Keyring, Finding::Keyring),
        Err(error) => trouble(error),
    }
}

/// What is known of one that isn't to be tried: a locked one would ask a person for its password.
pub fn trouble(error: KeyringError) -> Check {
    let found = match error {
        KeyringError::Locked => Finding::KeyringLocked(error),
        KeyringError::Denied => Finding::KeyringDenied(error),
        KeyringError::NoCollection => Finding::KeyringEmpty(error),
        KeyringError::Unavailable(_) | KeyringError::Failed(_) => Finding::NoKeyring(error),
    };
    Check::of(Part::Keyring, found)
}
