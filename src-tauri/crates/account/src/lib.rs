//! Who is signed in, and where what belongs to them is kept.
//!
//! This crate owns the identity and the credential: what the settings say of the account, the device id, and
//! the token in the system's keyring. It asks the market nothing. [`Accounts`] is the handle.

mod account;
mod accounts;
mod device;
mod environment;
mod keyring;
mod settings;

pub use account::{Account, AccountError, Credential, Lost, TokenChange};
pub use accounts::Accounts;
pub use agora_home::Files;
pub use agora_home::settings::{Damage, SettingsError};
pub use environment::{Environment, EnvironmentError, VariableError};
pub use keyring::KeyringError;
pub use settings::{Settings, TokenPlace};
