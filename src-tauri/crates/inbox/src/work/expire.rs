//! Letting go of alerts that are older than they are to be kept.

use crate::tables::counts::{self, Counts, Difference};
use crate::tables::{alert, stored, toast, unread};
use crate::{AlertId, search};
use rusqlite::{Connection, TransactionBehavior};

/// Deletes at most `limit` alerts older than `before` for good, those that are unread or urgent
/// only if they are older than `in_any_case` too. Gives how many went and the counts that follow.
pub(crate) fn expire(
    db: &mut Connection,
    before: AlertId,
    in_any_case: AlertId,
    limit: usize,
) -> rusqlite::Result<(usize, Counts)> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let old = alert::expired(&all, before, in_any_case, limit)?;
    for (id, category) in &old {
        let was_unread = unread::remove(&all, *id)?.is_some();
        stored::forget_alert(&all, *id)?;
        toast::remove(&all, *id)?;
        search::delete(&all, *id)?;
        alert::remove(&all, *id)?;
        difference.add(*category, -1, -i64::from(was_unread));
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok((old.len(), counts))
}
