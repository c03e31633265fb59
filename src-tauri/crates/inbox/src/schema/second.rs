//! Version 2: an alert's key is its time; unread marks, the trash, toasts and the market's
//! notifications have tables of their own; and everything can be searched.

use crate::tables::{alert, mailbox, stored, toast, trash, twin, unread};
use crate::{AlertId, key, search};
use rusqlite::{Connection, params};

/// Nothing but the alerts changes: their table is made anew, in the order of their times.
pub(super) fn apply(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DROP TRIGGER alert_inserted; DROP TRIGGER alert_deleted; DROP TRIGGER alert_marked;
         DROP INDEX alert_replay; DROP INDEX alert_category; DROP INDEX alert_unread;
         DROP INDEX alert_unread_category; DROP INDEX alert_urgent;
         ALTER TABLE alert RENAME TO first_alert;",
    )?;
    for create in [
        alert::CREATE,
        unread::CREATE,
        trash::CREATE,
        toast::CREATE,
        stored::CREATE,
        twin::CREATE,
        mailbox::CREATE,
        search::CREATE,
    ] {
        db.execute_batch(create)?;
    }
    move_alerts(db)?;
    search::rebuild(db)?;
    db.execute_batch("DROP TABLE first_alert")
}

fn move_alerts(db: &Connection) -> rusqlite::Result<()> {
    let mut insert = db.prepare(
        "INSERT INTO alert SELECT ?2, source, event_id, event, kind, category, title_en, title_zh,
             content_en, content_zh, '', link, urgent, raw FROM first_alert WHERE id = ?1",
    )?;
    let mut mark =
        db.prepare("INSERT INTO unread SELECT ?2, category FROM first_alert WHERE id = ?1")?;
    let mut old =
        db.prepare("SELECT id, received_ms, read FROM first_alert ORDER BY received_ms, id")?;
    let mut rows = old.query([])?;
    let mut next: AlertId = 0;
    while let Some(row) = rows.next()? {
        let (id, received_ms, read): (i64, i64, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let new = next.max(key::first_at(received_ms));
        insert.execute(params![id, new])?;
        if !read {
            mark.execute(params![id, new])?;
        }
        next = new + 1;
    }
    Ok(())
}
