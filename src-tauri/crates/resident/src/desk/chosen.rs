//! The choices between the page and the settings file: each in the other's terms.

use super::preferences::{LanguageChoice, Preferences, ThemeChoice};
use crate::ipc;
use agora_alert::catalogue::Language;
use agora_inbox::Category;
use agora_rules::{CategoryRule, PerCategory, QuietHours, Rules};

impl Preferences {
    /// These, with what the page set, which is not all of them.
    pub(super) fn with(&self, set: ipc::Preferences) -> Self {
        let ipc::Preferences {
            language,
            theme,
            text_size,
            start_hidden,
            single_letters,
            composes,
            keep_days,
            keep_mib,
            rules,
            web_site,
        } = set;
        Self {
            language: language.into(),
            theme: theme.into(),
            text_size: text_size.into(),
            start_hidden,
            single_letters,
            composes,
            keep_days,
            keep_mib,
            rules: (&rules).into(),
            web_site,
            snoozed_until_ms: self.snoozed_until_ms,
            portal_starts: self.portal_starts,
        }
    }
}

impl From<&Preferences> for ipc::Preferences {
    fn from(kept: &Preferences) -> Self {
        Self {
            language: (&kept.language).into(),
            theme: kept.theme.into(),
            text_size: kept.text_size.into(),
            start_hidden: kept.start_hidden,
            single_letters: kept.single_letters,
            composes: kept.composes,
            keep_days: kept.keep_days,
            keep_mib: kept.keep_mib,
            rules: (&kept.rules).into(),
            web_site: kept.web_site.clone(),
        }
    }
}

impl From<&ipc::Rules> for Rules {
    fn from(set: &ipc::Rules) -> Self {
        let usual = Self::default().categories;
        // The page sends every category.
        let of = |category: Category| match set.categories.get(&category.into()) {
            Some(&ipc::CategoryRule { toast, sound, only_urgent }) => {
                CategoryRule { toast, sound, only_urgent }
            }
            None => usual.of(category),
        };
        let ipc::QuietHours { on, days, from, to } = set.quiet;
        Self {
            categories: PerCategory {
                orders: of(Category::Orders),
                delivery: of(Category::Delivery),
                money: of(Category::Money),
                chat: of(Category::Chat),
                security: of(Category::Security),
                products: of(Category::Products),
                store: of(Category::Store),
                system: of(Category::System),
            },
            quiet: QuietHours { on, days, from, to },
            urgent_passes: set.urgent_passes,
            urgent_messages_pass: set.urgent_messages_pass,
            hide_content: set.hide_content,
        }
    }
}

impl From<&Rules> for ipc::Rules {
    fn from(rules: &Rules) -> Self {
        let of = |category: Category| {
            let CategoryRule { toast, sound, only_urgent } = rules.categories.of(category);
            (category.into(), ipc::CategoryRule { toast, sound, only_urgent })
        };
        let QuietHours { on, days, from, to } = rules.quiet;
        Self {
            categories: Category::ALL.into_iter().map(of).collect(),
            quiet: ipc::QuietHours { on, days, from, to },
            urgent_passes: rules.urgent_passes,
            urgent_messages_pass: rules.urgent_messages_pass,
            hide_content: rules.hide_content,
        }
    }
}

impl From<ipc::LanguageChoice> for LanguageChoice {
    fn from(choice: ipc::LanguageChoice) -> Self {
        choice.0.into()
    }
}

impl From<&LanguageChoice> for ipc::LanguageChoice {
    fn from(choice: &LanguageChoice) -> Self {
        Self(choice.clone().into())
    }
}

impl From<ipc::ThemeChoice> for ThemeChoice {
    fn from(choice: ipc::ThemeChoice) -> Self {
        match choice {
            ipc::ThemeChoice::System => Self::System,
            ipc::ThemeChoice::Light => Self::Light,
            ipc::ThemeChoice::Dark => Self::Dark,
        }
    }
}

impl From<ThemeChoice> for ipc::ThemeChoice {
    fn from(choice: ThemeChoice) -> Self {
        match choice {
            ThemeChoice::System => Self::System,
            ThemeChoice::Light => Self::Light,
            ThemeChoice::Dark => Self::Dark,
        }
    }
}

impl From<Language> for ipc::Language {
    fn from(language: Language) -> Self {
        Self(language.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Choices that are no default, as the page sets them.
    fn set() -> ipc::Preferences {
        let rule = |category: ipc::Category| ipc::CategoryRule {
            toast: category != ipc::Category::Store,
            sound: category == ipc::Category::System,
            only_urgent: category == ipc::Category::Chat,
        };
        let categories = Category::ALL.map(|category| (category.into(), rule(category.into())));
        ipc::Preferences {
            language: ipc::LanguageChoice("zh-TW".to_owned()),
            theme: ipc::ThemeChoice::Dark,
            text_size: 150,
            start_hidden: false,
            single_letters: false,
            composes: Some(true),
            keep_days: None,
            keep_mib: Some(256),
            rules: ipc::Rules {
                categories: categories.into(),
                quiet: ipc::QuietHours {
                    on: true,
                    days: [true, true, true, true, true, false, false],
                    from: 1_380,
                    to: 390,
                },
                urgent_passes: false,
                urgent_messages_pass: true,
                hide_content: true,
            },
            web_site: Some("https://market.example".to_owned()),
        }
    }

    /// The same in a settings file, as every version since 0.1.0 writes and reads it.
    fn kept() -> Value {
        let plain = json!({"toast": true, "sound": false, "onlyUrgent": false});
        json!({
            "language": "zh-TW",
            "theme": "dark",
            "textSize": 150,
            "startHidden": false,
            "singleLetters": false,
            "composes": true,
            "keepDays": null,
            "keepMib": 256,
            "rules": {
                "categories": {
                    "orders": plain,
                    "delivery": plain,
                    "money": plain,
                    "chat": {"toast": true, "sound": false, "onlyUrgent": true},
                    "security": plain,
                    "products": plain,
                    "store": {"toast": false, "sound": false, "onlyUrgent": false},
                    "system": {"toast": true, "sound": true, "onlyUrgent": false},
                },
                "quiet": {
                    "on": true,
                    "days": [true, true, true, true, true, false, false],
                    "from": 1_380,
                    "to": 390,
                },
                "urgentPasses": false,
                "urgentMessagesPass": true,
                "hideContent": true,
            },
            "webSite": "https://market.example",
            "snoozedUntilMs": 1_795_000_000_000_i64,
            "portalStarts": true,
        })
    }

    #[test]
    fn what_the_page_sets_stands_in_the_file_by_the_files_own_names() {
        let before = Preferences {
            snoozed_until_ms: Some(1_795_000_000_000),
            portal_starts: true,
            ..Preferences::default()
        };
        let written = before.with(set());
        assert_eq!(serde_json::to_value(&written).unwrap(), kept());
    }

    #[test]
    fn a_file_of_any_version_comes_to_the_page_as_it_was_set() {
        let read = crate::desk::preferences::read(&kept());
        assert_eq!(read.snoozed_until_ms, Some(1_795_000_000_000));
        assert_eq!(ipc::Preferences::from(&read), set());
    }

    /// Written beside the page's types, and checked with them: what a new user has is said once.
    #[test]
    fn export_bindings_default_preferences() {
        let preferences = ipc::Preferences::from(&Preferences::default());
        ipc::write_json_binding("default-preferences.json", &preferences);
    }
}
