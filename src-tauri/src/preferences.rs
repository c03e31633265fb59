//! What the person chose, and the language that follows from it.

use crate::ipc::{self, LanguageChoice, Preferences, ThemeChoice};
use agora_account::Accounts;
use agora_receiver::catalogue::Language;
use tauri::Theme;

/// The saved choices; those of a settings file that can't be read are the defaults.
pub(crate) fn load(accounts: &Accounts) -> Preferences {
    accounts
        .preferences()
        .ok()
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default()
}

impl Preferences {
    /// The language to speak: the chosen one, or the system's.
    pub(crate) fn resolved_language(&self) -> Language {
        match self.language {
            LanguageChoice::En => Language::En,
            LanguageChoice::ZhTw => Language::ZhTw,
            LanguageChoice::System => {
                sys_locale::get_locale().map_or(Language::En, |name| Language::of_locale(&name))
            }
        }
    }

    /// The theme to force on the window; `None` follows the system.
    pub(crate) fn forced_theme(&self) -> Option<Theme> {
        match self.theme {
            ThemeChoice::System => None,
            ThemeChoice::Light => Some(Theme::Light),
            ThemeChoice::Dark => Some(Theme::Dark),
        }
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
