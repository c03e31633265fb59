//! Deleting alerts, bringing them back, and deleting them for good.

use super::LISTED;
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::trash::{self, Deletion};
use crate::tables::{alert, stored, toast, unread};
use crate::{AlertId, search};
use rusqlite::{Connection, TransactionBehavior};

/// What deleting or undoing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deleted {
    /// The alerts that went, or came back, as far as they are listed.
    pub ids: Vec<AlertId>,
    /// Whether there are more than are listed.
    pub more: bool,
    /// The counts that follow.
    pub counts: Counts,
}

impl Deleted {
    /// Adds what came of another part, and lists it as long as a list makes sense.
    pub(crate) fn add(&mut self, Self { ids, counts, .. }: Self) {
        self.counts = counts;
        if self.more || self.ids.len() + ids.len() > LISTED {
            self.ids.clear();
            self.more = true;
        } else {
            self.ids.extend(ids);
        }
    }
}

/// Moves alerts into the trash; of those that are unread none but the `seen` ones, which are in order,
/// where there is such a list.
pub(crate) fn delete(
    db: &mut Connection,
    ids: &[AlertId],
    deletion: Deletion,
    seen: Option<&[AlertId]>,
) -> rusqlite::Result<Deleted> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut gone = Vec::new();
    for id in ids {
        let Some(category) = alert::category(&all, *id)? else { continue };
        let is_unseen = seen.is_some_and(|seen| seen.binary_search(id).is_err());
        if is_unseen && unread::contains(&all, *id)? {
            continue;
        }
        let was_unread = unread::remove(&all, *id)?.is_some();
        trash::insert(&all, *id, was_unread, deletion)?;
        search::delete(&all, *id)?;
        alert::remove(&all, *id)?;
        difference.add(category, -1, -i64::from(was_unread));
        gone.push(*id);
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Deleted { ids: gone, more: false, counts })
}

/// Brings at most `limit` alerts of a deletion back as they were.
pub(crate) fn undo(
    db: &mut Connection,
    deletion: Deletion,
    limit: usize,
) -> rusqlite::Result<Deleted> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut back = Vec::new();
    for (id, was_unread) in trash::of_deletion(&all, deletion, limit)? {
        trash::bring_back(&all, id)?;
        trash::remove(&all, id)?;
        let Some(body) = alert::get(&all, id)?.map(|alert| alert.body) else { continue };
        let Some(category) = alert::category(&all, id)? else { continue };
        if was_unread {
            unread::add(&all, id, category.clone())?;
        }
        search::insert(&all, id, &body)?;
        difference.add(category, 1, i64::from(was_unread));
        back.push(id);
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Deleted { ids: back, more: false, counts })
}

/// Lets go of at most `limit` alerts of a deletion; how many went. Whoever deletes an alert unread has
/// seen it: the market is told so.
pub(crate) fn empty_trash(
    db: &mut Connection,
    deletion: Deletion,
    limit: usize,
) -> rusqlite::Result<usize> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let old = trash::of_deletion(&all, deletion, limit)?;
    for (id, was_unread) in &old {
        if *was_unread {
            stored::tell(&all, *id, true)?;
        }
        stored::forget_alert(&all, *id)?;
        toast::remove(&all, *id)?;
        trash::remove(&all, *id)?;
    }
    all.commit()?;
    Ok(old.len())
}

/// Before every alert is deleted: forgets of at most `limit` stored notifications which alert each is;
/// of how many. What the market has stored is still known as such.
pub(crate) fn forget_some(db: &mut Connection, limit: u32) -> rusqlite::Result<u32> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let forgotten = stored::forget_some(&all, limit)?;
    all.commit()?;
    Ok(forgotten)
}

/// Deletes every alert at once and for good. What the market has stored of them is still known as
/// theirs, so that a sync doesn't bring it back.
pub(crate) fn delete_everything(db: &mut Connection) -> rusqlite::Result<()> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    stored::forget_all(&all)?;
    search::delete_all(&all)?;
    all.execute_batch(
        "DELETE FROM alert; DELETE FROM unread; DELETE FROM trash; DELETE FROM toast;
         DELETE FROM counts; DELETE FROM starred; DELETE FROM reminder;",
    )?;
    all.commit()
}
