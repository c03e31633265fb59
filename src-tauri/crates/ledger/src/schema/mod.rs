//! The file's version, and the way from each to the next: each migration is one transaction, and frozen.

use crate::LedgerError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// `AGSL` in ASCII: marks a SQLite file as a ledger.
const APPLICATION_ID: i32 = 0x4147_534C;

/// Each makes a version of the one before.
const MIGRATIONS: [&str; 1] = [include_str!("first.sql")];

/// The version that this program writes.
const KNOWN: u32 = 1;

/// Whose file it is and how new, without writing to it.
pub(crate) fn check(db: &Connection, path: &Path) -> Result<u32, LedgerError> {
    let version: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let acts = "SELECT count(*), coalesce(sum(type IN ('trigger', 'view')), 0) FROM sqlite_schema";
    let (objects, acting): (u32, u32) =
        db.query_row(acts, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if objects > 0 && (application != APPLICATION_ID || acting > 0) {
        return Err(LedgerError::Foreign(path.to_owned()));
    }
    if version > KNOWN {
        return Err(LedgerError::Newer { found: version, known: KNOWN });
    }
    Ok(version)
}

/// Brings the file to the version that this program writes.
pub(crate) fn migrate(db: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    loop {
        // Another program may be opening the same file: the version is read under the write lock.
        let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = check(&step, path)?;
        let Some(migration) = MIGRATIONS.get(version as usize) else { return Ok(()) };
        step.execute_batch(migration)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", version + 1)?;
        step.commit()?;
    }
}
