//! What the person chose: at work at once, kept whatever happens to the app, and never reset without a
//! word.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use agora_demo_market::people::SELLER;
use serde_json::{Value, json};
use tokio::process::Child;

use super::accounts::{Window, end, start};
use super::own_daemon::OwnDaemon;
use super::session::{Part, within};
use super::stage::{APP, Stage};
use super::tray::Item;
use super::window::App;

/// Another value than that for a setting, by its place among the choices. A setting of a new kind has none
/// here, and fails.
fn another(place: &str, now: &Value) -> Value {
    match (place, now) {
        (_, Value::Bool(on)) => json!(!on),
        ("/language", _) => json!("zh-TW"),
        ("/theme", _) => json!("dark"),
        ("/textSize", _) => json!(150),
        ("/composes", _) => json!(true),
        ("/keepDays", _) => Value::Null,
        ("/keepMib", _) => json!(256),
        ("/webSite", _) => json!("https://market.example"),
        ("/rules/quiet/from", _) => json!(1_290),
        ("/rules/quiet/to", _) => json!(375),
        _ => panic!("{place} is a new setting: another value than {now}?"),
    }
}

/// The places of all settings within the choices.
fn places(choices: &Value, place: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match choices {
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(all) => {
            all.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect()
        }
        _ => return vec![place.to_owned()],
    };
    inner.into_iter().flat_map(|(name, value)| places(value, &format!("{place}/{name}"))).collect()
}

async fn choose(window: &mut Window, account: &str, choices: &Value) -> Result<Value, Value> {
    window.call(account, "set_preferences", &json!({ "preferences": choices })).await
}

async fn opened(stage: &Stage) -> (Window, Value) {
    let mut window = Window::open(stage).await;
    let snapshot = window.turned_to("main").await;
    (window, snapshot)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_setting_is_kept_by_an_app_that_is_killed_as_soon_as_it_has_answered() {
    let stage = Stage::set(&[]).await;
    let mut app = start(&stage);
    let (mut window, snapshot) = opened(&stage).await;
    let mut choices = snapshot["preferences"].clone();
    let all = places(&choices, "");
    assert!(all.len() > 40, "{all:?}");
    for place in all {
        let value = choices.pointer_mut(&place).unwrap();
        let before = value.clone();
        *value = another(&place, &before);
        assert_ne!(*value, before, "{place}");
        choose(&mut window, "main", &choices).await.unwrap();
        app.kill().await.unwrap();
        app = start(&stage);
        let snapshot;
        (window, snapshot) = opened(&stage).await;
        assert_eq!(snapshot["preferences"], choices, "{place}");
    }
    window.call("main", "snooze", &json!({ "choice": "two_hours" })).await.unwrap();
    app.kill().await.unwrap();
    app = start(&stage);
    let (_, snapshot) = opened(&stage).await;
    assert!(snapshot["snoozedUntilMs"].is_i64(), "{snapshot}");
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_spoken_at_once_in_window_tray_and_toasts() {
    let stage = Stage::set(&[Part::Tray]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let mut app = stage.session.logged(APP);
    let app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    let item = Item::wait(&stage.session).await;
    item.wait_for_menu(|lines| lines.iter().any(|line| line.label == "Settings…")).await;
    let (mut window, snapshot) = opened(&stage).await;
    assert_eq!(snapshot["language"], "en");
    for (language, settings, title) in
        [("zh-TW", "設定…", "已出貨：訂單 #20418"), ("en", "Settings…", "Shipped: order #20418")]
    {
        let mut choices = snapshot["preferences"].clone();
        choices["language"] = json!(language);
        choose(&mut window, "main", &choices).await.unwrap();
        let speaks = |event: &Value| event["snapshot"]["language"] == language;
        window.told("the snapshot", speaks).await;
        item.wait_for_menu(|lines| lines.iter().any(|line| line.label == settings)).await;
        stage.emit(&SELLER, r#"{"type":"ORDER_SHIPPED","orderNumber":"20418"}"#);
        daemon.wait_for(title).await;
    }
    end(app).await;
}

/// WebDriver's own letters for Ctrl and for the letting go of it.
fn with_ctrl(key: &str) -> String {
    format!("\u{e009}{key}\u{e000}")
}

#[tokio::test(flavor = "multi_thread")]
async fn text_has_its_size_at_once_and_in_the_next_window() {
    let stage = Stage::set(&[]).await;
    let mut app = stage.bare_app().await;
    let usual: f64 = app.evaluate("return innerWidth").await;
    let until = async |app: &App, percent: f64| {
        let width = async {
            while (app.evaluate::<f64>("return innerWidth").await * percent / 100.0 - usual).abs()
                > 4.0
            {}
        };
        within(&format!("{percent} %"), width).await;
    };
    for percent in [110.0, 125.0, 150.0, 175.0, 200.0] {
        app.press(&with_ctrl("+")).await;
        until(&app, percent).await;
    }
    app.press(&with_ctrl("-")).await;
    until(&app, 175.0).await;
    app.close(&stage.session).await;
    let mut again = stage.session.logged(APP);
    assert!(again.env("AGORA_HOME", stage.home()).status().await.unwrap().success());
    app.wait_until_open().await;
    until(&app, 175.0).await;
    app.press(&with_ctrl("0")).await;
    until(&app, 100.0).await;
    app.end().await;
}

/// Something in the place of a file of settings.
struct Put {
    name: &'static str,
    lay: fn(&Path),
    /// Whether it is set aside when something is to be kept.
    goes: bool,
}

const DAMAGED: &str = "{\"theme\": oops";
const NEWER: &str = "{\"format\": 2, \"label\": \"mei\", \"preferences\": {\"theme\": \"sepia\"}}";

const PUTS: [Put; 5] = [
    Put { name: "damaged", lay: |file| fs::write(file, DAMAGED).unwrap(), goes: true },
    Put { name: "newer", lay: |file| fs::write(file, NEWER).unwrap(), goes: true },
    Put {
        name: "without access",
        lay: |file| {
            fs::write(file, "{}").unwrap();
            fs::set_permissions(file, fs::Permissions::from_mode(0o000)).unwrap();
        },
        goes: false,
    },
    Put { name: "a folder", lay: |file| fs::create_dir(file).unwrap(), goes: false },
    Put { name: "a link to itself", lay: |file| symlink(file, file).unwrap(), goes: false },
];

/// The app as one whom a file's permissions hold, which they don't an administrator.
fn start_held(stage: &Stage) -> Child {
    let mut app = stage.session.logged("setpriv");
    app.args(["--bounding-set", "-dac_override,-dac_read_search", APP, "--hidden"]);
    app.env("AGORA_HOME", stage.home()).spawn().unwrap()
}

/// What is said about settings: code and detail.
fn said(notices: &Value) -> Vec<(String, String)> {
    let all = notices.as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|notice| (text(&notice["code"]), text(&notice["detail"])))
        .filter(|(code, _)| code.starts_with("settings"))
        .collect()
}

/// What lies beside a file under a name that begins like its own.
fn aside(file: &Path) -> Vec<PathBuf> {
    let beside = file.parent().unwrap().read_dir().unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let is_aside = |path: &PathBuf| name(path).starts_with("settings.") && name(path).contains('-');
    beside.filter(is_aside).collect()
}

/// Waits for what is said about settings to be that, in a snapshot or later.
async fn until_said(window: &mut Window, codes: &[&str]) -> Vec<(String, String)> {
    let notices = |event: &Value| match event["type"].as_str() {
        Some("snapshot") => Some(event["snapshot"]["notices"].clone()),
        Some("notices") => Some(event["notices"].clone()),
        _ => None,
    };
    let is_it = |event: &Value| {
        notices(event)
            .is_some_and(|all| said(&all).iter().map(|(code, _)| &**code).eq(codes.iter().copied()))
    };
    let event = window.told("what is said", is_it).await;
    said(&notices(&event).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cant_be_used_are_said_and_nothing_of_them_is_lost() {
    for account in ["main", "shop"] {
        for Put { name, lay, goes } in PUTS {
            let case = format!("{account}, {name}");
            let stage = Stage::set(&[]).await;
            let folder = match account {
                "main" => stage.home(),
                _ => stage.home().join("accounts/shop"),
            };
            fs::create_dir_all(&folder).unwrap();
            let file = folder.join("settings.json");
            lay(&file);
            let path = file.to_str().unwrap();
            let app = start_held(&stage);
            let (mut window, mut snapshot) = opened(&stage).await;
            if account != "main" {
                window.call("main", "show_account", &json!({ "account": account })).await.unwrap();
                snapshot = window.turned_to(account).await;
            }
            let mut choices = snapshot["preferences"].clone();
            // It is said when it is known, which may be before the window is there.
            if said(&snapshot["notices"]).is_empty() {
                until_said(&mut window, &["settings_broken"]).await;
            } else {
                let said = said(&snapshot["notices"]);
                assert_eq!(said.len(), 1, "{case}: {said:?}");
                assert!(
                    said[0].0 == "settings_broken" && said[0].1.contains(path),
                    "{case}: {said:?}"
                );
            }
            assert_eq!(aside(&file), [] as [PathBuf; 0], "{case}: it is left as it is");

            choices["keepDays"] = json!(7);
            window.told.clear();
            let kept = choose(&mut window, account, &choices).await;
            if goes {
                kept.unwrap();
                let said = until_said(&mut window, &["settings_set_aside"]).await;
                let [there] = &aside(&file)[..] else { panic!("{case}: {:?}", aside(&file)) };
                assert!(said[0].1.contains(there.to_str().unwrap()), "{case}: {said:?}");
                let text = fs::read_to_string(there).unwrap();
                assert!([DAMAGED, NEWER].contains(&&*text), "{case}: {text}");
            } else {
                let problem = kept.unwrap_err();
                assert_eq!(problem["code"], "settings", "{case}");
                assert!(problem["message"].as_str().unwrap().contains(path), "{case}: {problem}");
                assert!(file.symlink_metadata().is_ok(), "{case}: it is where it was");
                assert_eq!(aside(&file), [] as [PathBuf; 0], "{case}");
            }
            end(app).await;
            // Whoever mends it has it.
            if name == "without access" {
                fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
                assert_eq!(fs::read_to_string(&file).unwrap(), "{}", "{case}");
            }
        }
    }
}

/// Choices that were out of reach when the app began are not written over with what it had instead.
#[tokio::test(flavor = "multi_thread")]
async fn settings_that_come_back_into_reach_lose_nothing_to_the_next_choice() {
    let stage = Stage::set(&[]).await;
    stage.choose(&json!({ "theme": "dark", "keepDays": 7, "future": 1 }));
    let file = stage.home().join("settings.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let app = start_held(&stage);
    let (mut window, snapshot) = opened(&stage).await;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let mut choices = snapshot["preferences"].clone();
    choices["textSize"] = json!(125);
    choose(&mut window, "main", &choices).await.unwrap();
    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let expected = json!({ "theme": "dark", "keepDays": 7, "future": 1, "textSize": 125 });
    assert_eq!(kept["preferences"], expected);
    within("the end", end(app)).await;
}
