//! What the settings file holds of the account, and of what the person chose.

use agora_client::{BaseUrl, ClientId};
use agora_home::settings::{self, SettingsError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

/// What the settings file holds. The token is not in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The market's base URL, once an account was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<BaseUrl>,
    /// The client id, once an account was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Where the account's token was put.
    #[serde(default)]
    pub token: TokenPlace,
    /// What the market says the person is, such as `ADMIN`, where they signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What people call the account: the name that they signed in with, or one that they chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether it is of the demo that the app plays, and is gone with that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
    /// What the person chose in the window: kept here, understood there.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub preferences: Value,
    /// What a newer version wrote: kept as it is.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

/// Where an account's token was put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlace {
    /// None was given.
    #[default]
    None,
    /// In the system's keyring.
    Keyring,
    /// In the memory of the program that was given it, and gone with it.
    Memory,
}

impl Settings {
    /// Reads the file; where there is none, the settings are empty.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        settings::read(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_version_wrote_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        std::fs::write(&file, r#"{"base_url":"https://a.example/api","future":{"x":1}}"#).unwrap();
        settings::change(&file, |settings: &mut Settings| settings.token = TokenPlace::Keyring)
            .unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(r#""x": 1"#) && text.contains("a.example"), "{text}");
    }
}
