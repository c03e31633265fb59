//! What a session's processes stand on: a folder of their own, seeded with settings,
//! and an environment that points to it and to nothing of the machine's own desktop.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use super::guardian::MARK;

/// Variables of the test's own environment that a session keeps.
const KEPT: [&str; 4] = ["PATH", "RUSTUP_HOME", "CARGO_HOME", "RUST_BACKTRACE"];

/// The one service that the bus may start by itself: the panel's settings store.
const SETTINGS_STORE: &str = "/usr/share/dbus-1/services/org.xfce.Xfconf.service";

/// The folder and the environment of one session.
#[derive(Debug)]
pub(super) struct Ground {
    environment: Vec<(&'static str, OsString)>,
    folder: TempDir,
}

impl Ground {
    /// Makes the folder and writes the settings of the parts into it.
    pub(super) fn lay() -> Self {
        let folder = tempfile::Builder::new().prefix("agora-desktop-").tempdir();
        let mut ground =
            Self { environment: Vec::new(), folder: folder.expect("a folder for the session") };
        for (variable, path) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
            ("TMPDIR", "tmp"),
        ] {
            let path = ground.make_folder(path);
            ground.set(variable, path);
        }
        // The XDG base directory specification wants the runtime folder private.
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(ground.path().join("run"), private).expect("a private folder");
        ground.make_folder("logs");

        ground.write("bus.conf", include_str!("bus.conf"));
        let store = fs::read_to_string(SETTINGS_STORE).expect("xfconf is installed");
        ground.write("services/org.xfce.Xfconf.service", &store);
        ground.write("config/dunst/dunstrc", include_str!("dunstrc"));
        ground.write(
            "config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
            include_str!("xfce4-panel.xml"),
        );

        ground.set("DBUS_SESSION_BUS_ADDRESS", ground.bus_address());
        ground.set(MARK, ground.path().to_owned());
        ground.set("XDG_CURRENT_DESKTOP", "XFCE");
        ground.set("GDK_BACKEND", "x11");
        ground.set("GSETTINGS_BACKEND", "memory");
        ground.set("NO_AT_BRIDGE", "1");
        ground.set("LIBGL_ALWAYS_SOFTWARE", "1");
        ground.set("LANG", "C.UTF-8");
        for variable in KEPT {
            if let Some(value) = std::env::var_os(variable) {
                ground.set(variable, value);
            }
        }
        ground
    }

    /// Sets a variable for every program made from now on.
    pub(super) fn set(&mut self, variable: &'static str, value: impl Into<OsString>) {
        self.environment.push((variable, value.into()));
    }

    /// Takes a variable away from every program made from now on.
    pub(super) fn unset(&mut self, variable: &str) {
        self.environment.retain(|(name, _)| *name != variable);
    }

    /// The session's folder.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the session's bus listens.
    pub(super) fn bus_address(&self) -> String {
        format!("unix:path={}", self.path().join("run/bus").display())
    }

    /// Leaves the folder where it is when this value is dropped.
    pub(super) fn keep(&mut self) {
        self.folder.disable_cleanup(true);
    }

    /// A program with this environment and nothing else.
    pub(super) fn program(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(name);
        let environment = self.environment.iter().map(|(key, value)| (key, value));
        command.env_clear().envs(environment).stdin(Stdio::null());
        command
    }

    /// Like [`Self::program`], with its output appended to `logs/NAME.log`.
    pub(super) fn logged(&self, name: impl AsRef<OsStr>) -> Command {
        let mut log = Path::new(name.as_ref()).file_name().expect("a program's name").to_owned();
        log.push(".log");
        let log =
            File::options().create(true).append(true).open(self.path().join("logs").join(log));
        let log = log.expect("a log file");
        let mut command = self.program(name);
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        command
    }

    fn make_folder(&self, path: &str) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(&path).expect("a folder of the session");
        path
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file in the folder")).expect("its folder");
        fs::write(path, text).expect("a file of the session");
    }
}
