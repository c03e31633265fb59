//! The settings file: JSON, written whole and at once, and readable only by its owner.

use agora_client::{BaseUrl, ClientId};
use agora_home::private::{self, Unusable, unusable};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// How large the file may be, in bytes. It holds a few hundred.
const LIMIT: u64 = 1024 * 1024;

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

/// Why the settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("the settings file {0} can't be read: {1}")]
    Read(PathBuf, std::io::Error),
    /// What it holds are no settings.
    #[error(
        "the settings file {0} is damaged ({1}); it was left as it is, and is set aside when new settings are saved"
    )]
    Damaged(PathBuf, Damage),
    /// The file can't be written.
    #[error(
        "the settings file {0} can't be written ({1}): check the permissions of its folder and the space on its disk"
    )]
    Write(PathBuf, std::io::Error),
}

/// What is wrong with a damaged file of settings.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It is no JSON, or not that of settings.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is far larger than settings are.
    #[error("it is larger than {} KiB", LIMIT / 1024)]
    TooLarge,
}

impl Settings {
    /// Reads the file; where there is none, the settings are empty.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        let damaged = |damage| SettingsError::Damaged(file.to_owned(), damage);
        match private::read(file, LIMIT) {
            Ok(None) => Ok(Self::default()),
            Ok(Some(bytes)) => serde_json::from_slice(private::without_mark(&bytes))
                .map_err(|error| damaged(error.into())),
            Err(error) if matches!(unusable(&error), Some(Unusable::TooLarge(_))) => {
                Err(damaged(Damage::TooLarge))
            }
            Err(error) => Err(SettingsError::Read(file.to_owned(), error)),
        }
    }

    /// Writes the file: either the new one is there afterwards, whole, or the old one.
    pub fn write(&self, file: &Path) -> Result<(), SettingsError> {
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::from);
        text.and_then(|text| private::replace(file, &text))
            .map_err(|error| SettingsError::Write(file.to_owned(), error))
    }

    /// Reads the file; a damaged one, which is left alone, is as none.
    pub(crate) fn read_or_empty(file: &Path) -> Result<Self, SettingsError> {
        match Self::read(file) {
            Err(SettingsError::Damaged(..)) => Ok(Self::default()),
            other => other,
        }
    }

    /// Reads the file to change it; a damaged one is set aside first, under a name of its own.
    pub(crate) fn read_to_change(file: &Path) -> Result<Self, SettingsError> {
        match Self::read(file) {
            Err(SettingsError::Damaged(..)) => {
                let aside = private::set_aside(file)
                    .map_err(|error| SettingsError::Write(file.to_owned(), error))?;
                tracing::warn!(aside = %aside.display(), "damaged settings were set aside");
                Ok(Self::default())
            }
            other => other,
        }
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
        let mut settings = Settings::read(&file).unwrap();
        settings.token = TokenPlace::Keyring;
        settings.write(&file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(r#""x": 1"#) && text.contains("a.example"), "{text}");
    }

    #[test]
    fn a_damaged_file_is_left_alone_and_set_aside_on_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        std::fs::write(&file, "{oops").unwrap();
        assert!(matches!(Settings::read(&file), Err(SettingsError::Damaged(..))));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{oops");
        Settings::read_to_change(&file).unwrap().write(&file).unwrap();
        let aside = folder.path().join("settings.damaged-1.json");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), "{oops");
        assert_eq!(Settings::read(&file).unwrap(), Settings::default());
    }
}
