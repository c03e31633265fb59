//! A closed window leaves no process behind, and comes back all the same. Without a driver, which
//! would keep them.

use agora_demo_market::people::SELLER;

use super::fates::wait_for_fates;
use super::own_daemon::OwnDaemon;
use super::session::{Session, signal, within};
use super::stage::{APP, Stage, eventually};
use super::window::children;

/// Waits until the window can be seen.
pub(crate) async fn until_shown(session: &Session) {
    let mut xdotool = session.command("xdotool");
    xdotool.args(["search", "--sync", "--onlyvisible", "--name", "Agora$"]);
    xdotool.stdout(std::process::Stdio::null());
    // It gives up where a window goes away while it looks at it.
    let shown = async { while !xdotool.status().await.unwrap().success() {} };
    within("the window", shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_leaves_no_process_and_comes_back_with_its_page() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let mut app = stage.session.logged(APP).envs(stage.environment(&SELLER)).spawn().unwrap();
    let process = app.id().unwrap();
    stage.connected(&SELLER).await;
    until_shown(&stage.session).await;
    for title in ["first", "second"] {
        let mut wmctrl = stage.session.command("wmctrl");
        assert!(wmctrl.args(["-c", "Agora"]).status().await.unwrap().success());
        let ended = async { while !children(process).await.is_empty() {} };
        within("the end of the webview's processes", ended).await;

        // Only a page that is there opens the alert, by which it is read.
        stage.emit(&SELLER, &format!(r#"{{"title":"{title}"}}"#));
        let toast = daemon.wait_for(title).await;
        wait_for_fates(&stage, &[(title, r#""shown""#)]).await;
        daemon.act(&toast, "default").await;
        until_shown(&stage.session).await;
        eventually("the page", || !stage.kept().is_empty() && stage.unread().is_empty()).await;
    }
    signal(process, "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}
