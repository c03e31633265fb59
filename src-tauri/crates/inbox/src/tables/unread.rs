//! The table `unread`: which alerts nobody has read. It is small and apart, so that reading all of a
//! million is no rewriting of a million alerts.

use super::counts::CategoryName;
use crate::{AlertId, Category};
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};

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
    let names = category.map(|category| CategoryName::all_of(db, category)).transpose()?;
    let of_category = names.as_deref().map(is_one_of).unwrap_or_default();
    let values = values((from, to), names);
    db.prepare_cached(&format!(
        "SELECT id FROM unread WHERE id >= ?1 AND id < ?2{of_category} ORDER BY id"
    ))?
    .query_map(params_from_iter(values), |row| row.get(0))?
    .collect()
}

/// The condition that a row's category has one of some names; their values follow two others.
fn is_one_of(names: &[CategoryName]) -> String {
    let places: Vec<_> = (3..).zip(names).map(|(place, _)| format!("?{place}")).collect();
    format!(" AND category IN ({})", places.join(", "))
}

fn values(
    (from, to): (AlertId, AlertId),
    names: Option<Vec<CategoryName>>,
) -> impl Iterator<Item = Box<dyn ToSql>> {
    let names = names.into_iter().flatten().map(|name| Box::new(name) as Box<dyn ToSql>);
    [from, to].into_iter().map(|key| Box::new(key) as Box<dyn ToSql>).chain(names)
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
        Some(category) => {
            let names = CategoryName::all_of(db, category)?;
            let of_category = is_one_of(&names);
            db.prepare_cached(&format!(
                "DELETE FROM unread WHERE id >= ?1 AND id < ?2{of_category}"
            ))?
            .execute(params_from_iter(values((from, to), Some(names))))?
        }
        // Without a condition SQLite drops the pages whole.
        None if is_all => db.prepare_cached("DELETE FROM unread")?.execute([])?,
        None => db
            .prepare_cached("DELETE FROM unread WHERE id >= ?1 AND id < ?2")?
            .execute([from, to])?,
    };
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}
