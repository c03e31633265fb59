//! What people follow up: stars, and reminders that become due.

use crate::tables::counts::{self, Counts, Difference};
use crate::tables::{alert, marking, reminder, starred, stored, toast, unread};
use crate::{Alert, AlertId};
use agora_alert::Reminder;
use rusqlite::{Connection, TransactionBehavior};

/// What was changed of alerts that are followed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// Those that are otherwise than before.
    pub ids: Vec<AlertId>,
    /// The counts that follow.
    pub counts: Counts,
}

/// What became due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// The alerts, unread again, the longest due first.
    pub alerts: Vec<Alert>,
    /// The counts that follow.
    pub counts: Counts,
    /// When the next one is due, in milliseconds since the Unix epoch.
    pub next_ms: Option<i64>,
}

/// Gives alerts a star, or takes it away.
pub(crate) fn star(
    db: &mut Connection,
    ids: &[AlertId],
    is_starred: bool,
) -> rusqlite::Result<Followed> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut changed = Vec::new();
    for id in ids {
        let is_changed = if is_starred {
            alert::exists(&all, *id)? && starred::add(&all, *id)?
        } else {
            starred::remove(&all, *id)?
        };
        changed.extend(is_changed.then_some(*id));
    }
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Followed { ids: changed, counts })
}

/// Sets an alert's reminder to a time, in milliseconds since the Unix epoch, or takes it away.
pub(crate) fn remind(
    db: &mut Connection,
    id: AlertId,
    due_ms: Option<i64>,
) -> rusqlite::Result<Followed> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_changed = match due_ms {
        Some(due_ms) => {
            let is_there = alert::exists(&all, id)?;
            if is_there {
                reminder::set(&all, id, Reminder { due_ms, reminded: false })?;
            }
            is_there
        }
        None => reminder::remove(&all, id)?.is_some(),
    };
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Followed { ids: is_changed.then_some(id).into_iter().collect(), counts })
}

/// Has at most `limit` alerts whose reminders are due be unread again. In one transaction, so that each
/// is due once, whatever ends the program.
pub(crate) fn remind_due(db: &mut Connection, now_ms: i64, limit: u32) -> rusqlite::Result<Due> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut alerts = Vec::new();
    for id in reminder::due(&all, now_ms, limit)? {
        let Some(found) = alert::get(&all, id)? else {
            reminder::remove(&all, id)?;
            continue;
        };
        let due_ms = found.reminder.map_or(now_ms, |reminder| reminder.due_ms);
        let reminder = Reminder { due_ms, reminded: true };
        reminder::set(&all, id, reminder)?;
        // What became of its first toast says nothing of the next.
        toast::remove(&all, id)?;
        marking::remove(&all, id)?;
        if let Some(category) = alert::category(&all, id)?
            && unread::add(&all, id, category.clone())?
        {
            stored::tell(&all, id, false)?;
            difference.add(category, 0, 1);
        }
        alerts.push(Alert { read: false, reminder: Some(reminder), ..found });
    }
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    let next_ms = reminder::next_ms(&all)?;
    all.commit()?;
    Ok(Due { alerts, counts, next_ms })
}
