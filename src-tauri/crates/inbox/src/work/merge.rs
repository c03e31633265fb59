//! Taking in what the market stored: what was sent while nobody was there, and what was read
//! elsewhere.

use super::commit;
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::mailbox::{self, Mailbox};
use crate::tables::twin::{self, Half};
use crate::tables::{alert, stored, unread};
use crate::{Alert, AlertId, NewAlert, Notice};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::HashSet;

/// How long the other half of a twin may be outstanding: catching up reaches back to the last time
/// that it was done, and no further.
const TWINS_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// One of the market's stored notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// The market's id of it.
    pub stored_id: i64,
    /// Whether it is unread there.
    pub unread: bool,
    /// The alert that it is.
    pub body: NewAlert,
}

/// What catching up found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaughtUp {
    /// Whose notifications they are.
    pub mailbox: String,
    /// When it was asked: milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// What was found, in any order.
    pub notices: Vec<StoredNotice>,
    /// The ids of those that were unread here when the market was asked. One of them that it does
    /// not name as unread was read elsewhere.
    pub were_unread: Vec<i64>,
    /// Every id that is unread there; `None` where that is not known.
    pub unread_there: Option<HashSet<i64>>,
}

/// What merging did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// The alerts that are new, oldest first.
    pub new: Vec<Alert>,
    /// The alerts that were unread here and are read elsewhere.
    pub read: Vec<AlertId>,
    /// The counts that follow.
    pub counts: Counts,
}

pub(crate) fn merge(db: &mut Connection, mut found: CaughtUp) -> rusqlite::Result<Merged> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut merged = Merged::default();
    let mut difference = Difference::default();
    found.notices.sort_by_key(|notice| (notice.body.at_ms, notice.stored_id));
    for notice in found.notices {
        match stored::alert_of(&all, &found.mailbox, notice.stored_id)? {
            Some(Some(id)) if !notice.unread => {
                read_elsewhere(&all, id, &mut difference, &mut merged.read)?;
            }
            Some(_) => {}
            None => take_in(&all, &found.mailbox, notice, &mut difference, &mut merged)?,
        }
    }
    if let Some(there) = &found.unread_there {
        for id in found.were_unread.iter().filter(|id| !there.contains(id)) {
            if let Some(Some(alert)) = stored::alert_of(&all, &found.mailbox, *id)? {
                read_elsewhere(&all, alert, &mut difference, &mut merged.read)?;
            }
        }
    }
    mailbox::store(
        &all,
        &found.mailbox,
        Mailbox { caught_up_ms: Some(found.at_ms), missing_ms: None },
    )?;
    twin::forget_before(&all, found.at_ms - TWINS_KEPT_MS)?;
    difference.store(&all)?;
    merged.counts = counts::load(&all)?;
    all.commit()?;
    Ok(merged)
}

/// Takes in a notification that is not known by its id: the stored half of an alert that came over
/// the stream, or a new one.
fn take_in(
    db: &Connection,
    mailbox: &str,
    StoredNotice { stored_id, unread, mut body }: StoredNotice,
    difference: &mut Difference,
    merged: &mut Merged,
) -> rusqlite::Result<()> {
    let words = match body.notice {
        Notice::Unnamed(words) => Some(words),
        Notice::None | Notice::Stored(_) => None,
    };
    body.notice = Notice::Stored(stored_id);
    if let Some(words) = words
        && let Some(twin) = twin::take(db, words, Half::Stream, body.at_ms)?
    {
        let is_here = alert::exists(db, twin)?;
        // What was read here before it was known which notification it is, is told now.
        let tell = unread && !unread::contains(db, twin)?;
        stored::insert(db, mailbox, stored_id, is_here.then_some(twin), tell)?;
        if !unread {
            read_elsewhere(db, twin, difference, &mut merged.read)?;
        }
        return Ok(());
    }
    let Some(id) = commit::insert(db, mailbox, &body, unread, difference)? else { return Ok(()) };
    stored::insert(db, mailbox, stored_id, Some(id), false)?;
    if let Some(words) = words {
        twin::insert(db, id, words, Half::Stored)?;
    }
    merged.new.push(Alert { id, read: !unread, body });
    Ok(())
}

fn read_elsewhere(
    db: &Connection,
    id: AlertId,
    difference: &mut Difference,
    read: &mut Vec<AlertId>,
) -> rusqlite::Result<()> {
    if let Some(category) = unread::remove(db, id)? {
        difference.add(category, 0, -1);
        read.push(id);
    }
    stored::tell(db, id, false)
}

/// Marks the alerts of stored notifications as read, because the market says that they were read
/// elsewhere; of all that are known where `ids` is `None`.
pub(crate) fn mark_stored(
    db: &mut Connection,
    mailbox: &str,
    ids: Option<&[i64]>,
) -> rusqlite::Result<Merged> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut merged = Merged::default();
    let mut difference = Difference::default();
    let alerts: Vec<AlertId> = match ids {
        Some(ids) => {
            let known = ids.iter().map(|id| stored::alert_of(&all, mailbox, *id));
            known.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().flatten().collect()
        }
        None => stored::unread(&all, mailbox)?.into_iter().map(|(_, alert)| alert).collect(),
    };
    for id in alerts {
        read_elsewhere(&all, id, &mut difference, &mut merged.read)?;
    }
    difference.store(&all)?;
    merged.counts = counts::load(&all)?;
    all.commit()?;
    Ok(merged)
}
