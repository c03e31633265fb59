//! Which alerts match, newest first, in bounded time.
//!
//! A match is in several lists at once: the index's list of each of its tokens, and those of the
//! filter. They are walked together, from the newest entry down to the next that they have in common;
//! that alert is read, and the query decides. A list that is much denser than another is not walked
//! for the other's sake: what it would have ruled out is read too. A call ends after so many steps
//! and so much read, however long the lists are and however little they have in common, and says
//! where to go on.

use super::Query;
use crate::tables::counts::CategoryName;
use crate::tables::{row, toast, words};
use crate::{AlertId, Category, Filter};
use rusqlite::{CachedStatement, Connection, Rows, params};

/// How many entries of the lists a call walks over: some milliseconds.
const MOST_STEPS: u32 = 32_000;
/// How many alerts a call reads: some milliseconds too.
const MOST_READ: u32 = 1_000;
/// How far a list is walked to see whether it has an entry; to read the alert takes as long.
const PATIENCE: u32 = 64;

/// What was found, and where to go on.
#[derive(Default)]
pub(super) struct Found {
    pub(super) ids: Vec<AlertId>,
    pub(super) next: Option<AlertId>,
}

/// At most `limit` alerts older than `before` that match.
pub(super) fn find(
    db: &Connection,
    query: &Query,
    filter: &Filter,
    before: Option<AlertId>,
    limit: usize,
) -> rusqlite::Result<Found> {
    let mut found = Found::default();
    if query.is_empty() {
        return Ok(found);
    }
    let (from, to) = filter.keys();
    let to = before.map_or(to, |before| before.min(to));
    let lists = lists(db, query, filter)?;
    let mut statements: Vec<CachedStatement<'_>> =
        lists.iter().map(|list| db.prepare_cached(list.sql())).collect::<Result<_, _>>()?;
    let mut walks = Vec::new();
    for (statement, list) in statements.iter_mut().zip(&lists) {
        let mut walk = Walk { rows: statement.query(params![list.value(), from, to])?, at: to };
        if !walk.step()? {
            return Ok(found);
        }
        walks.push(walk);
    }
    let (mut steps, mut read) = (0, 0);
    // Nothing newer than the lowest place is in all lists.
    while let Some(lowest) = walks.iter().map(|walk| walk.at).min() {
        if found.ids.len() >= limit || read >= MOST_READ || steps >= MOST_STEPS {
            found.next = Some(lowest + 1);
            break;
        }
        for walk in &mut walks {
            let mut patience = PATIENCE;
            while walk.at > lowest && patience > 0 {
                patience -= 1;
                steps += 1;
                if !walk.step()? {
                    return Ok(found);
                }
            }
        }
        if walks.iter().any(|walk| walk.at < lowest) {
            continue;
        }
        read += 1;
        if matches(db, query, filter, lowest)? {
            found.ids.push(lowest);
        }
        for walk in walks.iter_mut().filter(|walk| walk.at == lowest) {
            if !walk.step()? {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// Keys that a match has to be among.
enum List {
    /// Those of alerts with a token.
    Token(String),
    Category(Category),
    Urgent,
    Unread,
    UnreadCategory(Category),
    Starred,
    Reminders,
}

fn lists(db: &Connection, query: &Query, filter: &Filter) -> rusqlite::Result<Vec<List>> {
    let mut lists: Vec<_> = query.tokens().into_iter().map(List::Token).collect();
    // One that has other names too is in no one list.
    let names = filter.category.map(|category| CategoryName::all_of(db, category)).transpose()?;
    let category = filter.category.filter(|_| names.is_some_and(|names| names.len() == 1));
    lists.extend(match (category, filter.unread) {
        (Some(category), true) => Some(List::UnreadCategory(category)),
        (Some(category), false) => Some(List::Category(category)),
        (None, true) => Some(List::Unread),
        (None, false) => None,
    });
    if filter.urgent {
        lists.push(List::Urgent);
    }
    if filter.starred {
        lists.push(List::Starred);
    }
    if filter.reminders {
        lists.push(List::Reminders);
    }
    Ok(lists)
}

impl List {
    /// The statement that lists the keys from `?2` to below `?3`, newest first.
    fn sql(&self) -> &'static str {
        match self {
            Self::Token(_) => {
                "SELECT rowid FROM alert_search
                 WHERE alert_search MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC"
            }
            Self::Category(_) => {
                "SELECT id FROM alert
                 WHERE category = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
            Self::Urgent => {
                "SELECT id FROM alert
                 WHERE urgent = 1 AND ?1 IS NULL AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
            Self::Unread => {
                "SELECT id FROM unread
                 WHERE ?1 IS NULL AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
            Self::Starred => {
                "SELECT id FROM starred
                 WHERE ?1 IS NULL AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
            Self::Reminders => {
                "SELECT id FROM reminder
                 WHERE ?1 IS NULL AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
            Self::UnreadCategory(_) => {
                "SELECT id FROM unread
                 WHERE category = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC"
            }
        }
    }

    /// The value of `?1`.
    fn value(&self) -> Option<String> {
        match self {
            // Quoted, it is a string and no word of FTS5's own; a token has no quotes.
            Self::Token(token) => Some(format!("\"{token}\"")),
            Self::Category(category) | Self::UnreadCategory(category) => {
                Some(category.name().into())
            }
            Self::Urgent | Self::Unread | Self::Starred | Self::Reminders => None,
        }
    }
}

/// A list while it is walked.
struct Walk<'statement> {
    rows: Rows<'statement>,
    at: AlertId,
}

impl Walk<'_> {
    /// Goes on to the next older entry; `false` at the end.
    fn step(&mut self) -> rusqlite::Result<bool> {
        let Some(row) = self.rows.next()? else { return Ok(false) };
        self.at = row.get(0)?;
        Ok(true)
    }
}

/// Whether an alert matches: the lists say only that it may.
fn matches(db: &Connection, query: &Query, filter: &Filter, id: AlertId) -> rusqlite::Result<bool> {
    let mut alert = db.prepare_cached(
        "SELECT title, content, fields, category FROM alert
         WHERE id = ?1 AND urgent >= ?2 AND (NOT ?3 OR id IN (SELECT id FROM unread))
             AND (NOT ?4 OR id IN (SELECT id FROM starred))
             AND (NOT ?5 OR id IN (SELECT id FROM reminder))",
    )?;
    let Filter { urgent, unread, starred, reminders, .. } = filter;
    let mut rows = alert.query(params![id, urgent, unread, starred, reminders])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let text = |column| row::text(row, column);
    let category = Category::from_name(&text(3)?);
    if filter.category.is_some_and(|wanted| wanted != category) {
        return Ok(false);
    }
    if let Some(told_ms) = filter.told_ms
        && !toast::is_told(db, id, told_ms)?
    {
        return Ok(false);
    }
    let (title, content, fields) = (text(0)?, text(1)?, text(2)?);
    let (title, content) = (words::texts(&title), words::texts(&content));
    let texts: Vec<_> = title.iter().chain(&content).chain([&fields]).map(|text| &**text).collect();
    Ok(query.matches(&texts))
}
