//! Which alerts something is done to, a chunk at a time: no job of the inbox's thread takes more.

use super::{CHUNK, Inbox};
use crate::search::{Search, SearchPage};
use crate::tables::alert;
use crate::{AlertId, Filter, Seek, StoreError};

/// Ids in chunks.
pub(super) enum Chunks {
    Ids(Vec<AlertId>),
    Matching(Matching),
}

impl Chunks {
    pub(super) async fn next(&mut self, inbox: &Inbox) -> Result<Option<Vec<AlertId>>, StoreError> {
        match self {
            Self::Ids(ids) if ids.is_empty() => Ok(None),
            Self::Ids(ids) => Ok(Some(ids.split_off(ids.len().saturating_sub(CHUNK)))),
            Self::Matching(matching) => matching.next(inbox).await,
        }
    }
}

/// The ids that a list shows, in chunks, newest first.
pub(super) struct Matching {
    filter: Filter,
    text: Option<String>,
    /// Where the next chunk begins; `None` at the end.
    older_than: Option<AlertId>,
}

impl Matching {
    pub(super) fn new(filter: Filter, text: Option<String>, up_to: AlertId) -> Self {
        Self { filter, text, older_than: Some(up_to.saturating_add(1)) }
    }

    pub(super) async fn next(&mut self, inbox: &Inbox) -> Result<Option<Vec<AlertId>>, StoreError> {
        let Some(older_than) = self.older_than else { return Ok(None) };
        let filter = self.filter;
        let Some(text) = self.text.clone() else {
            let seek = Seek::OlderThan(older_than);
            let ids = inbox.run(move |db| alert::ids(db, &filter, seek, CHUNK)).await?;
            self.older_than = ids.last().copied();
            return Ok(Some(ids).filter(|ids| !ids.is_empty()));
        };
        let search = Search { text, filter, before: Some(older_than), limit: CHUNK };
        let SearchPage { hits, next } = inbox.search(search).await?;
        self.older_than = next;
        // A chunk may be empty before the end: a call looks at a limited number of alerts.
        Ok(Some(hits.into_iter().map(|hit| hit.alert.id).collect()))
    }
}
