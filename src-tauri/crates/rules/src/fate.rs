//! What became of an alert's toast: kept with the alert, so that a person can be told why there was
//! one or why not.

use crate::Mute;
use serde::{Deserialize, Serialize};

/// How long after its end what came in quiet is told of, in milliseconds: three days, for a machine that
/// was off over a week-end.
const NEWS_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// What became of an alert's toast. Kept as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A rule muted it.
    Muted(Mute),
    /// It was shown.
    Shown,
    /// The desktop took it, and was in do-not-disturb.
    Kept,
    /// The desktop took it, and doesn't say whether it showed it.
    Handed,
    /// It was shown, and clicked.
    Clicked,
    /// It was summed up in a toast with so many in all.
    SummedUp(u32),
    /// It came while nobody was there, and was summed up with so many in all.
    Away(u32),
    /// It came in quiet, and one toast told of it when that was over.
    AfterQuiet {
        /// When it told: milliseconds since the Unix epoch.
        told_ms: i64,
        /// Of how many in all.
        count: u32,
    },
    /// There was no notification daemon to show it.
    NoDaemon,
    /// The notification daemon refused it or took too long.
    NotShown,
}

/// What the desktop did with a toast that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It showed it.
    Shown,
    /// It was in do-not-disturb, and didn't.
    Kept,
    /// It doesn't say.
    Unsaid,
}

impl Fate {
    /// What became of it, once the desktop took it.
    #[must_use]
    pub fn taken(self, taken: Taken) -> Self {
        match (taken, self) {
            (Taken::Kept, _) => Self::Kept,
            (Taken::Unsaid, Self::Shown) => Self::Handed,
            (Taken::Shown | Taken::Unsaid, fate) => fate,
        }
    }

    /// Whether the alert is to be told of once it isn't quiet any more. `at_ms`: the alert's time; what
    /// became of it long ago is nobody's news.
    pub fn waits_for_the_end_of_quiet(self, at_ms: i64, now_ms: i64) -> bool {
        let since = match self {
            Self::Kept => return true,
            Self::Muted(Mute::QuietHours { until_ms }) => until_ms.unwrap_or(at_ms),
            Self::Muted(Mute::Snoozed { until_ms }) => until_ms,
            _ => return false,
        };
        now_ms.saturating_sub(since) < NEWS_MS
    }

    /// As it is kept.
    pub fn to_text(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// As it was kept; `None` where a newer version says something that this one doesn't know.
    pub fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_alert::Category;

    #[test]
    fn nothing_is_called_shown_that_the_desktop_does_not_say_it_showed() {
        for (fate, shown, kept, unsaid) in [
            (Fate::Shown, Fate::Shown, Fate::Kept, Fate::Handed),
            (Fate::SummedUp(3), Fate::SummedUp(3), Fate::Kept, Fate::SummedUp(3)),
            (Fate::Away(3), Fate::Away(3), Fate::Kept, Fate::Away(3)),
        ] {
            let of = [Taken::Shown, Taken::Kept, Taken::Unsaid].map(|taken| fate.taken(taken));
            assert_eq!(of, [shown, kept, unsaid]);
        }
    }

    #[test]
    fn what_came_in_quiet_waits_for_its_end_but_not_for_ever() {
        const DAY: i64 = 24 * 60 * 60 * 1_000;
        let quiet = |until_ms| Fate::Muted(Mute::QuietHours { until_ms });
        let snoozed = Fate::Muted(Mute::Snoozed { until_ms: 10 * DAY });
        for (fate, now_ms, waits) in [
            (Fate::Kept, 40 * DAY, true),
            (quiet(Some(10 * DAY)), 13 * DAY - 1, true),
            (quiet(Some(10 * DAY)), 13 * DAY, false),
            (quiet(None), 12 * DAY - 1, true),
            (quiet(None), 12 * DAY, false),
            // Ended by hand before its time.
            (snoozed, 9 * DAY, true),
            (snoozed, 13 * DAY, false),
            (Fate::Muted(Mute::CategoryOff(Category::Chat)), 9 * DAY, false),
            (Fate::AfterQuiet { told_ms: 9 * DAY, count: 2 }, 9 * DAY, false),
            (Fate::Shown, 9 * DAY, false),
        ] {
            assert_eq!(fate.waits_for_the_end_of_quiet(9 * DAY, now_ms), waits, "{fate:?}");
        }
    }

    #[test]
    fn what_was_kept_is_read_again_and_what_a_newer_version_says_is_none() {
        for (fate, text) in [
            (Fate::Shown, r#""shown""#),
            (Fate::Clicked, r#""clicked""#),
            (Fate::Kept, r#""kept""#),
            (Fate::Handed, r#""handed""#),
            (Fate::NoDaemon, r#""no_daemon""#),
            (Fate::NotShown, r#""not_shown""#),
            (Fate::SummedUp(32), r#"{"summed_up":32}"#),
            (Fate::Away(3), r#"{"away":3}"#),
            (
                Fate::AfterQuiet { told_ms: 7, count: 3 },
                r#"{"after_quiet":{"told_ms":7,"count":3}}"#,
            ),
        ] {
            assert_eq!(fate.to_text(), text);
            assert_eq!(Fate::of_text(text), Some(fate));
        }
        let muted = Fate::Muted(Mute::CategoryOff(Category::Chat));
        assert_eq!(Fate::of_text(&muted.to_text()), Some(muted));
        assert_eq!(Fate::of_text(r#""sung""#), None);
    }
}
