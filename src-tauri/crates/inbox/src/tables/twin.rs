//! The table `twin`: alerts that came one way, over the stream or by sync, and may yet come
//! the other way too. Nothing says so of both but their words and the market's clock, see
//! [`crate::twins`]; each half is used once, so that two honest events with the same words stay two.

use crate::twins::{EARLY_MS, LATE_MS, Streamed};
use crate::{AlertId, key};
use rusqlite::{Connection, OptionalExtension, params};

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

/// Remembers that the other half may come. `at` is what the market's clock showed.
pub(crate) fn insert(
    db: &Connection,
    alert: AlertId,
    words: i64,
    half: Half,
    at: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO twin (alert, words, half, at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![alert, words, half as i64, at])
    .map(drop)
}

const STREAMED: &str = "SELECT twin.alert, twin.at, ifnull(alert.urgent, 1)
    FROM twin LEFT JOIN alert ON alert.id = twin.alert
    WHERE words = ?1 AND half = ?2 AND (twin.at, twin.alert) > (?3, ?4)
    ORDER BY twin.at, twin.alert LIMIT ?5";

/// Some of the stream's halves with these words, from one place on in the order of the market's clock.
/// One whose alert was deleted is urgent enough for any other half: somebody has seen it.
pub(crate) fn streamed(
    db: &Connection,
    words: i64,
    half: Half,
    after: (i64, AlertId),
    limit: u32,
) -> rusqlite::Result<Vec<Streamed>> {
    db.prepare_cached(STREAMED)?
        .query_map(params![words, half as i64, after.0, after.1, limit], |row| {
            let alert = row.get(0)?;
            Ok(Streamed {
                alert,
                words,
                at: row.get(1)?,
                came_ms: key::time_of(alert),
                is_kept: half == Half::Replayed,
                urgent: row.get(2)?,
            })
        })?
        .collect()
}

/// The first of the stream's halves that came after another one, and at `since` or later by the market's
/// clock, and may be that of what was stored at a time.
pub(crate) fn streamed_since(
    db: &Connection,
    words: i64,
    since: i64,
    after: AlertId,
    at: i64,
    urgent: bool,
) -> rusqlite::Result<Option<AlertId>> {
    let from = since.max(at.saturating_sub(EARLY_MS));
    for (half, to) in [(Half::Stream, at.saturating_add(LATE_MS)), (Half::Replayed, i64::MAX)] {
        let found = db
            .prepare_cached(
                "SELECT twin.alert FROM twin LEFT JOIN alert ON alert.id = twin.alert
                 WHERE words = ?1 AND half = ?2 AND twin.at BETWEEN ?3 AND ?4
                     AND twin.alert > ?5 AND ifnull(alert.urgent, 1) >= ?6
                 ORDER BY twin.at LIMIT 1",
            )?
            .query_row(params![words, half as i64, from, to, after, urgent], |row| row.get(0))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

const BEFORE: &str = "SELECT at, alert FROM twin
    WHERE words = ?1 AND half = 1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC LIMIT 1";
const AFTER: &str = "SELECT at, alert FROM twin
    WHERE words = ?1 AND half = 1 AND at > ?2 AND at <= ?3 ORDER BY at LIMIT 1";

/// Takes the stored half that is nearest to what came over the stream when the market's clock showed `at`,
/// `as_sent` unless it may have been kept for any length of time before.
pub(crate) fn take_stored(
    db: &Connection,
    words: i64,
    at: i64,
    as_sent: bool,
) -> rusqlite::Result<Option<AlertId>> {
    let from = if as_sent { at.saturating_sub(LATE_MS) } else { i64::MIN };
    // However many there are on either side, the nearest on each is the first in the index.
    let first = |sql, from, to| {
        db.prepare_cached(sql)?
            .query_row(params![words, from, to], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    };
    let before: Option<(i64, AlertId)> = first(BEFORE, from, at)?;
    let after: Option<(i64, AlertId)> = first(AFTER, at, at.saturating_add(EARLY_MS))?;
    let found = before.into_iter().chain(after).min_by_key(|(half_at, _)| half_at.abs_diff(at));
    let Some((_, alert)) = found else { return Ok(None) };
    remove(db, alert)?;
    Ok(Some(alert))
}

/// The other half has come; whether the market has this one as read though nobody here has read it.
pub(crate) fn remove(db: &Connection, alert: AlertId) -> rusqlite::Result<bool> {
    let told = db
        .prepare_cached("DELETE FROM twin WHERE alert = ?1 RETURNING told")?
        .query_row([alert], |row| row.get(0))
        .optional()?;
    Ok(told.unwrap_or(false))
}

/// The market has all as read, and among them what nobody here has read.
pub(crate) fn told_all(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "UPDATE twin SET told = 1 WHERE half <> 1 AND alert IN (SELECT id FROM unread)",
    )
}

/// The market's clock was heard for the first time, and is so far ahead of UTC: what was on UTC until then
/// is on it now. What is on the clock of another market stays.
pub(crate) fn move_by(db: &Connection, ahead_ms: i64) -> rusqlite::Result<()> {
    // The upper bits of a key are its time, see `key`.
    db.prepare_cached("UPDATE twin SET at = at + ?1 WHERE abs(at - (alert >> 11)) < 60000")?
        .execute([ahead_ms])
        .map(drop)
}

/// Whether the stored half of an alert may yet be found.
pub(crate) fn waits(db: &Connection, alert: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM twin WHERE alert = ?1 AND half <> 1")?.exists([alert])
}

/// Whether there is any half of any pair.
pub(crate) fn any(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM twin")?.exists([])
}

/// Forgets at most `limit` of those before a time, whose other half can't come any more; how many.
pub(crate) fn forget_before(db: &Connection, at_ms: i64, limit: u32) -> rusqlite::Result<u32> {
    // Where there is none, nothing is written, and nobody has to be waited for.
    if !db.prepare_cached("SELECT 1 FROM twin WHERE alert < ?1")?.exists([key::first_at(at_ms)])? {
        return Ok(0);
    }
    let forgotten = db
        .prepare_cached(
            "DELETE FROM twin WHERE alert IN
                 (SELECT alert FROM twin WHERE alert < ?1 ORDER BY alert LIMIT ?2)",
        )?
        .execute(params![key::first_at(at_ms), limit])?;
    Ok(u32::try_from(forgotten).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{AFTER, BEFORE, STREAMED};
    use crate::open;

    #[test]
    fn halves_are_found_by_the_index_however_many_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let (db, _) = open::for_writing(&folder.path().join("inbox.sqlite")).unwrap();
        for sql in [STREAMED, BEFORE, AFTER] {
            let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let numbers = rusqlite::params_from_iter(vec![1; explain.parameter_count()]);
            let plan = explain.query_map(numbers, |row| row.get::<_, String>(3)).unwrap();
            let plan: Vec<_> = plan.map(Result::unwrap).collect();
            assert!(plan[0].contains("USING COVERING INDEX twin_words"), "{plan:?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
        }
    }
}
