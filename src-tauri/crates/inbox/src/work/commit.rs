//! Keeping what the stream brought.

use crate::tables::counts::{self, Counts, Difference};
use crate::tables::cursor::{self, Cursor};
use crate::tables::mailbox;
use crate::tables::stored::{self, Tell};
use crate::tables::twin::{self, Half};
use crate::tables::{alert, toast, unread};
use crate::{Alert, AlertId, NewAlert, Notice, search};
use rusqlite::{Connection, TransactionBehavior};

/// Alerts that are kept together with the place in the stream that follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// In the order of their events.
    pub alerts: Vec<NewAlert>,
    /// Where the stream stands after them.
    pub cursor: Cursor,
    /// Whose notifications they may be, as the market stores them.
    pub mailbox: String,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The alerts that are new, in order. The others are here already: their events were kept
    /// before with the same id, name and data, or they are notifications that a sync has brought.
    pub new: Vec<Alert>,
    /// The counts that follow.
    pub counts: Counts,
}

pub(crate) fn commit(db: &mut Connection, batch: Batch) -> rusqlite::Result<Committed> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut new = Vec::with_capacity(batch.alerts.len());
    let mut difference = Difference::default();
    let ahead_ms = mailbox::load(&all, &batch.mailbox)?.ahead_ms.unwrap_or(0);
    for body in batch.alerts {
        let at = body.at_ms.saturating_add(ahead_ms);
        if is_known(&all, &batch.mailbox, &body, at)? {
            continue;
        }
        let inserted = insert(&all, &batch.cursor.source, &body, true, None, &mut difference)?;
        let Some(id) = inserted else { continue };
        match body.notice {
            Notice::Stored(stored_id) => {
                stored::insert(&all, &batch.mailbox, stored_id, Some(id), Tell::Nothing)?;
            }
            Notice::Unnamed(words) => {
                let half = if is_sent_now(&body) { Half::Stream } else { Half::Replayed };
                twin::insert(&all, id, words, half, at)?;
            }
            Notice::None => {}
        }
        new.push(Alert::new(id, body));
    }
    cursor::store(&all, &batch.cursor)?;
    difference.store(&all)?;
    let counts = counts::load(&all)?;
    all.commit()?;
    Ok(Committed { new, counts })
}

/// Whether a sync has brought it already, of which the market's clock shows that it came at `at`. A
/// half that is found is used up.
fn is_known(db: &Connection, mailbox: &str, body: &NewAlert, at: i64) -> rusqlite::Result<bool> {
    Ok(match body.notice {
        Notice::Stored(id) => stored::alert_of(db, mailbox, id)?.is_some(),
        Notice::Unnamed(words) => twin::take_stored(db, words, at, is_sent_now(body))?.is_some(),
        Notice::None => false,
    })
}

/// Whether an event came when it was sent. A stream with ids may have kept it before.
fn is_sent_now(body: &NewAlert) -> bool {
    body.event_id.is_none()
}

/// Puts an alert in, with everything that goes with it; `None` when its event was kept before. `after` is
/// the key of one of the same time, if one is known: this one's comes after it.
pub(super) fn insert(
    db: &Connection,
    source: &str,
    body: &NewAlert,
    is_unread: bool,
    after: Option<AlertId>,
    difference: &mut Difference,
) -> rusqlite::Result<Option<AlertId>> {
    let Some(id) = alert::insert(db, source, body, after)? else { return Ok(None) };
    if is_unread {
        unread::add(db, id, body.category)?;
    }
    if let Some(fate) = &body.toast {
        toast::store(db, id, fate)?;
    }
    search::insert(db, id, body)?;
    difference.add(body.category, 1, i64::from(is_unread));
    Ok(Some(id))
}
