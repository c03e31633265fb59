//! The file is damaged, deleted or replaced while the inbox is open.

use crate::sample::{Place, alert, batch, beside};
use agora_inbox::search::Search;
use agora_inbox::{Access, Filter, Inbox, Seek, SetAside, StoreError, kept_aside};
use rusqlite::Connection;
use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write};
use std::path::Path;

async fn keep(inbox: &Inbox, title: &str) -> Result<usize, StoreError> {
    inbox.commit(batch(vec![alert(title)], None)).await.map(|committed| committed.new.len())
}

/// The titles that a process beside it reads, newest first.
async fn titles(file: &Path) -> Vec<String> {
    let inbox = Inbox::open(file, Access::ReadOnly).unwrap();
    let page = inbox.page(Filter::ALL, Seek::Newest, 1_000).await.unwrap();
    page.alerts.into_iter().map(|alert| alert.body.title.english().to_owned()).collect()
}

/// Takes everything out of the log, from a process beside it, and makes the inbox read it anew.
fn empty_the_log(file: &Path) {
    let beside_it = Connection::open(file).unwrap();
    beside_it.execute_batch("UPDATE counts SET total = total").unwrap();
    beside_it.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// Overwrites all but the file's first page.
fn spoil(inbox: &Path) {
    empty_the_log(inbox);
    let length = fs::metadata(inbox).unwrap().len();
    let mut file = OpenOptions::new().write(true).open(inbox).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(length).unwrap() - 4096]).unwrap();
}

fn told(inbox: &Inbox) -> Option<SetAside> {
    inbox.set_aside().borrow().clone()
}

#[tokio::test]
async fn damage_is_only_told_to_who_reads_and_set_aside_by_what_keeps() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..300).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let set_aside = inbox.set_aside();
    spoil(&place.file());
    let bytes = fs::read(place.file()).unwrap();

    let error = inbox.page(Filter::ALL, Seek::Newest, 10).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    assert!(!set_aside.has_changed().unwrap() && kept_aside(&place.file()).is_empty());

    let error = keep(&inbox, "lost if nobody tries again").await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    assert!(set_aside.has_changed().unwrap(), "it is told by then");
    let SetAside { path, why } = told(&inbox).unwrap();
    assert_eq!(why, "database disk image is malformed");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(kept_aside(&place.file()), [path]);

    assert_eq!(keep(&inbox, "kept in the new one").await.unwrap(), 1);
    assert_eq!(titles(&place.file()).await, ["kept in the new one"]);
}

#[tokio::test]
async fn on_a_disk_that_spoils_each_no_more_than_five_are_set_aside() {
    let place = Place::new();
    let inbox = place.open();
    for spoilt in 1..=6 {
        keep(&inbox, "kept").await.unwrap();
        spoil(&place.file());
        keep(&inbox, "lost").await.unwrap_err();
        assert_eq!(kept_aside(&place.file()).len(), spoilt.min(5));
    }
}

#[tokio::test]
async fn a_trigger_that_is_put_into_the_open_file_does_nothing() {
    let place = Place::new();
    let inbox = place.open();
    keep(&inbox, "before").await.unwrap();
    let other = Connection::open(place.file()).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER theirs AFTER INSERT ON alert BEGIN DELETE FROM alert; END;
             CREATE TRIGGER again AFTER INSERT ON unread BEGIN DELETE FROM unread; END;",
        )
        .unwrap();
    assert_eq!(keep(&inbox, "kept").await.unwrap(), 1);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.total(), counts.unread()), (2, 2));
    let page = inbox.page(Filter::ALL, Seek::Newest, 10).await.unwrap();
    assert!(page.alerts.len() == 2 && page.alerts.iter().all(|alert| !alert.read));
}

#[tokio::test]
async fn a_damaged_search_index_is_made_anew_and_costs_no_alert() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..50).map(|n| alert(&format!("old{n}"))).collect(), None)).await.unwrap();
    let beside_it = Connection::open(place.file()).unwrap();
    beside_it.execute_batch("UPDATE alert_search_data SET block = x'ffffffffff'").unwrap();
    keep(&inbox, "new").await.unwrap_err();
    assert_eq!(told(&inbox), None);
    assert_eq!(keep(&inbox, "new").await.unwrap(), 1);
    let search =
        |text: &str| Search { text: text.into(), filter: Filter::ALL, before: None, limit: 100 };
    assert_eq!(inbox.search(search("old7")).await.unwrap().hits.len(), 1);
    assert_eq!(inbox.counts().await.unwrap().total(), 51);
}

#[cfg(unix)]
#[tokio::test]
async fn a_deleted_file_is_made_anew_before_the_next_alert_is_kept() {
    let place = Place::new();
    let inbox = place.open();
    keep(&inbox, "gone with the file").await.unwrap();
    let log = fs::read(beside(&place.file(), "-wal")).unwrap();
    fs::remove_file(place.file()).unwrap();
    assert_eq!(keep(&inbox, "kept").await.unwrap(), 1);
    assert_eq!(titles(&place.file()).await, ["kept"]);
    let SetAside { path, why } = told(&inbox).unwrap();
    assert!(why.contains("deleted"), "{why}");
    assert_eq!(fs::read(path).unwrap(), log, "what was left of it is kept");

    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(beside(&place.file(), ending)).unwrap();
    }
    assert_eq!(keep(&inbox, "kept again").await.unwrap(), 1);
    assert_eq!(titles(&place.file()).await, ["kept again"]);
    assert_eq!(told(&inbox).unwrap().path, place.file());
}

#[cfg(unix)]
#[tokio::test]
async fn another_inbox_in_its_place_does_not_get_its_log() {
    let other = Place::new();
    keep(&other.open(), "from a backup").await.unwrap();
    empty_the_log(&other.file());
    let place = Place::new();
    let inbox = place.open();
    for number in 0..20 {
        keep(&inbox, &number.to_string()).await.unwrap();
    }
    let log = fs::read(beside(&place.file(), "-wal")).unwrap();
    fs::copy(other.file(), place.folder.path().join("new")).unwrap();
    fs::rename(place.folder.path().join("new"), place.file()).unwrap();
    assert_eq!(keep(&inbox, "kept").await.unwrap(), 1);
    let mut found = titles(&place.file()).await;
    found.sort();
    assert_eq!(found, ["from a backup", "kept"]);
    assert_eq!(fs::read(told(&inbox).unwrap().path).unwrap(), log);
    inbox.check().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_is_deleted_alone_costs_nothing() {
    let place = Place::new();
    let inbox = place.open();
    keep(&inbox, "in the deleted log").await.unwrap();
    fs::remove_file(beside(&place.file(), "-wal")).unwrap();
    assert_eq!(keep(&inbox, "kept").await.unwrap(), 1);
    assert_eq!(titles(&place.file()).await, ["kept", "in the deleted log"]);
    assert_eq!(told(&inbox), None);
}

#[cfg(unix)]
#[tokio::test]
async fn without_a_file_everything_answers_and_it_goes_on_when_there_can_be_one() {
    let place = Place::new();
    let inbox = place.open();
    keep(&inbox, "before").await.unwrap();
    fs::remove_file(place.file()).unwrap();
    fs::create_dir(place.file()).unwrap();
    for _ in 0..2 {
        let error = keep(&inbox, "waits").await.unwrap_err();
        assert!(matches!(error, StoreError::NotOpen(_)), "{error:?}");
        let error = inbox.counts().await.unwrap_err();
        assert!(matches!(error, StoreError::NotOpen(_)), "{error:?}");
    }
    fs::remove_dir(place.file()).unwrap();
    assert_eq!(keep(&inbox, "waits").await.unwrap(), 1);
    assert_eq!(inbox.counts().await.unwrap().total(), 1);
}
