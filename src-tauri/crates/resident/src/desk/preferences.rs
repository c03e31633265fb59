//! What the person chose, as the settings file has it.

use crate::ipc::SnoozeChoice;
use crate::system::locale;
use agora_account::Accounts;
use agora_alert::catalogue::Language;
use agora_receiver::{Choices, KEEP_DAYS, KEEP_MIB};
use agora_rules::{Rules, Snooze, SnoozeFor};
use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the person chose, as it is kept. Its names are the settings file's, which other versions read
/// too: the page's own, [`crate::ipc::Preferences`], may become others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Preferences {
    /// The language; the system's by default.
    pub(crate) language: LanguageChoice,
    /// The theme; the system's by default.
    pub(crate) theme: ThemeChoice,
    /// How large everything in the window is, in percent of its usual size.
    pub(crate) text_size: TextSize,
    /// Whether a start with the computer shows no window.
    pub(crate) start_hidden: bool,
    /// Whether single letters act in the window.
    pub(crate) single_letters: bool,
    /// Whether messages are written here; `None`: where the market said that the person is an
    /// administrator.
    pub(crate) composes: Option<bool>,
    /// How many days alerts are kept; `None`: for good.
    pub(crate) keep_days: Option<u32>,
    /// How much room the inbox may take, in MiB; `None`: as much as the disk has.
    pub(crate) keep_mib: Option<u32>,
    /// Which alerts become toasts.
    pub(crate) rules: Rules,
    /// The market's web site; `None`: the default.
    pub(crate) web_site: Option<String>,
    /// Until when toasts are snoozed, in milliseconds since the Unix epoch. The page doesn't set it
    /// with the others.
    pub(crate) snoozed_until_ms: Option<i64>,
    /// Whether the desktop's portal has said yes to a start with the computer, which it can't be asked
    /// for. The page doesn't set it.
    pub(crate) portal_starts: bool,
}

/// A size of text, in percent: 90 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub(crate) struct TextSize(u16);

impl TextSize {
    /// The smallest and the largest, in percent.
    pub(crate) const LIMITS: (u16, u16) = (90, 200);
}

impl Default for TextSize {
    fn default() -> Self {
        Self(100)
    }
}

/// What is beyond the limits is at them.
impl From<u16> for TextSize {
    fn from(percent: u16) -> Self {
        let (smallest, largest) = Self::LIMITS;
        Self(percent.clamp(smallest, largest))
    }
}

impl From<TextSize> for u16 {
    fn from(size: TextSize) -> Self {
        size.0
    }
}

/// A choice of language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) enum LanguageChoice {
    /// As the system is set.
    #[default]
    System,
    /// The one of this tag. Another version may have a catalogue for it where this one has none: it stays
    /// chosen, and the system's is spoken meanwhile.
    Tag(String),
}

const SYSTEM: &str = "system";

impl From<String> for LanguageChoice {
    fn from(choice: String) -> Self {
        if choice == SYSTEM { Self::System } else { Self::Tag(choice) }
    }
}

impl From<LanguageChoice> for String {
    fn from(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::System => SYSTEM.to_owned(),
            LanguageChoice::Tag(tag) => tag,
        }
    }
}

/// A choice of theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ThemeChoice {
    /// As the system is set.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: LanguageChoice::default(),
            theme: ThemeChoice::default(),
            text_size: TextSize::default(),
            start_hidden: true,
            single_letters: true,
            composes: None,
            keep_days: Some(KEEP_DAYS),
            keep_mib: Some(KEEP_MIB),
            rules: Rules::default(),
            web_site: None,
            snoozed_until_ms: None,
            portal_starts: false,
        }
    }
}

/// The saved choices; those of a settings file that can't be read are the defaults, and why it can't.
pub(crate) fn saved(accounts: &Accounts) -> (Preferences, Option<String>) {
    match accounts.preferences() {
        Ok(saved) => (read(&saved), None),
        Err(error) => (Preferences::default(), Some(error.to_string())),
    }
}

/// Reading never fails: a choice that is missing or makes no sense has its default, as one may that
/// another version made, and the others are kept. [`Rules`] do the same with each of theirs.
pub(super) fn read(saved: &Value) -> Preferences {
    let mut kept = Map::new();
    for (name, value) in saved.as_object().into_iter().flatten() {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        if Preferences::deserialize(&alone).is_ok() {
            kept.insert(name.clone(), value.clone());
        }
    }
    Preferences::deserialize(&Value::Object(kept)).unwrap_or_default()
}

impl Preferences {
    /// The language to speak: the chosen one, or the system's.
    pub(crate) fn resolved_language(&self) -> Language {
        let chosen = match &self.language {
            LanguageChoice::Tag(tag) => Language::of_tag(tag),
            LanguageChoice::System => None,
        };
        chosen.unwrap_or_else(locale::language)
    }

    /// These, but for what is chosen for all accounts at once.
    pub(crate) fn in_common_with(self, other: &Self) -> Self {
        Self {
            language: other.language.clone(),
            theme: other.theme,
            text_size: other.text_size,
            start_hidden: other.start_hidden,
            single_letters: other.single_letters,
            snoozed_until_ms: other.snoozed_until_ms,
            portal_starts: other.portal_starts,
            ..self
        }
    }

    /// What of these differs from what was chosen before, by its name in the file.
    pub(super) fn beside(&self, before: &Self) -> serde_json::Result<Map<String, Value>> {
        let (now, before) = (serde_json::to_value(self)?, serde_json::to_value(before)?);
        let all = now.as_object().cloned().unwrap_or_default();
        Ok(all.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect())
    }

    /// What the receiver acts on.
    pub(crate) fn choices(&self) -> Choices {
        Choices {
            rules: self.rules.clone(),
            snooze: Snooze { until_ms: self.snoozed_until_ms },
            keep_days: self.keep_days,
            keep_mib: self.keep_mib,
        }
    }
}

/// Until when a snooze that begins now lasts, in milliseconds since the Unix epoch.
pub(crate) fn snooze_until(choice: SnoozeChoice, now: &ZonedDateTime) -> Option<i64> {
    let length = match choice {
        SnoozeChoice::HalfHour => SnoozeFor::HalfHour,
        SnoozeChoice::TwoHours => SnoozeFor::TwoHours,
        SnoozeChoice::UntilTomorrow => SnoozeFor::UntilTomorrow,
        SnoozeChoice::Off => return None,
    };
    Snooze::starting(length, now).until_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn choices_of_an_older_version_have_the_defaults() {
        let preferences = read(&json!({"language": "zh-TW", "theme": "dark"}));
        let expected = Preferences {
            language: LanguageChoice::Tag("zh-TW".to_owned()),
            theme: ThemeChoice::Dark,
            ..Preferences::default()
        };
        assert_eq!(preferences, expected);
    }

    #[test]
    fn only_what_was_chosen_is_written() {
        let before = Preferences::default();
        let chosen = Preferences { text_size: 150.into(), keep_days: None, ..before.clone() };
        let written = Value::Object(chosen.beside(&before).unwrap());
        assert_eq!(written, json!({"textSize": 150, "keepDays": null}));
        assert_eq!(read(&written), chosen);
        assert_eq!(chosen.beside(&chosen).unwrap(), Map::new());
    }

    #[test]
    fn text_is_no_smaller_and_no_larger_than_the_window_can_show_it() {
        for (kept, expected) in [(0, 90), (90, 90), (100, 100), (200, 200), (900, 200)] {
            let size = read(&json!({ "textSize": kept })).text_size;
            assert_eq!(u16::from(size), expected, "{kept}");
        }
        assert_eq!(u16::from(read(&json!({ "textSize": 1_000_000 })).text_size), 100);
    }

    #[test]
    fn a_language_that_this_program_has_not_is_kept_and_spoken_as_the_systems() {
        let kept = read(&json!({ "language": "tlh" }));
        let system = Preferences::default().resolved_language();
        assert_eq!(kept.resolved_language(), system);
        let darker = Preferences { theme: ThemeChoice::Dark, ..kept.clone() };
        let written = Value::Object(darker.beside(&kept).unwrap());
        assert_eq!(written, json!({ "theme": "dark" }), "what is in the file stays there");
        let written = Value::Object(kept.beside(&Preferences::default()).unwrap());
        assert_eq!(written, json!({ "language": "tlh" }));
        for language in Language::ALL {
            let chosen = read(&json!({ "language": language.tag() }));
            assert_eq!(chosen.resolved_language(), language);
        }
    }

    #[test]
    fn a_choice_that_makes_no_sense_costs_no_other() {
        let preferences = read(&json!({
            "language": "ja", "theme": "dark", "keepDays": -1, "keepMib": 0.5, "snoozedUntilMs": 7, "future": {},
            "textSize": "large", "startHidden": 3,
            "rules": {
                "categories": {"chat": {"toast": false}, "auctions": {"toast": false}},
                "quiet": {"on": true, "from": "ten"},
                "hideContent": true,
            },
        }));
        let mut rules = Rules { hide_content: true, ..Rules::default() };
        rules.categories.chat.toast = false;
        rules.quiet.on = true;
        let expected = Preferences {
            language: LanguageChoice::Tag("ja".to_owned()),
            theme: ThemeChoice::Dark,
            snoozed_until_ms: Some(7),
            rules,
            ..Preferences::default()
        };
        assert_eq!(preferences, expected);
        assert_eq!(read(&json!([])), Preferences::default());
        let all_wrong = json!({"rules": "none", "theme": null, "webSite": 7});
        assert_eq!(read(&all_wrong), Preferences::default());
    }
}
