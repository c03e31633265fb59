//! The table `twin`: alerts that came one way, over the stream or by catching up, and may yet come
//! the other way too, without an id that both would carry. Two halves are one when the market's own
//! words are the same and their times are near; each half is used once, so that two honest events
//! with the same words stay two.

use crate::{AlertId, key};
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE twin (
        alert INTEGER PRIMARY KEY,  -- also one that was deleted since
        words INTEGER NOT NULL,     -- a hash
        half  INTEGER NOT NULL      -- which half is there: 0 the stream's, 1 the stored one
    ) STRICT;

    CREATE INDEX twin_words ON twin (words, half, alert);
";

/// How far apart the two halves' times may be: the market's clock was compared with ours when the
/// stream opened, and the stream may have been slow.
const NEAR_MS: i64 = 5 * 60 * 1_000;

/// Which half of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The one that came over the stream.
    Stream = 0,
    /// The one that the market stored.
    Stored = 1,
}

/// Remembers that the other half may come.
pub(crate) fn insert(
    db: &Connection,
    alert: AlertId,
    words: i64,
    half: Half,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO twin VALUES (?1, ?2, ?3)")?
        .execute(params![alert, words, half as i64])
        .map(drop)
}

/// Takes the half with these words that is nearest to a time, if one is near enough.
pub(crate) fn take(
    db: &Connection,
    words: i64,
    half: Half,
    at_ms: i64,
) -> rusqlite::Result<Option<AlertId>> {
    let (from, to) = (key::first_at(at_ms - NEAR_MS), key::first_at(at_ms + NEAR_MS));
    let found: Option<AlertId> = db
        .prepare_cached(
            "SELECT alert FROM twin WHERE words = ?1 AND half = ?2 AND alert BETWEEN ?3 AND ?4
             ORDER BY abs(alert - ?5), alert LIMIT 1",
        )?
        .query_row(params![words, half as i64, from, to, key::first_at(at_ms)], |row| row.get(0))
        .optional()?;
    if let Some(alert) = found {
        db.prepare_cached("DELETE FROM twin WHERE alert = ?1")?.execute([alert])?;
    }
    Ok(found)
}

/// Forgets those before a time, whose other half can't come any more.
pub(crate) fn forget_before(db: &Connection, at_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM twin WHERE alert < ?1")?
        .execute([key::first_at(at_ms)])
        .map(drop)
}
