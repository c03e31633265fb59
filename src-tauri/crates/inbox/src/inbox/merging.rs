//! Taking in what the market stored, however much that is, in steps: no job of the inbox's thread takes
//! long, so that an alert that arrives meanwhile has its turn, and in no more time than it takes to sort
//! what was found.
//!
//! What is known by its id is left out first, then all the rest is looked at at once, to find out what of
//! it came over the stream already; then it is taken in, oldest first. What comes over the stream in
//! between is looked for again with each.

use super::{CHUNK, Inbox, MANY};
use crate::tables::alert;
use crate::tables::twin::{self, Half};
use crate::twins::{self, Alike, Clocks, Plan, Stored, Streamed};
use crate::work::{self, Planned, Taking};
use crate::{Listing, Merged, Notice, Partly, StoreError, StoredNotice, key, limits};
use std::collections::HashSet;

/// So many notifications are taken in, and so many words looked for, at a time.
const STEP: usize = 50;
/// So many halves with the same words are no few.
const SOME: u32 = 50;
/// How long the other half of a twin may be outstanding: a sync reaches back to the last time
/// that it was done, and no further.
const TWINS_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

impl Inbox {
    /// Takes in what the market stored, in steps. What was done before a failure stays so, and is known by
    /// its id the next time.
    pub async fn merge(&self, mut found: Listing) -> Result<Merged, Partly<Merged>> {
        found.notices.iter_mut().for_each(|notice| limits::fit(&mut notice.body));
        let mut merged = Merged::default();
        let mut result = self.merge_into(found, &mut merged).await;
        merged.read.sort_unstable();
        match self.counts().await {
            Ok(counts) => merged.counts = counts,
            Err(error) => result = result.and(Err(error)),
        }
        match result {
            Ok(()) => Ok(merged),
            Err(error) => Err(Partly { done: merged, error }),
        }
    }

    async fn merge_into(&self, found: Listing, merged: &mut Merged) -> Result<(), StoreError> {
        let mailbox = found.mailbox.clone();
        for ids in read_there(&found).chunks(CHUNK) {
            let (name, ids) = (mailbox.clone(), ids.to_vec());
            merged.read.extend(self.run(move |db| work::read_there(db, &name, &ids)).await?);
        }
        let notices = self.unknown(&mailbox, found.notices).await?;
        let known = self.mailbox(mailbox.clone()).await?;
        let stored: Vec<_> = notices.iter().map(as_half).collect();
        let streamed = self.streamed(&stored).await?;
        let clocks = Clocks {
            stream_ms: known.ahead_ms,
            stored_zone_ms: known.stored_zone_ms,
            here_ms: found.here_ahead_ms,
            looked_ms: known.synced_ms,
            now_ms: found.at_ms,
        };
        let taking = Taking {
            mailbox: mailbox.clone(),
            streams_from_ms: found.streams_from_ms,
            planned_up_to: streamed.iter().map(|one| one.alert).max().unwrap_or_default(),
            planned_at: found.at_ms.saturating_add(known.ahead_ms.unwrap_or(0)),
        };
        let plan = apart(move || twins::plan(&stored, &streamed, clocks)).await?;
        let stored_zone_ms = plan.stored_zone_ms;
        let mut planned = planned(notices, plan, found.from_ms);
        if known.synced_ms.is_none() {
            self.find_alike(&mut planned).await?;
        }
        let mut last = None;
        let mut rest = planned.into_iter();
        loop {
            let step: Vec<_> = rest.by_ref().take(STEP).collect();
            if step.is_empty() {
                break;
            }
            let taking = taking.clone();
            let job = move |db: &mut _| work::take_in(db, &taking, step, last);
            let (done, after) = self.keep(job).await?;
            last = after;
            merged.new.extend(done.new);
            merged.confirmed.extend(done.confirmed);
            merged.read.extend(done.read);
        }
        let (synced_ms, there) = (found.synced_ms, found.unread_there);
        let finish =
            move |db: &mut _| work::finish(db, &mailbox, synced_ms, stored_zone_ms, there.as_ref());
        self.run(finish).await?;
        self.forget_twins(found.at_ms).await
    }

    /// Those that are not known by their ids.
    async fn unknown(
        &self,
        mailbox: &str,
        notices: Vec<StoredNotice>,
    ) -> Result<Vec<StoredNotice>, StoreError> {
        let mut unknown = Vec::new();
        let mut rest = notices.into_iter();
        loop {
            let some: Vec<_> = rest.by_ref().take(CHUNK).collect();
            if some.is_empty() {
                return Ok(unknown);
            }
            let name = mailbox.to_owned();
            let ids: Vec<_> = some.iter().map(|notice| notice.stored_id).collect();
            let known = self.run(move |db| work::are_known(db, &name, &ids)).await?;
            unknown.extend(
                some.into_iter().zip(known).filter(|(_, known)| !known).map(|(one, _)| one),
            );
        }
    }

    /// What came over the stream with the words of any of these.
    async fn streamed(&self, stored: &[Stored]) -> Result<Vec<Streamed>, StoreError> {
        let words: HashSet<i64> = stored.iter().filter_map(|one| one.words).collect();
        let words: Vec<_> = words.into_iter().collect();
        let mut streamed = Vec::new();
        for words in words.chunks(STEP) {
            let words = words.to_vec();
            let (found, many) = self.run(move |db| halves(db, &words)).await?;
            streamed.extend(found);
            for (words, half) in many {
                let mut after = (i64::MIN, 0);
                loop {
                    let some =
                        self.run(move |db| twin::streamed(db, words, half, after, MANY)).await?;
                    let Some(last) = some.last() else { break };
                    after = (last.at, last.alert);
                    streamed.extend(some);
                }
            }
        }
        Ok(streamed)
    }

    /// An inbox from before anything was synced knows no halves: what has the same title and came
    /// at about the same time is taken for one.
    async fn find_alike(&self, planned: &mut [Planned]) -> Result<(), StoreError> {
        let alike = Alike::of(planned.iter().map(|one| {
            let body = &one.notice.body;
            (one.twin.is_none(), body.at_ms, body.title.english())
        }));
        let Some(mut alike) = alike else { return Ok(()) };
        let (from, to) = alike.range();
        let (mut from, to) = (key::first_at(from), key::first_at(to));
        loop {
            let some = self.run(move |db| alert::unconnected(db, from, to, MANY)).await?;
            let Some((last, _)) = some.last() else { break };
            from = last + 1;
            for (alert, title) in some {
                if let Some(title) = title {
                    alike.add(alert, key::time_of(alert), &title);
                }
            }
        }
        for (index, alert) in alike.pairs() {
            planned[index].twin = Some(alert);
        }
        Ok(())
    }

    /// Forgets the halves whose other half can't come any more. A clock that is ahead forgets none that are
    /// younger than what came last.
    pub async fn forget_twins(&self, now_ms: i64) -> Result<(), StoreError> {
        let newest_ms = self.newest().await?.map_or(now_ms, key::time_of);
        let before_ms = now_ms.min(newest_ms).saturating_sub(TWINS_KEPT_MS);
        while self.run(move |db| twin::forget_before(db, before_ms, MANY)).await? == MANY {}
        Ok(())
    }

    /// The market's clock was heard, and is so many milliseconds ahead of UTC. What the stream brings from
    /// now on is taken to have come by it.
    pub async fn hear_clock(&self, mailbox: String, ahead_ms: i64) -> Result<(), StoreError> {
        self.run(move |db| {
            let all = db.transaction()?;
            crate::tables::mailbox::hear_clock(&all, &mailbox, ahead_ms)?;
            all.commit()
        })
        .await
    }
}

/// The ids of what the market has as read.
fn read_there(found: &Listing) -> Vec<i64> {
    let listed =
        found.notices.iter().filter(|notice| !notice.unread).map(|notice| notice.stored_id);
    let missing = found
        .unread_there
        .iter()
        .flat_map(|there| found.were_unread.iter().copied().filter(|id| !there.contains(id)));
    listed.chain(missing).collect()
}

fn as_half(notice: &StoredNotice) -> Stored {
    Stored {
        words: match notice.body.notice {
            Notice::Unnamed(words) => Some(words),
            Notice::None | Notice::Stored(_) => None,
        },
        written: notice.written,
        else_ms: notice.body.at_ms,
        unread: notice.unread,
        urgent: notice.body.urgent,
    }
}

/// The halves with some words; of which there are very many, only by which words and half.
#[expect(clippy::type_complexity, reason = "two lists")]
fn halves(
    db: &rusqlite::Connection,
    words: &[i64],
) -> rusqlite::Result<(Vec<Streamed>, Vec<(i64, Half)>)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for words in words {
        for half in [Half::Stream, Half::Replayed] {
            let some = twin::streamed(db, *words, half, (i64::MIN, 0), SOME)?;
            if some.len() < SOME as usize {
                few.extend(some);
            } else {
                many.push((*words, half));
            }
        }
    }
    Ok((few, many))
}

/// In the order of their times, without what was seen to when it was new.
fn planned(notices: Vec<StoredNotice>, plan: Plan, from_ms: i64) -> Vec<Planned> {
    let Plan { made_ms, at, twins, .. } = plan;
    let mut planned: Vec<_> = notices
        .into_iter()
        .zip(made_ms)
        .zip(at.into_iter().zip(twins))
        .map(|((mut notice, made_ms), (at, twin))| {
            notice.body.at_ms = made_ms;
            Planned { notice, twin, at }
        })
        .filter(|one| one.notice.unread || one.twin.is_some() || one.notice.body.at_ms >= from_ms)
        .collect();
    planned.sort_by_key(|one| (one.notice.body.at_ms, one.notice.stored_id));
    planned
}

/// Computes something that may take longer than others should wait.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)
}
