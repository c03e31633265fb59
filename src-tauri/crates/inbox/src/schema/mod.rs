//! The file's version, and the way from each to the next.
//!
//! `user_version` counts the migrations that were applied, `application_id` tells our file from
//! another program's. A migration is one transaction: it is there whole or not at all. And it is
//! frozen: it calls nothing that is there for today's files, so that it still does what it did when
//! those have changed.

#[cfg(test)]
mod tests;

use crate::OpenError;
use rusqlite::{Connection, TransactionBehavior};

/// `AGRA` in ASCII: marks a SQLite file as an inbox.
const APPLICATION_ID: i32 = 0x4147_5241;

/// How a version is made from the one before.
type Migration = fn(&Connection) -> rusqlite::Result<()>;

/// The versions that a program knows, by the way to each; the last one is what it writes.
#[derive(Clone, Copy)]
pub(crate) struct Versions(&'static [Migration]);

/// This program's.
pub(crate) const OURS: Versions = Versions(&[
    |db| db.execute_batch(include_str!("first.sql")),
    |db| db.execute_batch(include_str!("second.sql")),
]);

impl Versions {
    /// The version that the program writes.
    pub(crate) fn known(self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Checks whose file it is and how new, without writing to it. Gives its version.
    pub(crate) fn check(self, db: &Connection) -> Result<u32, OpenError> {
        let version: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let application: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let tables: u32 =
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 && (application != APPLICATION_ID || acts_by_itself(db)?) {
            return Err(OpenError::NotAnInbox);
        }
        if version > self.known() {
            return Err(OpenError::Newer { found: version, known: self.known() });
        }
        Ok(version)
    }

    /// Has a file of an older version be read as one of today's, without writing to it: what it lacks is
    /// empty, and is gone with the connection.
    pub(crate) fn complete(db: &Connection, version: u32) -> rusqlite::Result<()> {
        if version < 2 {
            db.execute_batch(
                "CREATE TEMP TABLE starred (id INTEGER PRIMARY KEY) STRICT;
                 CREATE TEMP TABLE reminder
                     (id INTEGER PRIMARY KEY, due_ms INTEGER, reminded INTEGER) STRICT;",
            )?;
        }
        Ok(())
    }

    /// Brings the file to the version that the program writes.
    pub(crate) fn migrate(self, db: &mut Connection) -> Result<(), OpenError> {
        loop {
            // Another process may be opening the same file: the version is read under the write lock.
            let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let version = self.check(&step)?;
            let Some(apply) = self.0.get(version as usize) else {
                return Ok(());
            };
            apply(&step)?;
            step.pragma_update(None, "application_id", APPLICATION_ID)?;
            step.pragma_update(None, "user_version", version + 1)?;
            step.commit()?;
        }
    }
}

/// Whether there is a trigger or a view: an inbox has none, and whoever put one there may have it do
/// anything with what is kept or shown.
fn acts_by_itself(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare("SELECT 1 FROM sqlite_schema WHERE type IN ('trigger', 'view')")?.exists([])
}
