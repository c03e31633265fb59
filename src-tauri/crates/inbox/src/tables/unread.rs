//! The table `unread`: which alerts nobody has read. It is small and apart, so that reading all of a
//! million is no rewriting of a million alerts.

use crate::{AlertId, Category};
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE unread (
        id       INTEGER PRIMARY KEY,
        category TEXT NOT NULL
    ) STRICT;

    CREATE INDEX unread_category ON unread (category, id);
";

/// Says that an alert is unread; `false` when it was already.
pub(crate) fn add(db: &Connection, id: AlertId, category: Category) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached("INSERT INTO unread VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING")?
        .execute(params![id, category.name()])?;
    Ok(added > 0)
}

/// Says that an alert is read; its category when it wasn't before.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<Option<Category>> {
    let category: Option<String> = db
        .prepare_cached("DELETE FROM unread WHERE id = ?1 RETURNING category")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(category.map(|name| Category::from_name(&name)))
}

/// The last of at most `limit` from one key to another, of a category or of all, and how many there
/// are up to it.
pub(crate) fn last_of(
    db: &Connection,
    category: Option<Category>,
    from: AlertId,
    up_to: AlertId,
    limit: u32,
) -> rusqlite::Result<(Option<AlertId>, u32)> {
    let of_category = if category.is_some() { "category = ?4" } else { "?4 IS NULL" };
    db.prepare_cached(&format!(
        "SELECT max(id), count(*) FROM (SELECT id FROM unread
             WHERE {of_category} AND id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3)"
    ))?
    .query_row(params![from, up_to, limit, category.map(Category::name)], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

pub(crate) fn contains(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM unread WHERE id = ?1")?.exists([id])
}

/// Says that all up to a key are read, of a category or of all; how many weren't before.
pub(crate) fn remove_all(
    db: &Connection,
    category: Option<Category>,
    up_to: AlertId,
) -> rusqlite::Result<u32> {
    let newest: Option<AlertId> =
        db.prepare_cached("SELECT max(id) FROM unread")?.query_row([], |row| row.get(0))?;
    let removed = match category {
        Some(category) => db
            .prepare_cached("DELETE FROM unread WHERE category = ?1 AND id <= ?2")?
            .execute(params![category.name(), up_to])?,
        // Without a condition SQLite drops the pages whole.
        None if newest.is_some_and(|newest| newest <= up_to) => {
            db.prepare_cached("DELETE FROM unread")?.execute([])?
        }
        None => db.prepare_cached("DELETE FROM unread WHERE id <= ?1")?.execute([up_to])?,
    };
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}
