//! Marking alerts as read or unread.

use super::LISTED;
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::marking::{self, Marking};
use crate::tables::{alert, reminder, stored, twin, unread};
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

/// Marks some alerts. What a `marking` marks as read it can make unread again; whoever marks an alert
/// without one has meant it, whatever marked it before.
pub(crate) fn mark(
    db: &mut Connection,
    ids: &[AlertId],
    read: bool,
    marking: Option<Marking>,
) -> rusqlite::Result<Marked> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut changed = Vec::new();
    for id in ids {
        if marking.is_none() && marking::remove(&all, *id)? {
            stored::tell(&all, *id, read)?;
        }
        if read {
            if let Some(category) = unread::remove(&all, *id)? {
                difference.add(category, 0, -1);
                changed.push(*id);
                reminder::remove_reminded(&all, *id)?;
            }
        } else if let Some(category) = alert::category(&all, *id)?
            && unread::add(&all, *id, category.clone())?
        {
            difference.add(category, 0, 1);
            changed.push(*id);
        }
    }
    let mut unnamed = false;
    for id in &changed {
        match marking {
            Some(marking) => {
                marking::insert(&all, *id, marking)?;
                stored::hold(&all, *id)?;
            }
            None => stored::tell(&all, *id, read)?,
        }
        unnamed |= read && twin::waits(&all, *id)?;
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Marked { changed, more: false, unnamed, counts })
}

/// What came of [`mark_all`].
pub(crate) enum MarkedAll {
    /// They are marked.
    Done(Marked),
    /// The market may have to be told of them, which takes a while: these are to be marked, a part at a
    /// time.
    ToMark(Vec<AlertId>),
}

/// Marks all that are unread from one key to below another as read, of a category or of all, however
/// many they are, and lists none. Where the market may have to be told of some it only says which they
/// are now: what is taken in between two parts, nobody has seen.
pub(crate) fn mark_all(
    db: &mut Connection,
    category: Option<Category>,
    keys: (AlertId, AlertId),
    marking: Option<Marking>,
) -> rusqlite::Result<MarkedAll> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if stored::any(&all)? || twin::any(&all)? {
        return unread::ids(&all, category, keys).map(MarkedAll::ToMark);
    }
    if let Some(marking) = marking {
        marking::insert_unread(&all, category, keys, marking)?;
    }
    let changed = unread::remove_all(&all, category, keys)?;
    counts::recount_unread(&all)?;
    reminder::remove_all_reminded(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    let marked = Marked { changed: Vec::new(), more: changed > 0, unnamed: false, counts };
    Ok(MarkedAll::Done(marked))
}

/// Makes at most `limit` alerts of a marking unread again, but for what the market has as read by now:
/// somebody has read it elsewhere. `None` once there are no more.
pub(crate) fn undo_marking(
    db: &mut Connection,
    marking: Marking,
    limit: usize,
) -> rusqlite::Result<Option<Marked>> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ids = marking::take(&all, marking, limit)?;
    if ids.is_empty() {
        return Ok(None);
    }
    let mut difference = Difference::default();
    let mut changed = Vec::new();
    for id in ids {
        if stored::is_known(&all, id)? {
            continue;
        }
        stored::tell(&all, id, false)?;
        if let Some(category) = alert::category(&all, id)?
            && unread::add(&all, id, category.clone())?
        {
            difference.add(category, 0, 1);
            changed.push(id);
        }
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Some(Marked { changed, more: false, unnamed: false, counts }))
}

/// Has at most `limit` alerts of a marking told to the market, which can't be taken back any more: how
/// many, and whether its ids of some aren't known yet.
pub(crate) fn settle_marking(
    db: &mut Connection,
    marking: Marking,
    limit: usize,
) -> rusqlite::Result<(usize, bool)> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ids = marking::take(&all, marking, limit)?;
    let mut unnamed = false;
    for id in &ids {
        stored::release(&all, *id)?;
        unnamed |= twin::waits(&all, *id)?;
    }
    all.commit()?;
    Ok((ids.len(), unnamed))
}
