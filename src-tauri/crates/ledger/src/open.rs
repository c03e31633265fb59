//! Opening the file.

use crate::{LedgerError, schema};
use agora_home::make_private_folder;
use agora_home::private::make_new;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::time::Duration;

/// How long another program may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the file, or makes it, and brings it to this version.
pub(crate) fn open(path: &Path) -> Result<Connection, LedgerError> {
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(LedgerError::Foreign(path.to_owned()));
    }
    // SQLite would make it as the umask says; where it can't be made, SQLite's own answer says more.
    let _ = make_new(path);
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    for off in [
        DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
        DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW,
        DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
    ] {
        db.set_db_config(off, false)?;
    }
    schema::check(&db, path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL may lose the last commits when the power fails: what was about to leave would be sent again.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    schema::migrate(&mut db, path)?;
    Ok(db)
}
