//! The end of the app: in order, however it is asked for, and nothing half done is left.

use std::path::{Path, PathBuf};
use std::time::Duration;

use agora_demo_market::people::SELLER;
use serde_json::json;

use super::fates::wait_for_fates;
use super::million::{SOME, prepared};
use super::own_daemon::OwnDaemon;
use super::session::{Part, signal, within};
use super::stage::{APP, Stage, eventually};
use super::toasts::Recorder;
use super::tray::Item;

/// What SQLite keeps beside the inbox while it is open.
fn beside(stage: &Stage) -> Vec<PathBuf> {
    let paths = ["-wal", "-shm"].map(|end| format!("{}{end}", stage.inbox().display()).into());
    paths.into_iter().filter(|path: &PathBuf| path.exists()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn however_it_is_asked_to_end_the_inbox_is_one_file_with_all_that_arrived() {
    let stage = Stage::set(&[Part::Tray]).await;
    let mut sent = Vec::new();
    for way in ["the tray's menu", "--quit", "TERM", "INT", "HUP"] {
        let mut app = stage.session.logged(APP);
        let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
        stage.connected(&SELLER).await;
        stage.emit(&SELLER, &format!(r#"{{"title":"before {way}"}}"#));
        sent.push(format!("before {way}"));
        eventually("the file", || stage.kept() == sent).await;
        assert!(!beside(&stage).is_empty(), "the inbox is open");
        match way {
            "--quit" => {
                let mut second = stage.session.logged(APP);
                second.arg("--quit").envs(stage.environment(&SELLER));
                assert!(second.status().await.unwrap().success());
            }
            "the tray's menu" => Item::wait(&stage.session).await.click("Quit").await,
            name => signal(app.id().unwrap(), name),
        }
        let status = within("the end of the app", app.wait()).await.unwrap();
        assert!(status.success(), "{way}: {status}");
        assert!(beside(&stage).is_empty(), "{way}: {:?}", beside(&stage));
    }
    assert_eq!(stage.kept(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_under_way_leaves_nothing_half_written() {
    let file = prepared(SOME).await;
    let stage = Stage::set(&[]).await;
    stage.choose(&json!({ "keepDays": null }));
    std::fs::copy(&file, stage.inbox()).unwrap();
    let downloads = stage.session.folder().join("home/Downloads");
    std::fs::create_dir_all(&downloads).unwrap();
    let folders = "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n";
    std::fs::write(stage.session.folder().join("config/user-dirs.dirs"), folders).unwrap();
    let app = stage.app(&SELLER).await;
    app.find("alert-row").await;
    app.click("export").await;
    app.click("export-json").await;
    eventually("an export", || !names(&downloads).is_empty()).await;
    app.end().await;
    // It may have been quicker, and then it is whole.
    let left = names(&downloads);
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
    assert!(beside(&stage).is_empty(), "{:?}", beside(&stage));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_toasts_go_with_the_app_as_nobody_would_hear_their_clicks() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    for number in 1..=4 {
        stage.emit(&SELLER, &format!(r#"{{"title":"number {number}"}}"#));
    }
    let shown = r#""shown""#;
    wait_for_fates(&stage, &[("number 3", shown), ("number 4", shown)]).await;
    signal(app.id().unwrap(), "TERM");
    within("the end of the app", app.wait()).await.unwrap();
    for title in ["number 1", "number 2", "number 3", "number 4"] {
        recorder.wait_until_closed(daemon.wait_for(title).await.id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_that_comes_as_the_app_quits_goes_with_it() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::start(&stage.session).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"too late"}"#);
    let asked = daemon.expect(&["too late"]).await;
    signal(app.id().unwrap(), "TERM");
    // It has 400 ms for it, as it begins to leave.
    tokio::time::sleep(Duration::from_millis(50)).await;
    daemon.answers.add_permits(1);
    recorder.wait_until_closed(asked[0].id).await;
    within("the end of the app", app.wait()).await.unwrap();
}
