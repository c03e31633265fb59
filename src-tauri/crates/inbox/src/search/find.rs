//! Which alerts match, newest first, in bounded time.
//!
//! A match is in several lists at once: the index's list of each of its tokens, and that of unread
//! alerts. To walk lists that have little in common may take as long as they are, so a search goes
//! by windows: each reaches down to where the list that is the rarest there has [`WINDOW`] entries.
//! However long the others are, it costs about that many steps; of a rare token the first window is
//! all there is. What the lists have in common in it is then read, and the query decides.

use super::{Query, tokens};
use crate::{AlertId, Category, Filter};
use rusqlite::{Connection, OptionalExtension, params};

/// How many entries of its rarest list a window holds.
const WINDOW: u32 = 512;
/// How many windows are looked at in one call.
const MOST_WINDOWS: usize = 8;

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
    let (from, to) = filter.keys();
    let mut keys = Keys { from, to: before.map_or(to, |before| before.min(to)) };
    let lists = lists(query, filter);
    for _ in 0..MOST_WINDOWS {
        if query.is_empty() || keys.from >= keys.to || found.ids.len() >= limit {
            return Ok(found);
        }
        let (rarest, window) = window(db, &lists, keys)?;
        for_each_candidate(db, &lists, rarest, filter, window, |id, texts| {
            if query.matches(texts) {
                found.ids.push(id);
            }
            found.ids.len() < limit
        })?;
        keys.to = match found.ids.last() {
            Some(last) if found.ids.len() >= limit => *last,
            _ => window.from,
        };
        found.next = Some(keys.to).filter(|next| *next > keys.from);
    }
    Ok(found)
}

/// The keys from the first, which is in, to the second, which is out.
#[derive(Clone, Copy)]
struct Keys {
    from: AlertId,
    to: AlertId,
}

/// Keys that a match has to be among.
enum List {
    /// Those with a token of the index, or with each of several.
    Index(String),
    /// Those of unread alerts.
    Unread(Option<Category>),
}

fn lists(query: &Query, filter: &Filter) -> Vec<List> {
    let category = filter.category.map(tokens::of_category);
    let urgent = filter.urgent.then(|| tokens::URGENT.to_owned());
    let tokens = query.tokens().into_iter().chain(category).chain(urgent);
    let unread = filter.unread.then_some(List::Unread(filter.category));
    // A text's tokens are nothing but letters, but FTS5's own words are too.
    tokens.map(|token| List::Index(format!("\"{token}\""))).chain(unread).collect()
}

/// The upper part of the keys in which some list has no more than [`WINDOW`] entries, and that list.
fn window<'a>(
    db: &Connection,
    lists: &'a [List],
    keys: Keys,
) -> rusqlite::Result<(&'a List, Keys)> {
    let mut rarest = (&lists[0], keys.to);
    for list in lists {
        let reach = list.reach(db, keys)?;
        if reach < rarest.1 {
            rarest = (list, reach);
        }
        if reach == keys.from {
            break;
        }
    }
    Ok((rarest.0, Keys { from: rarest.1, ..keys }))
}

/// Reads what all lists may have in common, newest first, for as long as `more` says so.
fn for_each_candidate(
    db: &Connection,
    lists: &[List],
    rarest: &List,
    filter: &Filter,
    keys: Keys,
    mut more: impl FnMut(AlertId, &[&str]) -> bool,
) -> rusqlite::Result<()> {
    let tokens: Vec<_> = lists.iter().filter_map(List::token).collect();
    let all_tokens = List::Index(tokens.join(" AND "));
    // Where few are unread, each is read and the index isn't asked.
    let (list, value) = if rarest.token().is_some() { all_tokens.sql() } else { rarest.sql() };
    let mut candidates = db.prepare_cached(&format!(
        "SELECT a.id, a.title_en, a.title_zh, a.content_en, a.content_zh, a.fields
         FROM ({list}) list CROSS JOIN alert a ON a.id = list.id
         WHERE a.urgent >= ?4 AND (NOT ?5 OR a.id IN (SELECT id FROM unread))
         ORDER BY list.id DESC",
    ))?;
    let mut rows =
        candidates.query(params![keys.from, keys.to, value, filter.urgent, filter.unread])?;
    while let Some(row) = rows.next()? {
        let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
        if !more(row.get(0)?, &[text(1)?, text(2)?, text(3)?, text(4)?, text(5)?]) {
            break;
        }
    }
    Ok(())
}

impl List {
    /// The [`WINDOW`]th of this list's keys from above; the lowest of `keys` where it has fewer.
    fn reach(&self, db: &Connection, keys: Keys) -> rusqlite::Result<AlertId> {
        let (list, value) = self.sql();
        let reached = db
            .prepare_cached(&format!("{list} ORDER BY id DESC LIMIT 1 OFFSET ?4"))?
            .query_row(params![keys.from, keys.to, value, WINDOW - 1], |row| row.get(0))
            .optional()?;
        Ok(reached.unwrap_or(keys.from))
    }

    /// The statement that lists `id` from `?1` to below `?2`, and its value `?3`.
    fn sql(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Index(tokens) => (
                "SELECT rowid AS id FROM alert_search
                 WHERE alert_search MATCH ?3 AND rowid >= ?1 AND rowid < ?2",
                Some(tokens),
            ),
            Self::Unread(None) => {
                ("SELECT id FROM unread WHERE id >= ?1 AND id < ?2 AND ?3 IS NULL", None)
            }
            Self::Unread(Some(category)) => (
                "SELECT id FROM unread WHERE id >= ?1 AND id < ?2 AND category = ?3",
                Some(category.name()),
            ),
        }
    }

    fn token(&self) -> Option<&str> {
        match self {
            Self::Index(token) => Some(token),
            Self::Unread(_) => None,
        }
    }
}
