//! A Wayland desktop in a window of the session's X server: sway, which takes pointer and keyboard
//! from there.
//!
//! Owns the compositor and what it says of windows. Leaves out a program of the test's own on it:
//! see `foreground`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{ChildStdout, Command};

use super::session::{Session, first_line, within};

/// Of two windows one hides the other, and a valid token is what brings the other to the front. The
/// last line is run once sway is ready.
const CONFIG: &str = "\
xwayland disable
workspace_layout tabbed
focus_on_window_activation focus
exec echo $XDG_RUNTIME_DIR/$WAYLAND_DISPLAY $SWAYSOCK
";

/// Somebody who isn't root, by the number that every Linux has for it.
const NOBODY: u32 = 65_534;

/// The compositor. It ends with the session's X server.
pub(crate) struct Compositor {
    /// The socket on which programs find it.
    pub(crate) display: PathBuf,
    /// What happens to windows, a line each.
    events: Lines<BufReader<ChildStdout>>,
}

impl Compositor {
    /// Starts sway and waits until programs can come. `None` where GTK is older than 3.24.35, as in
    /// Ubuntu 22.04: it doesn't know the protocol, so that there is nothing to be tested.
    pub(crate) async fn start(session: &Session) -> Option<Self> {
        if (gtk::minor_version(), gtk::micro_version()) < (24, 35) {
            return None;
        }
        let config = session.folder().join("sway.conf");
        fs::write(&config, CONFIG).unwrap();
        let mut sway = sway(session);
        sway.arg("--config").arg(config);
        sway.env("WLR_BACKENDS", "x11").env("WLR_RENDERER", "pixman");
        let sockets = first_line(&mut sway).await;
        let (display, control) = sockets.split_once(' ').expect("two sockets");

        let mut watch = session.logged("swaymsg");
        watch.args(["--socket", control, "--raw", "--monitor", "--type", "subscribe"]);
        watch.arg(r#"["window", "tick"]"#).stdout(Stdio::piped());
        let mut watch = watch.spawn().expect("swaymsg starts");
        let mut events = BufReader::new(watch.stdout.take().expect("a pipe")).lines();
        // Whoever wants to hear of ticks is told of one at once: from then on nothing is missed.
        within("sway's events", events.next_line()).await.unwrap().expect("a first event");
        Some(Self { display: display.into(), events })
    }

    /// What makes a program of GTK's one of this desktop.
    pub(crate) fn environment(&self) -> [(&'static str, OsString); 2] {
        [("GDK_BACKEND", "wayland".into()), ("WAYLAND_DISPLAY", self.display.clone().into())]
    }

    /// Waits until a window of this program gets the focus, and says whether it can be seen.
    pub(crate) async fn wait_for_focus(&mut self, program: &str) -> bool {
        let wait = async {
            loop {
                let event = self.events.next_line().await.unwrap().expect("sway stays");
                let event: Value = serde_json::from_str(&event).unwrap();
                let window = &event["container"];
                if event["change"] == "focus" && window["app_id"] == program {
                    return window["visible"] == true;
                }
            }
        };
        within(program, wait).await
    }
}

/// Sway with a runtime folder of its own. It doesn't run as root, which tests in a container do.
fn sway(session: &Session) -> Command {
    let folder = session.folder().join("sway");
    fs::create_dir(&folder).unwrap();
    let mut command = if fs::metadata(&folder).unwrap().uid() == 0 {
        chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        // The way to it.
        fs::set_permissions(session.folder(), fs::Permissions::from_mode(0o711)).unwrap();
        let mut command = session.logged("setpriv");
        command.args(["--reuid", &NOBODY.to_string(), "--regid", &NOBODY.to_string()]);
        command.args(["--clear-groups", "sway"]);
        command
    } else {
        session.logged("sway")
    };
    command.env("XDG_RUNTIME_DIR", folder);
    command
}
