//! A keyring without a default collection, and what is left of a token after signing out or a crash.

use std::fs::{self, File};
use std::io::{Write, stderr};
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::Duration;

use agora_demo_market::people::SELLER;
use tokio::time::{sleep, timeout};
use zbus::Connection;
use zbus::fdo::DBusProxy;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::account::{connect, files_with, keyring_holds};
use super::accounts::{Window, end, start};
use super::session::{Part, signal, within};
use super::stage::{APP, Stage, eventually};

const PROMPTER: &str = "org.gnome.keyring.SystemPrompter.service";

#[tokio::test(flavor = "multi_thread")]
async fn a_default_keyring_that_is_missing_is_said_and_made_from_the_window() {
    let stage = Stage::set(&[]).await;
    let mut daemon = stage.session.logged("gnome-keyring-daemon");
    let _daemon = daemon.args(["--foreground", "--components=secrets"]).spawn().unwrap();
    // What asks for passwords on behalf of the keyring. It ends when nobody wants it for a while, so the
    // bus starts it, as a desktop's does.
    let services = stage.session.folder().join("services").join(PROMPTER);
    fs::copy(Path::new("/usr/share/dbus-1/services").join(PROMPTER), services).unwrap();
    DBusProxy::new(&stage.session.bus().await).await.unwrap().reload_config().await.unwrap();
    stage.session.wait_for_owner("org.freedesktop.secrets", true).await;

    let app = stage.bare_app().await;
    connect(&app, &stage.market.base_url(), "4021", SELLER.token).await;
    app.wait_for("account-make-keyring", |_| true).await;
    app.wait_for("account-memory", |_| true).await;
    assert!(stage.market.requests().is_empty(), "nothing is sent before the person decides");
    app.click("account-make-keyring").await;

    let mut prompt = stage.session.command("xdotool");
    prompt.args(["search", "--sync", "--onlyvisible", "--class", "prompter"]);
    prompt.args(["windowactivate", "type", "--delay", "60", "sesame\tsesame"]);
    prompt.stdout(std::process::Stdio::null());
    assert!(within("the prompt", prompt.status()).await.unwrap().success());
    let mut answer = stage.session.command("xdotool");
    assert!(answer.args(["key", "Return"]).status().await.unwrap().success());
    app.wait_for("connection", |text| text.contains("Connected")).await;
    assert!(keyring_holds(&stage.session, SELLER.token).await);
    assert_eq!(files_with(&stage.home(), SELLER.token), [] as [String; 0]);
    app.end().await;
}

/// A locked keyring with the seller's token in it, and what asks for its password.
pub(crate) async fn locked_with_token() -> (Stage, tokio::process::Child) {
    let mut stage = Stage::set(&[Part::Keyring]).await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    window.turned_to("main").await;
    window.sign_in(&stage, "main", &SELLER).await.unwrap();
    end(app).await;
    let daemon = locked(&mut stage).await;
    stage.market.forget_requests();
    (stage, daemon)
}

/// Puts a locked keyring in the place of an unlocked one, and what asks for its password beside it.
pub(crate) async fn locked(stage: &mut Stage) -> tokio::process::Child {
    stage.session.end(Part::Keyring).await;
    let services = stage.session.folder().join("services").join(PROMPTER);
    fs::copy(Path::new("/usr/share/dbus-1/services").join(PROMPTER), services).unwrap();
    DBusProxy::new(&stage.session.bus().await).await.unwrap().reload_config().await.unwrap();
    let mut daemon = stage.session.logged("gnome-keyring-daemon");
    let daemon = daemon.args(["--foreground", "--components=secrets"]).spawn().unwrap();
    stage.session.wait_for_owner("org.freedesktop.secrets", true).await;
    daemon
}

/// Has the keyring ask for its password, as any program does that wants something in it.
pub(crate) async fn ask_for_another(bus: &Connection) {
    let (service, path) = (Some("org.freedesktop.secrets"), "/org/freedesktop/secrets");
    let collection = ObjectPath::try_from("/org/freedesktop/secrets/collection/login").unwrap();
    let interface = Some("org.freedesktop.Secret.Service");
    let reply = bus.call_method(service, path, interface, "Unlock", &vec![collection]).await;
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
        reply.unwrap().body().deserialize().unwrap();
    let interface = Some("org.freedesktop.Secret.Prompt");
    bus.call_method(service, &prompt, interface, "Prompt", &"").await.unwrap();
}

pub(crate) async fn type_password(stage: &Stage) {
    let mut prompt = stage.session.command("xdotool");
    prompt.args(["search", "--sync", "--onlyvisible", "--class", "prompter"]);
    prompt.args(["windowactivate", "type", "--delay", "60", "pw"]);
    prompt.stdout(std::process::Stdio::null());
    assert!(within("the prompt", prompt.status()).await.unwrap().success());
    let mut answer = stage.session.command("xdotool");
    assert!(answer.args(["key", "Return"]).status().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_shows_nothing_waits_for_a_locked_keyring_without_a_prompt() {
    for word in ["--hidden", "--at-login"] {
        let (stage, _daemon) = locked_with_token().await;
        let prompter = "org.gnome.keyring.SystemPrompter".try_into().unwrap();
        let asking = stage.session.bus().await;
        let bus = DBusProxy::new(&asking).await.unwrap();
        let mut app = stage.session.logged(APP);
        let app = app.arg(word).env("AGORA_HOME", stage.home()).spawn().unwrap();
        let told = async {
            loop {
                let mut status = stage.session.command(APP);
                let said = status.arg("--status").env("AGORA_HOME", stage.home()).output().await;
                let said: serde_json::Value =
                    serde_json::from_slice(&said.unwrap().stdout).unwrap();
                if said["connection"]["state"] == "signed_out" {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        within("that the keyring is locked", told).await;
        assert!(
            !bus.name_has_owner(prompter).await.unwrap(),
            "{word}: nobody is there to be asked"
        );
        assert!(stage.market.requests().is_empty());

        // Now they are asked: as they look, or by another program.
        let mut window = None;
        if word == "--hidden" {
            window = Some(Window::open(&stage).await);
        } else {
            ask_for_another(&asking).await;
        }
        type_password(&stage).await;
        stage.request(|request| request.path.contains("/sse/connect/")).await;
        drop(window);
        end(app).await;
    }
}

/// The largest piece of memory that is looked into, in bytes.
const LARGEST: usize = 1 << 30;

/// How often a process holds that secret in memory that it can write; nothing where that can't be read.
///
/// What stands behind `Bearer ` or in quotes are requests that are over, the page's and the market's, in
/// memory that nobody owns any more and that the next one overwrites. The libraries don't clear it.
pub(crate) fn holds(process: u32, secret: &str) -> Option<usize> {
    found(process, secret, |before| !matches!(before, b' ' | b'"'))
}

/// The same, wherever it stands.
pub(crate) fn holds_anywhere(process: u32, secret: &str) -> Option<usize> {
    found(process, secret, |_| true)
}

fn found(process: u32, secret: &str, counts: impl Fn(u8) -> bool) -> Option<usize> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut count = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split_once(' ')?.0.split_once('-')?;
        let from = u64::from_str_radix(from, 16).ok()?;
        let to = u64::from_str_radix(to, 16).ok()?;
        // What the webview's library reserves and never fills is larger than any machine.
        let Ok(size @ ..=LARGEST) = usize::try_from(to - from) else { continue };
        let mut bytes = vec![0; size];
        // Some of it may be gone by now.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            let places = memchr::memmem::find_iter(&bytes, secret);
            count +=
                places.filter(|at| counts(at.checked_sub(1).map_or(0, |at| bytes[at]))).count();
        }
    }
    Some(count)
}

/// How a program ends that crashes where dumps are wanted: whether there is one of it.
async fn is_dumped(stage: &Stage, program: &str, arguments: &[&str], ready: impl Future) -> bool {
    let mut shell = stage.session.logged("sh");
    shell.args(["-c", "ulimit -c unlimited && exec \"$0\" \"$@\"", program]).args(arguments);
    let mut process =
        shell.envs(stage.environment(&SELLER)).current_dir(stage.session.folder()).spawn().unwrap();
    ready.await;
    let status = loop {
        // The first one is taken for an overflow of the stack, and looked into.
        signal(process.id().unwrap(), "SEGV");
        if let Ok(status) = timeout(Duration::from_millis(200), process.wait()).await {
            break status.unwrap();
        }
    };
    assert_eq!(status.signal(), Some(11), "{status}");
    status.core_dumped()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_leaves_no_dump_of_the_apps_memory() {
    let stage = Stage::set(&[]).await;
    if !is_dumped(&stage, "sleep", &["600"], sleep(Duration::from_millis(200))).await {
        let _ = writeln!(stderr(), "SKIPPED the dump of the app: nothing is dumped here");
        return;
    }
    assert!(!is_dumped(&stage, APP, &["--hidden"], stage.connected(&SELLER)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_out_the_token_is_gone_from_memory() {
    let stage = Stage::set(&[Part::Keyring]).await;
    let app = stage.bare_app().await;
    connect(&app, &stage.market.base_url(), "4021", SELLER.token).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let Some(before) = holds(app.process, SELLER.token) else {
        let _ = writeln!(stderr(), "SKIPPED the token in memory: no other program's can be read");
        return;
    };
    assert!(before > 0, "it is in use");
    app.click("nav-settings").await;
    app.click("settings-account").await;
    app.click("account-forget").await;
    app.click("account-forget-confirm").await;
    app.wait_for("first-start", |_| true).await;
    eventually("the token's end", || holds(app.process, SELLER.token) == Some(0)).await;
    app.end().await;
}
