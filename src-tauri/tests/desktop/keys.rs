//! The window's keys, by real presses: what it is called follows what it shows, and it closes and the app
//! quits by them.

use agora_demo_market::people::SELLER;

use super::session::{Session, within};
use super::stage::{APP, Stage};

async fn key(session: &Session, key: &str) {
    let mut xdotool = session.command("xdotool");
    assert!(xdotool.args(["key", key]).status().await.unwrap().success(), "{key}");
}

/// Waits until a window is called so.
async fn called(session: &Session, name: &str) {
    let wanted = format!("^{name}$");
    let shown = async {
        loop {
            let mut xdotool = session.command("xdotool");
            xdotool.args(["search", "--onlyvisible", "--name", &wanted]);
            if xdotool.output().await.unwrap().status.success() {
                return;
            }
        }
    };
    within(name, shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_called_what_it_shows_and_closes_and_quits_by_its_keys() {
    let stage = Stage::set(&[]).await;
    let mut app = stage.app(&SELLER).await;
    called(&stage.session, "Inbox · Agora").await;
    key(&stage.session, "ctrl+comma").await;
    called(&stage.session, "Settings · Agora").await;
    key(&stage.session, "ctrl+f").await;
    called(&stage.session, "Inbox · Agora").await;
    app.wait_for("search", |_| true).await;
    let focused: String = app.evaluate("return document.activeElement.dataset.testid").await;
    assert_eq!(focused, "search");
    key(&stage.session, "ctrl+w").await;
    app.wait_until_closed().await;
    // The app goes on, and its window comes back.
    let mut second = stage.session.logged(APP);
    second.arg("--show").envs(stage.environment(&SELLER));
    assert!(second.status().await.unwrap().success());
    app.wait_until_open().await;
    called(&stage.session, "Inbox · Agora").await;
    key(&stage.session, "ctrl+q").await;
    app.ended().await;
}
