//! The table `mailbox`: what is known of a user's stored notifications at a market.

use rusqlite::{Connection, OptionalExtension, params};

/// What is known of a mailbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// When it was last caught up with: milliseconds since the Unix epoch. `None`: never.
    pub caught_up_ms: Option<i64>,
    /// When the market last said that it has no such calls: milliseconds since the Unix epoch.
    pub missing_ms: Option<i64>,
}

pub(crate) const CREATE: &str = "
    CREATE TABLE mailbox (
        name         TEXT PRIMARY KEY,
        caught_up_ms INTEGER,
        missing_ms   INTEGER
    ) STRICT, WITHOUT ROWID;
";

pub(crate) fn load(db: &Connection, name: &str) -> rusqlite::Result<Mailbox> {
    let found = db
        .prepare_cached("SELECT caught_up_ms, missing_ms FROM mailbox WHERE name = ?1")?
        .query_row([name], |row| Ok(Mailbox { caught_up_ms: row.get(0)?, missing_ms: row.get(1)? }))
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn store(db: &Connection, name: &str, mailbox: Mailbox) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO mailbox VALUES (?1, ?2, ?3) ON CONFLICT (name)
         DO UPDATE SET caught_up_ms = excluded.caught_up_ms, missing_ms = excluded.missing_ms",
    )?
    .execute(params![name, mailbox.caught_up_ms, mailbox.missing_ms])
    .map(drop)
}
