//! What became of an alert's toast: kept with the alert, so that a person can be told why there was
//! one or why not.

use crate::Mute;
use serde::{Deserialize, Serialize};

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
        ] {
            assert_eq!(fate.to_text(), text);
            assert_eq!(Fate::of_text(text), Some(fate));
        }
        let muted = Fate::Muted(Mute::CategoryOff(Category::Chat));
        assert_eq!(Fate::of_text(&muted.to_text()), Some(muted));
        assert_eq!(Fate::of_text(r#""sung""#), None);
    }
}
