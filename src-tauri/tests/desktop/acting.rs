//! What people do with a toast, and what reading an alert does to its toast.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;

use agora_demo_market::people::SELLER;

use super::fates::wait_for_fates;
use super::own_daemon::OwnDaemon;
use super::session::{Part, within};
use super::stage::Stage;
use super::toasts::Recorder;
use super::window::App;

const WITH_LINK: &str = r#"{"type":"ORDER_SHIPPED","orderNumber":"20418","link":"/orders/20418"}"#;
const SHIPPED: &str = "Shipped: order #20418";

/// Starts the app with an opener that only says what it was to open; gives where it says so.
async fn app_with_opener(stage: &Stage) -> (App, std::path::PathBuf) {
    let programs = stage.session.folder().join("programs");
    let opened = stage.session.folder().join("opened");
    std::fs::create_dir_all(&programs).unwrap();
    let program = programs.join("xdg-open");
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho \"$1 $XDG_ACTIVATION_TOKEN\" >>'{}'\n", opened.display()),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = OsString::from(programs);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let mut environment = stage.environment(&SELLER);
    environment.push(("PATH", path));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    (app, opened)
}

async fn no_unread(app: &App) {
    app.wait_for_texts("unread-count", |counts| counts.iter().all(|count| count != "1")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_an_alert_in_the_window_closes_its_toast() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, WITH_LINK);
    let toast = recorder.wait_for(|toast| toast.summary == SHIPPED).await;
    app.wait_for("alert-row", |row| row.contains("20418")).await;
    app.click("alert-row").await;
    recorder.wait_until_closed(toast.id.unwrap()).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_marked_as_read_from_its_toast() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"read me"}"#);
    let toast = daemon.wait_for("read me").await;
    let keys: Vec<_> = toast.actions.iter().step_by(2).collect();
    assert_eq!(keys, ["default", "mark-read", "remind-in-an-hour"], "it has no link to open");
    wait_for_fates(&stage, &[("read me", r#""shown""#)]).await;
    app.wait_for("unread-count", |count| count == "1").await;
    daemon.act(&toast, "mark-read").await;
    no_unread(&app).await;
    wait_for_fates(&stage, &[("read me", r#""clicked""#)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_opened_from_its_toast_if_it_is_the_markets() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let (app, opened) = app_with_opener(&stage).await;
    let elsewhere = r#"{"title":"elsewhere","link":"https://elsewhere.example/"}"#;
    stage.emit(&SELLER, elsewhere);
    let away = daemon.wait_for("elsewhere").await;
    assert!(!away.actions.contains(&"open-in-market".to_owned()), "{away:?}");
    wait_for_fates(&stage, &[("elsewhere", r#""shown""#)]).await;
    daemon.act(&away, "open-in-market").await;
    // It is asked in the window, which reads it.
    app.wait_for("alert-detail", |text| text.contains("elsewhere.example")).await;

    stage.emit(&SELLER, WITH_LINK);
    let toast = daemon.wait_for(SHIPPED).await;
    assert_eq!(toast.actions[2..4], ["open-in-market", "Open in the market"]);
    wait_for_fates(&stage, &[(SHIPPED, r#""shown""#)]).await;
    daemon.act(&toast, "open-in-market").await;
    let there = async {
        loop {
            match std::fs::read_to_string(&opened) {
                Ok(text) if text.ends_with('\n') => return text,
                _ => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        }
    };
    let said = within("the opener", there).await;
    assert_eq!(said, format!("{}/orders/20418 a-click_TIME1\n", stage.market.origin()));
    no_unread(&app).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_that_was_closed_leaves_its_alert_unread() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"closed"}"#);
    let toast = daemon.wait_for("closed").await;
    wait_for_fates(&stage, &[("closed", r#""shown""#)]).await;
    daemon.close(&toast).await;
    stage.emit(&SELLER, r#"{"title":"the next"}"#);
    daemon.wait_for("the next").await;
    app.wait_for("unread-count", |count| count == "2").await;
    app.end().await;
}
