//! The table `toast`: what became of each alert's toast, in the receiver's terms. One thing of them is
//! known here: when a toast told of it after quiet.

use crate::AlertId;
use crate::tables::row;
use rusqlite::{Connection, params};

/// What holds for the alerts that one toast told of, after quiet, at the time that it is given; it
/// follows a condition on the keys, in a statement of which `?1` and `?2` are the keys' limits.
pub(crate) fn was_told(at_ms: i64) -> String {
    format!(
        " AND id IN (SELECT alert FROM toast WHERE alert >= ?1 AND alert < ?2
             AND fate ->> '$.after_quiet.told_ms' = {at_ms})"
    )
}

/// Whether one toast told of an alert, after quiet, at that time.
pub(crate) fn is_told(db: &Connection, alert: AlertId, at_ms: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM toast WHERE alert = ?1 AND fate ->> '$.after_quiet.told_ms' = ?2",
    )?
    .exists(params![alert, at_ms])
}

/// What became of the toasts of unread alerts from a key on, the newest `limit` at most.
pub(crate) fn of_unread(
    db: &Connection,
    from: AlertId,
    limit: u32,
) -> rusqlite::Result<Vec<(AlertId, String)>> {
    db.prepare_cached(
        "SELECT alert, fate FROM (SELECT id FROM unread WHERE id >= ?1 ORDER BY id DESC LIMIT ?2)
         JOIN toast ON alert = id",
    )?
    .query_map(params![from, limit], |row| Ok((row.get(0)?, row::text(row, 1)?.into_owned())))?
    .collect()
}

/// Keeps what became of an alert's toast; what was said before no longer holds.
pub(crate) fn store(db: &Connection, alert: AlertId, fate: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO toast VALUES (?1, ?2) ON CONFLICT (alert) DO UPDATE SET fate = excluded.fate",
    )?
    .execute(params![alert, fate])
    .map(drop)
}

pub(crate) fn remove(db: &Connection, alert: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM toast WHERE alert = ?1")?.execute([alert]).map(drop)
}
