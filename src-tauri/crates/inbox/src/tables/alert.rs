//! The table `alert`: what each alert says.

use super::counts::CategoryName;
use super::look::LATEST;
use super::{reminder, row, toast, words};
use crate::{Alert, AlertId, Category, Filter, NewAlert, Notice, Page, Seek, key};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use std::borrow::Cow;

/// The columns in the order of [`read_row`], of an alert named `a` that lies in the inbox or in the
/// trash, which has the same ones.
pub(crate) const COLUMNS: &str = "a.id, a.event, a.kind, a.category, a.title, a.content, \
     a.fields, a.link, a.urgent, a.raw, a.event_id, \
     (SELECT fate FROM toast WHERE toast.alert = a.id), \
     (SELECT min(stored_id) FROM stored WHERE stored.alert = a.id), \
     NOT EXISTS (SELECT 1 FROM unread WHERE unread.id = a.id), \
     EXISTS (SELECT 1 FROM starred WHERE starred.id = a.id), \
     (SELECT due_ms FROM reminder WHERE reminder.id = a.id), \
     (SELECT reminded FROM reminder WHERE reminder.id = a.id)";

pub(crate) fn read_row(row: &Row<'_>) -> rusqlite::Result<Alert> {
    let id: AlertId = row.get(0)?;
    let text = |column| row::text(row, column).map(Cow::into_owned);
    Ok(Alert {
        id,
        read: row.get(13)?,
        starred: row.get(14)?,
        reminder: reminder::read(row, 15)?,
        body: NewAlert {
            at_ms: key::time_of(id),
            event: text(1)?,
            kind: text(2)?,
            category: Category::from_name(&text(3)?),
            title: words::read(row::text(row, 4)?),
            content: words::read(row::text(row, 5)?),
            fields: text(6)?,
            link: row::text_if_any(row, 7)?,
            urgent: row::flag(row, 8)?,
            raw: text(9)?,
            event_id: row::text_if_any(row, 10)?,
            toast: row::text_if_any(row, 11)?,
            notice: row.get::<_, Option<i64>>(12)?.map_or(Notice::None, Notice::Stored),
        },
    })
}

/// Keeps an alert; `None` when its event was kept before and is only sent again. `after` is the key of one
/// of the same time, if one is known.
pub(crate) fn insert(
    db: &Connection,
    source: &str,
    alert: &NewAlert,
    after: Option<AlertId>,
) -> rusqlite::Result<Option<AlertId>> {
    db.prepare_cached(&format!(
        "INSERT INTO alert (id, source, event_id, event, kind, category, title, content,
                            fields, link, urgent, raw, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, {LATEST})
         ON CONFLICT (source, event_id, event, raw) WHERE event_id IS NOT NULL DO NOTHING
         RETURNING id",
    ))?
    .query_row(
        params![
            free_key(db, alert.at_ms, after)?,
            source,
            alert.event_id,
            alert.event,
            alert.kind,
            alert.category.name(),
            words::column(&alert.title),
            words::column(&alert.content),
            alert.fields,
            alert.link,
            alert.urgent,
            alert.raw,
        ],
        |row| row.get(0),
    )
    .optional()
}

/// The key for the next alert of a time: behind those that have the same millisecond, and behind
/// those that have spilled into it. One in the trash keeps its key. Of very many of one millisecond each
/// needn't look through all before it, where the last of them is known.
fn free_key(db: &Connection, at_ms: i64, after: Option<AlertId>) -> rusqlite::Result<AlertId> {
    let first = key::first_at(at_ms);
    let mut key = after.map_or(first, |after| first.max(after + 1));
    loop {
        let end = key::first_at(key::time_of(key) + 1);
        let last: Option<AlertId> = db
            .prepare_cached(
                "SELECT max(last) FROM (
                     SELECT max(id) AS last FROM alert WHERE id >= ?1 AND id < ?2
                     UNION ALL SELECT max(id) FROM trash WHERE id >= ?1 AND id < ?2)",
            )?
            .query_row(params![key, end], |row| row.get(0))?;
        match last {
            None => return Ok(key),
            Some(last) if last + 1 < end => return Ok(last + 1),
            Some(_) => key = end,
        }
    }
}

pub(crate) fn get(db: &Connection, id: AlertId) -> rusqlite::Result<Option<Alert>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM alert a WHERE a.id = ?1"))?
        .query_row([id], read_row)
        .optional()
}

/// The newest key; `None` in an empty inbox.
pub(crate) fn newest(db: &Connection) -> rusqlite::Result<Option<AlertId>> {
    db.prepare_cached("SELECT max(id) FROM alert")?.query_row([], |row| row.get(0))
}

/// A page of at most `limit` alerts, newest first.
pub(crate) fn page(
    db: &Connection,
    filter: &Filter,
    seek: Seek,
    limit: usize,
) -> rusqlite::Result<Page> {
    // One more than asked tells whether more follow.
    let mut ids = ids(db, filter, seek, limit.saturating_add(1))?;
    let more = ids.len() > limit;
    ids.truncate(limit);
    if matches!(seek, Seek::NewerThan(_)) {
        ids.reverse();
    }
    // None of them has gone since: all this is one job of the inbox's thread.
    let alerts = ids.into_iter().map(|id| get(db, id)).filter_map(Result::transpose);
    Ok(Page { alerts: alerts.collect::<rusqlite::Result<_>>()?, more })
}

/// At most `limit` keys in the direction that is asked for, the nearest first.
pub(crate) fn ids(
    db: &Connection,
    filter: &Filter,
    seek: Seek,
    limit: usize,
) -> rusqlite::Result<Vec<AlertId>> {
    let (mut from, mut to) = filter.keys();
    let order = match seek {
        Seek::Newest => "DESC",
        Seek::OlderThan(id) => {
            to = to.min(id);
            "DESC"
        }
        Seek::NewerThan(id) => {
            from = from.max(id.saturating_add(1));
            "ASC"
        }
    };
    let names = filter.category.map(|category| CategoryName::all_of(db, category)).transpose()?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<&dyn ToSql> = vec![&from, &to, &limit];
    values.extend(names.iter().flatten().map(|name| name as &dyn ToSql));
    let sql = format!("{} ORDER BY id {order} LIMIT ?3", lists(filter, names.as_deref()));
    db.prepare_cached(&sql)?.query_map(values.as_slice(), |row| row.get(0))?.collect()
}

/// What selects the keys from `?1` to below `?2`, of a category by its names from `?4` on.
fn lists(filter: &Filter, names: Option<&[CategoryName]>) -> String {
    if filter.starred || filter.reminders {
        return followed(filter, names);
    }
    // Whichever of the two holds fewer is walked, and the other is asked about each.
    let table = if filter.unread && !filter.urgent { "unread" } else { "alert" };
    let mut list = format!("SELECT id FROM {table} WHERE id >= ?1 AND id < ?2");
    if filter.urgent {
        list.push_str(" AND urgent = 1");
        if filter.unread {
            list.push_str(" AND id IN (SELECT id FROM unread)");
        }
    }
    if let Some(told_ms) = filter.told_ms {
        list.push_str(&toast::was_told(told_ms));
    }
    let Some(names) = names else { return list };
    let mut places = (4..).zip(names).map(|(place, _)| format!("?{place}"));
    if filter.urgent {
        // The few urgent ones are walked, and the index says of each whether it is of the category:
        // to read the alerts themselves would take three times as long.
        let places = places.collect::<Vec<_>>().join(", ");
        return format!(
            "{list} AND EXISTS (SELECT 1 FROM alert AS one INDEXED BY alert_category
                 WHERE one.category IN ({places}) AND one.id = alert.id)"
        );
    }
    // One list a name, each in the order of the keys already, so that nothing has to be sorted.
    let one = |place| format!("{list} AND category = {place}");
    let first = places.next().map(one).unwrap_or_default();
    places.map(one).fold(first, |all, next| all + " UNION ALL " + &next)
}

/// The same of what people follow up: few are walked, and asked for the rest.
fn followed(filter: &Filter, names: Option<&[CategoryName]>) -> String {
    let table = if filter.starred { "starred" } else { "reminder" };
    let mut list = format!("SELECT id FROM {table} AS one WHERE id >= ?1 AND id < ?2");
    if filter.starred && filter.reminders {
        list.push_str(" AND id IN (SELECT id FROM reminder)");
    }
    if let Some(told_ms) = filter.told_ms {
        list.push_str(&toast::was_told(told_ms));
    }
    if filter.unread {
        list.push_str(" AND id IN (SELECT id FROM unread)");
    }
    let of_alert = |condition: &str| {
        format!(" AND EXISTS (SELECT 1 FROM alert WHERE alert.id = one.id AND {condition})")
    };
    if filter.urgent {
        list.push_str(&of_alert("urgent = 1"));
    }
    if let Some(names) = names {
        let places: Vec<_> = (4..).zip(names).map(|(place, _)| format!("?{place}")).collect();
        list.push_str(&of_alert(&format!("category IN ({})", places.join(", "))));
    }
    list
}

/// Takes an alert out; `false` when it isn't there.
pub(crate) fn remove(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached("DELETE FROM alert WHERE id = ?1")?.execute([id])? > 0)
}

/// Some alerts from one key on to another: each key, and its title in English where nothing is known of what the
/// market stored of it, or may have.
pub(crate) fn unconnected(
    db: &Connection,
    from: AlertId,
    to: AlertId,
    limit: u32,
) -> rusqlite::Result<Vec<(AlertId, Option<String>)>> {
    db.prepare_cached(
        "SELECT id, iif(EXISTS (SELECT 1 FROM stored WHERE stored.alert = a.id)
                 OR EXISTS (SELECT 1 FROM twin WHERE twin.alert = a.id), NULL, title)
         FROM alert a WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
    )?
    .query_map(params![from, to, limit], |row| {
        let title = row::text_if_any(row, 1)?;
        let title = title.map(|title| words::read(title.into()).english().to_owned());
        Ok((row.get(0)?, title))
    })?
    .collect()
}

/// The market's own link holds, where it has one.
pub(crate) fn set_link(db: &Connection, id: AlertId, link: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE alert SET link = ?2 WHERE id = ?1 AND link IS NOT ?2")?
        .execute(params![id, link])
        .map(drop)
}

pub(crate) fn exists(db: &Connection, id: AlertId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM alert WHERE id = ?1")?.exists([id])
}

pub(crate) fn category(db: &Connection, id: AlertId) -> rusqlite::Result<Option<CategoryName>> {
    db.prepare_cached("SELECT category FROM alert WHERE id = ?1")?
        .query_row([id], |row| CategoryName::of_row(row, 0))
        .optional()
}

/// An alert that is looked at because it may have to go.
pub(crate) struct Aged {
    pub(crate) id: AlertId,
    pub(crate) category: CategoryName,
    pub(crate) urgent: bool,
    pub(crate) unread: bool,
    /// It has a star, or a reminder that isn't due yet.
    pub(crate) followed: bool,
    /// The look before it was received, see the table `look`.
    pub(crate) received: i64,
}

/// Some of the alerts from one key to below another, the oldest first.
pub(crate) fn aged(
    db: &Connection,
    (from, to): (AlertId, AlertId),
    limit: usize,
) -> rusqlite::Result<Vec<Aged>> {
    db.prepare_cached(
        "SELECT id, category, urgent, EXISTS (SELECT 1 FROM unread WHERE unread.id = alert.id),
             received, EXISTS (SELECT 1 FROM starred WHERE starred.id = alert.id)
                 OR EXISTS (SELECT 1 FROM reminder WHERE reminder.id = alert.id AND reminded = 0)
         FROM alert WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    )?
    .query_map(params![from, to, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(Aged {
            id: row.get(0)?,
            category: CategoryName::of_row(row, 1)?,
            urgent: row::flag(row, 2)?,
            unread: row.get(3)?,
            received: row::number(row, 4)?,
            followed: row.get(5)?,
        })
    })?
    .collect()
}
