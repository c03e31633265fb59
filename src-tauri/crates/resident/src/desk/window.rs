//! What is wanted of the window, whoever makes it: that it is shown, and what it shows first.

use crate::ipc::{Asked, List};
use agora_account::AccountName;
use agora_inbox::AlertId;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The wishes for the window. Clones share them.
#[derive(Debug, Clone)]
pub struct Window {
    /// Whose alerts it shows.
    account: watch::Sender<AccountName>,
    /// How often it was to be shown.
    shown: watch::Sender<u64>,
    /// How often another was to be made in its place.
    #[cfg(target_os = "linux")]
    renewed: watch::Sender<u64>,
    /// What is to be shown first, and of which account, until a page takes it.
    asked: watch::Sender<Option<(AccountName, Asked)>>,
    /// What lets it come to the front the next time that it is to be shown.
    activation: Arc<Mutex<Option<String>>>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            account: watch::Sender::new(AccountName::main()),
            shown: watch::Sender::default(),
            #[cfg(target_os = "linux")]
            renewed: watch::Sender::default(),
            asked: watch::Sender::default(),
            activation: Arc::default(),
        }
    }
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

    /// Whose alerts it shows, and each change.
    pub(crate) fn account(&self) -> watch::Receiver<AccountName> {
        self.account.subscribe()
    }

    /// Shows another account's alerts, where it doesn't already.
    pub(crate) fn turn_to(&self, account: &AccountName) {
        self.account.send_if_modified(|shown| {
            let differs = shown != account;
            shown.clone_from(account);
            differs
        });
    }

    /// Shows an account in it.
    pub(crate) fn open_account(&self, account: &AccountName) {
        self.turn_to(account);
        self.show();
    }

    /// Shows an alert in it.
    pub(crate) fn open_alert(&self, account: &AccountName, id: AlertId) {
        self.turn_to(account);
        self.ask(Asked::Alert { id });
    }

    /// Shows a list in it.
    pub(crate) fn show_list(&self, account: &AccountName, list: List) {
        self.turn_to(account);
        self.ask(Asked::List { list });
    }

    /// Shows the settings in it.
    pub(crate) fn show_settings(&self) {
        self.ask(Asked::Settings);
    }

    /// Asks in it for how long to disconnect.
    pub(crate) fn ask_to_disconnect(&self) {
        self.ask(Asked::Disconnect);
    }

    /// Shows the form for messages in it.
    #[cfg(target_os = "linux")]
    pub(crate) fn show_compose(&self) {
        self.ask(Asked::Compose);
    }

    fn ask(&self, asked: Asked) {
        let account = self.account.borrow().clone();
        self.asked.send_replace(Some((account, asked)));
        self.show();
    }

    /// Tells the page that something is asked for. Taking it is up to the page's feed.
    pub(crate) fn asked(&self) -> watch::Receiver<Option<(AccountName, Asked)>> {
        self.asked.subscribe()
    }

    /// Takes what is asked for of an account, so that no other page opens it again.
    pub(crate) fn take_asked(&self, account: &AccountName) -> Option<Asked> {
        let mut taken = None;
        self.asked.send_if_modified(|asked| {
            if asked.as_ref().is_some_and(|(of, _)| of == account) {
                taken = asked.take();
            }
            false
        });
        taken.map(|(_, asked)| asked)
    }
}
