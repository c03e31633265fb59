//! Times without toasts: a snooze from the tray, quiet hours from the settings. Alerts are kept all
//! the same, say why they had no toast, and those that can't wait come through.

use std::time::Duration;

use agora_demo_market::To;
use agora_demo_market::people::SELLER;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, ZonedDateTime};
use serde_json::json;

use super::fates::wait_for_fates;
use super::session::{Part, within};
use super::stage::{Stage, eventually};
use super::toasts::Recorder;
use super::tray::{Item, Line};

const ZONE: &str = "Asia/Taipei";

fn summaries(recorder: &Recorder) -> Vec<String> {
    recorder.toasts().into_iter().map(|toast| toast.summary).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_from_the_tray_keeps_alerts_without_toasts_until_it_is_ended_there() {
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let tray = Item::wait(&stage.session).await;
    tray.wait_until(|state| state.tooltip.1 == "Connected").await;
    let before = tray.menu().await;
    assert!(before.iter().all(|line| line.label != "Show notifications again"), "{before:?}");
    tray.click("Snooze for 2 hours").await;
    app.wait_for("snoozed", |text| text.contains("Toasts snoozed until")).await;
    let says_it = |line: &&Line| line.label.starts_with("Notifications snoozed until ");
    let menu = tray.wait_for_menu(|menu| menu.iter().any(|line| says_it(&line))).await;
    let said = menu.iter().find(says_it).unwrap().label.clone();

    stage.emit(&SELLER, r#"{"title":"slept through"}"#);
    app.wait_for("alert-row", |row| row.contains("slept through")).await;
    app.click("alert-row").await;
    let why = app.wait_for("toast", |text| text.contains("snoozed until")).await;
    let until = said.strip_prefix("Notifications snoozed until ").unwrap();
    assert!(why.contains(until), "{why}: {said}");
    // What was read isn't told again at the end.
    app.wait_for_texts("unread-count", <[String]>::is_empty).await;

    assert!(
        menu.iter().all(|line| line.enabled != (line.label == said) || line.label == "Connected")
    );
    tray.click("Show notifications again").await;
    app.wait_for_texts("snoozed", <[String]>::is_empty).await;
    stage.emit(&SELLER, r#"{"title":"awake"}"#);
    recorder.wait_for(|toast| toast.summary == "awake").await;
    assert_eq!(summaries(&recorder), ["awake"]);
    tray.wait_for_menu(|menu| menu.iter().any(|line| line.label == "Snooze for 2 hours")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_that_ends_by_itself_is_over_in_tray_and_window_and_toasts_come_again() {
    let is_snoozed = async |tray: &Item| {
        tray.menu().await.iter().any(|line| line.label.starts_with("Notifications snoozed until "))
    };
    // Where the app takes longer to start than the snooze lasts, a longer one is tried.
    for seconds in [5, 15, 60] {
        let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
        let recorder = Recorder::start(&stage.session).await;
        let until = Timestamp::now().saturating_add(seconds.seconds()).unwrap();
        stage.choose(&json!({ "snoozedUntilMs": until.as_millisecond() }));
        let app = stage.app(&SELLER).await;
        let tray = Item::wait(&stage.session).await;
        stage.emit(&SELLER, r#"{"title":"slept through"}"#);
        app.wait_for("alert-row", |row| row.contains("slept through")).await;
        if !is_snoozed(&tray).await {
            app.end().await;
            continue;
        }
        within("the end of the snooze in the tray", async {
            while is_snoozed(&tray).await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
        assert!(Timestamp::now() >= until);
        app.wait_for_texts("snoozed", <[String]>::is_empty).await;
        recorder.wait_for(|toast| toast.summary == "slept through").await;
        stage.emit(&SELLER, r#"{"title":"awake"}"#);
        recorder.wait_for(|toast| toast.summary == "awake").await;
        assert_eq!(summaries(&recorder), ["slept through", "awake"]);
        return app.end().await;
    }
    panic!("the app took a minute to start");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_opens_the_settings_also_without_a_window() {
    let stage = Stage::set(&[Part::Tray]).await;
    let mut app = stage.app(&SELLER).await;
    let tray = Item::wait(&stage.session).await;
    tray.click("Settings…").await;
    app.find("settings").await;
    app.close(&stage.session).await;
    tray.click("Settings…").await;
    app.wait_until_open().await;
    app.find("settings").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_quiet_hours_only_what_is_urgent_is_shown_and_the_others_say_until_when() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let now = ZonedDateTime::new(Timestamp::now(), TimeZone::get(ZONE).unwrap());
    let minutes = |time: &ZonedDateTime| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let (from, to) = (now.saturating_sub(1.hour()), now.saturating_add(1.hour()));
    stage.choose(&json!({ "rules": { "quiet": {
        "on": false, "days": [true, true, true, true, true, true, true],
        "from": minutes(&from), "to": minutes(&to),
    } } }));
    let mut environment = stage.environment(&SELLER);
    environment.push(("TZ", ZONE.into()));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"not quiet yet"}"#);
    recorder.wait_for(|toast| toast.summary == "not quiet yet").await;

    app.click("nav-settings").await;
    app.click("settings-alerts").await;
    app.click("quiet-on").await;
    app.wait_for("quiet-said", |text| !text.is_empty()).await;
    // The page shows it before it holds. A page that begins anew shows what holds.
    let settings = stage.home().join("settings.json");
    let kept = || std::fs::read_to_string(&settings).unwrap();
    let is_on = |kept: &str| {
        let kept: serde_json::Value = serde_json::from_str(kept).unwrap();
        kept["preferences"]["rules"]["quiet"]["on"] == true
    };
    eventually("the settings", || is_on(&kept())).await;
    app.client.refresh().await.unwrap();
    app.click("nav-settings").await;
    app.click("settings-alerts").await;
    app.wait_for("quiet-said", |text| !text.is_empty()).await;
    app.click("nav-inbox").await;
    stage.emit(&SELLER, r#"{"title":"in the night"}"#);
    app.wait_for("alert-row", |row| row.contains("in the night")).await;
    // Anybody can say so in a message; a broadcast is the market's.
    stage.emit(&SELLER, r#"{"title":"cries fire","isUrgent":true}"#);
    app.wait_for("alert-row", |row| row.contains("cries fire")).await;
    let fire = r#"{"type":"URGENT_NOTIFICATION","title":"on fire","isUrgent":true}"#;
    stage.market.emit(&To::Everyone, None, fire);
    recorder.wait_for(|toast| toast.summary == "on fire").await;
    assert_eq!(summaries(&recorder), ["not quiet yet", "on fire"]);
    app.click_row("in the night").await;
    let until = format!("No toast: quiet hours until {}.", to.strftime("%H:%M"));
    app.wait_for("toast", |text| text == until).await;
    wait_for_fates(&stage, &[("on fire", r#""shown""#), ("not quiet yet", r#""shown""#)]).await;
    app.end().await;
}
