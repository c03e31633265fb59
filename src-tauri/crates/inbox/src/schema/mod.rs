//! The file's version, and the way from each to the next.
//!
//! `user_version` counts the migrations that were applied, `application_id` tells our file from
//! another program's. A migration is one transaction: it is there whole or not at all.

mod first;
mod fourth;
mod second;
mod third;

use crate::OpenError;
use crate::tables::row;
use rusqlite::{Connection, TransactionBehavior};

/// `AGRA` in ASCII: marks a SQLite file as an inbox.
const APPLICATION_ID: i32 = 0x4147_5241;

/// How a version is made from the one before.
type Migration = fn(&Connection) -> rusqlite::Result<()>;

const MIGRATIONS: &[Migration] = &[first::apply, second::apply, third::apply, fourth::apply];

/// The version that this program writes.
pub(crate) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Checks whose file it is and how new, without writing to it. Gives its version.
pub(crate) fn check(db: &Connection) -> Result<u32, OpenError> {
    let version: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: u32 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && (application != APPLICATION_ID || acts_by_itself(db, version)?) {
        return Err(OpenError::NotAnInbox);
    }
    if version > known() {
        return Err(OpenError::Newer { found: version, known: known() });
    }
    Ok(version)
}

/// Whether there is a trigger or a view: an inbox has none, and whoever put one there may have it do
/// anything with what is kept or shown. The first version had its own triggers, which are only taken
/// away.
fn acts_by_itself(db: &Connection, version: u32) -> rusqlite::Result<bool> {
    let mut found =
        db.prepare("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')")?;
    let mut names = found.query([])?;
    while let Some(row) = names.next()? {
        let name = row::text(row, 0)?;
        if version != 1 || !first::TRIGGERS.contains(&&*name) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Brings the file to this program's version.
pub(crate) fn migrate(db: &mut Connection) -> Result<(), OpenError> {
    loop {
        // Another process may be opening the same file: the version is read under the write lock.
        let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = check(&step)?;
        let Some(apply) = MIGRATIONS.get(version as usize) else {
            return Ok(());
        };
        apply(&step)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", version + 1)?;
        step.commit()?;
    }
}
