//! Taking in what the market stored: what was sent while nobody was there, and what was read
//! elsewhere.

use super::commit;
use crate::tables::counts::{self, Counts, Difference};
use crate::tables::mailbox::{self, Mailbox};
use crate::tables::stored::{self, Tell};
use crate::tables::twin::{self, Half};
use crate::tables::{alert, unread};
use crate::{Alert, AlertId, NewAlert, Notice};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::{HashMap, HashSet};

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
    /// What was made at this time or later may yet come over the stream too: milliseconds since the
    /// Unix epoch.
    pub streams_from_ms: i64,
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
    found.notices.sort_by_key(|notice| (notice.body.at_ms, notice.stored_id));
    let mut merging = Merging {
        db: &all,
        twins: twins(&all, &found)?,
        is_first: mailbox::load(&all, &found.mailbox)?.caught_up_ms.is_none(),
        mailbox: &found.mailbox,
        streams_from_ms: found.streams_from_ms,
        difference: Difference::default(),
        merged: Merged::default(),
    };
    for notice in found.notices {
        match stored::alert_of(&all, &found.mailbox, notice.stored_id)? {
            Some(Some(id)) if !notice.unread => merging.read_elsewhere(id)?,
            Some(_) => {}
            None => merging.take_in(notice)?,
        }
    }
    if let Some(there) = &found.unread_there {
        for id in found.were_unread.iter().filter(|id| !there.contains(id)) {
            if let Some(Some(alert)) = stored::alert_of(&all, &found.mailbox, *id)? {
                merging.read_elsewhere(alert)?;
            }
        }
        stored::settle(&all, &found.mailbox, there)?;
    }
    let Merging { difference, mut merged, .. } = merging;
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

/// Which of the unknown notifications are the stored halves of what came over the stream: the
/// nearest pairs first, so that of many with the same words each finds its own.
fn twins(db: &Connection, found: &CaughtUp) -> rusqlite::Result<HashMap<i64, AlertId>> {
    let mut pairs = Vec::new();
    for StoredNotice { stored_id, body, .. } in &found.notices {
        if let Notice::Unnamed(words) = body.notice
            && stored::alert_of(db, &found.mailbox, *stored_id)?.is_none()
        {
            let streamed = twin::streamed(db, words, body.at_ms)?.into_iter();
            pairs.extend(streamed.map(|(far, alert)| (far, *stored_id, alert)));
        }
    }
    pairs.sort_unstable();
    let (mut twins, mut used) = (HashMap::new(), HashSet::new());
    for (_, stored_id, alert) in pairs {
        if !twins.contains_key(&stored_id) && used.insert(alert) {
            twins.insert(stored_id, alert);
        }
    }
    Ok(twins)
}

/// A merge that is going on.
struct Merging<'a> {
    db: &'a Connection,
    mailbox: &'a str,
    /// The alerts that are the stream's halves of notifications, by the market's ids.
    twins: HashMap<i64, AlertId>,
    /// Whether this mailbox was never caught up with before.
    is_first: bool,
    streams_from_ms: i64,
    difference: Difference,
    merged: Merged,
}

impl Merging<'_> {
    /// Takes in a notification that is not known by its id: the stored half of an alert that came
    /// over the stream, or a new one.
    fn take_in(&mut self, notice: StoredNotice) -> rusqlite::Result<()> {
        let StoredNotice { stored_id, unread, mut body } = notice;
        if let Some(twin) = self.twins.get(&stored_id).copied() {
            twin::remove(self.db, twin)?;
            return self.name(twin, stored_id, unread);
        }
        // An inbox from before anything was caught up with knows no halves.
        if self.is_first
            && let Some(alike) = alert::alike(self.db, &body)?
        {
            return self.name(alike, stored_id, unread);
        }
        let words = body.notice;
        body.notice = Notice::Stored(stored_id);
        let inserted = commit::insert(self.db, self.mailbox, &body, unread, &mut self.difference)?;
        let Some(id) = inserted else { return Ok(()) };
        let tell = if unread { Tell::Nothing } else { Tell::Known };
        stored::insert(self.db, self.mailbox, stored_id, Some(id), tell)?;
        if let Notice::Unnamed(words) = words
            && body.at_ms >= self.streams_from_ms
        {
            twin::insert(self.db, id, words, Half::Stored)?;
        }
        self.merged.new.push(Alert { id, read: !unread, body });
        Ok(())
    }

    /// It is known now which notification an alert is.
    fn name(&mut self, alert: AlertId, stored_id: i64, unread: bool) -> rusqlite::Result<()> {
        let is_here = alert::exists(self.db, alert)?;
        // What was read or deleted here before is told now.
        let tell = unread && !unread::contains(self.db, alert)?;
        let tell = if tell { Tell::Read } else { Tell::Nothing };
        stored::insert(self.db, self.mailbox, stored_id, is_here.then_some(alert), tell)?;
        if unread { Ok(()) } else { self.read_elsewhere(alert) }
    }

    fn read_elsewhere(&mut self, alert: AlertId) -> rusqlite::Result<()> {
        read_elsewhere(self.db, alert, &mut self.difference, &mut self.merged.read)
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
        read.push(id);
    }
    Ok(())
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
