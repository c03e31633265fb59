//! Retention: letting go of what was deleted a minute ago, what is too old, and what the inbox has no room
//! for.
//!
//! It owns what can still be undone, of deletions and markings, and how much has come since room was looked for. Whether the
//! clock can be believed is in `clock`; the deleting is the inbox's.

use super::alerts::{Worked, now_ms};
use super::op_queue::OpQueue;
use super::{Actor, Completion};
use crate::{Change, Choices};
use agora_inbox::{Alert, Deletion, Inbox, Marking, Partly, Room};
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// For how long a deletion or a marking can be undone.
pub const UNDO: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
/// After so many bytes have come it is looked whether there is room for more.
const A_LOT: usize = 1 << 20;
/// What an alert takes beside its texts, in bytes, more or less.
const BESIDE: usize = 512;

/// What can still be undone, by its numbers: deletions, or markings.
#[derive(Debug, Default)]
pub(super) struct Undoable {
    latest: i64,
    /// What will end each of them.
    minutes: HashMap<i64, AbortHandle>,
}

impl Undoable {
    /// The number of a new one. Two at the same time are still two, each to be undone by itself.
    pub(super) fn begin(&mut self) -> i64 {
        self.latest = now_ms().max(self.latest + 1);
        self.latest
    }

    /// One stays until it was seen to. Whether it is still there.
    pub(super) fn hold(&mut self, number: i64) -> bool {
        let minute = self.minutes.remove(&number);
        minute.inspect(AbortHandle::abort).is_some()
    }
}

/// Whether there is room for what comes.
#[derive(Debug, Default)]
pub(super) struct Growth {
    /// What came since that was looked at, in bytes.
    bytes: usize,
    /// The making of room; what is wanted since it began may be by another size.
    rooms: OpQueue,
}

impl Actor {
    /// What the person chose holds from now on.
    pub(super) fn choose(&mut self, choices: Choices) {
        let before = std::mem::replace(&mut self.choices, choices);
        if self.choices.keep_days != before.keep_days {
            self.expire();
        }
        if self.choices.keep_mib != before.keep_mib {
            self.make_room();
        }
    }

    /// Tidies up an inbox that was just opened: what was deleted before can't be brought back any more.
    pub(super) async fn tidy(&mut self) {
        let Some(inbox) = self.store.inbox().cloned() else { return };
        let left = inbox.deletions().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the trash can't be looked through");
            Vec::new()
        });
        self.trash =
            Undoable { latest: left.iter().copied().max().unwrap_or(0), ..Undoable::default() };
        if let Err(error) = inbox.settle_markings().await {
            tracing::warn!(%error, "what was marked before can't be told");
        }
        for deletion in left {
            self.empty_trash(deletion);
        }
        self.expire();
        self.make_room();
    }

    /// Looks at the clock once a day. The connections do so too, where the market says its time.
    pub(super) fn day_begins(&mut self) {
        self.look_again();
        self.beside.spawn(async {
            sleep(DAY).await;
            Completion::DayIsOver
        });
    }

    /// A deletion is over, or an undo that failed: from now on it can be undone for a minute.
    pub(super) fn throw_away_later(&mut self, deletion: Deletion) {
        let minute = self.beside.spawn(async move {
            sleep(UNDO).await;
            Completion::TrashIsOld(deletion)
        });
        self.trash.minutes.insert(deletion, minute);
    }

    /// Its minute is over, unless it is being brought back.
    pub(super) fn trash_is_old(&mut self, deletion: Deletion) {
        if self.trash.minutes.remove(&deletion).is_some() {
            self.empty_trash(deletion);
        }
    }

    /// A marking is over, or an undo that failed: from now on it can be undone for a minute.
    pub(super) fn settle_later(&mut self, marking: Marking) {
        let minute = self.beside.spawn(async move {
            sleep(UNDO).await;
            Completion::MarkingIsOld(marking)
        });
        self.markings.minutes.insert(marking, minute);
    }

    /// Its minute is over, unless it is being undone: the market is told.
    pub(super) fn marking_is_old(&mut self, marking: Marking) {
        let Some(inbox) = self.store.inbox().cloned() else { return };
        if self.markings.minutes.remove(&marking).is_none() {
            return;
        }
        self.beside.spawn(async move {
            let unnamed = inbox.settle_marking(marking).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "what was marked can't be told");
                false
            });
            Completion::Worked(Worked::settled(unnamed), Box::new(|| {}))
        });
    }

    /// Lets go of a deletion, which can't be brought back any more.
    fn empty_trash(&mut self, deletion: Deletion) {
        let Some(inbox) = self.store.inbox().cloned() else { return };
        self.beside.spawn(async move {
            if let Err(error) = inbox.empty_trash(deletion).await {
                tracing::warn!(%error, "the trash can't be emptied");
            }
            Completion::ReceiptsDue
        });
    }

    /// Lets go of what is too old by the clock as it was on the last five days; see `clock`.
    pub(super) fn expire(&mut self) {
        let (Some(inbox), choices) = (self.store.inbox().cloned(), self.choices.clone()) else {
            return;
        };
        self.beside.spawn(async move {
            if let Err(error) = inbox.forget_twins(now_ms()).await {
                tracing::warn!(%error, "what was to be compared can't be let go of");
            }
            let change = expire(&inbox, &choices).await;
            Completion::Worked(change.into(), Box::new(|| {}))
        });
    }

    /// These came: they may have filled the inbox.
    pub(super) fn grew(&mut self, new: &[Alert]) {
        let bytes = new.iter().map(|alert| alert.body.raw.len() + BESIDE).sum::<usize>();
        self.growth.bytes += bytes;
        if self.growth.bytes >= A_LOT {
            self.make_room();
        }
    }

    /// Lets the oldest alerts go where the inbox takes more room than it may.
    pub(super) fn make_room(&mut self) {
        let (Some(inbox), Some(mib)) = (self.store.inbox().cloned(), self.choices.keep_mib) else {
            return;
        };
        if !self.growth.rooms.request() {
            return;
        }
        self.growth.bytes = 0;
        self.beside
            .spawn(async move { Completion::Room(make_room(&inbox, u64::from(mib) << 20).await) });
    }

    pub(super) async fn room_is_made(&mut self, Room { alerts, unread, counts }: Room) {
        if self.growth.rooms.ended() {
            self.make_room();
        }
        if alerts > 0 {
            tracing::warn!(alerts, unread, "the inbox is full: the oldest alerts were let go of");
            self.outputs.made_room.send_modify(|made| {
                made.alerts += alerts;
                made.unread += unread;
            });
        }
        let change = counts.map(|counts| Change::Much { counts: counts.into() });
        self.worked(Worked::from(change)).await;
    }
}

async fn expire(inbox: &Inbox, choices: &Choices) -> Option<Change> {
    let agreed_ms = inbox.agreed_ms().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody knows what is too old");
        None
    });
    let limits = choices.limits(agreed_ms?);
    let counts = match limits {
        Some(limits) => inbox.expire(limits).await,
        None => Ok(None),
    };
    let counts = counts.unwrap_or_else(|Partly { done, error }| {
        tracing::warn!(%error, "old alerts can't all be let go of");
        done
    });
    if let Err(error) = inbox.forget_long_gone().await {
        tracing::warn!(%error, "what is known of long gone alerts can't be forgotten");
    }
    counts.map(|counts| Change::Much { counts: counts.into() })
}

async fn make_room(inbox: &Inbox, most: u64) -> Room {
    let room = inbox.make_room(most).await.unwrap_or_else(|Partly { done, error }| {
        tracing::warn!(%error, "the inbox takes more room than it may");
        done
    });
    if room.alerts > 0
        && let Err(error) = inbox.give_back().await
    {
        tracing::warn!(%error, "the inbox's file is no smaller");
    }
    room
}
