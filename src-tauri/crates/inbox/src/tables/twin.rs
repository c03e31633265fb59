//! The table `twin`: alerts that came one way, over the stream or by catching up, and may yet come
//! the other way too, without an id that both would carry. Two halves are one when the market's own
//! words are the same and their times fit; each half is used once, so that two honest events
//! with the same words stay two.

use crate::{AlertId, key};
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE twin (
        alert INTEGER PRIMARY KEY,  -- also one that was deleted since
        words INTEGER NOT NULL,     -- a hash
        half  INTEGER NOT NULL      -- which half is there, see `Half`
    ) STRICT;

    CREATE INDEX twin_words ON twin (words, half, alert);
";

/// How much later than its stored half says the stream's may have come: it may have been slow.
const LATE_MS: i64 = 5 * 60 * 1_000;
/// How much earlier: no more than the two clocks were compared wrongly.
const EARLY_MS: i64 = 30 * 1_000;
/// The most halves that one is compared with.
const COMPARED: u32 = 100;

/// Which half of a pair is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The one that came over the stream when it was sent.
    Stream = 0,
    /// The one that the market stored.
    Stored = 1,
    /// One that came over a stream with ids, which may have kept it for any length of time.
    Replayed = 2,
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

/// The stream's halves of what the market stored at a time, with how far from it they came.
pub(crate) fn streamed(
    db: &Connection,
    words: i64,
    at_ms: i64,
) -> rusqlite::Result<Vec<(i64, AlertId)>> {
    let (from, to) = (key::first_at(at_ms - EARLY_MS), key::first_at(at_ms + LATE_MS));
    db.prepare_cached(
        "SELECT abs(alert - ?4) AS far, alert FROM twin
         WHERE words = ?1 AND alert >= ?2 AND (half = 2 OR half = 0 AND alert <= ?3)
         ORDER BY far, alert LIMIT ?5",
    )?
    .query_map(params![words, from, to, key::first_at(at_ms), COMPARED], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .collect()
}

/// Takes the stored half that is nearest to what came over the stream at a time, `as_sent` unless it
/// may have been kept for any length of time before.
pub(crate) fn take_stored(
    db: &Connection,
    words: i64,
    at_ms: i64,
    as_sent: bool,
) -> rusqlite::Result<Option<AlertId>> {
    let from = if as_sent { key::first_at(at_ms - LATE_MS) } else { 0 };
    let found: Option<AlertId> = db
        .prepare_cached(
            "SELECT alert FROM twin WHERE words = ?1 AND half = 1 AND alert BETWEEN ?2 AND ?3
             ORDER BY abs(alert - ?4), alert LIMIT 1",
        )?
        .query_row(
            params![words, from, key::first_at(at_ms + EARLY_MS), key::first_at(at_ms)],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(alert) = found {
        remove(db, alert)?;
    }
    Ok(found)
}

/// The other half has come.
pub(crate) fn remove(db: &Connection, alert: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM twin WHERE alert = ?1")?.execute([alert]).map(drop)
}

/// Whether the stored half of an alert may yet be found.
pub(crate) fn waits(db: &Connection, alert: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM twin WHERE alert = ?1 AND half <> 1")?.exists([alert])
}

/// Whether there is any half of any pair.
pub(crate) fn any(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM twin")?.exists([])
}

/// Forgets those before a time, whose other half can't come any more.
pub(crate) fn forget_before(db: &Connection, at_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM twin WHERE alert < ?1")?
        .execute([key::first_at(at_ms)])
        .map(drop)
}
