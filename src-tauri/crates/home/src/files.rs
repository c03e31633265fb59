//! Where everything is, in folders that only their owner can write.
//!
//! A home has one account from the beginning, whose files lie in the home's own folders. Each further one
//! has a folder of its own under `accounts`, beside the former's files: its settings in the one for
//! settings, its inbox in the one for data. Device id and logs are the home's.

use crate::AccountName;
use crate::private::{self, make_private_folder};
use directories::ProjectDirs;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder of the further accounts.
const ACCOUNTS: &str = "accounts";
/// What settings are called.
const SETTINGS: &str = "settings.json";
/// What an inbox is called.
const INBOX: &str = "inbox.sqlite";

/// The places of all files of the app and of the command line, for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// Whose they are.
    pub account: AccountName,
    /// The settings, as JSON.
    pub settings: PathBuf,
    /// The device id, one line.
    pub device_id: PathBuf,
    /// The inbox, a SQLite file.
    pub inbox: PathBuf,
    /// The folder of the logs.
    pub logs: PathBuf,
    /// The home's own folders, for settings and for data.
    config: PathBuf,
    data: PathBuf,
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
        files.check()?;
        Ok(files)
    }

    /// The record of what was sent, a SQLite file beside the inbox.
    pub fn sent(&self) -> PathBuf {
        self.inbox.with_file_name("sent.sqlite")
    }

    /// Refuses folders that others can write.
    pub fn check(&self) -> Result<(), FilesError> {
        let folders = [self.settings.parent(), self.inbox.parent(), Some(&*self.logs)];
        folders.into_iter().flatten().try_for_each(owners_alone)
    }

    fn of_platform() -> Option<Self> {
        let folders = ProjectDirs::from("market", "Agora", "agora-notifier")?;
        let data = folders.data_local_dir();
        let logs = folders.state_dir().map_or_else(|| data.join("logs"), Path::to_owned);
        Some(Self::in_folders(folders.config_dir(), data, &logs))
    }

    fn in_folders(config: &Path, data: &Path, logs: &Path) -> Self {
        Self {
            account: AccountName::main(),
            settings: config.join(SETTINGS),
            device_id: data.join("device-id"),
            inbox: data.join(INBOX),
            logs: logs.to_owned(),
            config: config.to_owned(),
            data: data.to_owned(),
        }
    }

    /// The places of an account of the same home, whether there is one or not.
    #[must_use]
    pub fn of(&self, account: &AccountName) -> Self {
        let place = |folder: &Path| {
            if account.is_main() {
                folder.to_owned()
            } else {
                folder.join(ACCOUNTS).join(account.as_str())
            }
        };
        Self {
            account: account.clone(),
            settings: place(&self.config).join(SETTINGS),
            inbox: place(&self.data).join(INBOX),
            ..self.clone()
        }
    }

    /// The accounts of this home: the first one, which is always there, then the others by their names.
    /// What else lies among their folders is none.
    pub fn accounts(&self) -> io::Result<Vec<AccountName>> {
        let mut further: Vec<AccountName> = match self.settings.with_file_name(ACCOUNTS).read_dir()
        {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            found => found?
                .flatten()
                .filter_map(|folder| folder.file_name().to_str()?.parse().ok())
                // Whatever lies there in the place of settings: it is an account's all the same.
                .filter(|name: &AccountName| {
                    !name.is_main() && self.of(name).settings.symlink_metadata().is_ok()
                })
                .collect(),
        };
        further.sort();
        further.insert(0, AccountName::main());
        Ok(further)
    }

    /// Makes the folders of a further account, and empty settings in them.
    pub fn make(&self) -> io::Result<()> {
        for folder in self.own_folders() {
            make_private_folder(folder)?;
        }
        if self.settings.exists() { Ok(()) } else { private::replace(&self.settings, "{}") }
    }

    /// Deletes a further account's folders with all that is in them. The first account's are the home's,
    /// and stay.
    pub fn remove(&self) -> io::Result<()> {
        if self.account.is_main() {
            return Ok(());
        }
        self.own_folders().into_iter().try_for_each(|folder| match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        })
    }

    /// The folders of settings and inbox, which may be one; that of the settings, by which an account is
    /// known, is the last that goes.
    fn own_folders(&self) -> Vec<&Path> {
        let mut folders: Vec<_> =
            [&self.inbox, &self.settings].map(|file| file.parent()).into_iter().flatten().collect();
        folders.dedup();
        folders
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_account_has_folders_of_its_own_and_shares_the_device() {
        let home = tempfile::tempdir().unwrap();
        let first = Files::in_folders(
            &home.path().join("config"),
            &home.path().join("data"),
            &home.path().join("logs"),
        );
        assert_eq!(first.accounts().unwrap(), [AccountName::main()]);
        let names = ["shop", "2"].map(|name| name.parse::<AccountName>().unwrap());
        for name in &names {
            let files = first.of(name);
            files.make().unwrap();
            files.make().unwrap();
            fs::write(&files.inbox, "").unwrap();
            assert_eq!((&files.device_id, &files.logs), (&first.device_id, &first.logs));
        }
        // What lies there beside them.
        fs::create_dir(home.path().join("config/accounts/Not one")).unwrap();
        fs::create_dir(home.path().join("config/accounts/empty")).unwrap();
        let [shop, two] = names;
        let all = [AccountName::main(), two.clone(), shop.clone()];
        assert_eq!(first.accounts().unwrap(), all);
        first.of(&shop).remove().unwrap();
        first.remove().unwrap();
        assert_eq!(first.accounts().unwrap(), [AccountName::main(), two]);
        assert!(!home.path().join("data/accounts/shop").exists());
        assert_eq!(first.of(&AccountName::main()), first);
    }

    #[test]
    fn an_account_whose_folder_others_can_write_is_not_opened() {
        let home = tempfile::tempdir().unwrap();
        let first = Files::find(Some(home.path())).unwrap();
        let shop = first.of(&"shop".parse().unwrap());
        shop.make().unwrap();
        shop.check().unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let folder = shop.settings.parent().unwrap();
            fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
            assert_eq!(shop.check(), Err(FilesError::OthersWrite(folder.to_owned())));
        }
    }
}
