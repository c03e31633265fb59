//! What a Chinese input method composes stands in the field that is typed into, before it is anything:
//! a real input method, by real keys.

use std::ffi::OsString;
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

async fn app_with_ibus(stage: &Stage, person: &Person, more: &[(&'static str, OsString)]) -> App {
    begin_ibus(&stage.session).await;
    stage.let_compose(person);
    let mut environment = stage.environment(person);
    environment.extend_from_slice(more);
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
    let app = app_with_ibus(&stage, &ADMINISTRATOR, &[]).await;
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

/// How many broadcasts were asked for.
fn broadcasts(stage: &Stage) -> usize {
    let asked = stage.market.requests().into_iter();
    asked.filter(|request| request.path == "/api/sse/broadcast").count()
}

/// Composes 你 in a field: seen while it is on its way, and there when Enter has ended it.
async fn compose_in(stage: &Stage, app: &App, field: &str) {
    app.click(field).await;
    keys(&stage.session, &SYLLABLE).await;
    app.wait_for(field, |text| text.contains("ㄋㄧ")).await;
    keys(&stage.session, &[TONE, "Return"]).await;
    app.wait_for(field, |text| text.contains('你') && !text.contains('ㄧ')).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_message_shows_what_is_composed_and_its_enter_sends_nothing() {
    let stage = Stage::set(&[]).await;
    let app = app_with_ibus(&stage, &ADMINISTRATOR, &[]).await;
    app.click("nav-compose").await;
    for field in ["compose-title", "compose-content", "compose-link"] {
        compose_in(&stage, &app, field).await;
    }
    app.click("compose-user").await;
    compose_in(&stage, &app, "compose-user-id").await;
    app.click("compose-json-toggle").await;
    app.wait_for("compose-json", |text| text.matches('你').count() == 3).await;
    compose_in(&stage, &app, "compose-json").await;
    app.wait_for("compose-json", |text| text.matches('你').count() == 4).await;
    assert_eq!(broadcasts(&stage), 0);
    app.click("nav-settings").await;
    for (section, field) in
        [("settings-account", "account-base-url"), ("settings-alerts", "web-site")]
    {
        app.click(section).await;
        if section == "settings-account" {
            app.unfold("other-ways").await;
        }
        compose_in(&stage, &app, field).await;
    }
    app.end().await;
}

/// Zhuyin's keys for 所有人, which confirms a broadcast.
const EVERYONE: [&str; 10] = ["n", "j", "i", "3", "u", "period", "3", "b", "p", "6"];

#[tokio::test(flavor = "multi_thread")]
async fn the_enter_that_ends_the_composing_of_the_word_confirms_nothing() {
    let stage = Stage::set(&[]).await;
    let chinese = [("LANG", "zh_TW.UTF-8".into())];
    let app = app_with_ibus(&stage, &ADMINISTRATOR, &chinese).await;
    app.click("nav-compose").await;
    compose_in(&stage, &app, "compose-title").await;
    app.click("compose-send").await;
    app.wait_for("everyone-word", |word| word == "所有人").await;
    app.click("everyone-input").await;
    keys(&stage.session, &EVERYONE).await;
    app.wait_for("everyone-input", |text| text == "所有人").await;
    keys(&stage.session, &["Return"]).await;
    // What comes to the page after it shows that the key was heard.
    keys(&stage.session, &["End", "x", "BackSpace"]).await;
    app.wait_for("everyone-input", |text| text == "所有人").await;
    assert_eq!(broadcasts(&stage), 0, "it only ended the composition");
    keys(&stage.session, &["Return"]).await;
    stage.request(|request| request.path == "/api/sse/broadcast").await;
    app.wait_for("compose-outcome", |text| !text.is_empty()).await;
    assert_eq!(broadcasts(&stage), 1);
    app.end().await;
}
