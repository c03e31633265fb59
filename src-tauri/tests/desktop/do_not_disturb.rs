//! The desktop's own do-not-disturb, as each desktop says it: what becomes of toasts follows it, and nothing
//! is called shown that wasn't.

use agora_demo_market::To;
use agora_demo_market::people::SELLER;

use super::fates::wait_for_fates;
use super::own_daemon::OwnDaemon;
use super::session::{Part, Session, within};
use super::stage::{Stage, eventually};
use super::toasts::Recorder;
use super::two_daemons::start_xfce4_notifyd;

const SHOWN: &str = r#""shown""#;
const KEPT: &str = r#""kept""#;
const HANDED: &str = r#""handed""#;

/// Runs one of the desktop's own programs.
async fn run(session: &Session, program: &str, arguments: &[&str]) {
    let mut command = session.command(program);
    let status = within(program, command.args(arguments).status()).await.unwrap();
    assert!(status.success(), "{program} {arguments:?}");
}

/// Waits until the app has heard it so often.
async fn heard(stage: &Stage, what: &str, times: usize) {
    let words = format!("do-not-disturb now={what}");
    eventually(&words, || stage.log().matches(&words).count() >= times).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_paused_dunst_takes_is_kept_and_what_it_takes_later_is_shown() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    wait_for_fates(&stage, &[("before", SHOWN)]).await;
    run(&stage.session, "dunstctl", &["set-paused", "true"]).await;
    heard(&stage, "On", 1).await;
    stage.emit(&SELLER, r#"{"type":"CHAT_MESSAGE","title":"meanwhile"}"#);
    wait_for_fates(&stage, &[("meanwhile", KEPT)]).await;
    let toast = recorder.wait_for(|toast| toast.summary == "meanwhile").await;
    assert!(toast.hints.contains_key("suppress-sound"), "{toast:?}");
    app.click_row("meanwhile").await;
    app.wait_for("toast", |text| text.contains("in do-not-disturb")).await;
    run(&stage.session, "dunstctl", &["set-paused", "false"]).await;
    heard(&stage, "Off", 2).await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    wait_for_fates(&stage, &[("after", SHOWN)]).await;

    // Another daemon is asked in its own way as soon as it comes.
    run(&stage.session, "dunstctl", &["set-paused", "true"]).await;
    heard(&stage, "On", 2).await;
    stage.session.end(Part::Toasts).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    heard(&stage, "Off", 3).await;
    stage.emit(&SELLER, r#"{"title":"elsewhere"}"#);
    daemon.wait_for("elsewhere").await;
    wait_for_fates(&stage, &[("elsewhere", SHOWN)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn xfces_setting_is_followed_and_urgent_ones_come_through() {
    let stage = Stage::set(&[]).await;
    let _daemon = start_xfce4_notifyd(&stage.session, "light").await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    wait_for_fates(&stage, &[("before", SHOWN)]).await;
    let set = ["-c", "xfce4-notifyd", "-p", "/do-not-disturb", "-n", "-t", "bool", "-s", "true"];
    run(&stage.session, "xfconf-query", &set).await;
    heard(&stage, "On", 1).await;
    stage.emit(&SELLER, r#"{"title":"meanwhile"}"#);
    let fire = r#"{"type":"URGENT_NOTIFICATION","title":"on fire","isUrgent":true}"#;
    stage.market.emit(&To::Everyone, None, fire);
    wait_for_fates(&stage, &[("meanwhile", KEPT), ("on fire", SHOWN)]).await;
    let reset = ["-c", "xfce4-notifyd", "-p", "/do-not-disturb", "-r"];
    run(&stage.session, "xfconf-query", &reset).await;
    heard(&stage, "Off", 2).await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    wait_for_fates(&stage, &[("after", SHOWN)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plasmas_property_is_followed_and_of_urgent_ones_nothing_is_claimed() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"type":"CHAT_MESSAGE","title":"before"}"#);
    assert!(!daemon.wait_for("before").await.silent);
    wait_for_fates(&stage, &[("before", SHOWN)]).await;
    daemon.inhibit(true).await;
    heard(&stage, "On", 1).await;
    stage.emit(&SELLER, r#"{"type":"CHAT_MESSAGE","title":"meanwhile"}"#);
    assert!(daemon.wait_for("meanwhile").await.silent);
    let fire = r#"{"type":"URGENT_NOTIFICATION","title":"on fire","isUrgent":true}"#;
    stage.market.emit(&To::Everyone, None, fire);
    wait_for_fates(&stage, &[("meanwhile", KEPT), ("on fire", HANDED)]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gnomes_setting_is_followed_through_dconf() {
    let stage = Stage::set(&[]).await;
    let _settings = stage.session.logged("/usr/libexec/dconf-service").spawn().unwrap();
    stage.session.wait_for_owner("ca.desrt.dconf", true).await;
    let _daemon = OwnDaemon::named(&stage.session, "gnome-shell", "GNOME").await;
    let mut environment = stage.environment(&SELLER);
    environment.push(("GSETTINGS_BACKEND", "dconf".into()));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    wait_for_fates(&stage, &[("before", SHOWN)]).await;
    for (banners, state, times, title, fate) in
        [("false", "On", 1, "meanwhile", KEPT), ("true", "Off", 2, "after", SHOWN)]
    {
        let key = ["set", "org.gnome.desktop.notifications", "show-banners", banners];
        let mut gsettings = stage.session.command("gsettings");
        gsettings.env("GSETTINGS_BACKEND", "dconf").args(key);
        assert!(within("gsettings", gsettings.status()).await.unwrap().success());
        heard(&stage, state, times).await;
        stage.emit(&SELLER, &format!(r#"{{"title":"{title}"}}"#));
        wait_for_fates(&stage, &[(title, fate)]).await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_nobody_knows_is_not_said_to_have_shown_anything() {
    let stage = Stage::set(&[]).await;
    let _daemon = OwnDaemon::named(&stage.session, "another", "nobody").await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"handed over"}"#);
    wait_for_fates(&stage, &[("handed over", HANDED)]).await;
    app.click_row("handed over").await;
    app.wait_for("toast", |text| text.contains("doesn't say whether it showed it")).await;
    app.end().await;
}
