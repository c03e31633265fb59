//! Letting go of alerts for good, some at a time.

use crate::tables::alert::{self, Aged};
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::{reminder, starred, stored, toast, unread};
use crate::{AlertId, search};
use rusqlite::{Connection, TransactionBehavior};

/// What came of a look at some alerts.
pub(crate) struct Gone {
    /// How many went, and how many of those were unread.
    pub(crate) alerts: u64,
    pub(crate) unread: u64,
    /// The counts that follow, if any went.
    pub(crate) counts: Option<Counts>,
    /// The key to go on from; `None` at the end.
    pub(crate) next: Option<AlertId>,
}

/// Looks at no more than `limit` alerts from one key to below another, the oldest first, and deletes
/// those for good that are to go, no more than `most`.
pub(crate) fn let_go(
    db: &mut Connection,
    keys: (AlertId, AlertId),
    limit: usize,
    most: usize,
    goes: impl Fn(&Aged) -> bool,
) -> rusqlite::Result<Gone> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let looked_at = alert::aged(&all, keys, limit)?;
    let mut next = looked_at.last().filter(|_| looked_at.len() == limit).map(|last| last.id + 1);
    let mut difference = Difference::default();
    let (mut alerts, mut unread) = (0, 0);
    for (n, Aged { id, category, .. }) in looked_at.into_iter().filter(goes).enumerate() {
        if n == most {
            next = Some(id);
            break;
        }
        let was_unread = unread::remove(&all, id)?.is_some();
        stored::forget_alert(&all, id)?;
        toast::remove(&all, id)?;
        starred::remove(&all, id)?;
        reminder::remove(&all, id)?;
        search::delete(&all, id)?;
        alert::remove(&all, id)?;
        difference.add(category, -1, -i64::from(was_unread));
        alerts += 1;
        unread += u64::from(was_unread);
    }
    difference.store(&all)?;
    let counts = if alerts == 0 { None } else { Some(counts::load(&all)?) };
    all.commit()?;
    Ok(Gone { alerts, unread, counts, next })
}
