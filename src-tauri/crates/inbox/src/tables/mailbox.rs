//! The table `mailbox`: what is known of a user's stored notifications at a market, and of its clocks.

use super::twin;
use crate::twins::zone_of;
use rusqlite::{Connection, OptionalExtension, params};

/// What is known of a mailbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// When it was last synced: milliseconds since the Unix epoch. `None`: never.
    pub synced_ms: Option<i64>,
    /// When the market last said that it has no such calls: milliseconds since the Unix epoch.
    pub missing_ms: Option<i64>,
    /// What the market's clock is ahead of UTC by ours, in milliseconds. `None`: it was never heard.
    pub ahead_ms: Option<i64>,
    /// The zone of the times that it stored, in milliseconds, as far as it was learned.
    pub stored_zone_ms: Option<i64>,
}

pub(crate) fn load(db: &Connection, name: &str) -> rusqlite::Result<Mailbox> {
    let found = db
        .prepare_cached(
            "SELECT synced_ms, missing_ms, ahead_ms, stored_zone_ms FROM mailbox WHERE name = ?1",
        )?
        .query_row([name], |row| {
            Ok(Mailbox {
                synced_ms: row.get(0)?,
                missing_ms: row.get(1)?,
                ahead_ms: row.get(2)?,
                stored_zone_ms: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn store(db: &Connection, name: &str, mailbox: Mailbox) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO mailbox (name, synced_ms, missing_ms, ahead_ms, stored_zone_ms)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name)
         DO UPDATE SET synced_ms = excluded.synced_ms, missing_ms = excluded.missing_ms,
             ahead_ms = excluded.ahead_ms, stored_zone_ms = excluded.stored_zone_ms",
    )?
    .execute(params![
        name,
        mailbox.synced_ms,
        mailbox.missing_ms,
        mailbox.ahead_ms,
        mailbox.stored_zone_ms
    ])
    .map(drop)
}

/// The market's clock was heard. Stored times that were on it go with it when its zone changes, to summer
/// time and back.
pub(crate) fn hear_clock(db: &Connection, name: &str, ahead_ms: i64) -> rusqlite::Result<()> {
    let mut known = load(db, name)?;
    match known.ahead_ms.replace(ahead_ms) {
        None => twin::move_by(db, ahead_ms)?,
        Some(before_ms) if known.stored_zone_ms == Some(zone_of(before_ms)) => {
            known.stored_zone_ms = Some(zone_of(ahead_ms));
        }
        Some(_) => {}
    }
    store(db, name, known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    #[test]
    fn stored_times_that_are_on_the_markets_clock_stay_on_it_in_summer() {
        const HOUR: i64 = 60 * 60 * 1_000;
        let folder = tempfile::tempdir().unwrap();
        let (db, _) = open::for_writing(&folder.path().join("inbox.sqlite")).unwrap();
        let zone = |db: &Connection| load(db, "mailbox").unwrap().stored_zone_ms;
        hear_clock(&db, "mailbox", HOUR + 3_000).unwrap();
        assert_eq!(zone(&db), None, "nothing was learned");
        for (learned, after) in [(HOUR, 2 * HOUR), (0, 0)] {
            hear_clock(&db, "mailbox", HOUR - 500).unwrap();
            let known = load(&db, "mailbox").unwrap();
            store(&db, "mailbox", Mailbox { stored_zone_ms: Some(learned), ..known }).unwrap();
            hear_clock(&db, "mailbox", 2 * HOUR + 40).unwrap();
            assert_eq!(zone(&db), Some(after));
            store(&db, "mailbox", known).unwrap();
        }
    }
}
