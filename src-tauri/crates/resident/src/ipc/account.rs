//! The account, without its token.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The account, without its token.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AccountView {
    /// The market's base URL.
    pub(crate) base_url: String,
    /// The client id that is sent.
    pub(crate) client_id: String,
    /// The user's number, where the client id has the market's own form.
    pub(crate) user_id: Option<String>,
    /// Where the token is.
    pub(crate) token: TokenState,
    /// Whether the client id departs from the market's own form: allowed, but worth a warning.
    pub(crate) unusual_client_id: bool,
    /// Whether the market said at the sign-in that the person is an administrator.
    pub(crate) administers: bool,
}

/// Where the account's token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum TokenState {
    /// None was given, or it is still being asked for; the market may not want one.
    None,
    /// In the system's keyring.
    Keyring,
    /// From the environment variable `AGORA_TOKEN`.
    Environment,
    /// Only in this program's memory, until it quits, because there is no keyring to use.
    MemoryOnly,
    /// In a keyring that is locked: it can't be read until it is unlocked.
    Locked,
    /// In a keyring that was not unlocked when it asked.
    Denied,
    /// In a keyring that has no place for it now, such as one of which no database is open.
    Empty,
    /// In a keyring that isn't there now.
    Unavailable,
    /// It was kept in memory only, by a program that has ended since.
    Forgotten,
}

/// What the account form holds. Text as typed; Rust checks it.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct AccountForm {
    /// The market's base URL.
    pub(crate) base_url: String,
    /// Either a user id, from which the client id of this device is made …
    pub(crate) user_id: Option<String>,
    /// … or a client id by hand.
    pub(crate) client_id: Option<String>,
    /// The bearer token. `None` keeps the one there is, an empty text removes it.
    pub(crate) token: Option<String>,
    /// Where a new token goes.
    pub(crate) keep_in: KeepIn,
}

/// What the sign-in form holds. Text as typed; Rust checks it, and forgets it after the call.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct SignInForm {
    /// The market's base URL.
    pub(crate) base_url: String,
    /// What proves who it is.
    pub(crate) by: SignInBy,
    /// The name, or the email address.
    pub(crate) name: String,
    /// The password, or the code that was sent.
    pub(crate) secret: String,
    /// The second step's code, where the market has asked for one.
    pub(crate) two_factor_code: Option<String>,
    /// Where the tokens go.
    pub(crate) keep_in: KeepIn,
}

/// What proves who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum SignInBy {
    /// A password.
    Password,
    /// A code that was sent by email.
    Email,
}

/// Where a new token goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum KeepIn {
    /// To the system's keyring.
    Keyring,
    /// There too, once a default one was made: the person agreed to it when there was none.
    NewKeyring,
    /// To memory only, because the person agreed to it when there was no keyring.
    Memory,
}
