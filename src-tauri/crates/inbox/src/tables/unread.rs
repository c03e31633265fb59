//! The table `unread`: which alerts nobody has read. It is small and apart, so that reading all of a
//! million is no rewriting of a million alerts.

use super::counts::CategoryName;
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
pub(crate) fn add(
    db: &Connection,
    id: AlertId,
    category: impl Into<CategoryName>,
) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached("INSERT INTO unread VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING")?
        .execute(params![id, category.into()])?;
    Ok(added > 0)
}

/// Says that an alert is read; its category when it wasn't before.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<Option<CategoryName>> {
    db.prepare_cached("DELETE FROM unread WHERE id = ?1 RETURNING category")?
        .query_row([id], |row| CategoryName::of_row(row, 0))
        .optional()
}

/// Those from one key to below another, of a category or of all, the oldest first.
pub(crate) fn ids(
    db: &Connection,
    category: Option<Category>,
    (from, to): (AlertId, AlertId),
) -> rusqlite::Result<Vec<AlertId>> {
    let of_category = if category.is_some() { "category = ?3" } else { "?3 IS NULL" };
    db.prepare_cached(&format!(
        "SELECT id FROM unread WHERE {of_category} AND id >= ?1 AND id < ?2 ORDER BY id"
    ))?
    .query_map(params![from, to, category.map(Category::name)], |row| row.get(0))?
    .collect()
}

pub(crate) fn contains(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM unread WHERE id = ?1")?.exists([id])
}

/// Says that all from one key to below another are read, of a category or of all; how many weren't
/// before.
pub(crate) fn remove_all(
    db: &Connection,
    category: Option<Category>,
    (from, to): (AlertId, AlertId),
) -> rusqlite::Result<u32> {
    let (oldest, newest): (Option<AlertId>, Option<AlertId>) = db
        .prepare_cached("SELECT (SELECT min(id) FROM unread), (SELECT max(id) FROM unread)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let is_all = oldest.is_none_or(|id| id >= from) && newest.is_none_or(|id| id < to);
    let removed = match category {
        Some(category) => db
            .prepare_cached("DELETE FROM unread WHERE category = ?1 AND id >= ?2 AND id < ?3")?
            .execute(params![category.name(), from, to])?,
        // Without a condition SQLite drops the pages whole.
        None if is_all => db.prepare_cached("DELETE FROM unread")?.execute([])?,
        None => db
            .prepare_cached("DELETE FROM unread WHERE id >= ?1 AND id < ?2")?
            .execute([from, to])?,
    };
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}
