//! The table `cursor`: how far each stream has been kept, as the Last-Event-ID to resume from.

use rusqlite::{Connection, OptionalExtension, params};

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Which stream: the base URL and the client id.
    pub source: String,
    /// The last event ID (WHATWG HTML 9.2.6) whose events are all in the inbox; `None` where the stream has none.
    pub last_event_id: Option<String>,
}

/// One whose bytes are no text is none: there is no such event to resume from.
pub(crate) fn load(db: &Connection, source: &str) -> rusqlite::Result<Option<String>> {
    let select = "SELECT last_event_id FROM cursor WHERE source = ?1";
    let found = db
        .query_row(select, [source], |row| Ok(row.get_ref(0)?.as_str().ok().map(ToOwned::to_owned)))
        .optional()?;
    Ok(found.flatten())
}

pub(crate) fn store(db: &Connection, cursor: &Cursor) -> rusqlite::Result<()> {
    match &cursor.last_event_id {
        Some(id) => db.execute(
            "INSERT INTO cursor (source, last_event_id) VALUES (?1, ?2)
             ON CONFLICT (source) DO UPDATE SET last_event_id = excluded.last_event_id",
            params![cursor.source, id],
        ),
        None => db.execute("DELETE FROM cursor WHERE source = ?1", [&cursor.source]),
    }?;
    Ok(())
}
