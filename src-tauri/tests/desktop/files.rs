//! Files and disks that are not as they should be: said clearly, and nothing is lost.

use std::path::Path;
use std::process::Command;

use agora_demo_market::people::SELLER;
use rusqlite::Connection;

use super::session::{signal, within};
use super::stage::{APP, Stage};

/// A small file system of its own under a folder, for as long as the value lives. Needs root.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(folder: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=400k", "agora-test"])
            .arg(folder)
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn remount(&self, options: &str) {
        let status =
            Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        // Lazily: the app may still have files open there.
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_of_a_newer_version_is_left_alone_and_said() {
    let stage = Stage::set(&[]).await;
    std::fs::create_dir_all(stage.home()).unwrap();
    let file = stage.home().join("inbox.sqlite");
    let db = Connection::open(&file).unwrap();
    db.execute_batch("PRAGMA application_id = 0x41475241; PRAGMA user_version = 99").unwrap();
    drop(db);
    let before = std::fs::read(&file).unwrap();
    let app = stage.start(&stage.environment(&SELLER)).await;
    app.wait_for_texts("notice", |texts| texts.iter().any(|text| text.contains("newer version")))
        .await;
    assert!(stage.market.requests().is_empty(), "what can't be kept is not received");
    app.end().await;
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_alerts_wait_and_are_kept_once_there_is_room() {
    let stage = Stage::set(&[]).await;
    let home = stage.home();
    let Some(disk) = SmallDisk::mount(&home) else {
        return assert!(!is_root(), "root can mount");
    };
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    app.wait_for("alert-row", |row| row.contains("before")).await;
    let long = "x".repeat(600_000);
    stage.emit(&SELLER, &format!(r#"{{"title":"too much","content":"{long}"}}"#));
    app.wait_for_texts("notice", |texts| texts.iter().any(|text| text.contains("disk is full")))
        .await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    disk.remount("size=20m");
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    app.wait_for_texts("notice", |texts| !texts.iter().any(|text| text.contains("disk is full")))
        .await;
    assert_eq!(stage.kept(), ["before", "too much", "after"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_cant_be_written_is_said_and_nothing_is_received() {
    let stage = Stage::set(&[]).await;
    let home = stage.home();
    let Some(disk) = SmallDisk::mount(&home) else {
        return assert!(!is_root(), "root can mount");
    };
    // A webview without a folder can't be driven.
    std::fs::create_dir(home.join("webview")).unwrap();
    disk.remount("ro");
    let app = stage.start(&stage.environment(&SELLER)).await;
    app.wait_for_texts("notice", |texts| texts.iter().any(|text| text.contains("inbox"))).await;
    assert!(stage.market.requests().is_empty(), "what can't be kept is not received");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_written_there_is_a_window_all_the_same() {
    let stage = Stage::set(&[]).await;
    let home = stage.home();
    let Some(disk) = SmallDisk::mount(&home) else {
        return assert!(!is_root(), "root can mount");
    };
    disk.remount("ro");
    let mut app = stage.session.logged(APP);
    let mut app = app.envs(stage.environment(&SELLER)).spawn().unwrap();
    let mut xdotool = stage.session.command("xdotool");
    xdotool.args(["search", "--sync", "--onlyvisible", "--name", "^Agora$"]);
    xdotool.stdout(std::process::Stdio::null());
    assert!(within("the window", xdotool.status()).await.unwrap().success());
    signal(app.id().unwrap(), "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_kept_lies_in_the_home_and_is_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    app.end().await;
    for folder in ["", "logs", "webview"] {
        let mode = stage.home().join(folder).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{folder}");
    }
    for outside in ["config", "data", "cache", "state"] {
        let folder = std::fs::read_dir(stage.session.folder().join(outside)).unwrap();
        let ours = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let ours: Vec<_> = ours.filter(|name| name.contains("agora")).collect();
        assert!(ours.is_empty(), "{outside}: {ours:?}");
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}
