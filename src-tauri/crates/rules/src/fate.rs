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

impl Fate {
    /// As it is kept.
    pub fn to_text(self) -> String {
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// As it was kept; `None` where a newer version says something that this one doesn't know.
    pub fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
