//! Who is signed in, and where what belongs to them is kept.
//!
//! This crate owns the settings file, the device id, the place of every other file, and the token
//! in the system's keyring. It asks the market nothing. [`Accounts`] is the handle.

mod account;
mod accounts;
mod claim;
mod device;
mod environment;
mod files;
mod keyring;
mod private;
mod settings;

pub use account::{Account, AccountError, Credential, Lost, TokenChange};
pub use accounts::Accounts;
pub use claim::Claim;
pub use environment::{Environment, EnvironmentError, VariableError, log_level};
pub use files::{Files, FilesError};
pub use keyring::KeyringError;
pub use private::{make_private_folder, open_to_append};
pub use settings::{Damage, Settings, SettingsError, TokenPlace};
