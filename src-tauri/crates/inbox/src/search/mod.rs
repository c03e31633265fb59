//! Finding alerts by what they say.
//!
//! A query's meaning is [`Query`]'s: it decides of each text whether and where it is hit. The index,
//! an FTS5 table, only leads to alerts that may match; see `tokens` for what it holds, and `find` for
//! how a search stays short however many alerts there are.

mod find;
mod index;
mod letters;
mod query;
mod tokens;
mod variants;

use crate::tables::alert;
use crate::{Alert, AlertId, Filter, NewAlert, Words};
use agora_alert::catalogue::Language;
use rusqlite::Connection;

pub(crate) use index::{delete, delete_all, insert, rebuild};
pub use query::{Piece, Query};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// As it was typed; see [`Query`].
    pub text: String,
    /// Only among these.
    pub filter: Filter,
    /// Only older ones than this: where the page before said that it goes on.
    pub before: Option<AlertId>,
    /// The most hits of this page.
    pub limit: usize,
}

/// An alert that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The alert. [`Query::shown`] says where it was hit.
    pub alert: Alert,
}

impl Query {
    /// An alert's title, of which so many columns are seen, and at most `most` characters of what it says
    /// beside that, as its reader sees them: what is only found in the fields or in another language's words
    /// is shown in place of the content.
    pub fn shown(
        &self,
        alert: &Alert,
        language: Language,
        columns: usize,
        most: usize,
    ) -> (Vec<Piece>, Vec<Piece>) {
        let NewAlert { title, content, fields, .. } = &alert.body;
        let shown = self.title(language.of(title), columns);
        let own = std::iter::once(language.of(content));
        let excerpt = if shown.iter().any(|piece| piece.hit) {
            self.snippet(own, most)
        } else {
            let others = [content, title].into_iter().flat_map(Words::texts);
            self.snippet(own.chain(fields.lines()).chain(others), most)
        };
        (shown, excerpt)
    }
}

/// One page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// Newest first. They may be fewer than asked for, even none, before the end: a page looks at a
    /// limited number of alerts.
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<AlertId>,
}

/// A page of at most `search.limit` hits.
pub(crate) fn page(db: &Connection, search: &Search) -> rusqlite::Result<SearchPage> {
    let query = Query::parse(&search.text);
    let found = find::find(db, &query, &search.filter, search.before, search.limit)?;
    let alerts = found.ids.into_iter().map(|id| alert::get(db, id)).filter_map(Result::transpose);
    let hits = alerts.map(|alert| alert.map(|alert| Hit { alert }));
    Ok(SearchPage { hits: hits.collect::<rusqlite::Result<_>>()?, next: found.next })
}
