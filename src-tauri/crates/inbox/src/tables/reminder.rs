//! The table `reminder`: of which alerts people want to be reminded, and when. One that was due stays
//! until the alert is read: it says why the alert is unread again.

use super::row;
use crate::AlertId;
use agora_alert::Reminder;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Sets an alert's reminder, in the place of a former one.
pub(crate) fn set(db: &Connection, id: AlertId, reminder: Reminder) -> rusqlite::Result<()> {
    let Reminder { due_ms, reminded } = reminder;
    db.prepare_cached(
        "INSERT INTO reminder VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET due_ms = excluded.due_ms, reminded = excluded.reminded",
    )?
    .execute(params![id, due_ms, reminded])
    .map(drop)
}

/// Takes an alert's reminder away, and gives it.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<Option<Reminder>> {
    db.prepare_cached("DELETE FROM reminder WHERE id = ?1 RETURNING due_ms, reminded")?
        .query_row([id], |row| read(row, 0))
        .optional()
        .map(Option::flatten)
}

/// Takes it away where it was due: the alert is read.
pub(crate) fn remove_reminded(db: &Connection, id: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM reminder WHERE id = ?1 AND reminded = 1")?
        .execute([id])
        .map(drop)
}

/// The same for all alerts that are read.
pub(crate) fn remove_all_reminded(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached(
        "DELETE FROM reminder WHERE reminded = 1 AND id NOT IN (SELECT id FROM unread)",
    )?
    .execute([])
    .map(drop)
}

/// At most `limit` that are due at a time, in milliseconds since the Unix epoch, the longest due first.
pub(crate) fn due(db: &Connection, now_ms: i64, limit: u32) -> rusqlite::Result<Vec<AlertId>> {
    db.prepare_cached(
        "SELECT id FROM reminder WHERE reminded = 0 AND due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2",
    )?
    .query_map(params![now_ms, limit], |row| row.get(0))?
    .collect()
}

/// Those that were due and of whose toasts nothing is known, the longest due first.
pub(crate) fn untold(db: &Connection) -> rusqlite::Result<Vec<(AlertId, i64)>> {
    db.prepare_cached(
        "SELECT id, due_ms FROM reminder WHERE reminded = 1 AND id NOT IN (SELECT alert FROM toast)
         ORDER BY due_ms, id",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// When the next one is due.
pub(crate) fn next_ms(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT min(due_ms) FROM reminder WHERE reminded = 0")?
        .query_row([], |row| row.get(0))
}

pub(crate) fn count(db: &Connection) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(*) FROM reminder")?.query_row([], |row| row.get(0))
}

/// A reminder of two columns of a row from one on; `None` where there is none.
pub(crate) fn read(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Reminder>> {
    let due_ms: Option<i64> = row.get(column)?;
    let Some(due_ms) = due_ms else { return Ok(None) };
    Ok(Some(Reminder { due_ms, reminded: row::flag(row, column + 1)? }))
}
