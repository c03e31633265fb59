//! What the person chose, and what follows from it.

use super::links::Links;
use super::preferences::{Preferences, ThemeChoice, snooze_until};
use crate::ipc::{self, SnoozeChoice};
use agora_alert::catalogue::Language;
use agora_receiver::Receiver;
use jiff::ZonedDateTime;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::task::spawn_blocking;

/// What the person chose. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    receiver: Receiver,
    preferences: watch::Sender<Preferences>,
    theme: watch::Sender<Option<Theme>>,
    text_size: watch::Sender<u16>,
    /// Held while a choice is kept.
    turn: Arc<Mutex<()>>,
}

/// How the window is to look whatever the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

#[cfg(target_os = "linux")]
impl From<Theme> for agora_socket::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

impl Choices {
    pub(crate) fn new(receiver: Receiver, preferences: Preferences) -> Self {
        let theme = watch::Sender::new(forced(&preferences));
        let text_size = watch::Sender::new(preferences.text_size.into());
        let preferences = watch::Sender::new(preferences);
        Self { receiver, preferences, theme, text_size, turn: Arc::default() }
    }

    /// All of them, and each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Preferences> {
        self.preferences.subscribe()
    }

    /// The language that people are spoken to in.
    pub(crate) fn language(&self) -> Language {
        self.preferences.borrow().resolved_language()
    }

    /// Whether toasts show the category alone.
    pub(crate) fn hide_content(&self) -> bool {
        self.preferences.borrow().rules.hide_content
    }

    /// What links are looked at with.
    pub(crate) fn links(&self) -> Links {
        let account = self.receiver.subscribe().account;
        let api = account.borrow().as_ref().map(|state| state.account.base.clone());
        Links::of(self.preferences.borrow().web_site.as_deref(), api)
    }

    /// The theme to force on the window, and each change; `None` follows the system.
    pub(crate) fn theme(&self) -> watch::Receiver<Option<Theme>> {
        self.theme.subscribe()
    }

    /// How large everything in the window is, in percent, and each change.
    pub(crate) fn text_size(&self) -> watch::Receiver<u16> {
        self.text_size.subscribe()
    }

    /// Whether a start with the computer shows no window.
    pub(crate) fn start_hidden(&self) -> bool {
        self.preferences.borrow().start_hidden
    }

    /// Keeps what the person chose, and acts on it.
    pub(crate) async fn choose(&self, chosen: ipc::Preferences) -> anyhow::Result<()> {
        let turn = self.turn.lock().await;
        let chosen = self.preferences.borrow().with(chosen);
        self.keep(turn, chosen).await
    }

    /// Keeps what the desktop's portal said to a start with the computer.
    #[cfg(target_os = "linux")]
    pub(crate) async fn portal_starts(&self, starts: bool) -> anyhow::Result<()> {
        let turn = self.turn.lock().await;
        let chosen = self.preferences.borrow().clone();
        self.keep(turn, Preferences { portal_starts: starts, ..chosen }).await
    }

    /// Shows no toasts for a while, or shows them again.
    pub(crate) async fn snooze(&self, choice: SnoozeChoice) -> anyhow::Result<()> {
        let turn = self.turn.lock().await;
        let until = snooze_until(choice, &ZonedDateTime::now());
        let chosen = self.preferences.borrow().clone();
        self.keep(turn, Preferences { snoozed_until_ms: until, ..chosen }).await
    }

    /// Has what is chosen for all accounts at once be as it is with another.
    pub(crate) async fn follow(&self, other: &Self) -> anyhow::Result<()> {
        let turn = self.turn.lock().await;
        let (own, others) = (self.preferences.borrow().clone(), other.preferences.borrow().clone());
        let chosen = own.clone().in_common_with(&others);
        if chosen == own { Ok(()) } else { self.keep(turn, chosen).await }
    }

    /// What was chosen last is what is kept and what holds: whoever keeps it has the turn.
    async fn keep(&self, _turn: MutexGuard<'_, ()>, chosen: Preferences) -> anyhow::Result<()> {
        // Only what was chosen: what the file holds beside it may be a newer version's, or may not have
        // been readable when the app began.
        let changed = chosen.beside(&self.preferences.borrow())?;
        let receiver = self.receiver.clone();
        spawn_blocking(move || receiver.accounts().save_preferences(changed)).await??;
        self.receiver.choose(chosen.choices()).await;
        self.theme.send_if_modified(|theme| {
            let was = std::mem::replace(theme, forced(&chosen));
            was != *theme
        });
        self.text_size.send_if_modified(|size| {
            let was = std::mem::replace(size, chosen.text_size.into());
            was != *size
        });
        self.preferences.send_replace(chosen);
        Ok(())
    }
}

fn forced(preferences: &Preferences) -> Option<Theme> {
    match preferences.theme {
        ThemeChoice::System => None,
        ThemeChoice::Light => Some(Theme::Light),
        ThemeChoice::Dark => Some(Theme::Dark),
    }
}
