//! Letting go of what is old: what was deleted a minute ago, and what is kept no longer.

use super::inbox_work::now_ms;
use super::{Actor, Done};
use crate::{Change, Choices};
use agora_inbox::Deletion;
use std::time::Duration;
use tokio::time::sleep;

/// For how long a deletion can be undone.
const UNDO: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Actor {
    /// What the person chose holds from now on.
    pub(super) fn choose(&mut self, choices: Choices) {
        let keeps_otherwise = choices.keep_days != self.choices.keep_days;
        self.choices = choices;
        if keeps_otherwise {
            self.expire();
        }
    }

    /// Tidies up an inbox that was just opened: nothing can be brought back any more.
    pub(super) fn tidy(&mut self) {
        if let Some(inbox) = self.inbox.clone() {
            self.beside.spawn(async move {
                if let Err(error) = inbox.empty_trash(i64::MAX).await {
                    tracing::warn!(%error, "the trash can't be emptied");
                }
                Done::Tell
            });
        }
        self.expire();
    }

    /// Lets go of old alerts, once a day.
    pub(super) fn day_begins(&mut self) {
        self.expire();
        self.beside.spawn(async {
            sleep(DAY).await;
            Done::DayIsOver
        });
    }

    pub(super) fn throw_away_later(&mut self, deletion: Deletion) {
        self.beside.spawn(async move {
            sleep(UNDO).await;
            Done::TrashIsOld(deletion)
        });
    }

    /// Lets go of a deletion, and of those before it, which can't be brought back any more.
    pub(super) fn empty_trash(&mut self, deletion: Deletion) {
        let Some(inbox) = self.inbox.clone() else { return };
        self.beside.spawn(async move {
            if let Err(error) = inbox.empty_trash(deletion + 1).await {
                tracing::warn!(%error, "the trash can't be emptied");
            }
            Done::Tell
        });
    }

    fn expire(&mut self) {
        let (Some(inbox), Some(limits)) =
            (self.inbox.clone(), Choices::limits(&self.choices, now_ms()))
        else {
            return;
        };
        self.beside.spawn(async move {
            let expired = inbox.expire(limits.before_ms, limits.in_any_case_ms).await;
            let counts = expired.unwrap_or_else(|error| {
                tracing::warn!(%error, "old alerts can't be let go of");
                None
            });
            let change = counts.map(|counts| Change::Much { counts: counts.into() });
            Done::Worked(change.into(), Box::new(|| {}))
        });
    }
}
