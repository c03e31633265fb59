//! The table `trash`: deleted alerts that can still be brought back.

use super::row;
use crate::AlertId;
use rusqlite::{Connection, params};

/// A deletion that can be undone, by its number.
pub type Deletion = i64;

const MOVED: &str = "id, source, event_id, event, kind, category, title, content, fields, \
                     link, urgent, raw, received";

/// Copies an alert here.
pub(crate) fn insert(
    db: &Connection,
    id: AlertId,
    unread: bool,
    deletion: Deletion,
) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO trash ({MOVED}, unread, deletion) SELECT {MOVED}, ?2, ?3 FROM alert WHERE id = ?1"
    ))?
    .execute(params![id, unread, deletion])
    .map(drop)
}

/// Copies an alert back as it was.
pub(crate) fn bring_back(db: &Connection, id: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT OR IGNORE INTO alert ({MOVED}) SELECT {MOVED} FROM trash WHERE id = ?1"
    ))?
    .execute([id])
    .map(drop)
}

/// The deletions that hold something.
pub(crate) fn deletions(db: &Connection) -> rusqlite::Result<Vec<Deletion>> {
    db.prepare_cached("SELECT DISTINCT deletion FROM trash")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Some of what a deletion holds: each key, and whether it was unread.
pub(crate) fn of_deletion(
    db: &Connection,
    deletion: Deletion,
    limit: usize,
) -> rusqlite::Result<Vec<(AlertId, bool)>> {
    db.prepare_cached("SELECT id, unread FROM trash WHERE deletion = ?1 LIMIT ?2")?
        .query_map(params![deletion, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok((row.get(0)?, row::flag(row, 1)?))
        })?
        .collect()
}

pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM trash WHERE id = ?1")?.execute([id]).map(drop)
}
