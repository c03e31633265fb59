//! The table `stored`: which alert each of the market's stored notifications became, and what the
//! market knows of its having been read. Only what the market itself listed has a row, so that nothing
//! else is ever reported read. An alert that is gone leaves its row behind, so that a sync doesn't
//! bring it back.

use super::look::LATEST;
use crate::AlertId;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// What the market knows of a notification's having been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    /// Nobody read it, as far as is known.
    Nothing = 0,
    /// It was read here, and the market has yet to be told.
    Read = 1,
    /// It was read here by a marking that can still be taken back: nobody is told before it is settled.
    Held = 3,
    /// The market has it as read, from where there is no way back. Whoever marks it as unread here
    /// does so for this inbox alone.
    Known = 2,
}

/// The alert that a stored notification became; `Some(None)` when that was deleted.
#[expect(clippy::option_option, reason = "whether it is known, and then whether it is still there")]
pub(crate) fn alert_of(
    db: &Connection,
    mailbox: &str,
    stored_id: i64,
) -> rusqlite::Result<Option<Option<AlertId>>> {
    db.prepare_cached("SELECT alert FROM stored WHERE mailbox = ?1 AND stored_id = ?2")?
        .query_row(params![mailbox, stored_id], |row| row.get(0))
        .optional()
}

/// Whether a notification is known to be read here, or there.
pub(crate) fn is_read(db: &Connection, mailbox: &str, stored_id: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM stored WHERE mailbox = ?1 AND stored_id = ?2 AND tell <> 0")?
        .exists(params![mailbox, stored_id])
}

pub(crate) fn insert(
    db: &Connection,
    mailbox: &str,
    stored_id: i64,
    alert: Option<AlertId>,
    tell: Tell,
) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO stored (mailbox, stored_id, alert, tell, gone)
         VALUES (?1, ?2, ?3, ?4, iif(?3 IS NULL, {LATEST}, NULL))
         ON CONFLICT (mailbox, stored_id) DO NOTHING"
    ))?
    .execute(params![mailbox, stored_id, alert, tell as i64])
    .map(drop)
}

/// An alert was read here, or is unread again: the market has to be told, or needn't be any more,
/// unless it knows.
pub(crate) fn tell(db: &Connection, alert: AlertId, read: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE stored SET tell = ?2 WHERE alert = ?1 AND alert IS NOT NULL AND tell <> 2",
    )?
    .execute(params![alert, i64::from(read)])
    .map(drop)
}

/// An alert was read here by a marking that can still be taken back.
pub(crate) fn hold(db: &Connection, alert: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE stored SET tell = 3 WHERE alert = ?1 AND alert IS NOT NULL AND tell <> 2",
    )?
    .execute([alert])
    .map(drop)
}

/// The marking is settled: the market has to be told, unless it knows.
pub(crate) fn release(db: &Connection, alert: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE stored SET tell = 1 WHERE alert = ?1 AND alert IS NOT NULL AND tell = 3",
    )?
    .execute([alert])
    .map(drop)
}

/// Nothing can be taken back any more of what was marked before.
pub(crate) fn release_all(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE stored SET tell = 1 WHERE tell = 3", []).map(drop)
}

/// Whether the market has an alert as read.
pub(crate) fn is_known(db: &Connection, alert: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM stored WHERE alert = ?1 AND alert IS NOT NULL AND tell = 2")?
        .exists([alert])
}

/// The market has an alert as read; `false` where that is no news.
pub(crate) fn know(db: &Connection, alert: AlertId) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE stored SET tell = 2 WHERE alert = ?1 AND alert IS NOT NULL AND tell <> 2",
        )?
        .execute([alert])?;
    Ok(changed > 0)
}

/// Whether anything is known of any mailbox's notifications.
pub(crate) fn any(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM stored")?.exists([])
}

/// The alert is gone for good.
pub(crate) fn forget_alert(db: &Connection, alert: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "UPDATE stored SET alert = NULL, gone = {LATEST} WHERE alert = ?1 AND alert IS NOT NULL"
    ))?
    .execute([alert])
    .map(drop)
}

/// Some alerts are about to go for good; how many.
pub(crate) fn forget_some(db: &Connection, limit: u32) -> rusqlite::Result<u32> {
    let forgotten = db
        .prepare_cached(&format!(
            "UPDATE stored SET alert = NULL, gone = {LATEST} WHERE alert IN
                 (SELECT alert FROM stored WHERE alert IS NOT NULL ORDER BY alert LIMIT ?1)"
        ))?
        .execute([limit])?;
    Ok(u32::try_from(forgotten).unwrap_or(u32::MAX))
}

/// All alerts are gone for good.
pub(crate) fn forget_all(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(&format!(
        "UPDATE stored SET alert = NULL, gone = {LATEST} WHERE alert IS NOT NULL"
    ))
}

/// Of what is gone here the market has as read what it doesn't name as unread.
pub(crate) fn settle(
    db: &Connection,
    mailbox: &str,
    unread_there: &HashSet<i64>,
) -> rusqlite::Result<()> {
    let gone: Vec<i64> = db
        .prepare_cached(
            "SELECT stored_id FROM stored WHERE tell = 0 AND gone IS NOT NULL AND mailbox = ?1",
        )?
        .query_map([mailbox], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let read: Vec<i64> = gone.into_iter().filter(|id| !unread_there.contains(id)).collect();
    told(db, mailbox, &read)
}

/// Forgets at most `limit` notifications whose alerts went before a look: those that the market has as
/// read, and doesn't list any more to whoever asks for what came since `since_ms` or later. How many.
pub(crate) fn prune(
    db: &Connection,
    before_look: i64,
    since_ms: i64,
    limit: u32,
) -> rusqlite::Result<u32> {
    let pruned = db
        .prepare_cached(
            "DELETE FROM stored WHERE (mailbox, stored_id) IN (
                 SELECT mailbox, stored_id FROM stored
                 WHERE tell = 2 AND gone < ?1 AND mailbox IN
                     (SELECT name FROM mailbox WHERE synced_ms >= ?2) LIMIT ?3)",
        )?
        .execute(params![before_look, since_ms, limit])?;
    Ok(u32::try_from(pruned).unwrap_or(u32::MAX))
}

/// Notifications of a mailbox that the market is to be told were read, the newest first.
pub(crate) fn untold(db: &Connection, mailbox: &str, limit: u32) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(
        "SELECT stored_id FROM stored WHERE mailbox = ?1 AND tell = 1
         ORDER BY stored_id DESC LIMIT ?2",
    )?
    .query_map(params![mailbox, limit], |row| row.get(0))?
    .collect()
}

/// The market knows.
pub(crate) fn told(db: &Connection, mailbox: &str, stored_ids: &[i64]) -> rusqlite::Result<()> {
    let mut update =
        db.prepare_cached("UPDATE stored SET tell = 2 WHERE mailbox = ?1 AND stored_id = ?2")?;
    for id in stored_ids {
        update.execute(params![mailbox, id])?;
    }
    Ok(())
}

/// The market has all as read, and those with it that are unread here.
pub(crate) fn told_all(db: &Connection, mailbox: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE stored SET tell = 2 WHERE mailbox = ?1 AND alert IN (SELECT id FROM unread)",
    )?
    .execute([mailbox])
    .map(drop)
}

/// CROSS JOIN is SQLite's word for an order: what is unread leads, and not all that was ever stored.
const UNREAD: &str = "SELECT stored_id, alert FROM unread
    CROSS JOIN stored ON stored.alert = unread.id
    WHERE unread.id > ?2 AND mailbox = ?1 AND tell <> 2 ORDER BY unread.id LIMIT ?3";

/// Some of a mailbox's notifications that are unread here and, as far as is known, there, with their
/// alerts, from one alert on.
pub(crate) fn unread(
    db: &Connection,
    mailbox: &str,
    after: AlertId,
    limit: u32,
) -> rusqlite::Result<Vec<(i64, AlertId)>> {
    db.prepare_cached(UNREAD)?
        .query_map(params![mailbox, after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    #[test]
    fn what_is_unread_is_found_by_what_is_unread() {
        let folder = tempfile::tempdir().unwrap();
        let (db, _) = open::for_writing(&folder.path().join("inbox.sqlite")).unwrap();
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {UNREAD}")).unwrap();
        let plan =
            explain.query_map(params!["mailbox", 0, 9], |row| row.get::<_, String>(3)).unwrap();
        let plan: Vec<_> = plan.map(Result::unwrap).collect();
        assert!(plan[0].starts_with("SEARCH unread USING"), "{plan:?}");
        assert!(plan[1].starts_with("SEARCH stored USING INDEX stored_alert"), "{plan:?}");
    }
}
