//! The settings file: JSON, written whole and at once, and changed by one program at a time.
//!
//! What stands in it is its readers' to say: each brings a type, and leaves what others wrote in it as it
//! is. Only `format` is this module's: a version that writes the file so that older ones would misread it
//! gives it a higher number. There is none in a file of the first.

use crate::Turn;
use crate::private::{self, Unusable, unusable};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How large the file may be, in bytes. It holds a few hundred.
const LIMIT: u64 = 1024 * 1024;
/// The format that is known here.
const FORMAT: u64 = 1;
/// How long another program may take to change it: that takes milliseconds, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("the settings file {0} can't be read: {1}")]
    Read(PathBuf, io::Error),
    /// What it holds are no settings, or none that can be understood here.
    #[error(
        "the settings file {0} can't be used ({1}); it was left as it is, and is set aside when new settings are saved"
    )]
    Damaged(PathBuf, Damage),
    /// The file can't be written.
    #[error(
        "the settings file {0} can't be written ({1}): check the permissions of its folder and the space on its disk"
    )]
    Write(PathBuf, io::Error),
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
    /// A newer version wrote it; in which format.
    #[error("a newer version of the app wrote it, in format {0}")]
    Newer(u64),
}

impl Damage {
    /// The word for it in the name that the file is set aside under.
    fn word(&self) -> &'static str {
        match self {
            Self::Json(_) | Self::TooLarge => "damaged",
            Self::Newer(_) => "newer",
        }
    }
}

/// A file of settings that was set aside for new ones: nothing of it is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// Reads the file; where there is none, the settings are empty.
pub fn read<T: DeserializeOwned + Default>(file: &Path) -> Result<T, SettingsError> {
    let damaged = |damage| SettingsError::Damaged(file.to_owned(), damage);
    match private::read(file, LIMIT) {
        Ok(None) => Ok(T::default()),
        Ok(Some(bytes)) => parse(private::without_mark(&bytes)).map_err(damaged),
        Err(error) if matches!(unusable(&error), Some(Unusable::TooLarge(_))) => {
            Err(damaged(Damage::TooLarge))
        }
        Err(error) => Err(SettingsError::Read(file.to_owned(), error)),
    }
}

fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Damage> {
    let settings: Value = serde_json::from_slice(text)?;
    match settings.get("format").and_then(Value::as_u64) {
        Some(format) if format > FORMAT => Err(Damage::Newer(format)),
        _ => Ok(serde_json::from_value(settings)?),
    }
}

/// Reads the file; a damaged one, which is left alone, is as none.
pub fn read_or_empty<T: DeserializeOwned + Default>(file: &Path) -> Result<T, SettingsError> {
    match read(file) {
        Err(SettingsError::Damaged(..)) => Ok(T::default()),
        other => other,
    }
}

/// Reads the file, changes and writes it, with no other program in between: either the new one is there
/// afterwards, whole, or the old one. One that can't be used is set aside first, under a name of its own,
/// which it gives. Waits for whoever else is just doing so, up to five seconds: it blocks the thread.
pub fn change<T: Serialize + DeserializeOwned + Default>(
    file: &Path,
    change: impl FnOnce(&mut T),
) -> Result<Option<SetAside>, SettingsError> {
    let unwritable = |error| SettingsError::Write(file.to_owned(), error);
    let _turn = Turn::take(&file.with_extension("lock"), PATIENCE).map_err(unwritable)?;
    let (mut settings, aside) = match read(file) {
        Err(SettingsError::Damaged(_, damage)) => {
            let path = private::set_aside(file, damage.word()).map_err(unwritable)?;
            tracing::warn!(aside = %path.display(), %damage, "settings were set aside");
            (T::default(), Some(SetAside { path, why: damage.to_string() }))
        }
        other => (other?, None),
    };
    change(&mut settings);
    let text = serde_json::to_string_pretty(&settings).map_err(io::Error::from);
    text.and_then(|text| private::replace(file, &text)).map_err(unwritable)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value};
    use std::thread;

    #[test]
    fn a_damaged_file_is_left_alone_and_set_aside_on_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        std::fs::write(&file, "{oops").unwrap();
        assert!(matches!(read::<Map<_, _>>(&file), Err(SettingsError::Damaged(..))));
        assert_eq!(read_or_empty::<Map<String, Value>>(&file).unwrap(), Map::new());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{oops");
        change::<Map<_, _>>(&file, |_| {}).unwrap();
        let aside = folder.path().join("settings.damaged-1.json");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), "{oops");
        assert_eq!(read::<Map<_, _>>(&file).unwrap(), Map::new());
    }

    #[test]
    fn a_newer_versions_file_is_left_alone_and_set_aside_whole_on_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        let newer = r#"{"format":2,"label":"Mei"}"#;
        std::fs::write(&file, newer).unwrap();
        let error = read::<Map<String, Value>>(&file).unwrap_err();
        assert!(matches!(error, SettingsError::Damaged(_, Damage::Newer(2))), "{error}");
        let aside = change::<Map<String, Value>>(&file, |_| {}).unwrap().unwrap();
        assert_eq!(aside.path, folder.path().join("settings.newer-1.json"));
        assert!(aside.why.contains("newer version"), "{}", aside.why);
        assert_eq!(std::fs::read_to_string(aside.path).unwrap(), newer);
        // One that says its format as it is known here is like one that doesn't.
        std::fs::write(&file, r#"{"format":1,"x":2}"#).unwrap();
        assert_eq!(change::<Map<String, Value>>(&file, |_| {}).unwrap(), None);
        assert_eq!(read::<Map<String, Value>>(&file).unwrap()["x"], 2);
    }

    #[test]
    fn a_program_that_hangs_as_it_changes_them_is_not_waited_for_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        let other = Turn::take(&file.with_extension("lock"), Duration::ZERO).unwrap();
        let error = change::<Map<String, Value>>(&file, |_| {}).unwrap_err();
        assert!(error.to_string().contains("another program keeps it"), "{error}");
        drop(other);
        change::<Map<String, Value>>(&file, |_| {}).unwrap();
    }

    /// Each opens the lock by itself, as programs do.
    #[test]
    fn no_change_is_lost_however_many_change_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        thread::scope(|scope| {
            for writer in 0..8 {
                let file = &file;
                scope.spawn(move || {
                    for _ in 0..25 {
                        change::<Map<String, Value>>(file, |settings| {
                            let count = settings.get("count").and_then(Value::as_u64).unwrap_or(0);
                            settings.insert("count".to_owned(), (count + 1).into());
                            settings.insert(format!("writer {writer}"), true.into());
                        })
                        .unwrap();
                    }
                });
            }
        });
        let settings: Map<String, Value> = read(&file).unwrap();
        assert_eq!((settings["count"].as_u64(), settings.len()), (Some(200), 9));
    }
}
