//! What a Chinese input method composes stands in the field that is typed into, before it is anything:
//! a real input method, by real keys.

use std::process::Stdio;

use agora_demo_market::people::{ADMINISTRATOR, Person};

use super::session::{Session, within};
use super::stage::Stage;
use super::window::App;

/// Zhuyin's keys for ㄋㄧˇ, without the tone, and the tone.
const SYLLABLE: [&str; 2] = ["s", "u"];
const TONE: &str = "3";

/// Starts ibus with libchewing, as a person who writes in Zhuyin has it.
async fn begin_ibus(session: &Session) {
    let mut daemon = session.logged("ibus-daemon");
    daemon.args(["--panel", "disable", "--emoji-extension", "disable"]);
    daemon.spawn().expect("ibus-daemon starts");
    let chosen = async {
        loop {
            let mut choose = session.command("ibus");
            choose.args(["engine", "chewing"]).stdout(Stdio::null()).stderr(Stdio::null());
            if choose.status().await.expect("ibus runs").success() {
                return;
            }
        }
    };
    within("the input method", chosen).await;
}

async fn app_with_ibus(stage: &Stage, person: &Person) -> App {
    begin_ibus(&stage.session).await;
    let mut environment = stage.environment(person);
    environment.push(("GTK_IM_MODULE", "ibus".into()));
    let app = stage.start(&environment).await;
    stage.connected(person).await;
    app
}

async fn keys(session: &Session, keys: &[&str]) {
    for key in keys {
        let mut xdotool = session.command("xdotool");
        assert!(xdotool.args(["key", key]).status().await.unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_composed_is_seen_in_the_search_before_it_is_searched_for() {
    let stage = Stage::set(&[]).await;
    let app = app_with_ibus(&stage, &ADMINISTRATOR).await;
    for title in ["你好", "再見"] {
        stage.emit(&ADMINISTRATOR, &format!(r#"{{"title":"{title}"}}"#));
        app.wait_for("alert-row", |row| row.contains(title)).await;
    }
    app.click("search").await;
    keys(&stage.session, &SYLLABLE).await;
    app.wait_for("search", |text| text == "ㄋㄧ").await;
    keys(&stage.session, &[TONE]).await;
    app.wait_for("search", |text| text == "你").await;
    assert_eq!(app.texts("alert-row").await.len(), 2, "nothing is searched for yet");
    keys(&stage.session, &["Return"]).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 1 && rows[0].contains("你好")).await;
    let focused: String = app.evaluate("return document.activeElement.dataset.testid ?? ''").await;
    assert_eq!((focused.as_str(), app.text("search").await.as_str()), ("search", "你"));
    app.end().await;
}
