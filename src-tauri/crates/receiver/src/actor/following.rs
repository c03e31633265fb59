//! What people follow up: stars, and reminders that become due.
//!
//! Owns when the next reminder is due. The wall's clock decides, as people were told its time: one that was
//! slept over is due at the wake, and one that was due while the program wasn't running at its start. That
//! it was is in the inbox before anybody is told, so that it isn't due again; who shows toasts asks the
//! inbox which of them nobody was told of.

use super::alerts::now_ms;
use super::{Actor, at};
use crate::Change;
use crate::command::Answer;
use agora_inbox::{AlertId, Followed, StoreError};
use std::time::Duration;
use tokio::time::Instant;

/// After so long it is tried again where the inbox has failed.
const AGAIN: Duration = Duration::from_mins(1);

/// A timer goes no further than this; then it is looked at again.
const FURTHEST: Duration = Duration::from_hours(24 * 30);

/// When the next reminder is due, on the clock that timers go by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reminders(Option<Instant>);

impl Reminders {
    pub(super) async fn due(self) {
        at(self.0).await;
    }

    fn set(&mut self, next_ms: Option<i64>) {
        self.0 = next_ms.map(|next_ms| {
            let left = next_ms.saturating_sub(now_ms()).max(0);
            Instant::now() + Duration::from_millis(left.unsigned_abs()).min(FURTHEST)
        });
    }
}

impl Actor {
    pub(super) async fn star(
        &mut self,
        ids: Vec<AlertId>,
        starred: bool,
        done: Answer<Result<(), StoreError>>,
    ) {
        let followed = match self.store.inbox() {
            Some(inbox) => inbox.star(ids, starred).await,
            None => Err(StoreError::Closed),
        };
        let _ = done.send(followed.map(|followed| self.followed(followed)));
    }

    /// Reminds of an alert at a time, in milliseconds since the Unix epoch, or not any more.
    pub(super) async fn remind(
        &mut self,
        id: AlertId,
        due_ms: Option<i64>,
        done: Answer<Result<bool, StoreError>>,
    ) {
        let followed = match self.store.inbox() {
            Some(inbox) => inbox.remind(id, due_ms).await,
            None => Err(StoreError::Closed),
        };
        let is_there = followed.map(|followed| {
            let is_there = !followed.ids.is_empty();
            self.followed(followed);
            is_there
        });
        self.look_for_reminders().await;
        let _ = done.send(is_there);
    }

    fn followed(&self, Followed { ids, counts }: Followed) {
        if !ids.is_empty() {
            self.change(Change::Followed { ids: ids.into(), counts: counts.into() });
        }
    }

    /// The inbox was opened: some may have become due long ago, and of some the last run may have told
    /// nobody.
    pub(super) async fn remind_at_start(&mut self) {
        let Some(inbox) = self.store.inbox().cloned() else { return };
        self.reminder_is_due().await;
        if inbox.untold_reminders().await.is_ok_and(|untold| !untold.is_empty()) {
            self.outputs.reminded.send_modify(|times| *times += 1);
        }
    }

    /// What is due is unread again, and told.
    pub(super) async fn reminder_is_due(&mut self) {
        loop {
            let Some(inbox) = self.store.inbox() else {
                self.reminders = Reminders::default();
                return;
            };
            let now_ms = now_ms();
            match inbox.remind_due(now_ms).await {
                Ok(due) => {
                    self.reminders.set(due.next_ms);
                    if !due.alerts.is_empty() {
                        let ids = due.alerts.iter().map(|alert| alert.id).collect();
                        self.change(Change::Followed { ids, counts: due.counts.into() });
                        self.outputs.reminded.send_modify(|times| *times += 1);
                    }
                    if due.next_ms.is_none_or(|next_ms| next_ms > now_ms) {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "reminders wait");
                    self.reminders = Reminders(Some(Instant::now() + AGAIN));
                    return;
                }
            }
        }
    }

    /// The next one may be another, or its timer late after a sleep.
    pub(super) async fn look_for_reminders(&mut self) {
        let Some(inbox) = self.store.inbox() else { return };
        match inbox.next_reminder_ms().await {
            Ok(next_ms) => self.reminders.set(next_ms),
            Err(error) => tracing::error!(%error, "when the next reminder is due isn't known"),
        }
    }
}
