//! Files and disks that are not as they should be: said clearly, and nothing is lost.

use std::path::{Path, PathBuf};
use std::process::Command;

use agora_demo_market::people::SELLER;
use rusqlite::Connection;

use super::session::{signal, within};
use super::stage::{APP, Stage};
use super::window::App;

/// A small file system of its own under a folder, for as long as the value lives. Needs root.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(folder: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=400k,mode=700", "agora-test"])
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

/// Waits for a notice, opens it, and gives the whole of it.
async fn notice(app: &App, title: &str) -> String {
    app.wait_for("notice", |text| text.contains(title)).await;
    let unfold = format!(
        "const of = [...document.querySelectorAll('[data-testid=notice]')]
            .find(each => each.innerText.includes({title:?}));
         of.querySelector('details').open = true;"
    );
    app.client.execute(&unfold, vec![]).await.unwrap();
    app.wait_for("notice", |text| text.contains(title) && text.contains('\n')).await
}

async fn no_notice(app: &App, title: &str) {
    app.wait_for_texts("notice", |all| !all.iter().any(|text| text.contains(title))).await;
}

/// What is beside the inbox with such a word in its name.
fn aside(stage: &Stage, word: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(stage.home()).unwrap().map(|entry| entry.unwrap().path());
    let is_one = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.starts_with(&format!("inbox.{word}-")) && name.ends_with(".sqlite")
    };
    files.filter(is_one).collect()
}

/// That alerts are received and kept, one after the other.
async fn receives(stage: &Stage, app: &App) {
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"received"}"#);
    app.wait_for("alert-row", |row| row.contains("received")).await;
    assert_eq!(stage.kept().last().map(String::as_str), Some("received"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_inbox_is_set_aside_whole_said_where_and_receiving_goes_on() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    receives(&stage, &app).await;
    app.end().await;
    // The log of changes goes into the file when the last one closes it.
    let last = Connection::open(stage.inbox()).unwrap();
    last.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(last);
    // Whole at its beginning, so that it is an inbox, and rubbish after that.
    let mut bytes = std::fs::read(stage.inbox()).unwrap();
    bytes[4_096..].fill(0x5a);
    std::fs::write(stage.inbox(), &bytes).unwrap();
    let app = stage.app(&SELLER).await;
    let said = notice(&app, "The old inbox was set aside").await;
    let kept = aside(&stage, "damaged");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(said.contains(kept[0].to_str().unwrap()), "{said}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), bytes, "nothing of it was changed");
    receives(&stage, &app).await;
    assert_eq!(stage.kept(), ["received"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_database_is_left_alone_until_the_person_sets_it_aside() {
    let stage = Stage::set(&[]).await;
    std::fs::create_dir_all(stage.home()).unwrap();
    let db = Connection::open(stage.inbox()).unwrap();
    db.execute_batch("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('望春風')").unwrap();
    drop(db);
    let before = std::fs::read(stage.inbox()).unwrap();
    let app = stage.start(&stage.environment(&SELLER)).await;
    notice(&app, "Another program's file").await;
    assert!(stage.market.requests().is_empty(), "what can't be kept is not received");
    assert_eq!(std::fs::read(stage.inbox()).unwrap(), before);
    app.click("set-aside").await;
    no_notice(&app, "Another program's file").await;
    receives(&stage, &app).await;
    let kept = aside(&stage, "set-aside");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), before, "nothing of it was changed");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_another_program_holds_is_said_and_used_once_it_lets_go() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    app.end().await;
    let holder = Connection::open(stage.inbox()).unwrap();
    holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    stage.market.forget_requests();
    let app = stage.start(&stage.environment(&SELLER)).await;
    notice(&app, "Another program holds the inbox").await;
    let connects = stage.market.requests().into_iter().filter(|request| request.method == "GET");
    assert_eq!(connects.count(), 0, "what can't be kept is not received");
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    no_notice(&app, "Another program holds the inbox").await;
    receives(&stage, &app).await;
    app.end().await;
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
    // Of each so much is kept, and of all of them more than the disk has.
    let long = "x".repeat(32 << 10);
    for _ in 0..20 {
        stage.emit(&SELLER, &format!(r#"{{"title":"too much","content":"{long}"}}"#));
    }
    app.wait_for_texts("notice", |texts| texts.iter().any(|text| text.contains("disk is full")))
        .await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    disk.remount("size=20m");
    app.wait_for("alert-row", |row| row.contains("after")).await;
    app.wait_for_texts("notice", |texts| !texts.iter().any(|text| text.contains("disk is full")))
        .await;
    let kept = [&["before"][..], &["too much"; 20], &["after"]].concat();
    assert_eq!(stage.kept(), kept);
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
    xdotool.args(["search", "--sync", "--onlyvisible", "--name", "Agora$"]);
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
