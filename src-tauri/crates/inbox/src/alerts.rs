//! The table `alert`: insert, page by key, one, mark.

use crate::{Alert, AlertId, Category, Filter, NewAlert, Page, Words};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE alert (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        received_ms INTEGER NOT NULL,
        source      TEXT    NOT NULL,
        event_id    TEXT,
        event       TEXT    NOT NULL,
        kind        TEXT    NOT NULL,
        category    TEXT    NOT NULL,
        title_en    TEXT    NOT NULL,
        title_zh    TEXT    NOT NULL,
        content_en  TEXT    NOT NULL,
        content_zh  TEXT    NOT NULL,
        link        TEXT,
        urgent      INTEGER NOT NULL,
        read        INTEGER NOT NULL DEFAULT 0,
        raw         TEXT    NOT NULL
    ) STRICT;

    -- What a server sends again after a reconnect. An id alone is no identity (WHATWG HTML 9.2.6):
    -- a market may start anew at 1, or give a timestamp to several events.
    CREATE UNIQUE INDEX alert_replay ON alert (source, event_id, event, raw) WHERE event_id IS NOT NULL;
    CREATE INDEX alert_category ON alert (category, id);
    CREATE INDEX alert_unread ON alert (id) WHERE read = 0;
    CREATE INDEX alert_unread_category ON alert (category, id) WHERE read = 0;
    CREATE INDEX alert_urgent ON alert (id) WHERE urgent = 1;
";

const COLUMNS: &str = "id, read, received_ms, event, kind, category, title_en, title_zh, \
                       content_en, content_zh, link, urgent, raw, event_id";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        id: row.get(0)?,
        read: row.get(1)?,
        body: NewAlert {
            received_ms: row.get(2)?,
            event: row.get(3)?,
            kind: row.get(4)?,
            category: Category::from_name(&row.get::<_, String>(5)?),
            title: Words { en: row.get(6)?, zh_tw: row.get(7)? },
            content: Words { en: row.get(8)?, zh_tw: row.get(9)? },
            link: row.get(10)?,
            urgent: row.get(11)?,
            raw: row.get(12)?,
            event_id: row.get(13)?,
        },
    })
}

/// Keeps an alert; `None` when its event was kept before and is only sent again.
pub(crate) fn insert(
    db: &Connection,
    source: &str,
    alert: &NewAlert,
) -> rusqlite::Result<Option<AlertId>> {
    db.prepare_cached(
        "INSERT INTO alert (received_ms, source, event_id, event, kind, category,
                            title_en, title_zh, content_en, content_zh, link, urgent, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (source, event_id, event, raw) WHERE event_id IS NOT NULL DO NOTHING
         RETURNING id",
    )?
    .query_row(
        params![
            alert.received_ms,
            source,
            alert.event_id,
            alert.event,
            alert.kind,
            alert.category.name(),
            alert.title.en,
            alert.title.zh_tw,
            alert.content.en,
            alert.content.zh_tw,
            alert.link,
            alert.urgent,
            alert.raw,
        ],
        |row| row.get(0),
    )
    .optional()
}

pub(crate) fn get(db: &Connection, id: AlertId) -> rusqlite::Result<Option<Alert>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM alert WHERE id = ?1"))?
        .query_row([id], read_row)
        .optional()
}

/// A page of alerts, newest first, older than `before`.
pub(crate) fn page(
    db: &Connection,
    filter: Filter,
    before: Option<AlertId>,
    limit: usize,
) -> rusqlite::Result<Page> {
    // One more than asked tells whether older ones follow.
    let fetch = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let category = filter.category.map(Category::name);
    let mut sql = format!("SELECT {COLUMNS} FROM alert WHERE id < :before");
    let before = before.unwrap_or(i64::MAX);
    let mut values: Vec<(&str, &dyn ToSql)> = vec![(":before", &before), (":fetch", &fetch)];
    if filter.unread {
        sql.push_str(" AND read = 0");
    }
    if filter.urgent {
        sql.push_str(" AND urgent = 1");
    }
    if category.is_some() {
        sql.push_str(" AND category = :category");
        values.push((":category", &category));
    }
    sql.push_str(" ORDER BY id DESC LIMIT :fetch");
    let mut alerts = db
        .prepare_cached(&sql)?
        .query_map(values.as_slice(), read_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let more = alerts.len() > limit;
    alerts.truncate(limit);
    Ok(Page { alerts, more })
}

/// Marks alerts and says which of them changed.
pub(crate) fn mark(db: &Connection, ids: &[AlertId], read: bool) -> rusqlite::Result<Vec<AlertId>> {
    let mut update =
        db.prepare_cached("UPDATE alert SET read = ?2 WHERE id = ?1 AND read <> ?2")?;
    let mut changed = Vec::new();
    for id in ids {
        if update.execute(params![id, read])? > 0 {
            changed.push(*id);
        }
    }
    Ok(changed)
}
