//! The table `marking`: which alerts were marked as read by something that can still be taken back. It is
//! SQLite's own for as long as the file is open, and in no file of ours: whoever ends the program has
//! meant what they marked.

use crate::{AlertId, Category};
use rusqlite::{Connection, params};

use super::unread;

/// A marking that can be undone, by its number.
pub type Marking = i64;

/// Makes the table, for a connection that writes.
pub(crate) fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "CREATE TEMP TABLE marking (id INTEGER PRIMARY KEY, marking INTEGER NOT NULL) STRICT;
         CREATE INDEX temp.marking_number ON marking (marking, id);",
    )
}

pub(crate) fn insert(db: &Connection, id: AlertId, marking: Marking) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO temp.marking VALUES (?1, ?2)")?
        .execute([id, marking])
        .map(drop)
}

/// Takes all in that are unread from one key to below another, of a category or of all.
pub(crate) fn insert_unread(
    db: &Connection,
    category: Option<Category>,
    keys: (AlertId, AlertId),
    marking: Marking,
) -> rusqlite::Result<()> {
    if category.is_some() {
        return unread::ids(db, category, keys)?
            .into_iter()
            .try_for_each(|id| insert(db, id, marking));
    }
    db.prepare_cached(
        "INSERT OR REPLACE INTO temp.marking SELECT id, ?3 FROM unread WHERE id >= ?1 AND id < ?2",
    )?
    .execute(params![keys.0, keys.1, marking])
    .map(drop)
}

/// An alert is no longer what a marking made it; `false` where it wasn't.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    let removed = db.prepare_cached("DELETE FROM temp.marking WHERE id = ?1")?.execute([id])?;
    Ok(removed > 0)
}

/// Whether an alert is read by something that can still be taken back.
pub(crate) fn holds(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM temp.marking WHERE id = ?1")?.exists([id])
}

/// Takes at most `limit` alerts out of a marking.
pub(crate) fn take(
    db: &Connection,
    marking: Marking,
    limit: usize,
) -> rusqlite::Result<Vec<AlertId>> {
    let ids: Vec<AlertId> = db
        .prepare_cached("SELECT id FROM temp.marking WHERE marking = ?1 ORDER BY id LIMIT ?2")?
        .query_map(params![marking, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ids {
        remove(db, *id)?;
    }
    Ok(ids)
}
