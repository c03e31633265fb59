//! Notification daemons that are slow, refuse, come only when they are called, or go and come back.

use std::time::{Duration, Instant};

use agora_demo_market::people::SELLER;
use zbus::fdo;

use super::fates::wait_for_fates;
use super::own_daemon::OwnDaemon;
use super::session::Part;
use super::stage::Stage;
use super::toasts::{Recorder, counted};
use super::window::App;

async fn no_notice_of_toasts(app: &App) {
    app.wait_for_texts("notice", |texts| !texts.iter().any(|text| text.contains("No toasts")))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_daemon_gets_one_toast_for_all_that_came_meanwhile() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"the first"}"#);
    daemon.expect(&["the first"]).await;
    let begun = Instant::now();
    for _ in 0..3 {
        stage.emit(&SELLER, r#"{"title":"meanwhile"}"#);
    }
    app.wait_for_texts("alert-row", |rows| rows.len() == 4).await;
    // Slow is a matter of time alone.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    daemon.answers.add_permits(10);
    daemon.expect(&["the first", "3 new alerts"]).await;
    // What comes while the storm lasts is counted by it.
    stage.emit(&SELLER, r#"{"title":"quick again"}"#);
    daemon.wait_for_count(3).await;
    // It lasts five seconds, which is no time for a busy machine.
    if begun.elapsed() < Duration::from_secs(5) {
        let asked = daemon.expect(&["the first", "3 new alerts", "4 new alerts"]).await;
        assert_eq!(asked[1].id, asked[2].id, "it is the same toast");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_while_a_slow_daemon_takes_its_time_goes_as_soon_as_it_comes() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::start(&stage.session).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"soon read"}"#);
    let asked = daemon.expect(&["soon read"]).await;
    app.click("alert-row").await;
    app.wait_for_texts("unread-count", <[_]>::is_empty).await;
    daemon.answers.add_permits(1);
    recorder.wait_until_closed(asked[0].id).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_that_the_daemon_refuses_is_no_missing_daemon() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    no_notice_of_toasts(&app).await;
    stage.emit(&SELLER, r#"{"title":"refused"}"#);
    daemon.expect(&["refused"]).await;
    stage.emit(&SELLER, r#"{"title":"taken"}"#);
    daemon.expect(&["refused", "taken"]).await;
    wait_for_fates(&stage, &[("refused", r#""not_shown""#), ("taken", r#""shown""#)]).await;
    app.end().await;
    let log = stage.log();
    assert!(log.contains("too many toasts") && !log.contains("NoToasts"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_says_nothing_of_itself_is_given_toasts_all_the_same() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::silent(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"taken"}"#);
    daemon.expect(&["taken"]).await;
    wait_for_fates(&stage, &[("taken", r#""handed""#)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_starts_on_demand_is_not_missed_when_it_ends() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let service = "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/usr/bin/dunst\n";
    let services = stage.session.folder().join("services");
    std::fs::write(services.join("org.freedesktop.Notifications.service"), service).unwrap();
    let bus = stage.session.bus().await;
    let names = fdo::DBusProxy::new(&bus).await.unwrap();
    names.reload_config().await.unwrap();
    stage.session.end(Part::Toasts).await;
    stage.emit(&SELLER, r#"{"title":"called for"}"#);
    recorder.wait_for(|toast| toast.summary == "called for").await;
    no_notice_of_toasts(&app).await;
    app.end().await;
    assert!(!stage.log().contains("NoToasts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn toasts_go_and_come_back_with_the_daemon() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    for number in 0..6 {
        stage.emit(&SELLER, &format!(r#"{{"title":"before {number}"}}"#));
    }
    recorder.wait_for(|toast| toast.summary == "3 new alerts").await;
    stage.session.end(Part::Toasts).await;
    app.wait_for("notice", |text| text.contains("No toasts")).await;
    stage.emit(&SELLER, r#"{"title":"unseen"}"#);
    wait_for_fates(&stage, &[("unseen", r#""no_daemon""#)]).await;
    stage.session.begin(Part::Toasts).await;
    // As many as make a storm, however long the daemon took to come.
    let storm = async {
        loop {
            stage.emit(&SELLER, r#"{"title":"after"}"#);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    // One that counts more. dunst counts its toasts from 1 anew: there is none to be replaced.
    let anew = tokio::select! {
        toast = recorder.wait_for(|toast| counted(&toast.summary) > 3) => toast,
        () = storm => unreachable!("it goes on"),
    };
    assert_eq!(anew.replaces_id, 0);
    wait_for_fates(&stage, &[("before 0", r#""shown""#)]).await;
    no_notice_of_toasts(&app).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_is_told_after_the_toasts_end_counts() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"clicked"}"#);
    let toast = daemon.wait_for("clicked").await;
    wait_for_fates(&stage, &[("clicked", r#""shown""#)]).await;
    daemon.act_late(&toast, "default").await;
    app.wait_for("alert-detail", |text| text.contains("clicked")).await;
    wait_for_fates(&stage, &[("clicked", r#""clicked""#)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_counts_on_where_the_daemon_closes_what_it_replaces() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    daemon.renews.store(true, std::sync::atomic::Ordering::Relaxed);
    let app = stage.app(&SELLER).await;
    let begun = Instant::now();
    for number in 1..=7 {
        stage.emit(&SELLER, &format!(r#"{{"title":"alert {number}"}}"#));
        app.wait_for_texts("alert-row", |rows| rows.len() == number).await;
    }
    let last = daemon.wait_for("4 new alerts").await;
    // It lasts five seconds, which is no time for a busy machine.
    if begun.elapsed() < Duration::from_secs(5) {
        assert!(last.id > 4, "it was replaced by one with an id of its own: {last:?}");
    }
    app.end().await;
}
