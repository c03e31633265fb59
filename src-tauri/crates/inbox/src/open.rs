//! Opening the file.

use crate::{OpenError, private, schema};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long another process (the command line, a backup) may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How the file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Make the file if it isn't there, bring it to this version, read and write.
    Write,
    /// Read what is there, beside the process that writes; where there is no file, or an empty one,
    /// [`OpenError::NotMade`].
    ReadOnly,
}

pub(crate) fn for_writing(path: &Path) -> Result<Connection, OpenError> {
    if let Some(folder) = path.parent() {
        private::make_folder(folder)
            .map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
    }
    // SQLite would make it as the umask says. Where it can't be made, or is there, SQLite's own
    // answer says more.
    let _ = private::make_file(path);
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    // Whose file it is comes first: another's is not to be switched to our settings.
    schema::check(&db)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL may lose the last commits when the power fails, and an announced alert is a promise.
    db.pragma_update(None, "synchronous", "FULL")?;
    schema::migrate(&mut db)?;
    Ok(db)
}

pub(crate) fn for_reading(path: &Path) -> Result<Connection, OpenError> {
    let db = match Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        Err(_) if matches!(path.try_exists(), Ok(false)) => return Err(OpenError::NotMade),
        other => other?,
    };
    db.busy_timeout(BUSY_TIMEOUT)?;
    // The file is there before its tables are: whoever makes it may be about to, or was cut off.
    match schema::check(&db)? {
        0 => Err(OpenError::NotMade),
        _ => Ok(db),
    }
}
