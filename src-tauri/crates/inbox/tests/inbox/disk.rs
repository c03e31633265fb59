//! Disks that are full or can't be written.

use crate::mounted::{fill, on_a_disk_of};
use crate::sample::{alert, batch};
use agora_inbox::{Access, Inbox, NewAlert, OpenError, StoreError, kept_aside, writable};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::Command;

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
    let test = "disk::a_disk_that_fills_up_keeps_whole_batches_or_nothing_and_goes_on_with_space";
    let Some(disk) = on_a_disk_of("3m", test) else { return };
    let file = disk.join("inbox.sqlite");
    // What a person finds to delete in the end: of what is filled up later there may be nothing left.
    let theirs = disk.join("theirs");
    fs::write(&theirs, vec![1; 200_000]).unwrap();
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
    fill(&disk);
    for _ in 0..3 {
        let error = inbox.commit(one(kept + 1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    }
    // What is there can be read, and is just what was kept.
    assert_eq!(inbox.counts().await.unwrap().total(), kept * 5);
    let cursor = inbox.last_event_id("market one".into()).await.unwrap();
    assert_eq!(cursor, Some(kept.to_string()));
    inbox.check().await.unwrap();
    fs::remove_file(theirs).unwrap();
    let small = batch(vec![alert("small")], Some("small"));
    assert_eq!(inbox.commit(small).await.unwrap().new.len(), 1);
    drop(inbox);
    whole(&file);
    assert_eq!(*Inbox::open(&file, Access::Write).unwrap().set_aside().borrow(), None);
}

#[test]
fn without_space_no_inbox_is_made_and_it_is_once_there_is_some() {
    let test = "disk::without_space_no_inbox_is_made_and_it_is_once_there_is_some";
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
async fn a_file_and_a_folder_that_can_only_be_read_are_left_alone() {
    let test = "disk::a_file_and_a_folder_that_can_only_be_read_are_left_alone";
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
