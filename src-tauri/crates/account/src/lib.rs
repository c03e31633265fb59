//! Who is signed in, and where what belongs to them is kept.
//!
//! This crate owns the settings file, the device id, the place of every other file, and the token
//! in the system's keyring. It asks the market nothing. [`Accounts`] is the handle.

mod accounts;
mod environment;
mod files;
mod keyring;
mod settings;

pub use accounts::{Account, AccountError, Accounts, Credential, Lost, TokenChange};
pub use environment::Environment;
pub use files::Files;
pub use keyring::KeyringError;
pub use settings::{Settings, SettingsError, TokenPlace};
