//! The connection's state, in the tray and in the window, as it comes and goes.

use std::time::Duration;

use agora_demo_market::people::SELLER;

use super::session::{Part, signal};
use super::stage::{SOON, Stage, client_id, market};
use super::toasts::Recorder;
use super::tray::{Item, Line};

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_tells_connected_waiting_and_paused_apart() {
    let stage = Stage::set(&[Part::Tray, Part::Toasts]).await;
    let app = stage.app(&SELLER).await;
    let tray = Item::wait(&stage.session).await;
    let connected = tray.wait_until(|state| state.tooltip.1 == "Connected").await;

    tray.click("Disconnect…").await;
    app.click("disconnect-two_hours").await;
    let paused = tray.wait_until(|state| state.tooltip.1.starts_with("Disconnected until ")).await;
    stage.request(|request| request.method == "DELETE").await;
    app.wait_for("connection", |text| text.contains("Disconnected until ")).await;

    tray.click("Connect").await;
    tray.wait_until(|state| *state == connected).await;
    let port = stage.market.addr().port();
    let Stage { session, market: gone } = stage;
    gone.stop().await;
    let waiting = tray.wait_until(|state| state.tooltip.1.starts_with("Waiting")).await;
    assert_ne!(connected.icon, waiting.icon);
    assert_ne!(connected.icon, paused.icon);
    assert_ne!(paused.icon, waiting.icon);
    app.wait_for("connection", |text| text.contains("Reconnecting in")).await;
    // Between two waits it says that it connects.
    let first = |menu: &[Line]| menu[0].label.starts_with("Waiting") && !menu[0].enabled;
    tray.wait_for_menu(first).await;

    let _market = market(port).await;
    tray.click("Reconnect now").await;
    tray.wait_until(|state| *state == connected).await;
    app.end().await;
    drop(session);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_market_that_was_away_is_found_again_and_its_next_event_comes_without_a_hand() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let port = stage.market.addr().port();
    let away = std::mem::replace(&mut stage.market, market(0).await);
    away.stop().await;
    app.wait_for("connection", |text| text.contains("Reconnecting in")).await;
    stage.market = market(port).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"back again"}"#);
    recorder.wait_for(|toast| toast.summary == "back again").await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quit_in_the_tray_and_sigterm_say_goodbye() {
    for by_tray in [true, false] {
        let stage = Stage::set(&[Part::Tray]).await;
        let mut app = stage.app(&SELLER).await;
        if by_tray {
            Item::wait(&stage.session).await.click("Quit").await;
        } else {
            signal(app.process, "TERM");
        }
        let goodbye = stage.request(|request| request.method == "DELETE").await;
        let path = format!("/api/sse/disconnect/{}-", client_id(&SELLER));
        assert!(goodbye.path.starts_with(&path), "{}", goodbye.path);
        app.ended().await;
        assert_eq!(stage.market.requests().last().unwrap().number, goodbye.number);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_leaves_no_webview_and_the_app_receives_on() {
    let stage = Stage::set(&[Part::Tray, Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.app(&SELLER).await;
    app.close(&stage.session).await;
    stage.emit(&SELLER, r#"{"title":"while closed"}"#);
    recorder.wait_for(|toast| toast.summary == "while closed").await;
    Item::wait(&stage.session).await.activate().await;
    app.wait_until_open().await;
    app.wait_for("alert-row", |row| row.contains("while closed")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_woke_is_connected_anew() {
    let stage = Stage::set(&[]).await;
    // The session's bus stands for the system's, and the test for logind.
    let logind = stage.session.bus().await;
    logind.request_name("org.freedesktop.login1").await.unwrap();
    let mut environment = stage.environment(&SELLER);
    environment.push(("DBUS_SYSTEM_BUS_ADDRESS", stage.session.bus_address().into()));
    let app = stage.start(&environment).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let first = stage.request(|request| request.path.contains("/connect/")).await.number;
    let path = "/org/freedesktop/login1";
    let woke = async || {
        let manager = "org.freedesktop.login1.Manager";
        logind.emit_signal(None::<&str>, path, manager, "PrepareForSleep", &false).await.unwrap();
    };
    // The app may connect before it listens to logind; a signal told twice is one wake still.
    let anew = |request: &agora_demo_market::Recorded| {
        request.path.contains("/connect/") && request.number > first
    };
    for _ in 0..SOON.as_secs() {
        woke().await;
        if stage.market.wait_for_request(anew, Duration::from_secs(1)).await.is_some() {
            app.wait_for("connection", |text| text.contains("Connected")).await;
            return app.end().await;
        }
    }
    panic!("the wake is not heard");
}
