//! A keyring that stays locked, on a session bus of the test's own. The library finds the bus by the
//! environment, so the receiver runs in a second process, which is this program once more.

use self::prompter::Prompter;
use agora_account::{Account, Accounts, Environment, Files, KeyringError, TokenChange};
use agora_client::{BaseUrl, ClientId, Token};
use agora_receiver::{Choices, Receiver, TokenState};
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::time::timeout;
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, Proxy};

/// Longer than anything here takes; only a failing test waits that long.
const LIMIT: Duration = Duration::from_mins(2);

const RAN: &str = "the tasks before and after: ";

mod prompter {
    #![expect(
        clippy::unused_self,
        clippy::used_underscore_binding,
        reason = "the bus calls each on the object, with all that the keyring gives"
    )]

    use zbus::zvariant::ObjectPath;

    /// Asks on behalf of the keyring for its password, and is never answered.
    pub(super) struct Prompter;

    #[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
    impl Prompter {
        fn begin_prompting(&self, _callback: ObjectPath<'_>) {}

        fn stop_prompting(&self, _callback: ObjectPath<'_>) {}
    }
}

/// The receiver of the test below; by itself it does nothing.
#[tokio::test]
async fn second_process() {
    let Some(home) = std::env::var_os("RECEIVER_TEST_HOME") else { return };
    let account = Account {
        base: BaseUrl::parse("http://127.0.0.1:1/api").unwrap(),
        client_id: ClientId::parse("user_7_device01").unwrap(),
    };
    let files = Files::find(Some(home.as_ref())).unwrap();
    let accounts = Arc::new(Accounts::new(files, Environment::default()));
    let token = TokenChange::Keyring(Token::parse("secret").unwrap().into());
    accounts.save(account, token).await.unwrap();
    let _prompter = lock().await;

    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut told = receiver.subscribe();
    let locked = told.account.wait_for(|state| {
        let token = state.as_ref().map(|state| &state.token);
        token == Some(&TokenState::OutOfReach(KeyringError::Locked))
    });
    timeout(LIMIT, locked).await.unwrap().unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    for _ in 0..20 {
        receiver.pause(None).await;
        receiver.resume().await;
        receiver.reconnect().await;
    }
    // What is given up ends when the runtime comes to it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let after = Handle::current().metrics().num_alive_tasks();
    // Past the test's own capture.
    writeln!(std::io::stderr(), "{RAN}{before} {after}").unwrap();
}

/// Locks the default collection; whoever wants it unlocked has to wait for a person from then on.
async fn lock() -> Connection {
    let bus = zbus::connection::Builder::session()
        .unwrap()
        .serve_at("/org/gnome/keyring/Prompter", Prompter)
        .unwrap()
        .name("org.gnome.keyring.SystemPrompter")
        .unwrap()
        .build()
        .await
        .unwrap();
    let (name, path) = ("org.freedesktop.secrets", "/org/freedesktop/secrets");
    let service = Proxy::new(&bus, name, path, "org.freedesktop.Secret.Service").await.unwrap();
    let default: OwnedObjectPath = service.call("ReadAlias", &("default",)).await.unwrap();
    let _: (Vec<OwnedObjectPath>, OwnedObjectPath) =
        service.call("Lock", &(vec![default],)).await.unwrap();
    bus
}

/// Starts a bus, and gives its address.
async fn bus() -> (Child, String) {
    let mut daemon = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--nosyslog", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("dbus-daemon is installed");
    let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines();
    let address = timeout(LIMIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    (daemon, address)
}

/// Starts a keyring on it that has a default collection, unlocked.
async fn keyring(address: &str, home: &std::path::Path) -> Child {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_DATA_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("gnome-keyring-daemon is installed");
    let mut input = daemon.stdin.take().unwrap();
    input.write_all(b"pw").await.unwrap();
    drop(input);
    // It prints this once it has the bus's name.
    let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines();
    timeout(LIMIT, lines.next_line()).await.unwrap().unwrap();
    daemon
}

#[tokio::test]
async fn a_locked_keyring_is_waited_for_by_one_task_however_often_it_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let (_bus, address) = bus().await;
    let _keyring = keyring(&address, home.path()).await;
    let receiver = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keyring::second_process", "--nocapture"])
        .env("RECEIVER_TEST_HOME", home.path().join("agora"))
        .env("DBUS_SESSION_BUS_ADDRESS", &address)
        .kill_on_drop(true)
        .output();
    let ran = timeout(LIMIT, receiver).await.unwrap().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    let counts = said.lines().find_map(|line| line.split_once(RAN)).map(|(_, counts)| counts);
    let counts: Vec<usize> = counts
        .unwrap_or_else(|| panic!("{said}"))
        .split(' ')
        .map(|count| count.parse().unwrap())
        .collect();
    // One may be asking beside it.
    assert!(counts[1] <= counts[0] + 1, "{counts:?}");
}
