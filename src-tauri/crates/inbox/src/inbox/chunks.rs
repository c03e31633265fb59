//! Which alerts something is done to, a chunk at a time: no job of the inbox's thread takes more.

use super::{CHUNK, Inbox};
use crate::search::{Search, SearchPage};
use crate::tables::alert;
use crate::{AlertId, Filter, Seek, StoreError};
use std::sync::Arc;

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
    /// Only these, which are in order.
    only: Option<Arc<[AlertId]>>,
}

impl Matching {
    pub(super) fn new(filter: Filter, text: Option<String>, up_to: AlertId) -> Self {
        Self { filter, text, older_than: Some(up_to.saturating_add(1)), only: None }
    }

    /// No others than these, which are in order.
    pub(super) fn only(self, ids: Option<Arc<[AlertId]>>) -> Self {
        Self { only: ids, ..self }
    }

    /// A chunk may be empty before the end.
    async fn next(&mut self, inbox: &Inbox) -> Result<Option<Vec<AlertId>>, StoreError> {
        let mut ids = self.matching(inbox).await?;
        if let (Some(ids), Some(only)) = (&mut ids, &self.only) {
            ids.retain(|id| only.binary_search(id).is_ok());
        }
        Ok(ids)
    }

    async fn matching(&mut self, inbox: &Inbox) -> Result<Option<Vec<AlertId>>, StoreError> {
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
        // It may have found none before the end: a call looks at a limited number of alerts.
        Ok(Some(hits.into_iter().map(|hit| hit.alert.id).collect()))
    }
}
