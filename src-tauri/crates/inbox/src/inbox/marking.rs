//! Marking alerts as read or unread, and taking that back.

use super::chunks::{Chunks, Matching};
use super::{CHUNK, Inbox, is_whole};
use crate::tables::marking::Marking;
use crate::tables::stored;
use crate::work::{self, MarkedAll};
use crate::{Filter, Marked, Partly, StoreError, Which};

impl Inbox {
    /// Marks alerts as read or unread. What is taken in meanwhile nobody has seen: it stays unread.
    pub async fn mark(&self, which: Which, read: bool) -> Result<Marked, Partly<Marked>> {
        self.mark_by(which, read, None).await
    }

    /// Marks alerts as read, so that exactly those that it marked can be made unread again by `marking`, a
    /// number that no other has. The market isn't told of them before that is settled.
    pub async fn mark_read_by(
        &self,
        which: Which,
        marking: Marking,
    ) -> Result<Marked, Partly<Marked>> {
        self.mark_by(which, true, Some(marking)).await
    }

    /// Makes what a marking marked unread again. What the market has as read by now stays so, and what
    /// was marked by itself since.
    pub async fn undo_marking(&self, marking: Marking) -> Result<Marked, Partly<Marked>> {
        let mut back = Marked { counts: self.counts().await?, ..Marked::default() };
        loop {
            match self.run(move |db| work::undo_marking(db, marking, CHUNK)).await {
                Ok(Some(Marked { changed, counts, .. })) => {
                    back.add(changed);
                    back.counts = counts;
                }
                Ok(None) => return Ok(back),
                Err(error) => return Err(Partly { done: back, error }),
            }
        }
    }

    /// A marking can't be undone any more: the market is to be told of what it marked. Whether its ids of
    /// some aren't known yet, so that it can't be.
    pub async fn settle_marking(&self, marking: Marking) -> Result<bool, StoreError> {
        let mut unnamed = false;
        loop {
            let (settled, some) =
                self.run(move |db| work::settle_marking(db, marking, CHUNK)).await?;
            unnamed |= some;
            if settled < CHUNK {
                return Ok(unnamed);
            }
        }
    }

    /// No marking of before the file was opened can be undone any more.
    pub async fn settle_markings(&self) -> Result<(), StoreError> {
        self.run(|db| stored::release_all(db)).await
    }

    async fn mark_by(
        &self,
        which: Which,
        read: bool,
        marking: Option<Marking>,
    ) -> Result<Marked, Partly<Marked>> {
        let mut chunks = match which {
            Which::Ids(ids) => Chunks::Ids(ids),
            Which::Matching { filter, text: None, up_to } if read && is_whole(&filter) => {
                let (category, keys) = (filter.category, filter.keys_up_to(up_to));
                match self.run(move |db| work::mark_all(db, category, keys, marking)).await? {
                    MarkedAll::Done(marked) => return Ok(marked),
                    MarkedAll::ToMark(ids) => Chunks::Ids(ids),
                }
            }
            Which::Matching { filter, text, up_to } => {
                let seen = if read { Some(self.unread(&filter, up_to).await?) } else { None };
                let filter = Filter { unread: filter.unread || read, ..filter };
                Chunks::Matching(Matching::new(filter, text, up_to).only(seen))
            }
        };
        let mut marked = Marked { counts: self.counts().await?, ..Marked::default() };
        loop {
            let part = async {
                let Some(ids) = chunks.next(self).await? else { return Ok(None) };
                self.run(move |db| work::mark(db, &ids, read, marking)).await.map(Some)
            };
            match part.await {
                Ok(Some(Marked { changed, unnamed, counts, .. })) => {
                    marked.add(changed);
                    marked.unnamed |= unnamed;
                    marked.counts = counts;
                }
                Ok(None) => return Ok(marked),
                Err(error) => return Err(Partly { done: marked, error }),
            }
        }
    }
}
