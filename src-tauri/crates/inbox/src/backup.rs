//! The backup before the file is brought to a newer version: SQLite's own online copy, which is
//! complete or not there.

use crate::aside::{beside, in_folder_of, name_of};
use crate::error::failure;
use crate::{OpenError, StoreError};
use agora_home::private::make_new;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ffi};
use std::cmp::Reverse;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How many backups are kept.
const KEPT: usize = 2;

/// Every backup that was made of the inbox, the newest first.
pub fn backups(inbox: &Path) -> Vec<PathBuf> {
    let (stem, extension) = name_of(inbox);
    let (beginning, end) = (format!("{stem}.before-v"), format!(".{extension}"));
    let mut found = in_folder_of(inbox, |name| {
        let version = name.strip_prefix(&beginning).and_then(|rest| rest.strip_suffix(&end));
        version.is_some_and(|version| version.parse::<u32>().is_ok())
    });
    found.sort_by_cached_key(|path| Reverse(path.metadata().and_then(|file| file.modified()).ok()));
    found
}

/// Copies a database that holds alerts, before it is brought to the version `to`.
pub(crate) fn before(db: &Connection, inbox: &Path, to: u32) -> Result<(), OpenError> {
    let has_alerts = "SELECT EXISTS (SELECT 1 FROM alert)";
    if !db.query_row(has_alerts, [], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let (stem, extension) = name_of(inbox);
    let target = inbox.with_file_name(format!("{stem}.before-v{to}.{extension}"));
    let unfinished = beside(&target, ".part");
    // One that was cut off before.
    remove(&unfinished);
    let made = copy(db, &unfinished)
        .and_then(|()| fs::rename(&unfinished, &target).map_err(|error| of_file(&error)));
    if let Err(error) = made {
        remove(&unfinished);
        return Err(OpenError::Backup(target, error));
    }
    for old in backups(inbox).into_iter().skip(KEPT) {
        let _ = fs::remove_file(old);
    }
    Ok(())
}

fn copy(db: &Connection, to: &Path) -> Result<(), StoreError> {
    make_new(to).map_err(|error| of_file(&error))?;
    let mut copy = Connection::open(to)?;
    let all_pages = -1;
    let step = Backup::new(db, &mut copy)?.step(all_pages)?;
    if step != StepResult::Done {
        return Err(failure(ffi::SQLITE_BUSY, "it is being written").into());
    }
    copy.close().map_err(|(_, error)| error.into())
}

/// What SQLite would say of the same.
fn of_file(error: &io::Error) -> StoreError {
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ffi::SQLITE_FULL,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => ffi::SQLITE_READONLY,
        _ => ffi::SQLITE_CANTOPEN,
    };
    failure(code, &error.to_string()).into()
}

fn remove(unfinished: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(unfinished, ending));
    }
}
