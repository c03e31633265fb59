//! Sleep and wake, as logind tells of them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use agora_power::Cause;
use futures_util::StreamExt;
use zbus::fdo::DBusProxy;
use zbus::zvariant::Value;
use zbus::{Connection, MessageStream, Result};

use crate::made_up::{is_inside, run_inside, skip, works};
use crate::{assert_quiet, soon, watch_of_a_machine};

/// The Python that Debian's modules belong to.
const PYTHON: &str = "/usr/bin/python3";
const NAME: &str = "org.freedesktop.login1";

#[tokio::test]
async fn the_end_of_a_sleep_is_heard_and_its_beginning_is_not() {
    if !is_inside() {
        return on_a_bus("logind::the_end_of_a_sleep_is_heard_and_its_beginning_is_not");
    }
    let logind = Logind::start().await;
    let mut watch = watch_of_a_machine().await;
    logind.prepare_for_sleep(true).await.unwrap();
    assert_quiet(&mut watch).await;
    logind.prepare_for_sleep(false).await.unwrap();
    assert_eq!(soon(&mut watch).await, Cause::Woke);
    // Told twice, it is the same wake still.
    logind.prepare_for_sleep(false).await.unwrap();
    assert_quiet(&mut watch).await;
}

#[tokio::test]
async fn a_second_sleep_right_after_the_first_is_heard_as_well() {
    if !is_inside() {
        return on_a_bus("logind::a_second_sleep_right_after_the_first_is_heard_as_well");
    }
    let logind = Logind::start().await;
    let mut watch = watch_of_a_machine().await;
    for _ in 0..3 {
        logind.prepare_for_sleep(true).await.unwrap();
        logind.prepare_for_sleep(false).await.unwrap();
        assert_eq!(soon(&mut watch).await, Cause::Woke);
    }
    assert_quiet(&mut watch).await;
}

#[tokio::test]
async fn a_logind_that_comes_later_or_comes_back_is_heard() {
    if !is_inside() {
        return on_a_bus("logind::a_logind_that_comes_later_or_comes_back_is_heard");
    }
    let mut watch = watch_of_a_machine().await;
    drop(Logind::start().await);
    let logind = Logind::start().await;
    logind.prepare_for_sleep(false).await.unwrap();
    assert_eq!(soon(&mut watch).await, Cause::Woke);
}

#[tokio::test]
async fn a_bus_that_goes_away_is_borne() {
    if !is_inside() {
        return on_a_bus("logind::a_bus_that_goes_away_is_borne");
    }
    let bus = Connection::system().await.unwrap();
    let mut watch = watch_of_a_machine().await;
    let names = DBusProxy::new(&bus).await.unwrap();
    let daemon = names.get_connection_unix_process_id("org.freedesktop.DBus".try_into().unwrap());
    assert!(works(&["kill", &daemon.await.unwrap().to_string()]));
    let mut messages = MessageStream::from(bus);
    while messages.next().await.is_some_and(|message| message.is_ok()) {}
    assert_quiet(&mut watch).await;
}

/// Runs the test of this name with a system bus that only it uses.
fn on_a_bus(test: &str) {
    if !works(&["dbus-daemon", "--version"]) || !works(&[PYTHON, "-c", "import dbusmock"]) {
        return skip("it takes the packages dbus and python3-dbusmock");
    }
    let bus = Bus::start();
    run_inside(test, &["env"], &bus.address);
}

struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

/// A logind that does as it is told.
struct Logind {
    mock: Child,
    bus: Connection,
}

impl Logind {
    async fn start() -> Self {
        let bus = Connection::system().await.unwrap();
        let names = DBusProxy::new(&bus).await.unwrap();
        let mut owners = names.receive_name_owner_changed_with_args(&[(0, NAME)]).await.unwrap();
        let mock = Command::new(PYTHON)
            .args(["-m", "dbusmock", "--system", "--template", "logind"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // An earlier one's end may come first.
        while owners.next().await.unwrap().args().unwrap().new_owner().is_none() {}
        Self { mock, bus }
    }

    async fn prepare_for_sleep(&self, start: bool) -> Result<()> {
        let signal =
            ("org.freedesktop.login1.Manager", "PrepareForSleep", "b", vec![Value::from(start)]);
        let path = "/org/freedesktop/login1";
        let interface = Some("org.freedesktop.DBus.Mock");
        self.bus.call_method(Some(NAME), path, interface, "EmitSignal", &signal).await?;
        Ok(())
    }
}

impl Drop for Logind {
    fn drop(&mut self) {
        self.mock.kill().unwrap();
        self.mock.wait().unwrap();
    }
}
