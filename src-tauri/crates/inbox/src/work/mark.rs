//! Marking alerts as read or unread.

use super::LISTED;
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::{alert, stored, twin, unread};
use crate::{AlertId, Category};
use rusqlite::{Connection, TransactionBehavior};

/// What marking did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The alerts that were not marked so before, as far as they are listed.
    pub changed: Vec<AlertId>,
    /// Whether there are more than are listed.
    pub more: bool,
    /// Whether some that are read now may be notifications of the market whose ids are not known
    /// yet, so that it can't be told.
    pub unnamed: bool,
    /// The counts that follow.
    pub counts: Counts,
}

impl Marked {
    /// Lists more, as long as a list makes sense.
    pub(crate) fn add(&mut self, ids: Vec<AlertId>) {
        if self.more || self.changed.len() + ids.len() > LISTED {
            self.changed.clear();
            self.more = true;
        } else {
            self.changed.extend(ids);
        }
    }
}

pub(crate) fn mark(db: &mut Connection, ids: &[AlertId], read: bool) -> rusqlite::Result<Marked> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut changed = Vec::new();
    for id in ids {
        if read {
            if let Some(category) = unread::remove(&all, *id)? {
                difference.add(category, 0, -1);
                changed.push(*id);
            }
        } else if let Some(category) = alert::category(&all, *id)?
            && unread::add(&all, *id, category)?
        {
            difference.add(category, 0, 1);
            changed.push(*id);
        }
    }
    let mut unnamed = false;
    for id in &changed {
        stored::tell(&all, *id, read)?;
        unnamed |= read && twin::waits(&all, *id)?;
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Marked { changed, more: false, unnamed, counts })
}

/// What came of [`tell_some`].
pub(crate) struct Told {
    /// Whether one of them may yet turn out to be stored.
    pub(crate) unnamed: bool,
    /// The key to go on from; `None` at the end.
    pub(crate) next: Option<AlertId>,
}

/// Before all up to a key are marked as read, of a category or of all: has the market told of no more
/// than `limit` of them from a key on. With all that the market ever stored in one transaction, what
/// arrives would wait.
pub(crate) fn tell_some(
    db: &mut Connection,
    category: Option<Category>,
    from: AlertId,
    up_to: AlertId,
    limit: u32,
) -> rusqlite::Result<Told> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !stored::any(&all)? && !twin::any(&all)? {
        return Ok(Told { unnamed: false, next: None });
    }
    let (last, count) = unread::last_of(&all, category, from, up_to, limit)?;
    let Some(last) = last else { return Ok(Told { unnamed: false, next: None }) };
    let unnamed = twin::any_unread_waits(&all, from, last)?;
    stored::tell_unread(&all, category, from, last)?;
    all.commit()?;
    Ok(Told { unnamed, next: (count == limit).then_some(last + 1) })
}

/// Marks all up to a key as read, of a category or of all, however many they are, and lists none.
/// What the market has to be told of them is known, see [`tell_some`].
pub(crate) fn mark_all(
    db: &mut Connection,
    category: Option<Category>,
    up_to: AlertId,
    unnamed: bool,
) -> rusqlite::Result<Marked> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let changed = unread::remove_all(&all, category, up_to)?;
    counts::recount_unread(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Marked { changed: Vec::new(), more: changed > 0, unnamed, counts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, open};

    #[test]
    fn the_market_is_told_of_no_more_than_some_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (mut db, _) = open::for_writing(&folder.path().join("inbox.sqlite")).unwrap();
        let tell = |db: &mut Connection, from| {
            let told = tell_some(db, Some(Category::Chat), from, 8, 2).unwrap();
            (stored::untold(db, "mailbox", 100).unwrap(), told.unnamed, told.next)
        };
        db.execute_batch(
            "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10)
             INSERT INTO unread SELECT id, iif(id % 2, 'chat', 'money') FROM n",
        )
        .unwrap();
        assert_eq!(tell(&mut db, 0), (vec![], false, None), "the market stored nothing");
        db.execute_batch("INSERT INTO stored SELECT 'mailbox', id, id, 0 FROM unread").unwrap();
        db.execute_batch("INSERT INTO twin VALUES (7, 0, 0)").unwrap();
        assert_eq!(tell(&mut db, 0), (vec![3, 1], false, Some(4)));
        assert_eq!(tell(&mut db, 4), (vec![7, 5, 3, 1], true, Some(8)));
        assert_eq!(tell(&mut db, 8), (vec![7, 5, 3, 1], false, None));
    }
}
