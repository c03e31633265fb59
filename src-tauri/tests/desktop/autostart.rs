//! Starting with the computer: the entry in the desktop's own folder, as its launcher reads it, and the
//! portal of Flatpak.

#![expect(clippy::used_underscore_binding, reason = "the interface macro passes every argument on")]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use agora_home::Files;
use serde_json::{Value, json};
use tokio::process::Child;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{self, OwnedObjectPath, OwnedValue};
use zbus::{Connection, fdo};

use super::accounts::{Window, end, start};
use super::leftovers::until_shown;
use super::session::{signal, within};
use super::stage::{APP, Stage, eventually};
use super::window::{ended, window_process};

/// The entry of the stage's home.
fn entry(stage: &Stage) -> PathBuf {
    let name = agora_socket::bus_name(&Files::find(Some(&stage.home())).unwrap());
    stage.session.folder().join("config/autostart").join(name + ".desktop")
}

async fn opened(stage: &Stage) -> (Window, Value) {
    let mut window = Window::open(stage).await;
    let snapshot = window.turned_to("main").await;
    (window, snapshot)
}

async fn starts(window: &mut Window) -> bool {
    window.call("main", "starts_with_computer", &json!({})).await.unwrap().as_bool().unwrap()
}

async fn set(window: &mut Window, on: bool) -> Result<Value, Value> {
    window.call("main", "start_with_computer", &json!({ "on": on })).await
}

/// Starts what the entry says, as a desktop does when a person comes. Gives the process of the app.
async fn log_in(stage: &Stage) -> u32 {
    let mut launcher = stage.session.logged("gio");
    launcher.arg("launch").arg(entry(stage)).env_remove("AGORA_HOME");
    assert!(within("the launcher", launcher.status()).await.unwrap().success());
    let name = agora_socket::bus_name(&Files::find(Some(&stage.home())).unwrap());
    let bus = stage.session.bus().await;
    let names = fdo::DBusProxy::new(&bus).await.unwrap();
    let process = async {
        loop {
            if let Ok(id) = names.get_connection_unix_process_id((&*name).try_into().unwrap()).await
            {
                return id;
            }
        }
    };
    within("the app", process).await
}

async fn log_out(process: u32) {
    signal(process, "TERM");
    within("the end of the app", ended(process)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_starts_it_by_an_entry_and_hidden_unless_the_person_wants_the_window() {
    let stage = Stage::set(&[]).await;
    let mut app = start(&stage);
    let (mut window, snapshot) = opened(&stage).await;
    assert!(!starts(&mut window).await && !entry(&stage).exists());
    set(&mut window, true).await.unwrap();
    app.kill().await.unwrap();
    assert!(entry(&stage).exists(), "it is kept as soon as it is said");

    let process = log_in(&stage).await;
    let (mut window, _) = opened(&stage).await;
    assert!(starts(&mut window).await);
    assert_eq!(window_process(process).await, None, "it is hidden");
    let mut choices = snapshot["preferences"].clone();
    assert_eq!(choices["startHidden"], true);
    choices["startHidden"] = json!(false);
    window.call("main", "set_preferences", &json!({ "preferences": choices })).await.unwrap();
    log_out(process).await;

    let process = log_in(&stage).await;
    until_shown(&stage.session).await;
    log_out(process).await;

    // As the desktop's own settings switch it off.
    let text = fs::read_to_string(entry(&stage)).unwrap();
    let off = text.replace("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false");
    assert_ne!(off, text);
    fs::write(entry(&stage), &off).unwrap();
    let app = start(&stage);
    let (mut window, _) = opened(&stage).await;
    assert!(!starts(&mut window).await);
    fs::write(entry(&stage), &text).unwrap();
    assert!(starts(&mut window).await, "whatever it was a moment ago");
    fs::remove_file(entry(&stage)).unwrap();
    assert!(!starts(&mut window).await);
    set(&mut window, false).await.unwrap();
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_leads_to_a_program_that_was_moved_is_mended_at_the_next_start() {
    let stage = Stage::set(&[]).await;
    let image = stage.session.folder().join("Agora 1.0.AppImage");
    fs::write(&image, "").unwrap();
    let mut first = stage.session.logged(APP);
    first.arg("--hidden").env("AGORA_HOME", stage.home()).env("APPIMAGE", &image);
    let app = first.spawn().unwrap();
    let (mut window, _) = opened(&stage).await;
    set(&mut window, true).await.unwrap();
    end(app).await;
    let read = || fs::read_to_string(entry(&stage)).unwrap();
    assert!(read().contains("Agora 1.0.AppImage"), "{}", read());

    fs::rename(&image, stage.session.folder().join("Agora 1.1.AppImage")).unwrap();
    let app = start(&stage);
    eventually("a mended entry", || read().contains(APP)).await;
    assert!(!read().contains("AppImage"), "{}", read());
    end(app).await;
    log_out(log_in(&stage).await).await;
}

const PATH: &str = "/org/freedesktop/portal/desktop";

/// Whether it is to start the app, and with what.
type Asked = (bool, Vec<String>);

/// The portal in the test's own hands: what it was asked, and what the person says to it.
#[derive(Clone, Default)]
struct Background {
    asked: Arc<Mutex<Vec<Asked>>>,
    /// The response's number, and whether it starts the app then.
    answer: Arc<Mutex<(u32, bool)>>,
}

#[zbus::interface(name = "org.freedesktop.portal.Background")]
impl Background {
    async fn request_background(
        &self,
        _parent_window: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
    ) -> fdo::Result<OwnedObjectPath> {
        let on = bool::try_from(&options["autostart"]).unwrap();
        let command = Vec::<String>::try_from(options["commandline"].clone()).unwrap();
        self.asked.lock().unwrap().push((on, command));
        let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
        let token = <&str>::try_from(&options["handle_token"]).unwrap();
        let path = format!("{PATH}/request/{sender}/{token}");
        let (response, starts) = *self.answer.lock().unwrap();
        let results = HashMap::from([
            ("background", zvariant::Value::from(true)),
            ("autostart", starts.into()),
        ]);
        let emitter = SignalEmitter::new(bus, path.clone()).unwrap();
        // Before the call has its answer: whoever asks first and then listens would miss it.
        Request::response(&emitter, response, results).await.unwrap();
        Ok(OwnedObjectPath::try_from(path).unwrap())
    }
}

struct Request;

#[zbus::interface(name = "org.freedesktop.portal.Request")]
impl Request {
    #[zbus(signal)]
    async fn response(
        emitter: &SignalEmitter<'_>,
        response: u32,
        results: HashMap<&str, zvariant::Value<'_>>,
    ) -> zbus::Result<()>;
}

/// The app as Flatpak starts it.
fn start_in_flatpak(stage: &Stage) -> Child {
    let mut app = stage.session.logged(APP);
    app.arg("--hidden").env("AGORA_HOME", stage.home()).env("FLATPAK_ID", "market.agora.notifier");
    app.spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_flatpak_the_portal_is_asked_and_its_no_is_told() {
    let stage = Stage::set(&[]).await;
    let mut app = start_in_flatpak(&stage);
    let (mut window, _) = opened(&stage).await;
    let problem = set(&mut window, true).await.unwrap_err();
    assert_eq!(problem["code"], "start", "there is no portal: {problem}");

    let portal = Background::default();
    let bus = stage.session.bus().await;
    bus.object_server().at(PATH, portal.clone()).await.unwrap();
    bus.request_name("org.freedesktop.portal.Desktop").await.unwrap();
    for (response, starts_then) in [(0, false), (1, false), (2, false)] {
        *portal.answer.lock().unwrap() = (response, starts_then);
        let problem = set(&mut window, true).await.unwrap_err();
        assert_eq!(problem["code"], "start_refused", "{response}");
        assert!(!starts(&mut window).await);
    }
    *portal.answer.lock().unwrap() = (0, true);
    set(&mut window, true).await.unwrap();
    app.kill().await.unwrap();

    let app = start_in_flatpak(&stage);
    let (mut window, _) = opened(&stage).await;
    assert!(starts(&mut window).await, "its last answer is kept");
    *portal.answer.lock().unwrap() = (0, false);
    set(&mut window, false).await.unwrap();
    assert!(!starts(&mut window).await);
    let command = ["agora-notifier", "--at-login"].map(str::to_owned).to_vec();
    let asked = portal.asked.lock().unwrap().clone();
    let on = (true, command.clone());
    assert_eq!(asked, [on.clone(), on.clone(), on.clone(), on, (false, command)]);
    assert!(!entry(&stage).exists(), "the folder of the sandbox is nobody's");
    end(app).await;
}
