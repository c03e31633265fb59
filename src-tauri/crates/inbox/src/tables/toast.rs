//! The table `toast`: what became of each alert's toast, in the receiver's terms.

use crate::AlertId;
use rusqlite::{Connection, params};

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
