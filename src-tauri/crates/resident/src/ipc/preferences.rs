//! What the person chose.

use super::Rules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Preferences {
    /// The language; the system's by default.
    pub(crate) language: LanguageChoice,
    /// The theme; the system's by default.
    pub(crate) theme: ThemeChoice,
    /// How large everything in the window is, in percent of its usual size: 90 to 200.
    pub(crate) text_size: u16,
    /// Whether a start with the computer shows no window.
    pub(crate) start_hidden: bool,
    /// Whether single letters act in the window.
    pub(crate) single_letters: bool,
    /// Whether messages are written here; `None`: where the market said that the person is an
    /// administrator.
    pub(crate) composes: Option<bool>,
    /// How many days alerts are kept; unread and urgent ones longer. `None`: for good.
    pub(crate) keep_days: Option<u32>,
    /// How much room the inbox may take, in MiB: the oldest read alerts make room for new ones. `None`:
    /// as much as the disk has.
    pub(crate) keep_mib: Option<u32>,
    /// Which alerts become toasts.
    pub(crate) rules: Rules,
    /// The market's web site, which relative links lead to; `None`: the default.
    pub(crate) web_site: Option<String>,
}

/// A language with a catalogue, by its tag (BCP 47), which is the name of the file in `ui/messages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub(crate) struct Language(pub(crate) &'static str);

/// The choice of language: a tag, or `system`. One that has no catalogue is spoken as the system's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub(crate) struct LanguageChoice(pub(crate) String);

/// The choice of theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ThemeChoice {
    /// As the system is set.
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}
