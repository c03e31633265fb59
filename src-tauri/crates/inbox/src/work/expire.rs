//! Letting go of alerts that are older than they are to be kept.
//!
//! No clock is believed alone. An alert is old only when its own time *and* the time when it was
//! received here are both over; the latter is known in looks, see [`crate::tables::look`].

use super::gone::{self, Gone};
use crate::tables::alert::Aged;
use crate::tables::{look, stored};
use crate::{AlertId, key};
use rusqlite::{Connection, TransactionBehavior};

/// Before which times alerts are let go of, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Those that are neither unread nor urgent.
    pub before_ms: i64,
    /// All but those that are followed up: with a star, or with a reminder that isn't due yet.
    pub in_any_case_ms: i64,
}

/// After so long nothing is left to be known of a notification whose alert is gone.
const LONG_GONE_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// When the mailbox was synced is known as exactly as this.
const A_DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Takes down what the clock shows, when that can be believed; `false` where it was done today
/// already.
pub(crate) fn look(db: &mut Connection, now_ms: i64) -> rusqlite::Result<bool> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_new = look::insert(&all, now_ms)?;
    all.commit()?;
    Ok(is_new)
}

/// Looks at no more than `limit` alerts from a key on and deletes those for good that are older than
/// the limits, unread and urgent ones only where they are older than the limit for all.
pub(crate) fn expire(
    db: &mut Connection,
    from: AlertId,
    limits: Limits,
    limit: usize,
) -> rusqlite::Result<Gone> {
    let before = Before::of(db, limits.before_ms)?;
    let in_any_case = Before::of(db, limits.in_any_case_ms)?;
    gone::let_go(db, (from, before.key), limit, limit, |aged| {
        let stays = aged.unread || aged.urgent;
        !aged.followed && (in_any_case.is(aged) || before.is(aged) && !stays)
    })
}

/// A time, as a key and as the latest look before it.
struct Before {
    key: AlertId,
    look: i64,
}

impl Before {
    fn of(db: &Connection, at_ms: i64) -> rusqlite::Result<Self> {
        Ok(Self { key: key::first_at(at_ms), look: look::latest_before(db, at_ms)? })
    }

    fn is(&self, aged: &Aged) -> bool {
        aged.id < self.key && aged.received < self.look
    }
}

/// Forgets at most `limit` of the market's notifications whose alerts are long gone; how many.
pub(crate) fn forget_long_gone(db: &mut Connection, limit: u32) -> rusqlite::Result<u32> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(agreed_ms) = look::agreed_ms(&all)? else { return Ok(0) };
    let long_ago_ms = agreed_ms - LONG_GONE_MS;
    let before = look::latest_before(&all, long_ago_ms)?;
    let forgotten = stored::prune(&all, before, long_ago_ms + A_DAY_MS, limit)?;
    all.commit()?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::{Batch, commit};
    use crate::{Category, Cursor, NewAlert, Notice, Words, key, open};

    #[test]
    fn what_stays_is_looked_at_once_and_no_more_than_some_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (mut db, _) = open::for_writing(&folder.path().join("inbox.sqlite")).unwrap();
        let alert = |at_ms| NewAlert {
            at_ms,
            event: "message".into(),
            kind: "message".into(),
            category: Category::System,
            title: Words::same("old"),
            content: Words::default(),
            fields: String::new(),
            link: None,
            urgent: at_ms < 5,
            raw: String::new(),
            event_id: None,
            notice: Notice::None,
            toast: None,
        };
        let cursor = Cursor { source: "market".into(), last_event_id: None };
        let alerts = (0..8).map(alert).collect();
        commit(&mut db, Batch { alerts, cursor, mailbox: "mailbox".into() }).unwrap();
        db.execute_batch("DELETE FROM unread").unwrap();
        for day in -5..0 {
            look(&mut db, day * A_DAY_MS).unwrap();
        }
        let limits = Limits { before_ms: 7, in_any_case_ms: 1 };
        let mut look = |from| {
            let Gone { counts, next, .. } = expire(&mut db, from, limits, 3).unwrap();
            (counts.map(|counts| counts.total()), next)
        };
        assert_eq!(look(0), (Some(7), Some(key::first_at(2) + 1)), "the first is old in any case");
        assert_eq!(look(key::first_at(2) + 1), (Some(6), Some(key::first_at(5) + 1)));
        assert_eq!(look(key::first_at(5) + 1), (Some(5), None));
        assert_eq!(look(0), (None, Some(key::first_at(3) + 1)), "those that are urgent stay");
    }
}
