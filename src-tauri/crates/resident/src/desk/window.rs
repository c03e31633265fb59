//! What is wanted of the window, whoever makes it: that it is shown, and what it shows first.

use crate::ipc::{Asked, List};
use agora_inbox::AlertId;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The wishes for the window. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// How often it was to be shown.
    shown: watch::Sender<u64>,
    /// How often another was to be made in its place.
    #[cfg(target_os = "linux")]
    renewed: watch::Sender<u64>,
    /// What is to be shown first, until a page takes it.
    asked: watch::Sender<Option<Asked>>,
    /// What lets it come to the front the next time that it is to be shown.
    activation: Arc<Mutex<Option<String>>>,
}

impl Window {
    /// Shows it, and makes it first where there is none. May be called from any thread.
    pub fn show(&self) {
        self.shown.send_modify(|times| *times += 1);
    }

    /// Changes each time that it is to be shown. What was wished before is a change, too.
    pub fn wishes(&self) -> watch::Receiver<u64> {
        let mut wishes = self.shown.subscribe();
        if *wishes.borrow_and_update() > 0 {
            wishes.mark_changed();
        }
        wishes
    }

    /// Makes another in its place.
    #[cfg(target_os = "linux")]
    pub(crate) fn renew(&self) {
        self.renewed.send_modify(|times| *times += 1);
    }

    /// Changes each time that another is to be made in its place.
    #[cfg(target_os = "linux")]
    pub(crate) fn renewals(&self) -> watch::Receiver<u64> {
        self.renewed.subscribe()
    }

    /// Keeps what lets it come to the front, where the system wants to be shown that a person asked for
    /// it: Wayland's activation token.
    pub(crate) fn keep_activation(&self, token: String) {
        *self.activation.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    /// Takes what lets it come to the front.
    pub fn take_activation(&self) -> Option<String> {
        self.activation.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Shows an alert in it.
    pub(crate) fn open_alert(&self, id: AlertId) {
        self.ask(Asked::Alert { id });
    }

    /// Shows a list in it.
    pub(crate) fn show_list(&self, list: List) {
        self.ask(Asked::List { list });
    }

    /// Shows the settings in it.
    pub(crate) fn show_settings(&self) {
        self.ask(Asked::Settings);
    }

    /// Shows the form for messages in it.
    #[cfg(target_os = "linux")]
    pub(crate) fn show_compose(&self) {
        self.ask(Asked::Compose);
    }

    fn ask(&self, asked: Asked) {
        self.asked.send_replace(Some(asked));
        self.show();
    }

    /// Tells the page what is asked for. Taking it is up to the page's feed.
    pub(crate) fn asked(&self) -> watch::Receiver<Option<Asked>> {
        self.asked.subscribe()
    }

    /// Takes what is asked for, so that no other page opens it again.
    pub(crate) fn take_asked(&self) -> Option<Asked> {
        let mut taken = None;
        self.asked.send_if_modified(|asked| {
            taken = asked.take();
            false
        });
        taken
    }
}
