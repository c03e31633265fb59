//! Letting go of alerts that are older than they are to be kept.

use crate::tables::counts::{self, Counts, Difference};
use crate::tables::{alert, stored, toast, unread};
use crate::{AlertId, search};
use rusqlite::{Connection, TransactionBehavior};

/// What came of a look at some old alerts.
pub(crate) struct Expired {
    /// The counts that follow, if anything went.
    pub(crate) counts: Option<Counts>,
    /// The key to go on from; `None` at the end.
    pub(crate) next: Option<AlertId>,
}

/// Looks at no more than `limit` alerts from a key on and deletes those older than `before` for good,
/// those that are unread or urgent only if they are older than `in_any_case` too.
pub(crate) fn expire(
    db: &mut Connection,
    from: AlertId,
    before: AlertId,
    in_any_case: AlertId,
    limit: usize,
) -> rusqlite::Result<Expired> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let old = alert::old(&all, from, before, in_any_case, limit)?;
    let next = old.last().filter(|_| old.len() == limit).map(|(last, ..)| last + 1);
    let gone: Vec<_> = old.into_iter().filter(|(.., goes)| *goes).collect();
    let mut difference = Difference::default();
    for (id, category, _) in &gone {
        let was_unread = unread::remove(&all, *id)?.is_some();
        stored::forget_alert(&all, *id)?;
        toast::remove(&all, *id)?;
        search::delete(&all, *id)?;
        alert::remove(&all, *id)?;
        difference.add(*category, -1, -i64::from(was_unread));
    }
    difference.store(&all)?;
    let counts = if gone.is_empty() { None } else { Some(counts::load(&all)?) };
    all.commit()?;
    Ok(Expired { counts, next })
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
        let before = key::first_at(7);
        let mut look = |from| {
            let Expired { counts, next } =
                expire(&mut db, from, before, key::first_at(1), 3).unwrap();
            (counts.map(|counts| counts.total()), next)
        };
        assert_eq!(look(0), (Some(7), Some(key::first_at(2) + 1)), "the first is old in any case");
        assert_eq!(look(key::first_at(2) + 1), (Some(6), Some(key::first_at(5) + 1)));
        assert_eq!(look(key::first_at(5) + 1), (Some(5), None));
        assert_eq!(look(0), (None, Some(key::first_at(3) + 1)), "those that are urgent stay");
    }
}
