//! A desktop without a screen, one for each test: an X server, a window manager, a
//! session bus, and the parts of a desktop that the test asks for.
//!
//! Owns the processes, the folder they live in and their end. Leaves out what a test
//! reads from them: see `toasts`, `tray` and `window`.
//!
//! Nothing here touches the machine's own desktop: `HOME`, every XDG folder and the
//! bus belong to the session, and its bus starts no service by itself, so a part that
//! wasn't asked for is truly missing. Several sessions can run side by side.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::future::Future;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use zbus::Connection;
use zbus::fdo::DBusProxy;

use self::ground::Ground;
use self::guardian::Guardian;

mod ground;
mod guardian;

/// How long anything may take before the test fails. Only what fails takes as long: a machine that
/// does much else needs a quarter of it for a window's first picture.
pub(crate) const LIMIT: Duration = Duration::from_secs(90);

/// A part of a desktop that a test may want, or want to be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// A notification daemon: dunst.
    Toasts,
    /// A status notifier host: the Xfce panel with its systray plugin.
    Tray,
    /// A Secret Service with an unlocked login collection: the GNOME keyring.
    Keyring,
}

impl Part {
    /// The name by which the part is known on the session bus.
    fn bus_name(self) -> &'static str {
        match self {
            Self::Toasts => "org.freedesktop.Notifications",
            Self::Tray => "org.kde.StatusNotifierWatcher",
            Self::Keyring => "org.freedesktop.secrets",
        }
    }
}

/// A running desktop session. Dropping it ends every process in it and removes its
/// folder; when the test has failed, the folder stays, with all logs and a last
/// screenshot, and its path is printed.
#[derive(Debug)]
pub(crate) struct Session {
    guardian: Guardian,
    parts: HashMap<Part, Child>,
    bus: Connection,
    server: Child,
    display: String,
    ground: Ground,
}

impl Session {
    /// Starts a session and waits until each of `parts` is ready to be used.
    ///
    /// # Panics
    /// When a program is missing or isn't ready within [`LIMIT`].
    pub(crate) async fn start(parts: &[Part]) -> Self {
        let mut ground = Ground::lay();
        let guardian = Guardian::start(ground.path());

        let mut server = ground.logged("Xvfb");
        server.args("-displayfd 1 -screen 0 1280x800x24 -nolisten tcp -noreset".split(' '));
        let (server, display) = started(&mut server).await;
        let display = format!(":{display}");
        ground.set("DISPLAY", &display);

        // After the display: what the bus starts inherits the bus's environment.
        let mut daemon = ground.logged("dbus-daemon");
        daemon.arg("--config-file").arg(ground.path().join("bus.conf"));
        daemon.arg("--address").arg(ground.bus_address());
        let address = first_line(daemon.args(["--nofork", "--print-address=1"])).await;

        let mut session = Self {
            guardian,
            parts: HashMap::new(),
            bus: connect(&address).await,
            server,
            display,
            ground,
        };
        for part in parts {
            session.launch_part(*part);
        }
        // The window manager runs what it is given once it manages windows.
        let mut windows = session.logged("openbox");
        first_line(windows.args(["--startup", "echo ready"])).await;
        for part in parts {
            session.wait_until_ready(*part).await;
        }
        session
    }

    /// A program that will run in this session: with its display, bus, home and
    /// language, and nothing else of the test's own environment. It is killed when its
    /// handle is dropped.
    pub(crate) fn command(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = self.ground.program(name);
        command.kill_on_drop(true);
        command
    }

    /// A program whose output goes to `logs/NAME.log` in the session's folder, and that
    /// runs until the end of the session.
    pub(crate) fn logged(&self, name: impl AsRef<OsStr>) -> Command {
        self.ground.logged(name)
    }

    /// A new connection to the session's bus.
    pub(crate) async fn bus(&self) -> Connection {
        connect(&self.ground.bus_address()).await
    }

    /// Where the session's bus is.
    pub(crate) fn bus_address(&self) -> String {
        self.ground.bus_address()
    }

    /// The session's own folder; `home`, `config`, `data`, `cache`, `state`, `run` and
    /// `logs` are in it, and a test may put its own beside them.
    pub(crate) fn folder(&self) -> &Path {
        self.ground.path()
    }

    /// Gives the session a bus for screen readers, which programs started from now on join.
    pub(crate) async fn begin_accessibility(&mut self) {
        self.ground.unset("NO_AT_BRIDGE");
        self.launch("/usr/libexec/at-spi-bus-launcher", &["--launch-immediately", "--a11y=1"]);
        self.wait_for_owner("org.a11y.Bus", true).await;
    }

    /// Starts a part that isn't running and waits until it is ready.
    pub(crate) async fn begin(&mut self, part: Part) {
        self.launch_part(part);
        self.wait_until_ready(part).await;
    }

    /// Takes a running part away and waits until the bus has forgotten it.
    pub(crate) async fn end(&mut self, part: Part) {
        let mut child = self.parts.remove(&part).expect("the part is running");
        signal(child.id().expect("the part hasn't ended by itself"), "TERM");
        within("the end of a part", child.wait()).await.expect("a part that ends");
        self.wait_for_owner(part.bus_name(), false).await;
    }

    /// Ends the session's bus, as the end of a person's session does. No part can be begun or ended
    /// after it.
    pub(crate) async fn end_bus(&self) {
        let bus = DBusProxy::new(&self.bus).await.expect("a proxy");
        let daemon = "org.freedesktop.DBus".try_into().expect("a valid name");
        let process = bus.get_connection_unix_process_id(daemon).await.expect("the bus answers");
        signal(process, "TERM");
    }

    /// Ends the X server, as a crash of it does.
    pub(crate) async fn end_display(&mut self) {
        within("the end of the X server", self.server.kill()).await.expect("it ends");
    }

    fn launch_part(&mut self, part: Part) {
        let child = match part {
            Part::Toasts => self.launch("dunst", &[]),
            Part::Tray => self.launch("xfce4-panel", &["--disable-wm-check"]),
            Part::Keyring => {
                let mut daemon = self.logged("gnome-keyring-daemon");
                daemon.args(["--foreground", "--unlock", "--components=secrets"]);
                let password = self.folder().join("keyring-password");
                fs::write(&password, "pw").expect("the keyring's password");
                daemon.stdin(File::open(&password).expect("the keyring's password"));
                daemon.spawn().expect("gnome-keyring-daemon starts")
            }
        };
        let before = self.parts.insert(part, child);
        assert!(before.is_none(), "{part:?} is running already");
    }

    fn launch(&self, name: &str, arguments: &[&str]) -> Child {
        let spawned = self.logged(name).args(arguments).spawn();
        spawned.unwrap_or_else(|error| panic!("{name} doesn't start: {error}"))
    }

    async fn wait_until_ready(&self, part: Part) {
        self.wait_for_owner(part.bus_name(), true).await;
        if part == Part::Tray {
            within("a status notifier host", self.wait_for_tray_host()).await;
        }
    }

    pub(crate) async fn wait_for_owner(&self, name: &'static str, wanted: bool) {
        let wait = async {
            let bus = DBusProxy::new(&self.bus).await?;
            let mut changes = bus.receive_name_owner_changed_with_args(&[(0, name)]).await?;
            while bus.name_has_owner(name.try_into()?).await? != wanted {
                changes.next().await;
            }
            zbus::Result::Ok(())
        };
        within(name, wait).await.expect("the bus tells who is on it");
    }

    /// The watcher is on the bus before the panel has joined it as a host.
    async fn wait_for_tray_host(&self) {
        let watcher = super::tray::watcher(&self.bus).await;
        let mut signals = watcher.receive_all_signals().await.expect("signals");
        while !watcher
            .get_property::<bool>("IsStatusNotifierHostRegistered")
            .await
            .expect("the watcher answers")
        {
            signals.next().await;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.ground.keep();
            let picture = self.folder().join("screen.png");
            let mut scrot = std::process::Command::new("scrot");
            // A picture is a help, not a duty: the test has failed already.
            let _ = scrot.arg(picture).env("DISPLAY", &self.display).status();
            let mut stderr = std::io::stderr();
            let _ = writeln!(stderr, "session kept in {}", self.folder().display());
        }
        self.guardian.end();
    }
}

/// Sends the signal `name`, such as `TERM`, to a process. One that has ended is fine.
pub(crate) fn signal(process: u32, name: &str) {
    let mut kill = std::process::Command::new("sh");
    kill.args(["-c", "kill -s $0 $1", name, &process.to_string()]);
    kill.stderr(Stdio::null()).status().expect("sh runs");
}

/// Waits for `future`.
///
/// # Panics
/// After [`LIMIT`], saying `what` was awaited.
pub(crate) async fn within<F: Future>(what: &str, future: F) -> F::Output {
    let output = tokio::time::timeout(LIMIT, future).await;
    output.unwrap_or_else(|_| panic!("waited {} s for {what}", LIMIT.as_secs()))
}

/// Starts a program and reads the line by which it says that it is ready.
pub(crate) async fn first_line(command: &mut Command) -> String {
    started(command).await.1
}

/// The same, with the program.
async fn started(command: &mut Command) -> (Child, String) {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let line = within("a first line", output.next_line()).await;
    (child, line.expect("readable output").expect("a program that stays"))
}

async fn connect(address: &str) -> Connection {
    let builder = zbus::connection::Builder::address(address).expect("a bus address");
    builder.build().await.expect("the session bus answers")
}
