//! The window comes to the front where a person clicked, on a desktop that wants that shown: Wayland.

use std::time::Duration;

use agora_demo_market::people::SELLER;

use super::compositor::Compositor;
use super::fates::wait_for_fates;
use super::foreground::Foreground;
use super::own_daemon::OwnDaemon;
use super::session::Part;
use super::stage::Stage;
use super::tray::Item;
use super::window::App;

/// The app's name on Wayland.
const AGORA: &str = "market.agora.notifier";

/// Starts the app, and another program, whose window then hides the app's.
async fn hidden_app(stage: &Stage, compositor: &mut Compositor) -> (App, Foreground) {
    let mut environment = stage.environment(&SELLER);
    environment.extend(compositor.environment());
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    assert!(compositor.wait_for_focus(AGORA).await);
    (app, Foreground::open(&compositor.display).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_toast_brings_its_alert_to_the_front_on_wayland() {
    let stage = Stage::set(&[]).await;
    let Some(mut compositor) = Compositor::start(&stage.session).await else { return };
    let daemon = OwnDaemon::quick(&stage.session).await;
    let (app, foreground) = hidden_app(&stage, &mut compositor).await;
    stage.emit(&SELLER, r#"{"title":"look here"}"#);
    let toast = daemon.wait_for("look here").await;
    wait_for_fates(&stage, &[("look here", r#""shown""#)]).await;
    let (foreground, token) = foreground.token().await;
    daemon.act_with(&toast, "default", &token).await;
    assert!(compositor.wait_for_focus(AGORA).await, "it can be seen");
    app.wait_for("alert-detail", |text| text.contains("look here")).await;

    // So does the question whether a link may open that isn't the market's.
    drop(foreground);
    let foreground = Foreground::open(&compositor.display).await;
    stage.emit(&SELLER, r#"{"title":"elsewhere","link":"https://elsewhere.example/"}"#);
    let toast = daemon.wait_for("elsewhere").await;
    wait_for_fates(&stage, &[("elsewhere", r#""shown""#)]).await;
    let (_foreground, token) = foreground.token().await;
    daemon.act_with(&toast, "open-in-market", &token).await;
    assert!(compositor.wait_for_focus(AGORA).await, "it can be seen");
    app.wait_for("alert-detail", |text| text.contains("elsewhere.example")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_the_tray_icon_brings_the_window_to_the_front_on_wayland() {
    let stage = Stage::set(&[Part::Tray]).await;
    let Some(mut compositor) = Compositor::start(&stage.session).await else { return };
    let (app, foreground) = hidden_app(&stage, &mut compositor).await;
    let icon = Item::wait(&stage.session).await;
    let (_foreground, token) = foreground.token().await;
    // A token that has to wait for its click longer than a moment is forgotten: click again.
    let clicks = async {
        loop {
            icon.activate_with(&token).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        seen = compositor.wait_for_focus(AGORA) => assert!(seen, "it can be seen"),
        () = clicks => {}
    }
    app.end().await;
}
