//! Where everything is, in folders that only their owner can read.

use directories::ProjectDirs;
use std::fs::DirBuilder;
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

impl Files {
    /// Everything under `home` where it is given, otherwise in the platform's folders: on Linux
    /// those of the XDG Base Directory Specification. `None` where the platform names no home.
    pub fn find(home: Option<&Path>) -> Option<Self> {
        if let Some(home) = home {
            return Some(Self::in_folders(home, home, &home.join("logs")));
        }
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

/// Makes a folder and those above it, as far as they aren't there; on Unix only for their owner (mode
/// 0700), as the XDG Base Directory Specification wants it. The access of one that is there stays as
/// it was chosen.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
