//! Where everything is, in folders that only their owner can write.

use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// The places of all files of the app and of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The settings, as JSON.
    pub settings: PathBuf,
    /// The device id, one line.
    pub device_id: PathBuf,
    /// The inbox, a SQLite file.
    pub inbox: PathBuf,
    /// The folder of the logs.
    pub logs: PathBuf,
}

/// Why there is no place for the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The platform names no home.
    #[error("this user has no home folder: set AGORA_HOME to a folder")]
    NoHome,
    /// Whoever writes there could say who is signed in, and what the inbox holds.
    #[error(
        "others can write into {0}: take that from them (chmod go-w {0}), or set AGORA_HOME to a folder \
         of your own"
    )]
    OthersWrite(PathBuf),
    /// The same: its owner can write there.
    #[error("{0} is another user's: set AGORA_HOME to a folder of your own")]
    Anothers(PathBuf),
}

impl Files {
    /// Everything under `home` where it is given, otherwise in the platform's folders: on Linux
    /// those of the XDG Base Directory Specification. A folder that is there already must be its
    /// owner's alone to write; what others may read stays as it was chosen.
    pub fn find(home: Option<&Path>) -> Result<Self, FilesError> {
        let files = match home {
            Some(home) => Self::in_folders(home, home, &home.join("logs")),
            None => Self::of_platform().ok_or(FilesError::NoHome)?,
        };
        let folders = [files.settings.parent(), files.inbox.parent(), Some(&*files.logs)];
        folders.into_iter().flatten().try_for_each(owners_alone)?;
        Ok(files)
    }

    fn of_platform() -> Option<Self> {
        let folders = ProjectDirs::from("market", "Agora", "agora-notifier")?;
        let data = folders.data_local_dir();
        let logs = folders.state_dir().map_or_else(|| data.join("logs"), Path::to_owned);
        Some(Self::in_folders(folders.config_dir(), data, &logs))
    }

    fn in_folders(config: &Path, data: &Path, logs: &Path) -> Self {
        Self {
            settings: config.join("settings.json"),
            device_id: data.join("device-id"),
            inbox: data.join("inbox.sqlite"),
            logs: logs.to_owned(),
        }
    }
}

/// Refuses a folder that others can write. Those above it are the system's and the person's own.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn owners_alone(folder: &Path) -> Result<(), FilesError> {
    #[cfg(unix)]
    if let Ok(found) = folder.metadata() {
        use std::os::unix::fs::MetadataExt;
        if found.mode() & 0o022 != 0 {
            return Err(FilesError::OthersWrite(folder.to_owned()));
        }
        // The administrator may work in anybody's, and can write into everybody's.
        let we = rustix::process::geteuid().as_raw();
        if we != 0 && found.uid() != 0 && found.uid() != we {
            return Err(FilesError::Anothers(folder.to_owned()));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
