//! The settings file: JSON, written whole and at once, and readable only by its owner.

use crate::files::make_private_folder;
use agora_client::{BaseUrl, ClientId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

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
    #[error("the settings file {0} can't be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// It is no JSON, or not that of settings.
    #[error(
        "the settings file {0} is damaged; it was left as it is, and is set aside when new settings are saved"
    )]
    Damaged(PathBuf, #[source] serde_json::Error),
    /// The file can't be written.
    #[error(
        "the settings file {0} can't be written: check the permissions of its folder and the space on its disk"
    )]
    Write(PathBuf, #[source] std::io::Error),
}

impl Settings {
    /// Reads the file; where there is none, the settings are empty.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        match std::fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| SettingsError::Damaged(file.to_owned(), error)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(SettingsError::Read(file.to_owned(), error)),
        }
    }

    /// Writes the file: either the new one is there afterwards, whole, or the old one.
    pub fn write(&self, file: &Path) -> Result<(), SettingsError> {
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::from);
        text.and_then(|text| replace(file, &text))
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
                let aside = (1..1000)
                    .map(|n| file.with_extension(format!("damaged-{n}.json")))
                    .find(|aside| !aside.exists())
                    .unwrap_or_else(|| file.with_extension("damaged.json"));
                std::fs::rename(file, aside)
                    .map_err(|error| SettingsError::Write(file.to_owned(), error))?;
                Ok(Self::default())
            }
            other => other,
        }
    }
}

/// Replaces a file's text in one step that a power cut can't tear.
pub(crate) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_private_folder(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.write_all(b"\n")?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    Ok(())
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
