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

/// What a command answers when it can't do what was asked.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Problem {
    /// A key of the catalogue under `problem.<code>`; the page branches on `invalid`, `keyring_unavailable` and `keyring_empty`.
    pub(crate) code: String,
    /// The same in English.
    pub(crate) message: String,
    /// With `invalid`: the fields.
    pub(crate) fields: Vec<FieldError>,
}

impl Problem {
    pub(crate) fn of(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), fields: Vec::new() }
    }
}
