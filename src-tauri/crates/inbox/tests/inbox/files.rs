//! Files that are not as they should be: a clear error, and the file stays as it was.

use crate::sample::{Place, alert, batch};
use agora_inbox::{Access, Inbox, OpenError, StoreError};
use rusqlite::Connection;

fn refusal(place: &Place) -> OpenError {
    let before = std::fs::read(place.file()).unwrap();
    let error = Inbox::open(&place.file(), Access::Write).map(drop).unwrap_err();
    assert_eq!(std::fs::read(place.file()).unwrap(), before, "the file was touched");
    error
}

#[tokio::test]
async fn a_newer_inbox_is_left_alone() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch(vec![alert("kept")], None)).await.unwrap();
    let newer = Connection::open(place.file()).unwrap();
    newer.execute_batch("PRAGMA user_version = 99;").unwrap();
    let error = Inbox::open(&place.file(), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 99, .. }));
    let kept: u32 = newer.query_row("SELECT count(*) FROM alert", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1);
}

#[test]
fn another_programs_database_is_left_alone() {
    let place = Place::new();
    Connection::open(place.file()).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(matches!(refusal(&place), OpenError::NotAnInbox));
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let place = Place::new();
    std::fs::write(
        place.file(),
        "not a database, but long enough to have a header of its own".repeat(40),
    )
    .unwrap();
    assert!(matches!(refusal(&place), OpenError::Store(StoreError::Damaged(_))));
}

#[test]
fn reading_where_there_is_no_inbox_makes_none() {
    let place = Place::new();
    let error = Inbox::open(&place.file(), Access::ReadOnly).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::NotMade), "{error:?}");
    assert!(!place.file().exists());
}

#[test]
fn an_empty_file_is_an_inbox_that_is_not_made_yet() {
    let place = Place::new();
    std::fs::write(place.file(), "").unwrap();
    let error = Inbox::open(&place.file(), Access::ReadOnly).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::NotMade), "{error:?}");
    assert_eq!(std::fs::read(place.file()).unwrap(), b"");
    drop(place.open());
    Inbox::open(&place.file(), Access::ReadOnly).unwrap();
}

#[tokio::test]
async fn a_check_finds_pages_that_are_not_as_they_were_written() {
    let place = Place::new();
    let inbox = place.open();
    let alerts = (0..200).map(|n| alert(&n.to_string())).collect();
    inbox.commit(batch(alerts, None)).await.unwrap();
    inbox.check().await.unwrap();
    Inbox::open(&place.file(), Access::ReadOnly).unwrap().check().await.unwrap();
    let beside = Connection::open(place.file()).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let mut bytes = std::fs::read(place.file()).unwrap();
    let (page, end) = (4096, bytes.len());
    bytes[end - 4 * page..].fill(0xa5);
    std::fs::write(place.file(), bytes).unwrap();
    let error = Inbox::open(&place.file(), Access::ReadOnly).unwrap().check().await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_is_its_owners_only_and_what_was_there_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let place = Place::new();
    std::fs::set_permissions(place.folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let folder = place.folder.path().join("new/data");
    let inbox = Inbox::open(&folder.join("inbox.sqlite"), Access::Write).unwrap();
    inbox.commit(batch(vec![alert("private")], None)).await.unwrap();
    for made in [&folder, &place.folder.path().join("new")] {
        assert_eq!(mode(made), 0o700, "{}", made.display());
    }
    for file in ["inbox.sqlite", "inbox.sqlite-wal", "inbox.sqlite-shm"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(place.folder.path()), 0o755);
}
