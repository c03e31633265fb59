//! What people choose in the tray, or have the launcher choose, on its way from whatever thread the desktop
//! tells it on to where it is done.

use super::Item;
use crate::accounts::Roster;
use crate::ipc::PauseChoice;
use tokio::sync::mpsc;

/// So many may wait: a person's hand makes no more.
const WAITING: usize = 16;

/// Something that was chosen.
#[derive(Debug)]
pub(crate) struct Deed {
    item: Item,
    /// What lets the window come to the front, where the system wants that shown.
    token: Option<String>,
}

/// Takes what is chosen.
#[derive(Debug, Clone)]
pub struct Deeds(mpsc::Sender<Deed>);

impl Deeds {
    /// And where it comes out.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Deed>) {
        let (sender, deeds) = mpsc::channel(WAITING);
        (Self(sender), deeds)
    }

    /// Takes one. Waits for nothing, and may be called from any thread.
    pub fn choose(&self, item: Item, token: Option<String>) {
        if let Err(error) = self.0.try_send(Deed { item, token }) {
            tracing::warn!(%error, "what was chosen in the tray is not done");
        }
    }
}

/// Does what is chosen, one after the other, with all accounts.
pub(crate) async fn act(mut deeds: mpsc::Receiver<Deed>, roster: Roster) {
    let (window, quit) = (roster.shared.window.clone(), roster.shared.quit.clone());
    while let Some(Deed { item, token }) = deeds.recv().await {
        if let Some(token) = token {
            window.keep_activation(token);
        }
        match item {
            Item::Status | Item::Quiet | Item::Snoozed | Item::Separator => {}
            Item::Unread | Item::Open => window.show(),
            Item::Account(number) => match roster.numbered(number) {
                Some(account) => window.open_account(&account.name),
                None => window.show(),
            },
            Item::Settings => window.show_settings(),
            Item::SnoozeFor(choice) => {
                if let Err(error) = roster.snooze(choice).await {
                    tracing::error!("toasts can't be snoozed: {error:#}");
                }
            }
            Item::Disconnect => window.ask_to_disconnect(),
            Item::Connect => roster.pause(PauseChoice::Off).await,
            Item::Reconnect => {
                for account in roster.all() {
                    account.receiver.reconnect().await;
                }
            }
            Item::Quit => quit.now(),
        }
    }
}
