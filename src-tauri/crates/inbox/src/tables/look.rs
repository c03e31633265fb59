//! The table `look`: on which days the clock was found to be believable, and what it showed. When an
//! alert was received is known in these looks, not by the clock of the moment: `alert.received` is the
//! latest look before it, so that it was received before the look that follows.
//!
//! No single look is believed. Of any five in a row one at least is taken to be right, and time goes
//! forward: now is later than the earliest of the last five, and what was received before five of them
//! was received before the latest of those.

use rusqlite::{Connection, OptionalExtension, params};

/// The number of the latest look, 0 before the first: for statements that insert.
pub(crate) const LATEST: &str = "(SELECT ifnull(max(id), 0) FROM look)";

/// One day's look follows another at the earliest after this: who starts the program at nine one day
/// and at eight the next has looked on two.
const A_DAY_MS: i64 = 20 * 60 * 60 * 1_000;
/// So many in a row have to agree.
const AGREE: i64 = 5;
/// So many are kept: enough for the longest time that alerts are kept for.
const KEPT: i64 = 2_000;

/// Takes down what the clock shows; `false` where that was done today already. A clock that was set
/// back makes it another day.
pub(crate) fn insert(db: &Connection, at_ms: i64) -> rusqlite::Result<bool> {
    let latest: Option<(i64, i64)> = db
        .prepare_cached("SELECT id, at_ms FROM look ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if latest.is_some_and(|(_, latest_ms)| at_ms.abs_diff(latest_ms) < A_DAY_MS.unsigned_abs()) {
        return Ok(false);
    }
    let id = latest.map_or(1, |(id, _)| id + 1);
    db.prepare_cached("INSERT INTO look VALUES (?1, ?2)")?.execute(params![id, at_ms])?;
    db.prepare_cached("DELETE FROM look WHERE id <= ?1")?.execute([id - KEPT])?;
    Ok(true)
}

/// The time that is surely over: the earliest that the clock showed on the last five days that it was
/// looked at. `None` while there are fewer.
pub(crate) fn agreed_ms(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let (earliest, count): (Option<i64>, i64) = db
        .prepare_cached(
            "SELECT min(at_ms), count(*) FROM (SELECT at_ms FROM look ORDER BY id DESC LIMIT ?1)",
        )?
        .query_row([AGREE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(earliest.filter(|_| count == AGREE))
}

/// The latest look that was surely taken before a time: what was received before that look, was
/// received before that time. 0 where there is none: nothing is known to have been.
pub(crate) fn latest_before(db: &Connection, at_ms: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "SELECT ifnull(max(id), 0) FROM (
             SELECT id, max(at_ms) OVER five AS latest_ms, count(*) OVER five AS count FROM look
             WINDOW five AS (ORDER BY id ROWS BETWEEN CURRENT ROW AND ?2 FOLLOWING))
         WHERE latest_ms < ?1 AND count > ?2",
    )?
    .query_row([at_ms, AGREE - 1], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    const DAY: i64 = 24 * 60 * 60 * 1_000;

    fn table() -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        schema::OURS.migrate(&mut db).unwrap();
        db
    }

    #[test]
    fn a_day_has_one_look_and_five_have_to_agree() {
        let db = table();
        for day in 1..=4 {
            assert!(insert(&db, day * DAY).unwrap());
            assert!(!insert(&db, day * DAY + DAY / 2).unwrap(), "the day has had its look");
            assert_eq!(agreed_ms(&db).unwrap(), None);
            assert_eq!(latest_before(&db, 100 * DAY).unwrap(), 0);
        }
        assert!(insert(&db, 5 * DAY).unwrap());
        assert_eq!(agreed_ms(&db).unwrap(), Some(DAY));
        assert_eq!(latest_before(&db, 5 * DAY).unwrap(), 0);
        assert_eq!(latest_before(&db, 5 * DAY + 1).unwrap(), 1);
        assert!(insert(&db, 6 * DAY).unwrap());
        assert_eq!(agreed_ms(&db).unwrap(), Some(2 * DAY));
        assert_eq!(latest_before(&db, 100 * DAY).unwrap(), 2);
    }

    #[test]
    fn no_single_look_moves_the_time_forward_nor_makes_older_what_was_received() {
        let db = table();
        for day in 101..=105 {
            insert(&db, day * DAY).unwrap();
        }
        insert(&db, 400 * DAY).unwrap();
        assert_eq!(agreed_ms(&db).unwrap(), Some(102 * DAY));
        assert!(insert(&db, 106 * DAY).unwrap(), "the right day has its look all the same");
        assert_eq!(latest_before(&db, 200 * DAY).unwrap(), 1, "the sixth is none that is before");
        insert(&db, DAY).unwrap();
        assert_eq!(agreed_ms(&db).unwrap(), Some(DAY));
        assert_eq!(latest_before(&db, 100 * DAY).unwrap(), 0);
        for day in 107..=111 {
            insert(&db, day * DAY).unwrap();
        }
        assert_eq!(agreed_ms(&db).unwrap(), Some(107 * DAY));
        assert_eq!(latest_before(&db, 108 * DAY).unwrap(), 1);
        assert_eq!(latest_before(&db, 112 * DAY).unwrap(), 9);
    }

    #[test]
    fn looks_are_kept_for_the_longest_time_that_alerts_are_and_no_longer() {
        let db = table();
        for day in 0..KEPT + 50 {
            insert(&db, day * DAY).unwrap();
        }
        let kept: i64 = db.query_row("SELECT count(*) FROM look", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, KEPT);
        assert_eq!(agreed_ms(&db).unwrap(), Some((KEPT + 45) * DAY));
    }
}
