//! Taking in what the market stored, step by step: what was sent while nobody was there, and what was
//! read elsewhere. In which order, and why in steps, stands in [`crate::Inbox::merge`].

use super::commit;
use crate::tables::counts::{Counts, Difference};
use crate::tables::stored::{self, Tell};
use crate::tables::twin::{self, Half};
use crate::tables::{alert, reminder, unread};
use crate::tables::{mailbox, marking};
use crate::twins::Written;
use crate::{Alert, AlertId, NewAlert, Notice};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::HashSet;

/// One of the market's stored notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// The market's id of it.
    pub stored_id: i64,
    /// Whether it is unread there.
    pub unread: bool,
    /// When it was made, as the market wrote it. What moment that was is found out here.
    pub written: Option<Written>,
    /// The alert that it is. Its time is taken where none is written.
    pub body: NewAlert,
}

/// What a sync found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whose notifications they are.
    pub mailbox: String,
    /// When it was asked: milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// Up to when all is known with this: milliseconds since the Unix epoch.
    pub synced_ms: i64,
    /// What was found, in any order.
    pub notices: Vec<StoredNotice>,
    /// What was read elsewhere before this time was seen to when it was new: milliseconds since the Unix
    /// epoch.
    pub from_ms: i64,
    /// The ids of those that were unread here when the market was asked. One of them that it does
    /// not name as unread was read elsewhere.
    pub were_unread: Vec<i64>,
    /// Every id that is unread there; `None` where that is not known.
    pub unread_there: Option<HashSet<i64>>,
    /// What was made at this time or later may yet come over the stream too: milliseconds since the
    /// Unix epoch.
    pub streams_from_ms: i64,
    /// What this machine's clock is ahead of UTC, in milliseconds.
    pub here_ahead_ms: i64,
}

/// What merging did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// The alerts that are new, oldest first.
    pub new: Vec<Alert>,
    /// Unread and urgent ones that were here already, and are known now to be the market's: as the market
    /// stored them.
    pub confirmed: Vec<Alert>,
    /// The alerts that were unread here and are read elsewhere.
    pub read: Vec<AlertId>,
    /// The counts that follow.
    pub counts: Counts,
}

/// A notification that is not known by its id, and what it is.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) notice: StoredNotice,
    /// The alert that it is, where it is here already.
    pub(crate) twin: Option<AlertId>,
    /// When it was made, as the market's clock shows it.
    pub(crate) at: i64,
}

/// What is common to all steps of taking in.
#[derive(Debug, Clone)]
pub(crate) struct Taking {
    pub(crate) mailbox: String,
    pub(crate) streams_from_ms: i64,
    /// The last of the stream's halves that was planned with.
    pub(crate) planned_up_to: AlertId,
    /// When that was, as the market's clock showed it.
    pub(crate) planned_at: i64,
}

/// Of some notifications: whether each is known.
pub(crate) fn are_known(
    db: &Connection,
    mailbox: &str,
    ids: &[i64],
) -> rusqlite::Result<Vec<bool>> {
    ids.iter().map(|id| Ok(stored::alert_of(db, mailbox, *id)?.is_some())).collect()
}

/// Marks those of some notifications as read that are known: the market has them as read. Gives the
/// alerts that weren't before.
pub(crate) fn read_there(
    db: &mut Connection,
    mailbox: &str,
    ids: &[i64],
) -> rusqlite::Result<Vec<AlertId>> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut difference = Difference::default();
    let mut read = Vec::new();
    for id in ids {
        if let Some(Some(alert)) = stored::alert_of(&all, mailbox, *id)? {
            read_elsewhere(&all, alert, &mut difference, &mut read)?;
        }
    }
    difference.store(&all)?;
    all.commit()?;
    Ok(read)
}

/// Takes some notifications in, in the order of their times. `last` is the time and the key of the one
/// before them; that of their last is given back.
pub(crate) fn take_in(
    db: &mut Connection,
    taking: &Taking,
    planned: Vec<Planned>,
    last: Option<(i64, AlertId)>,
) -> rusqlite::Result<(Merged, Option<(i64, AlertId)>)> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (mut difference, mut merged) = (Difference::default(), Merged::default());
    let mut step =
        Step { db: &all, taking, last, difference: &mut difference, merged: &mut merged };
    for one in planned {
        step.take_in(one)?;
    }
    let last = step.last;
    difference.store(&all)?;
    all.commit()?;
    Ok((merged, last))
}

/// All of it was taken in.
pub(crate) fn finish(
    db: &mut Connection,
    mailbox: &str,
    synced_ms: i64,
    stored_zone_ms: Option<i64>,
    unread_there: Option<&HashSet<i64>>,
) -> rusqlite::Result<()> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(there) = unread_there {
        stored::settle(&all, mailbox, there)?;
    }
    let mut known = mailbox::load(&all, mailbox)?;
    known.synced_ms = Some(synced_ms);
    known.missing_ms = None;
    known.stored_zone_ms = stored_zone_ms;
    mailbox::store(&all, mailbox, known)?;
    all.commit()
}

/// A step that is going on.
struct Step<'a> {
    db: &'a Connection,
    taking: &'a Taking,
    last: Option<(i64, AlertId)>,
    difference: &'a mut Difference,
    merged: &'a mut Merged,
}

impl Step<'_> {
    /// Takes in a notification that is not known by its id: the stored half of an alert that came
    /// over the stream, or a new one.
    fn take_in(&mut self, Planned { notice, twin, at }: Planned) -> rusqlite::Result<()> {
        let mailbox = &self.taking.mailbox;
        let StoredNotice { stored_id, unread, mut body, .. } = notice;
        let words = match body.notice {
            Notice::Unnamed(words) => Some(words),
            Notice::None | Notice::Stored(_) => None,
        };
        body.notice = Notice::Stored(stored_id);
        let twin = match (twin, words) {
            (None, Some(words)) => self.came_since(words, at, body.urgent)?,
            (twin, _) => twin,
        };
        if let Some(twin) = twin {
            return self.name(twin, stored_id, unread, body);
        }
        let after = self.last.filter(|(at_ms, _)| *at_ms == body.at_ms).map(|(_, id)| id);
        let inserted = commit::insert(self.db, mailbox, &body, unread, after, self.difference)?;
        let Some(id) = inserted else { return Ok(()) };
        self.last = Some((body.at_ms, id));
        let tell = if unread { Tell::Nothing } else { Tell::Known };
        stored::insert(self.db, mailbox, stored_id, Some(id), tell)?;
        if let Some(words) = words
            && body.at_ms >= self.taking.streams_from_ms
        {
            twin::insert(self.db, id, words, Half::Stored, at)?;
        }
        self.merged.new.push(Alert { read: !unread, ..Alert::new(id, body) });
        Ok(())
    }

    /// Its half that came over the stream since it was planned with the others.
    fn came_since(&self, words: i64, at: i64, urgent: bool) -> rusqlite::Result<Option<AlertId>> {
        let Taking { planned_at, planned_up_to, .. } = *self.taking;
        twin::streamed_since(self.db, words, planned_at, planned_up_to, at, urgent)
    }

    /// It is known now which notification an alert is.
    fn name(
        &mut self,
        id: AlertId,
        stored_id: i64,
        unread: bool,
        body: NewAlert,
    ) -> rusqlite::Result<()> {
        let was_told = twin::remove(self.db, id)?;
        let mailbox = &self.taking.mailbox;
        let is_here = alert::exists(self.db, id)?;
        let is_unread = unread::contains(self.db, id)?;
        let tell = match (unread, is_unread) {
            (true, false) if marking::holds(self.db, id)? => Tell::Held,
            // What was read or deleted here before is told now.
            (true, false) => Tell::Read,
            // All there was told as read while nobody here had seen this one.
            (false, true) if was_told => Tell::Known,
            _ => Tell::Nothing,
        };
        stored::insert(self.db, mailbox, stored_id, is_here.then_some(id), tell)?;
        if is_here && let Some(link) = &body.link {
            alert::set_link(self.db, id, link)?;
        }
        if !unread {
            return read_elsewhere(self.db, id, self.difference, &mut self.merged.read);
        }
        if is_unread
            && body.urgent
            && let Some(kept) = alert::get(self.db, id)?
        {
            let body = NewAlert { toast: kept.body.toast, at_ms: kept.body.at_ms, ..body };
            self.merged.confirmed.push(Alert::new(id, body));
        }
        Ok(())
    }
}

/// The market has an alert as read. Where it had before, whoever marked it as unread since, here,
/// meant it.
fn read_elsewhere(
    db: &Connection,
    id: AlertId,
    difference: &mut Difference,
    read: &mut Vec<AlertId>,
) -> rusqlite::Result<()> {
    if stored::know(db, id)?
        && let Some(category) = unread::remove(db, id)?
    {
        difference.add(category, 0, -1);
        reminder::remove_reminded(db, id)?;
        read.push(id);
    }
    Ok(())
}
