//! A session bus of a test's own, and a keyring on it.

use crate::support::*;
use futures_util::StreamExt;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use zbus::Connection;
use zbus::fdo::DBusProxy;

/// A session bus of the test's own, which starts no service by itself.
pub(crate) struct Bus {
    pub(crate) address: String,
    _daemon: Child,
    folder: TempDir,
}

impl Bus {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let configuration = folder.path().join("bus.conf");
        std::fs::write(
            &configuration,
            format!(
                r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                     "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                   <busconfig>
                     <type>session</type>
                     <listen>unix:dir={}</listen>
                     <policy context="default">
                       <allow send_destination="*" eavesdrop="true"/>
                       <allow eavesdrop="true"/>
                       <allow own="*"/>
                     </policy>
                   </busconfig>"#,
                folder.path().display()
            ),
        )
        .unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nosyslog", "--print-address"])
            .arg(format!("--config-file={}", configuration.display()))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("dbus-daemon is installed");
        let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines();
        let address = timeout(LIMIT, lines.next_line()).await.unwrap().unwrap().unwrap();
        Self { address, _daemon: daemon, folder }
    }
    /// A Secret Service on this bus: the GNOME keyring, with homes of its own. With a password it has
    /// a default collection, unlocked by it; without one it was never set up.
    pub(crate) async fn keyring(&self, password: Option<&str>) -> Child {
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]);
        daemon.args(password.map(|_| "--unlock"));
        daemon
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut daemon = daemon.spawn().expect("gnome-keyring-daemon is installed");
        let mut input = daemon.stdin.take().unwrap();
        input.write_all(password.unwrap_or_default().as_bytes()).await.unwrap();
        drop(input);
        self.owner_of("org.freedesktop.secrets").await;
        daemon
    }

    /// A connection to it.
    pub(crate) async fn connect(&self) -> Connection {
        zbus::connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }

    /// Waits until somebody has that name.
    pub(crate) async fn owner_of(&self, name: &'static str) {
        let bus = DBusProxy::new(&self.connect().await).await.unwrap();
        let wait = async {
            let mut changes = bus.receive_name_owner_changed_with_args(&[(0, name)]).await.unwrap();
            while !bus.name_has_owner(name.try_into().unwrap()).await.unwrap() {
                changes.next().await;
            }
        };
        timeout(LIMIT, wait).await.expect(name);
    }
}
