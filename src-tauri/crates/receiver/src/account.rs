//! What others may know of the account: everything but the token.

use agora_account::{Account, Credential, KeyringError, Lost};

/// The account that is received for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// Whose, and where.
    pub account: Account,
    /// Where its token is.
    pub token: TokenState,
    /// Whether the market said that the person is an administrator.
    pub administers: bool,
}

/// Where an account's token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenState {
    /// It is being asked for.
    Unknown,
    /// None was given; the market may not want one.
    None,
    /// In the system's keyring.
    Keyring,
    /// In the environment.
    Environment,
    /// Only in this program's memory.
    MemoryOnly,
    /// One was given once and is nowhere now.
    Forgotten,
    /// In a keyring that doesn't give it.
    OutOfReach(KeyringError),
}

impl TokenState {
    pub(crate) fn of(credential: &Credential) -> Self {
        match credential {
            Credential::None => Self::None,
            Credential::Keyring(_) => Self::Keyring,
            Credential::Environment(_) => Self::Environment,
            Credential::Memory(_) => Self::MemoryOnly,
            Credential::Lost(Lost::Forgotten) => Self::Forgotten,
            Credential::Lost(Lost::Keyring(error)) => Self::OutOfReach(error.clone()),
        }
    }
}
