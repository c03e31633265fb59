//! Opening the file, and telling apart what can be wrong with it.

use crate::aside::{self, SetAside, beside};
use crate::error::failure;
use crate::schema::{OURS, Versions};
use crate::tables::marking;
use crate::{OpenError, StoreError, backup};
use agora_home::make_private_folder;
use agora_home::private::make_new;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags, ffi};
use std::path::Path;
use std::time::Duration;

/// How long another process (the command line, a backup) may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a log may stay that was taken in, in bytes.
const LONGEST_LOG: i64 = 8 << 20;

/// What is before the frames of a log, and before the page in each: bytes.
const LOG_HEAD: u64 = 32;
const FRAME_HEAD: u64 = 24;

/// How the file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Make the file if it isn't there, bring it to this version, read and write. A damaged file is
    /// set aside first, see [`crate::Inbox::set_aside`].
    Write,
    /// Read what is there, beside the process that writes; where there is no file, or an empty one,
    /// [`OpenError::NotMade`].
    ReadOnly,
}

/// Opens the file, or a new one where it had to be set aside, which is told.
pub(crate) fn for_writing(path: &Path) -> Result<(Connection, Option<SetAside>), OpenError> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder).map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
    }
    is_a_file(path)?;
    let mut told = None;
    if size(path) == 0 && size(&beside(path, "-wal")) > 0 {
        // SQLite would throw the log away.
        told = Some(set_aside(path, "it was empty, with a log of changes beside it".into())?);
    }
    // SQLite would make it as the umask says. Where it can't be made, or is there, SQLite's own
    // answer says more.
    let _ = make_new(path);
    match open(path, OURS) {
        Ok(db) => Ok((db, told)),
        Err(error) => {
            let Some(damage) = error.damage() else { return Err(error) };
            told = Some(set_aside(path, damage.to_string())?);
            let _ = make_new(path);
            Ok((open(path, OURS)?, told))
        }
    }
}

pub(crate) fn for_reading(path: &Path) -> Result<Connection, OpenError> {
    is_a_file(path)?;
    // Even for reading SQLite would throw away the log beside an empty file.
    if path.metadata().is_ok_and(|file| file.is_file() && file.len() == 0) {
        return Err(OpenError::NotMade);
    }
    let db = match Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        Err(_) if matches!(path.try_exists(), Ok(false)) => return Err(OpenError::NotMade),
        other => other?,
    };
    distrust(&db)?;
    // The file is there before its tables are: whoever makes it may be about to, or was cut off.
    match OURS.check(&db)? {
        0 => Err(OpenError::NotMade),
        version => {
            Versions::complete(&db, version)?;
            Ok(db)
        }
    }
}

/// Looks whether what is at `path` can be written now, as far as that is known without writing to it:
/// takes the lock that writing needs, and gives it back. Waits for another process as opening does.
pub fn writable(path: &Path) -> Result<(), OpenError> {
    is_a_file(path)?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    keep_log(&db, true)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    if db.is_readonly(MAIN_DB)? {
        return Err(failure(ffi::SQLITE_READONLY, "the file can only be read").into());
    }
    Ok(db.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?)
}

/// Looks what is there. SQLite would wait for ever on a pipe, and of a folder it says that the disk
/// failed.
fn is_a_file(path: &Path) -> Result<(), OpenError> {
    match path.metadata() {
        Ok(found) if !found.is_file() => Err(OpenError::NotAFile),
        _ => Ok(()),
    }
}

/// Closes a database and leaves it and the log beside it as they are.
pub(crate) fn close_as_it_is(db: Connection) {
    let _ = keep_log(&db, true);
    drop(db);
}

/// Opens what is there, or makes it, and brings it to the newest of a program's versions.
pub(crate) fn open(path: &Path, versions: Versions) -> Result<Connection, OpenError> {
    let mut db = Connection::open(path)?;
    // As long as it is not known whose and how whole it is, closing it must change nothing.
    keep_log(&db, true)?;
    distrust(&db)?;
    // Whose file it is comes first: another's is not to be switched to our settings.
    let version = versions.check(&db);
    // SQLite opens for reading what it can't open for writing, and then lacks its log.
    let is_cut_off = matches!(version, Ok(_) | Err(OpenError::Store(StoreError::CannotOpen(_))));
    if is_cut_off && db.is_readonly(MAIN_DB)? {
        return Err(failure(ffi::SQLITE_READONLY, "the file can only be read").into());
    }
    let version = version?;
    is_whole(&db, path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL may lose the last commits when the power fails, and an announced alert is a promise.
    db.pragma_update(None, "synchronous", "FULL")?;
    // A flood's log is as long as the flood: what it took is given back.
    db.pragma_update(None, "journal_size_limit", LONGEST_LOG)?;
    if (1..versions.known()).contains(&version) {
        backup::before(&db, path, versions.known())?;
    }
    versions.migrate(&mut db)?;
    marking::prepare(&db)?;
    keep_log(&db, false)?;
    Ok(db)
}

/// Waits for others, and runs nothing that is in the file by itself: not even what is put there while
/// it is open.
fn distrust(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    for off in [
        DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
        DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW,
        DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
    ] {
        db.set_db_config(off, false)?;
    }
    Ok(())
}

/// Whether the log of changes stays when the database is closed, or is taken into it as usual.
fn keep_log(db: &Connection, keep: bool) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep).map(drop)
}

/// Looks whether pages are missing at the end. Where there is a log, SQLite trusts its word for how
/// many there are, and elsewhere it takes a part of a page for a whole one.
pub(crate) fn is_whole(db: &Connection, path: &Path) -> rusqlite::Result<()> {
    let pages: u32 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let page: u32 = db.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let (pages, page) = (u64::from(pages), u64::from(page));
    let in_log = size(&beside(path, "-wal")).saturating_sub(LOG_HEAD) / (FRAME_HEAD + page);
    if pages > size(path) / page + in_log {
        return Err(failure(ffi::SQLITE_CORRUPT, "pages are missing at its end"));
    }
    Ok(())
}

/// Sets the file aside as damaged.
pub(crate) fn set_aside(path: &Path, why: String) -> Result<SetAside, OpenError> {
    let to = aside::damaged(path).map_err(|error| OpenError::SetAside(path.to_owned(), error))?;
    tracing::error!("the inbox was set aside as {}: {why}", to.display());
    Ok(SetAside { path: to, why })
}

/// The length of a file in bytes; 0 where there is none.
fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}
