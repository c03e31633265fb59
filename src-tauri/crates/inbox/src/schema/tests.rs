//! The way from version to version, with versions that never were.

use super::*;
use crate::aside::{beside, kept_aside};
use crate::backup::backups;
use crate::mounted::{fill, on_a_disk_of};
use crate::open::open;
use crate::{OpenError, StoreError};
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const FIRST: Versions = Versions(&[OURS.0[0]]);
/// Every alert is changed, and there is a table more.
const SECOND: Versions = Versions(&[OURS.0[0], second]);
const THIRD: Versions = Versions(&[OURS.0[0], second, third]);

fn second(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("UPDATE alert SET kind = 'SECOND'; CREATE TABLE more (x INTEGER) STRICT")
}

fn third(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("INSERT INTO more VALUES (3)")
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.sqlite");
    (folder, file)
}

/// Makes a first version's inbox and closes it.
fn first_inbox(file: &Path, alerts: u32) {
    let db = open(file, FIRST).unwrap();
    db.execute(
        "INSERT INTO alert (id, source, event, kind, category, title, content, fields, urgent,
                            raw)
         WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n <= ?1)
         SELECT n, 'market', 'message', 'FIRST', 'orders', 'Order ' || n, '訂單 ' || n, '', 0,
                hex(zeroblob(200)) FROM number WHERE n <= ?1",
        [alerts],
    )
    .unwrap();
}

/// A whole file's version, how many alerts it has, and how many of them as they were in the first one.
fn found(file: &Path) -> (u32, u32, u32) {
    let db = Connection::open(file).unwrap();
    let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    let alerts = "SELECT user_version, (SELECT count(*) FROM alert),
                         (SELECT count(*) FROM alert WHERE kind = 'FIRST') FROM pragma_user_version";
    db.query_row(alerts, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

fn refusal(file: &Path, versions: Versions) -> OpenError {
    open(file, versions).map(drop).unwrap_err()
}

#[test]
fn a_file_of_any_version_is_brought_to_the_newest_and_refused_by_older_programs() {
    for made_by in [None, Some(FIRST), Some(SECOND), Some(THIRD)] {
        let (_folder, file) = place();
        if let Some(made_by) = made_by {
            drop(open(&file, made_by).unwrap());
        }
        drop(open(&file, THIRD).unwrap());
        assert_eq!(found(&file), (3, 0, 0));
        let more = "SELECT sum(x) FROM more";
        let more: i64 =
            Connection::open(&file).unwrap().query_row(more, [], |row| row.get(0)).unwrap();
        assert_eq!(more, 3, "the last step was taken once");
        for (older, known) in [(FIRST, 1), (SECOND, 2)] {
            let error = refusal(&file, older);
            let refused = matches!(error, OpenError::Newer { found: 3, known: k } if k == known);
            assert!(refused, "{error:?}");
        }
    }
}

#[test]
fn all_alerts_are_there_afterwards_and_a_backup_of_before() {
    let (_folder, file) = place();
    first_inbox(&file, 1_000);
    let backup = file.with_file_name("inbox.before-v2.sqlite");
    // What a backup that was cut off has left.
    fs::write(beside(&backup, ".part"), "half of a backup").unwrap();
    drop(open(&file, SECOND).unwrap());
    assert_eq!(found(&file), (2, 1_000, 0));
    assert_eq!(backups(&file), [backup.as_path()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(found(&backup), (1, 1_000, 1_000));
    assert!(!beside(&backup, ".part").exists());
    // As a person would who wants to go back.
    let (_elsewhere, back) = place();
    fs::copy(&backup, &back).unwrap();
    drop(open(&back, FIRST).unwrap());
    assert_eq!(found(&back), (1, 1_000, 1_000));
    drop(open(&back, SECOND).unwrap());
    assert_eq!(found(&back), (2, 1_000, 0));
}

#[test]
fn only_the_two_newest_backups_are_kept_and_an_empty_inbox_needs_none() {
    let (_folder, file) = place();
    first_inbox(&file, 0);
    drop(open(&file, SECOND).unwrap());
    assert!(backups(&file).is_empty());

    let (_folder, file) = place();
    first_inbox(&file, 10);
    let [oldest, newer, other] = ["inbox.before-v1.sqlite", "inbox.before-v0.sqlite", "other"]
        .map(|name| file.with_file_name(name));
    for file in [&oldest, &newer, &other] {
        fs::write(file, "a backup").unwrap();
        sleep(Duration::from_millis(20));
    }
    drop(open(&file, SECOND).unwrap());
    assert_eq!(backups(&file), [file.with_file_name("inbox.before-v2.sqlite"), newer]);
    assert!(!oldest.exists() && other.exists());
}

#[test]
fn a_migration_that_fails_leaves_the_version_before_whole() {
    const BROKEN: Versions = Versions(&[OURS.0[0], second, |db| {
        third(db)?;
        db.execute_batch("DELETE FROM alert; DELETE FROM nothing_of_that_name")
    }]);
    let (_folder, file) = place();
    first_inbox(&file, 10);
    let error = refusal(&file, BROKEN);
    assert!(matches!(error, OpenError::Store(StoreError::Other(_))), "{error:?}");
    assert_eq!(found(&file), (2, 10, 0), "the step before it is whole");
    drop(open(&file, THIRD).unwrap());
    assert_eq!(found(&file), (3, 10, 0));
}

/// Says to this test's own program which file to open until it is killed.
const KILLED: &str = "AGORA_TEST_KILLED";

/// What is there once everything is changed, and not yet done.
fn changed(file: &Path) -> PathBuf {
    beside(file, ".changed")
}

#[test]
fn killed_while_migrating() {
    const STANDS_STILL: Versions = Versions(&[OURS.0[0], |db| {
        second(db)?;
        // As where more is changed than SQLite holds in memory.
        db.cache_flush()?;
        fs::write(changed(Path::new(db.path().unwrap())), "").unwrap();
        sleep(Duration::from_mins(1));
        Ok(())
    }]);
    if let Some(file) = std::env::var_os(KILLED) {
        drop(open(Path::new(&file), STANDS_STILL));
    }
}

#[test]
fn a_kill_in_the_middle_leaves_the_version_before_whole() {
    let (_folder, file) = place();
    first_inbox(&file, 4_000);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "schema::tests::killed_while_migrating"])
        .env(KILLED, &file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !changed(&file).exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is never changed");
        sleep(Duration::from_millis(1));
    }
    let log = fs::metadata(beside(&file, "-wal")).unwrap().len();
    assert!(log > fs::metadata(&file).unwrap().len() / 2, "{log} bytes of log");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(found(&file), (1, 4_000, 4_000));
    drop(open(&file, SECOND).unwrap());
    assert_eq!(found(&file), (2, 4_000, 0));
}

/// Gives so many bytes of what fills the disk back.
fn leave(filler: &Path, bytes: u64) {
    let filler = OpenOptions::new().write(true).open(filler).unwrap();
    filler.set_len(filler.metadata().unwrap().len() - bytes).unwrap();
}

#[test]
fn without_space_for_a_backup_nothing_is_migrated_and_an_older_backup_stays() {
    let test =
        "schema::tests::without_space_for_a_backup_nothing_is_migrated_and_an_older_backup_stays";
    let Some(disk) = on_a_disk_of("6m", test) else { return };
    let file = disk.join("inbox.sqlite");
    first_inbox(&file, 2_000);
    let before = fs::read(&file).unwrap();
    let older = disk.join("inbox.before-v2.sqlite");
    fs::write(&older, "an older backup").unwrap();
    let filler = fill(&disk);
    let error = refusal(&file, SECOND);
    assert!(matches!(error, OpenError::Store(StoreError::Full(_))), "{error:?}");
    leave(&filler, 200_000);
    let error = refusal(&file, SECOND);
    assert!(matches!(error, OpenError::Backup(_, StoreError::Full(_))), "{error:?}");
    assert!(error.to_string().contains("nothing was changed"), "{error}");
    assert!(fs::read(&file).unwrap() == before, "the inbox was touched");
    assert_eq!(fs::read(&older).unwrap(), b"an older backup");
    assert!(!beside(&older, ".part").exists() && kept_aside(&file).is_empty());

    // Space for the backup, and not for what follows.
    let size = fs::metadata(&file).unwrap().len();
    leave(&filler, size + 400_000);
    let error = refusal(&file, SECOND);
    assert!(matches!(error, OpenError::Store(StoreError::Full(_))), "{error:?}");
    assert_eq!(backups(&file), [older.as_path()]);
    assert_eq!((found(&file), found(&older)), ((1, 2_000, 2_000), (1, 2_000, 2_000)));

    fs::remove_file(&filler).unwrap();
    fs::remove_file(&older).unwrap();
    drop(open(&file, SECOND).unwrap());
    assert_eq!(found(&file), (2, 2_000, 0));
}
