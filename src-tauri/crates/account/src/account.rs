//! What an account is: whose alerts, from where, identified with what.

use crate::{KeyringError, SettingsError};
use agora_client::{BaseUrl, ClientId, Token, Tokens, UserId};
use agora_home::AccountName;
use std::path::PathBuf;
use url::Url;

/// Whose alerts are received, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The market.
    pub base: BaseUrl,
    /// The client id that it knows this device by.
    pub client_id: ClientId,
}

impl Account {
    /// The name of this account's stream in the inbox and of its token in the keyring.
    pub fn name(&self) -> String {
        format!("{} {}", self.base, self.client_id)
    }

    /// The name of its user's notifications in the inbox, as the market stores them: the same for
    /// all of a user's devices.
    pub fn mailbox(&self) -> String {
        let user = self.client_id.user_id();
        format!("{} {}", self.base, user.as_ref().map_or(self.client_id.as_str(), UserId::as_str))
    }

    /// Whether a token of this account is one for `other`: the same user, at the same origin.
    pub(crate) fn shares_token_with(&self, other: &Self) -> bool {
        let user = self.client_id.user_id();
        user.is_some() && user == other.client_id.user_id() && same_origin(&self.base, &other.base)
    }
}

/// What there is to identify the account with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// No token was ever given; the market may not want one.
    None,
    /// From the keyring.
    Keyring(Tokens),
    /// From `AGORA_TOKEN`.
    Environment(Token),
    /// From this program's memory.
    Memory(Tokens),
    /// A token was given, and is not to be had now.
    Lost(Lost),
}

/// Why a token that was given is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// It was kept in memory only, by a program that has ended since.
    Forgotten,
    /// The keyring doesn't give it.
    Keyring(KeyringError),
}

impl Credential {
    /// The token, where there is one.
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::Keyring(tokens) | Self::Memory(tokens) => Some(&tokens.access),
            Self::Environment(token) => Some(token),
            Self::None | Self::Lost(_) => None,
        }
    }

    /// The token and what it is renewed with, where this program keeps it.
    pub fn tokens(&self) -> Option<&Tokens> {
        match self {
            Self::Keyring(tokens) | Self::Memory(tokens) => Some(tokens),
            Self::Environment(_) | Self::None | Self::Lost(_) => None,
        }
    }
}

/// What is to become of the token when an account is saved.
#[derive(Debug, Clone)]
pub enum TokenChange {
    /// It stays, if the market's origin (scheme, host and port) and the user are the same; it is
    /// nobody else's.
    Keep,
    /// It is removed.
    Remove,
    /// A new one goes to the keyring.
    Keyring(Tokens),
    /// A new one stays in memory, because the person agreed to it.
    Memory(Tokens),
}

/// Why the account could not be saved or forgotten. The one from before still holds, its token
/// too; should the keyring refuse to take that back, the log says so.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The settings file.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Another account of this home is the same.
    #[error("this account is here already, as {0}")]
    AlreadyHere(AccountName),
    /// The device id.
    #[error("the device id {0} can't be read or written: {1}")]
    DeviceId(PathBuf, std::io::Error),
}

/// RFC 6454: another port, or plain http, may be another server.
fn same_origin(one: &BaseUrl, other: &BaseUrl) -> bool {
    let origin = |base: &BaseUrl| Url::parse(&base.to_string()).map(|url| url.origin());
    matches!((origin(one), origin(other)), (Ok(one), Ok(other)) if one == other)
}
