//! Who is signed in, and where what belongs to them is kept.
//!
//! This crate owns the identity and the credential: what the settings say of the account, the device id, and
//! the tokens in the system's keyring. It asks the market only to let a person in, and to renew a token.
//! [`Accounts`] is the handle on one of a home's accounts, and leads to the others.

mod account;
mod accounts;
mod device;
mod environment;
mod keyring;
mod settings;

pub use account::{Account, AccountError, Credential, Lost, TokenChange};
pub use accounts::Accounts;
pub use accounts::signing_in::{Keep, Renewal, SignInFailure, Welcome};
pub use agora_home::settings::{Damage, SetAside, SettingsError};
pub use agora_home::{AccountName, Files};
pub use environment::{Environment, EnvironmentError, VariableError};
pub use keyring::KeyringError;
pub use settings::{Settings, TokenPlace};
