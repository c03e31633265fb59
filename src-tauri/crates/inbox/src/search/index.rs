//! The table `alert_search`: which alerts have a token.
//!
//! It is FTS5 as a plain inverted index: it keeps no text and no places (`content`, `detail`), and
//! takes the tokens as they are prepared here, parted by spaces. FTS5's tokenizer `ascii` takes every
//! character beyond ASCII for a letter, so that it changes nothing in them.

use super::letters::letters;
use super::tokens;
use crate::tables::{row, words};
use crate::{AlertId, NewAlert};
use rusqlite::{Connection, params};

/// Puts an alert into the index.
pub(crate) fn insert(db: &Connection, id: AlertId, alert: &NewAlert) -> rusqlite::Result<()> {
    let NewAlert { title, content, fields, .. } = alert;
    add(db, id, title.texts().chain(content.texts()).chain([fields.as_str()]))
}

/// Takes an alert out of the index.
pub(crate) fn delete(db: &Connection, id: AlertId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM alert_search WHERE rowid = ?1")?.execute([id]).map(drop)
}

/// Empties the index.
pub(crate) fn delete_all(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("INSERT INTO alert_search (alert_search) VALUES ('delete-all')")
}

/// Fills the index anew from what the alerts say.
pub(crate) fn rebuild(db: &Connection) -> rusqlite::Result<()> {
    delete_all(db)?;
    let mut alerts = db.prepare("SELECT id, title, content, fields FROM alert ORDER BY id")?;
    let mut rows = alerts.query([])?;
    while let Some(row) = rows.next()? {
        let (title, content) = (row::text(row, 1)?, row::text(row, 2)?);
        let (title, content) = (words::texts(&title), words::texts(&content));
        let fields = row::text(row, 3)?;
        add(db, row.get(0)?, title.iter().chain(&content).chain([&fields]).map(|text| &**text))?;
    }
    Ok(())
}

fn add<'a>(
    db: &Connection,
    id: AlertId,
    texts: impl Iterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let mut all = Vec::new();
    for text in texts {
        tokens::of_text(&letters(text), &mut all);
    }
    all.sort_unstable();
    all.dedup();
    db.prepare_cached("INSERT INTO alert_search (rowid, tokens) VALUES (?1, ?2)")?
        .execute(params![id, all.join(" ")])
        .map(drop)
}
