//! The table `trash`: deleted alerts that can still be brought back.

use super::{reminder, row, starred};
use crate::AlertId;
use rusqlite::{Connection, OptionalExtension, params};

/// A deletion that can be undone, by its number.
pub type Deletion = i64;

const MOVED: &str = "id, source, event_id, event, kind, category, title, content, fields, \
                     link, urgent, raw, received";

/// Copies an alert here, with its star and its reminder, which go.
pub(crate) fn insert(
    db: &Connection,
    id: AlertId,
    unread: bool,
    deletion: Deletion,
) -> rusqlite::Result<()> {
    let starred = starred::remove(db, id)?;
    let reminder = reminder::remove(db, id)?;
    let due_ms = reminder.map(|reminder| reminder.due_ms);
    let was_due = reminder.is_some_and(|reminder| reminder.reminded);
    db.prepare_cached(&format!(
        "INSERT INTO trash ({MOVED}, unread, deletion, starred, due_ms, reminded)
         SELECT {MOVED}, ?2, ?3, ?4, ?5, ?6 FROM alert WHERE id = ?1"
    ))?
    .execute(params![id, unread, deletion, starred, due_ms, was_due])
    .map(drop)
}

/// Copies an alert back as it was.
pub(crate) fn bring_back(db: &Connection, id: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT OR IGNORE INTO alert ({MOVED}) SELECT {MOVED} FROM trash WHERE id = ?1"
    ))?
    .execute([id])?;
    let followed = db
        .prepare_cached("SELECT starred, due_ms, reminded FROM trash WHERE id = ?1")?
        .query_row([id], |row| Ok((row::flag(row, 0)?, reminder::read(row, 1)?)))
        .optional()?;
    let Some((is_starred, reminder)) = followed else { return Ok(()) };
    if is_starred {
        starred::add(db, id)?;
    }
    reminder.map_or(Ok(()), |reminder| reminder::set(db, id, reminder))
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
