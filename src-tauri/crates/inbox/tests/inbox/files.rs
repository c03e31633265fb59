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
    assert!(matches!(error, OpenError::Store(StoreError::CannotOpen(_))));
    assert!(!place.file().exists());
}
