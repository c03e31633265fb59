//! The table `starred`: which alerts have a star. They stay, whatever is too old.

use crate::AlertId;
use rusqlite::Connection;

/// Gives an alert a star; `false` when it had one.
pub(crate) fn add(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached("INSERT INTO starred VALUES (?1) ON CONFLICT (id) DO NOTHING")?
        .execute([id])?;
    Ok(added > 0)
}

/// Takes its star away; `false` when it had none.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached("DELETE FROM starred WHERE id = ?1")?.execute([id])? > 0)
}

pub(crate) fn count(db: &Connection) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(*) FROM starred")?.query_row([], |row| row.get(0))
}
