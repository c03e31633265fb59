//! A stand-in for the system's opener: it opens nothing, and says what it was to open.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::session::Session;
use super::stage::eventually;

/// The opener, before all others on the path of whoever gets [`Opener::variable`].
pub(crate) struct Opener {
    programs: PathBuf,
    opened: PathBuf,
}

impl Opener {
    pub(crate) fn install(session: &Session) -> Self {
        let programs = session.folder().join("programs");
        let opened = session.folder().join("opened");
        std::fs::create_dir_all(&programs).unwrap();
        let program = programs.join("xdg-open");
        let script = format!("#!/bin/sh\necho \"$1\" >>'{}'\n", opened.display());
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { programs, opened }
    }

    /// The path that begins with it.
    pub(crate) fn variable(&self) -> (&'static str, OsString) {
        let mut path = OsString::from(&self.programs);
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        ("PATH", path)
    }

    /// What it was to open so far.
    pub(crate) fn opened(&self) -> Vec<String> {
        let said = std::fs::read_to_string(&self.opened).unwrap_or_default();
        said.lines().map(ToOwned::to_owned).collect()
    }

    /// Waits until it was to open as much.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<String> {
        eventually("the opener", || self.opened().len() >= count).await;
        self.opened()
    }
}
