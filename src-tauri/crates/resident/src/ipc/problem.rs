//! What a command answers when it can't do what was asked.

use serde::Serialize;
use ts_rs::TS;

/// A field that is wrong: the catalogue words it under `rule.<rule>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct FieldError {
    /// The form's field: `base_url`, `client_id`, `user_id`, `token`, `kind`, `title`, `content`, `link` or `json`.
    pub(crate) field: String,
    /// The rule it breaks, a key of the catalogue such as `required` or `too_long`.
    pub(crate) rule: String,
    /// The same in English, for what the catalogue doesn't know.
    pub(crate) message: String,
    /// For `json`: the line that is wrong, from 1.
    pub(crate) line: Option<u32>,
    /// For `json`: the column, from 1.
    pub(crate) column: Option<u32>,
}

/// What a [`Problem`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ProblemCode {
    /// Some fields are wrong.
    Invalid,
    /// There is no keyring.
    KeyringUnavailable,
    /// The keyring has no place for a token yet.
    KeyringEmpty,
    /// The keyring is locked.
    KeyringLocked,
    /// The inbox can't be read or written, or the alert is no longer in it.
    Inbox,
    /// An export can't be written.
    Export,
    /// The settings can't be written.
    Settings,
    /// This link isn't opened.
    LinkRefused,
    /// It can no longer be undone.
    TooLate,
    /// Whoever was to answer has ended, and may have done what was asked.
    #[expect(dead_code, reason = "the window says it, on Linux: `agora_socket::gone`")]
    Gone,
    /// A fault of the app's.
    Internal,
}

/// What a command answers when it can't do what was asked.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Problem {
    /// What kind of problem it is; the catalogue words it under `problem.<code>`.
    pub(crate) code: ProblemCode,
    /// The same in English.
    pub(crate) message: String,
    /// With `invalid`: the fields.
    pub(crate) fields: Vec<FieldError>,
}

impl Problem {
    pub(crate) fn of(code: ProblemCode, message: &str) -> Self {
        Self { code, message: message.to_owned(), fields: Vec::new() }
    }
}
