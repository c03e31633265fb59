//! What the person chose, as it is kept.

use crate::ipc::{self, FieldError, FormField, LanguageChoice, Preferences, SnoozeChoice};
use crate::page::view;
use crate::system::locale;
use agora_account::Accounts;
use agora_receiver::Choices;
use agora_receiver::catalogue::Language;
use agora_receiver::link::WebSite;
use agora_receiver::rules::{CategoryRule, QuietHours, Rules, Snooze, SnoozeFor};
use jiff::ZonedDateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The saved choices; those of a settings file that can't be read are the defaults.
pub(crate) fn saved(accounts: &Accounts) -> Preferences {
    accounts.preferences().map(|saved| read(&saved)).unwrap_or_default()
}

/// Reading never fails: a choice that is missing or makes no sense has its default, as one may that
/// another version made, and the others are kept.
fn read(saved: &Value) -> Preferences {
    let mut kept = Map::new();
    for (name, value) in saved.as_object().into_iter().flatten() {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        if Preferences::deserialize(&alone).is_ok() {
            kept.insert(name.clone(), value.clone());
        }
    }
    let rules =
        saved.get("rules").and_then(|rules| <Rules as Deserialize>::deserialize(rules).ok());
    let read = Preferences::deserialize(&Value::Object(kept)).unwrap_or_default();
    Preferences { rules: (&rules.unwrap_or_default()).into(), ..read }
}

impl Preferences {
    /// The language to speak: the chosen one, or the system's.
    pub(crate) fn resolved_language(&self) -> Language {
        match self.language {
            LanguageChoice::En => Language::En,
            LanguageChoice::ZhTw => Language::ZhTw,
            LanguageChoice::System => locale::language(),
        }
    }

    /// What the receiver acts on.
    pub(crate) fn choices(&self) -> Choices {
        Choices {
            rules: (&self.rules).into(),
            snooze: Snooze { until_ms: self.snoozed_until_ms },
            keep_days: self.keep_days,
            keep_mib: self.keep_mib,
        }
    }

    /// What is wrong with what the page set, if anything.
    pub(crate) fn check(&self) -> Result<(), FieldError> {
        let Some(text) = &self.web_site else { return Ok(()) };
        WebSite::parse(text).map(drop).map_err(|rule| {
            let message = "This is no web site's address.";
            FieldError::of(FormField::WebSite, view::rule(rule), message)
        })
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

/// The page's rules are the receiver's, field by field; what makes no sense in them has its default.
impl From<&ipc::Rules> for Rules {
    fn from(rules: &ipc::Rules) -> Self {
        serde_json::to_value(rules).and_then(serde_json::from_value).unwrap_or_default()
    }
}

impl From<&Rules> for ipc::Rules {
    fn from(rules: &Rules) -> Self {
        let of = |category: agora_inbox::Category| {
            let CategoryRule { toast, sound, only_urgent } = rules.categories.of(category);
            (category.into(), ipc::CategoryRule { toast, sound, only_urgent })
        };
        let QuietHours { on, days, from, to } = rules.quiet;
        Self {
            categories: agora_inbox::Category::ALL.into_iter().map(of).collect(),
            quiet: ipc::QuietHours { on, days, from, to },
            urgent_passes: rules.urgent_passes,
            urgent_messages_pass: rules.urgent_messages_pass,
            hide_content: rules.hide_content,
        }
    }
}

impl Default for ipc::Rules {
    fn default() -> Self {
        Self::from(&Rules::default())
    }
}

impl Default for ipc::QuietHours {
    fn default() -> Self {
        ipc::Rules::default().quiet
    }
}

impl From<Language> for ipc::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::ZhTw => Self::ZhTw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipc::ThemeChoice;
    use agora_inbox::Category;

    #[test]
    fn the_pages_rules_are_the_receivers() {
        let mut rules = Rules::default();
        rules.categories.chat.only_urgent = true;
        rules.categories.store.toast = false;
        rules.quiet = QuietHours { on: true, days: [true; 7], from: 1_320, to: 480 };
        rules.hide_content = true;
        let there = ipc::Rules::from(&rules);
        assert_eq!(Rules::from(&there), rules);
        assert_eq!(there.categories.len(), Category::ALL.len());
    }

    /// Written beside the page's types, and checked with them: what a new user has is said once.
    #[test]
    fn export_bindings_default_rules() {
        let Some(folder) = std::env::var_os("TS_RS_EXPORT_DIR") else { return };
        let text = serde_json::to_string_pretty(&ipc::Rules::default()).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(std::path::Path::new(&folder).join("default-rules.json"), text + "\n")
            .unwrap();
    }

    #[test]
    fn choices_of_an_older_version_have_the_defaults() {
        let old = serde_json::json!({"language": "zh-TW", "theme": "dark"});
        let preferences = read(&old);
        assert_eq!(preferences.keep_days, Some(agora_receiver::KEEP_DAYS));
        assert_eq!(preferences.keep_mib, Some(agora_receiver::KEEP_MIB));
        assert_eq!(Rules::from(&preferences.rules), Rules::default());
        assert_eq!(preferences.language, LanguageChoice::ZhTw);
    }

    #[test]
    fn a_choice_that_makes_no_sense_costs_no_other() {
        let preferences = read(&serde_json::json!({
            "language": "ja", "theme": "dark", "keepDays": -1, "keepMib": 0.5, "snoozedUntilMs": 7, "future": {},
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
            theme: ThemeChoice::Dark,
            snoozed_until_ms: Some(7),
            rules: (&rules).into(),
            ..Preferences::default()
        };
        assert_eq!(preferences, expected);
        assert_eq!(read(&serde_json::json!([])), Preferences::default());
    }
}
