//! By which name a home's app is found on the session bus.

use agora_home::{APP_ID, Files, make_private_folder};
use fnv::FnvHasher;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// One name a home: two homes are two people's apps, even on one desktop. That of the platform's own
/// folders is the app's identifier itself, by which desktops start it (Desktop Entry Specification,
/// *D-Bus Activation*).
pub fn bus_name(files: &Files) -> String {
    match Files::find(None) {
        Ok(usual) if usual == *files => APP_ID.to_owned(),
        _ => hashed(files.settings.parent().unwrap_or(Path::new("."))),
    }
}

fn canonical(home: &Path) -> PathBuf {
    home.canonicalize().unwrap_or_else(|_| home.to_owned())
}

/// A home that is written in two ways is one, and has one id in every version of the program (FNV-1a
/// is no secret's hash, but always the same).
fn hashed(home: &Path) -> String {
    if let Err(error) = make_private_folder(home) {
        tracing::warn!(%error, "the folder of the settings can't be made");
    }
    let mut hasher = FnvHasher::default();
    hasher.write(canonical(home).as_os_str().as_encoded_bytes());
    format!("{APP_ID}.h{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_in(home: &Path) -> String {
        bus_name(&Files::find(Some(home)).unwrap())
    }

    #[test]
    fn a_home_has_the_same_name_in_every_version() {
        assert_eq!(hashed(Path::new("/")), "market.agora.notifier.haf63a24c860189fe");
    }

    #[test]
    fn a_home_has_one_name_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let name = name_in(&home);
        std::os::unix::fs::symlink(&home, folder.path().join("link")).unwrap();
        assert_eq!(name_in(&folder.path().join("link")), name);
        assert_eq!(name_in(&home.join("../home")), name);
        assert_ne!(name_in(&folder.path().join("other")), name);
    }

    #[test]
    fn the_persons_own_folder_has_the_name_that_desktops_start() {
        assert_eq!(bus_name(&Files::find(None).unwrap()), APP_ID);
    }
}
