//! Files that are not as they should be: another's is left alone with a clear error, and a damaged
//! one is set aside whole for a new one.

use crate::sample::{Place, alert, batch, beside};
use agora_inbox::{Access, Inbox, OpenError, SetAside, StoreError, kept_aside, writable};
use rusqlite::Connection;
use std::fs;

/// Opens an inbox whose file is damaged, and finds an empty one that works.
#[track_caller]
fn opened_anew(place: &Place) -> (Inbox, SetAside) {
    let inbox = place.open();
    let set_aside = inbox.set_aside().borrow().clone().expect("it was set aside");
    assert_eq!(kept_aside(&place.file()), [set_aside.path.as_path()]);
    (inbox, set_aside)
}

/// Leaves an inbox as a process does that is killed: with a log that is not taken in yet.
async fn left_with_a_log(place: &Place, alerts: usize) {
    let killed = Place::new();
    let inbox = killed.open();
    for number in 0..alerts {
        inbox.commit(batch(vec![alert(&number.to_string())], None)).await.unwrap();
    }
    for ending in ["", "-wal"] {
        fs::copy(beside(&killed.file(), ending), beside(&place.file(), ending)).unwrap();
    }
    assert!(fs::metadata(beside(&place.file(), "-wal")).unwrap().len() > 0);
}

fn refusal(place: &Place) -> OpenError {
    let before = fs::read(place.file()).unwrap();
    let error = Inbox::open(&place.file(), Access::Write).map(drop).unwrap_err();
    assert_eq!(fs::read(place.file()).unwrap(), before, "the file was touched");
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

#[tokio::test]
async fn an_inbox_that_does_something_by_itself_is_another_programs() {
    for foreign in [
        "CREATE TRIGGER theirs AFTER INSERT ON alert BEGIN DELETE FROM alert; END",
        "CREATE TRIGGER theirs BEFORE DELETE ON alert BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER theirs INSTEAD OF INSERT ON theirs BEGIN SELECT 1; END",
        "CREATE VIEW other AS SELECT * FROM alert",
        "ALTER TABLE alert RENAME TO hidden; CREATE VIEW alert AS SELECT * FROM hidden",
    ] {
        let place = Place::new();
        place.open().commit(batch(vec![alert("kept")], None)).await.unwrap();
        let other = Connection::open(place.file()).unwrap();
        if foreign.contains("INSTEAD") {
            other.execute_batch("CREATE VIEW theirs AS SELECT 1 AS x").unwrap();
        }
        other.execute_batch(foreign).unwrap();
        other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(other);
        assert!(matches!(refusal(&place), OpenError::NotAnInbox), "{foreign}");
        let error = Inbox::open(&place.file(), Access::ReadOnly).map(drop).unwrap_err();
        assert!(matches!(error, OpenError::NotAnInbox), "{foreign}: {error:?}");
        agora_inbox::set_aside(&place.file()).unwrap();
        place.open().commit(batch(vec![alert("goes on")], None)).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_set_aside_and_a_new_inbox_receives() {
    let place = Place::new();
    let bytes = "not a database, but long enough to have a header of its own".repeat(40);
    fs::write(place.file(), &bytes).unwrap();
    let (inbox, set_aside) = opened_anew(&place);
    assert_eq!(fs::read_to_string(&set_aside.path).unwrap(), bytes);
    assert_eq!(set_aside.why, "file is not a database");
    let name = set_aside.path.file_name().unwrap().to_str().unwrap();
    let time = name.strip_prefix("inbox.damaged-").unwrap().strip_suffix(".sqlite").unwrap();
    assert!(time.len() == 16 && time.starts_with("20") && time.ends_with('Z'), "{name}");
    inbox.commit(batch(vec![alert("kept")], None)).await.unwrap();
    drop(inbox);
    let again = place.open();
    assert_eq!(again.counts().await.unwrap().total(), 1);
    assert_eq!(*again.set_aside().borrow(), None);
}

#[tokio::test]
async fn a_damaged_header_is_set_aside_together_with_its_log_byte_for_byte() {
    let place = Place::new();
    left_with_a_log(&place, 3).await;
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[..32].fill(0xa5);
    fs::write(place.file(), &bytes).unwrap();
    // In the log there is a first page of its own, which SQLite would read instead.
    let mut log = fs::read(beside(&place.file(), "-wal")).unwrap();
    log[..32].fill(0);
    fs::write(beside(&place.file(), "-wal"), &log).unwrap();
    let (inbox, set_aside) = opened_anew(&place);
    assert_eq!(fs::read(&set_aside.path).unwrap(), bytes);
    assert_eq!(fs::read(beside(&set_aside.path, "-wal")).unwrap(), log);
    assert_eq!(inbox.counts().await.unwrap().total(), 0);
}

#[test]
fn files_that_are_set_aside_in_the_same_second_overwrite_nothing() {
    let place = Place::new();
    for number in 0..4 {
        fs::write(place.file(), format!("damaged {number}")).unwrap();
        // Of the first there is only the log left.
        if number == 0 {
            fs::rename(place.file(), beside(&place.file(), "-wal")).unwrap();
        }
        agora_inbox::set_aside(&place.file()).unwrap();
    }
    let mut contents: Vec<_> =
        kept_aside(&place.file()).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    contents.sort();
    let expected: Vec<_> = (0..4).map(|n| format!("damaged {n}")).collect();
    assert_eq!(contents, expected);
}

#[tokio::test]
async fn a_truncated_file_is_set_aside() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..200).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let beside_it = Connection::open(place.file()).unwrap();
    beside_it.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let whole = fs::read(place.file()).unwrap();
    assert!(whole.len() > 40 * 4096);
    for left in [whole.len() - 4096, whole.len() - 1, whole.len() / 2, 4096, 1000, 99, 2] {
        let place = Place::new();
        fs::write(place.file(), &whole[..left]).unwrap();
        let (inbox, set_aside) = opened_anew(&place);
        assert!(fs::read(&set_aside.path).unwrap() == whole[..left], "{left}");
        assert_eq!(inbox.counts().await.unwrap().total(), 0);
    }
}

#[tokio::test]
async fn a_log_does_not_hide_that_the_file_is_truncated_nor_is_one_that_explains_it_damage() {
    // Of many pages, some newer ones are still in the log.
    let large = Place::new();
    let inbox = large.open();
    inbox.commit(batch((0..2_000).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let beside_it = Connection::open(large.file()).unwrap();
    beside_it.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    inbox.commit(batch(vec![alert("in the log")], None)).await.unwrap();
    let place = Place::new();
    let file = fs::read(large.file()).unwrap();
    fs::write(place.file(), &file[..file.len() / 2]).unwrap();
    fs::copy(beside(&large.file(), "-wal"), beside(&place.file(), "-wal")).unwrap();
    let (_, set_aside) = opened_anew(&place);
    assert_eq!(set_aside.why, "pages are missing at its end");
    assert!(beside(&set_aside.path, "-wal").exists());

    let place = Place::new();
    left_with_a_log(&place, 40).await;
    let inbox = place.open();
    assert_eq!(*inbox.set_aside().borrow(), None);
    assert_eq!(inbox.counts().await.unwrap().total(), 40);
}

#[tokio::test]
async fn an_empty_file_or_none_beside_a_log_is_set_aside_with_it_even_from_readers() {
    for is_there in [true, false] {
        let place = Place::new();
        left_with_a_log(&place, 3).await;
        let log = fs::read(beside(&place.file(), "-wal")).unwrap();
        fs::remove_file(place.file()).unwrap();
        if is_there {
            fs::write(place.file(), "").unwrap();
        }
        Inbox::open(&place.file(), Access::ReadOnly).unwrap_err();
        assert_eq!(fs::read(beside(&place.file(), "-wal")).unwrap(), log, "a reader threw it away");
        let (inbox, set_aside) = opened_anew(&place);
        let kept = if is_there { beside(&set_aside.path, "-wal") } else { set_aside.path };
        assert_eq!(fs::read(kept).unwrap(), log);
        assert_eq!(inbox.counts().await.unwrap().total(), 0);
    }
}

#[tokio::test]
async fn another_programs_file_is_set_aside_only_by_a_persons_decision() {
    let place = Place::new();
    Connection::open(place.file()).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let bytes = fs::read(place.file()).unwrap();
    assert!(matches!(refusal(&place), OpenError::NotAnInbox));
    let kept = agora_inbox::set_aside(&place.file()).unwrap();
    assert_eq!(fs::read(&kept).unwrap(), bytes);
    assert!(kept.to_str().unwrap().contains("inbox.set-aside-20"), "{}", kept.display());
    let inbox = place.open();
    inbox.commit(batch(vec![alert("kept")], None)).await.unwrap();
    assert_eq!(kept_aside(&place.file()), [kept]);
}

#[test]
fn another_programs_log_is_left_alone_too() {
    let theirs = Place::new();
    let db = Connection::open(theirs.file()).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)").unwrap();
    let place = Place::new();
    for ending in ["", "-wal"] {
        fs::copy(beside(&theirs.file(), ending), beside(&place.file(), ending)).unwrap();
    }
    let log = fs::read(beside(&place.file(), "-wal")).unwrap();
    assert!(matches!(refusal(&place), OpenError::NotAnInbox));
    assert_eq!(fs::read(beside(&place.file(), "-wal")).unwrap(), log);
}

#[test]
fn a_file_that_another_program_holds_is_busy_and_left_alone() {
    let place = Place::new();
    drop(place.open());
    let other = Connection::open(place.file()).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;").unwrap();
    let before = std::time::Instant::now();
    let error = Inbox::open(&place.file(), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Busy(_))), "{error:?}");
    assert!(before.elapsed().as_secs() >= 4, "it waits a while: {:?}", before.elapsed());
    assert!(kept_aside(&place.file()).is_empty());
    drop(other);
    let inbox = place.open();
    let other = Connection::open(place.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    Inbox::open(&place.file(), Access::ReadOnly).unwrap();
    let error = writable(&place.file()).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Busy(_))), "{error:?}");
    drop(other);
    let log = fs::read(beside(&place.file(), "-wal")).unwrap();
    writable(&place.file()).unwrap();
    assert_eq!(fs::read(beside(&place.file(), "-wal")).unwrap(), log, "it was written to");
    drop(inbox);
}

#[test]
fn a_folder_in_the_files_place_and_a_file_in_the_folders_are_told_apart() {
    let place = Place::new();
    fs::create_dir(place.file()).unwrap();
    let error = Inbox::open(&place.file(), Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::NotAFile), "{error:?}");
    assert!(place.file().is_dir());
    let blocked = Place::new();
    fs::write(blocked.folder.path().join("data"), "a file").unwrap();
    let file = blocked.folder.path().join("data/inbox.sqlite");
    let error = Inbox::open(&file, Access::Write).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::Folder(..)), "{error:?}");
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
    fs::write(place.file(), "").unwrap();
    let error = Inbox::open(&place.file(), Access::ReadOnly).map(drop).unwrap_err();
    assert!(matches!(error, OpenError::NotMade), "{error:?}");
    assert_eq!(fs::read(place.file()).unwrap(), b"");
    drop(place.open());
    Inbox::open(&place.file(), Access::ReadOnly).unwrap();
}

#[test]
fn what_is_no_file_is_left_alone_and_not_waited_for() {
    let (folder, pipe) = (Place::new(), Place::new());
    fs::create_dir(folder.file()).unwrap();
    let made = std::process::Command::new("mkfifo").arg(pipe.file()).status();
    let places =
        if made.is_ok_and(|made| made.success()) { vec![folder, pipe] } else { vec![folder] };
    for place in places {
        for access in [Access::Write, Access::ReadOnly] {
            let error = Inbox::open(&place.file(), access).map(drop).unwrap_err();
            assert!(matches!(error, OpenError::NotAFile), "{error:?}");
        }
        assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1);
        assert!(kept_aside(&place.file()).is_empty());
    }
}

#[tokio::test]
async fn a_check_finds_that_the_last_byte_is_missing() {
    let place = Place::new();
    drop(place.open());
    let beside = Connection::open(place.file()).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(beside);
    let bytes = fs::read(place.file()).unwrap();
    Inbox::open(&place.file(), Access::ReadOnly).unwrap().check().await.unwrap();
    fs::write(place.file(), &bytes[..bytes.len() - 1]).unwrap();
    let error = Inbox::open(&place.file(), Access::ReadOnly).unwrap().check().await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
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
    let mut bytes = fs::read(place.file()).unwrap();
    let (page, end) = (4096, bytes.len());
    bytes[end - 4 * page..].fill(0xa5);
    fs::write(place.file(), bytes).unwrap();
    let error = Inbox::open(&place.file(), Access::ReadOnly).unwrap().check().await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_is_its_owners_only_and_what_was_there_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let place = Place::new();
    fs::set_permissions(place.folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
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
