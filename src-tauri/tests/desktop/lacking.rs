//! Desktops that lack something: the app starts, works, and says what is missing.

use std::process::Stdio;

use agora_demo_market::people::SELLER;

use super::own_daemon::OwnDaemon;
use super::session::{Part, signal, within};
use super::stage::{APP, SOON, Stage, client_id};
use super::toasts::Recorder;
use super::tray::Item;
use super::window::App;

async fn notice(app: &App, about: &str) {
    app.wait_for_texts("notice", |notices| notices.iter().any(|text| text.contains(about))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_notification_daemon_alerts_are_kept_and_toasts_come_with_a_daemon() {
    let mut stage = Stage::set(&[Part::Tray, Part::Keyring]).await;
    let app = stage.app(&SELLER).await;
    notice(&app, "No toasts").await;
    stage.emit(&SELLER, r#"{"title":"unseen"}"#);
    app.wait_for("alert-row", |row| row.contains("unseen")).await;
    stage.session.begin(Part::Toasts).await;
    app.wait_for_texts("notice", |notices| !notices.iter().any(|text| text.contains("No toasts")))
        .await;
    let recorder = Recorder::start(&stage.session).await;
    stage.emit(&SELLER, r#"{"title":"seen"}"#);
    recorder.wait_for(|toast| toast.summary == "seen").await;
    stage.session.end(Part::Toasts).await;
    notice(&app, "No toasts").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_host_the_app_works_and_starting_it_again_brings_its_window() {
    let stage = Stage::set(&[Part::Toasts, Part::Keyring]).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.app(&SELLER).await;
    notice(&app, "No tray icon").await;
    app.close(&stage.session).await;
    stage.emit(&SELLER, r#"{"title":"still here"}"#);
    recorder.wait_for(|toast| toast.summary == "still here").await;
    let mut second = stage.session.logged(APP);
    second.env("AGORA_HOME", stage.home());
    assert!(second.status().await.unwrap().success());
    app.wait_until_open().await;
    app.wait_for("alert-row", |row| row.contains("still here")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_service_the_app_works_with_a_token_from_elsewhere() {
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"no keyring needed"}"#);
    recorder.wait_for(|toast| toast.summary == "no keyring needed").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_sessions_bus_the_app_ends_in_order() {
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    Item::wait(&stage.session).await;
    stage.session.end_bus().await;
    let status = within("the end of the app", app.wait()).await.unwrap();
    let log = stage.session.folder().join("logs/agora-notifier.log");
    let said = std::fs::read_to_string(log).unwrap();
    assert!(status.success() && !said.contains("panicked"), "{status}: {said}");
    assert!(stage.market.wait_for_client_gone(&client_id(&SELLER), SOON).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_display_alerts_arrive_and_a_toast_says_that_there_is_no_window() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let mut app = stage.session.command(APP);
    app.envs(stage.environment(&SELLER)).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let app = app.stderr(Stdio::piped()).spawn().unwrap();
    daemon.wait_for("The window can't be opened").await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"all the same"}"#);
    daemon.wait_for("all the same").await;
    signal(app.id().unwrap(), "TERM");
    let ended = within("its end", app.wait_with_output()).await.unwrap();
    assert!(ended.status.success(), "{}", ended.status);
    let said = String::from_utf8(ended.stderr).unwrap();
    let is_one = |text: &str| text.matches("no display answers").count() == 1;
    assert!(is_one(&said) && !said.contains("panicked") && !said.contains('\u{1b}'), "{said}");
    let logs = std::fs::read_dir(stage.home().join("logs")).unwrap();
    let logged: String =
        logs.map(|log| std::fs::read_to_string(log.unwrap().path()).unwrap()).collect();
    assert!(is_one(&logged), "{logged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_of_logging_that_is_none_is_said_and_nothing_starts() {
    let stage = Stage::set(&[]).await;
    for wrong in ["loud", "info,zbus=trace"] {
        let mut app = stage.session.command(APP);
        app.env("AGORA_HOME", stage.home()).env("AGORA_LOG", wrong);
        let ended = within("its end", app.output()).await.unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("AGORA_LOG") && said.contains("off, error, warn"), "{said}");
    }
}
