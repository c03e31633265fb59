//! Letting go of what is old: what was deleted a minute ago, and what is kept no longer.

use super::inbox_work::now_ms;
use super::{Actor, Done};
use crate::{Change, Choices};
use std::time::Duration;
use tokio::time::sleep;

/// For how long a deletion can be undone.
const UNDO: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Actor {
    /// What the person chose holds from now on.
    pub(super) fn choose(&mut self, choices: Choices) {
        let keeps_less = choices.keep_days != self.choices.keep_days;
        self.choices = choices;
        if keeps_less {
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
                Done::Worked(None)
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

    pub(super) fn throw_away_later(&mut self) {
        self.beside.spawn(async {
            sleep(UNDO).await;
            Done::TrashIsOld
        });
    }

    /// Lets go of what was deleted longer ago than it can be brought back.
    pub(super) fn empty_trash(&mut self) {
        let Some(inbox) = self.inbox.clone() else { return };
        let before = now_ms() - i64::try_from(UNDO.as_millis()).unwrap_or_default() + 1_000;
        self.beside.spawn(async move {
            if let Err(error) = inbox.empty_trash(before).await {
                tracing::warn!(%error, "the trash can't be emptied");
            }
            Done::TellAgain
        });
    }

    fn expire(&mut self) {
        let (Some(inbox), Some(limits)) = (self.inbox.clone(), Choices::limits(&self.choices, now_ms()))
        else {
            return;
        };
        self.beside.spawn(async move {
            match inbox.expire(limits.before_ms, limits.in_any_case_ms).await {
                Ok(counts) => {
                    Done::Worked(counts.map(|counts| Change::Much { counts: counts.into() }))
                }
                Err(error) => {
                    tracing::warn!(%error, "old alerts can't be let go of");
                    Done::Worked(None)
                }
            }
        });
    }
}
