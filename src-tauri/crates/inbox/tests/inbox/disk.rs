//! Disks that are full or can't be written. Each is a real one, a few megabytes in memory that only
//! this test's own process sees; where the system lets nobody make one, the test says so.

use crate::migration::{first_inbox, newest};
use crate::sample::{Place, alert, batch, beside};
use agora_inbox::{Access, Inbox, NewAlert, OpenError, StoreError, backups, kept_aside, writable};
use rusqlite::Connection;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to this test's own program where its disk is.
const DISK: &str = "AGORA_TEST_DISK";

/// Runs a test of this file once more where a disk of that size is mounted; `None` for who started
/// that, the disk's folder for who was started.
fn on_a_disk_of(size: &str, test: &str) -> Option<PathBuf> {
    if let Some(disk) = env::var_os(DISK) {
        return Some(disk.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size={size} none \"$1\"");
    let run = |script: String| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", &script, "sh"])
            .args([folder.path(), &env::current_exe().unwrap()])
            .args(["--exact", &format!("disk::{test}"), "--nocapture"])
            .env(DISK, folder.path())
            .output()
    };
    if !run(mount.clone()).is_ok_and(|tried| tried.status.success()) {
        // Not by way of the test's own output, which nobody sees of one that passes.
        let _ = writeln!(io::stderr(), "SKIPPED disk::{test}: no disk can be mounted here");
        return None;
    }
    let ran = run(format!("{mount} && shift && exec \"$@\"")).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}\n{errors}");
    None
}

/// Fills the disk to the last byte with a file, whose path it gives.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut filler = File::create(&path).unwrap();
    let mut size = 1 << 20;
    while size > 0 {
        if filler.write_all(&vec![1; size]).is_err() {
            size /= 2;
        }
    }
    path
}

/// Gives so many bytes of what fills the disk back.
fn leave(filler: &Path, bytes: u64) {
    let filler = OpenOptions::new().write(true).open(filler).unwrap();
    filler.set_len(filler.metadata().unwrap().len() - bytes).unwrap();
}

/// Mounts what is at a path once more over itself, so that it can only be read.
fn read_only(path: &Path) {
    for arguments in [&["--bind"][..], &["-o", "remount,bind,ro"]] {
        let mut mount = Command::new("mount");
        mount.args(arguments).arg(path);
        if arguments.len() == 1 {
            mount.arg(path);
        }
        assert!(mount.status().unwrap().success());
    }
}

fn whole(file: &Path) {
    let db = Connection::open(file).unwrap();
    let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
}

#[tokio::test]
async fn a_disk_that_fills_up_keeps_whole_batches_or_nothing_and_goes_on_with_space() {
    let test = "a_disk_that_fills_up_keeps_whole_batches_or_nothing_and_goes_on_with_space";
    let Some(disk) = on_a_disk_of("3m", test) else { return };
    let file = disk.join("inbox.sqlite");
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    let one = |n: u32| {
        let body = NewAlert { raw: "x".repeat(20_000), ..alert(&n.to_string()) };
        batch(vec![body; 5], Some(&n.to_string()))
    };
    let mut kept = 0;
    let error = loop {
        match inbox.commit(one(kept + 1)).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 100, "the disk never fills up");
    };
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert!(kept > 0);
    let filler = fill(&disk);
    for _ in 0..3 {
        let error = inbox.commit(one(kept + 1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    }
    // What is there can be read, and is just what was kept.
    assert_eq!(inbox.counts().await.unwrap().total(), kept * 5);
    let cursor = inbox.last_event_id("market one".into()).await.unwrap();
    assert_eq!(cursor, Some(kept.to_string()));
    inbox.check().await.unwrap();
    fs::remove_file(filler).unwrap();
    let small = batch(vec![alert("small")], Some("small"));
    assert_eq!(inbox.commit(small).await.unwrap().new.len(), 1);
    drop(inbox);
    whole(&file);
    assert_eq!(*Inbox::open(&file, Access::Write).unwrap().set_aside().borrow(), None);
}

#[test]
fn without_space_no_inbox_is_made_and_it_is_once_there_is_some() {
    let test = "without_space_no_inbox_is_made_and_it_is_once_there_is_some";
    let Some(disk) = on_a_disk_of("1m", test) else { return };
    let filler = fill(&disk);
    let file = disk.join("inbox.sqlite");
    let error = Inbox::open(&file, Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Full(_))), "{error:?}");
    fs::remove_file(filler).unwrap();
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    assert_eq!(*inbox.set_aside().borrow(), None);
}

#[tokio::test]
async fn without_space_for_a_backup_nothing_is_migrated_and_an_older_backup_stays() {
    let test = "without_space_for_a_backup_nothing_is_migrated_and_an_older_backup_stays";
    let Some(disk) = on_a_disk_of("6m", test) else { return };
    let elsewhere = Place::new();
    first_inbox(&elsewhere.file(), 2_000);
    let file = disk.join("inbox.sqlite");
    whole(&elsewhere.file());
    fs::copy(elsewhere.file(), &file).unwrap();
    let before = fs::read(&file).unwrap();
    let older = disk.join(format!("inbox.before-v{}.sqlite", newest()));
    fs::write(&older, "an older backup").unwrap();
    let filler = fill(&disk);
    let error = Inbox::open(&file, Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Full(_))), "{error:?}");
    leave(&filler, 200_000);
    let error = Inbox::open(&file, Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Backup(_, StoreError::Full(_))), "{error:?}");
    assert!(error.to_string().contains("nothing was changed"), "{error}");
    assert!(fs::read(&file).unwrap() == before, "the inbox was touched");
    assert_eq!(fs::read(&older).unwrap(), b"an older backup");
    assert!(!beside(&older, ".part").exists() && kept_aside(&file).is_empty());

    // Space for the backup, and not for what follows.
    let size = fs::metadata(&file).unwrap().len();
    leave(&filler, size + 400_000);
    let error = Inbox::open(&file, Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Full(_))), "{error:?}");
    let version = |path: &Path| -> u32 {
        let db = Connection::open(path).unwrap();
        db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(backups(&file), [older.as_path()]);
    assert_eq!((version(&file), version(&older)), (1, 1));

    fs::remove_file(&filler).unwrap();
    fs::remove_file(&older).unwrap();
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    assert_eq!(inbox.counts().await.unwrap().total(), 2_000);
}

#[tokio::test]
async fn a_file_and_a_folder_that_can_only_be_read_are_left_alone() {
    let test = "a_file_and_a_folder_that_can_only_be_read_are_left_alone";
    let Some(disk) = on_a_disk_of("4m", test) else { return };
    let file = disk.join("file/inbox.sqlite");
    Inbox::open(&file, Access::Write).unwrap().close().await;
    let refused = |file: &Path| {
        let error = Inbox::open(file, Access::Write).map(drop).unwrap_err();
        assert!(matches!(error, OpenError::Store(StoreError::ReadOnly(_))), "{error:?}");
        assert!(kept_aside(file).is_empty());
    };
    writable(&file).unwrap();
    read_only(&file);
    let error = writable(&file).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::ReadOnly(_))), "{error:?}");
    refused(&file);

    let folder = disk.join("folder");
    let file = folder.join("inbox.sqlite");
    Inbox::open(&file, Access::Write).unwrap().close().await;
    read_only(&folder);
    refused(&file);

    // Damaged, and it can't be set aside.
    let broken = disk.join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("inbox.sqlite"), "no database ".repeat(100)).unwrap();
    read_only(&broken);
    let error = Inbox::open(&broken.join("inbox.sqlite"), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::SetAside(..)), "{error:?}");

    let error = Inbox::open(&folder.join("new/inbox.sqlite"), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Folder(..)), "{error:?}");
    let error = Inbox::open(&broken.join("other.sqlite"), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::CannotOpen(_))), "{error:?}");
}
