//! What toasts need of the rest of the app, and of what shows them.

use super::reminding::Due;
use super::toast::Toast;
use super::{NotShown, ToastId};
use crate::desk::Announcement;
use crate::ipc::List;
use agora_alert::catalogue::Language;
use agora_inbox::{Alert, AlertId, Category, StoreError};
use agora_receiver::Change;
use agora_rules::{Fate, RemindFor, Taken};
use tokio::sync::{broadcast, watch};

/// The rest of the app, as toasts see it. Clones share it.
pub(super) trait Port: Clone + Send + Sync + 'static {
    /// What happens in the inbox from now on.
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Changes when reminders became due, or were found of which nobody was told.
    fn reminded(&self) -> watch::Receiver<u64>;

    /// The reminders that were due and of whose toasts the inbox knows nothing, the longest due first.
    fn untold_reminders(&self) -> impl Future<Output = Vec<Due>> + Send;

    /// Has the person be reminded of an alert again.
    fn remind(&self, id: AlertId, at: RemindFor) -> impl Future<Output = ()> + Send;

    /// Whether a reminder of an alert of this category may make a sound now.
    fn reminds_aloud(&self, category: Category) -> bool;

    /// An alert as it is now; `None` where it is gone. Without an inbox nobody knows.
    fn alert(&self, id: AlertId) -> impl Future<Output = Result<Option<Alert>, StoreError>> + Send;

    fn has_inbox(&self) -> bool;

    /// Whether it is quiet, and each change; `None` while nobody knows.
    fn quiet(&self) -> watch::Receiver<Option<bool>>;

    /// What came while it was quiet, is unread, and was told of by no toast; newest first. Waits for the
    /// inbox.
    fn came_in_quiet(&self) -> impl Future<Output = Vec<AlertId>> + Send;

    /// Tells what became of toasts.
    fn toasted(&self, fates: Vec<(AlertId, Fate)>) -> impl Future<Output = ()> + Send;

    fn mark_read(&self, id: AlertId) -> impl Future<Output = ()> + Send;

    fn language(&self) -> Language;

    /// What the account is called, where the person has several.
    fn account(&self) -> Option<String>;

    /// What the desktop did with a toast that it has just taken.
    fn taken(&self, urgent: bool) -> impl Future<Output = Taken> + Send;

    /// Whether the desktop is in do-not-disturb, in which nothing makes a sound.
    fn is_undisturbed(&self) -> bool;

    /// Whether toasts show the category alone.
    fn hides_content(&self) -> bool;

    /// Where an alert's link leads, if it may open without a question.
    fn trusted_link(&self, alert: &Alert) -> Option<String>;

    /// Whether a link could be opened outside.
    fn open_outside(&self, url: &str, token: Option<&str>) -> impl Future<Output = bool> + Send;

    /// Lets the window come to the front the next time that it is to.
    fn let_window_come(&self, token: Option<String>);

    fn open_alert(&self, id: AlertId);

    fn show_list(&self, list: List);

    /// Does what a person wants who clicks on what the app says.
    fn act_on(&self, word: Announcement);

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);
}

/// What shows toasts. Clones share it.
pub(super) trait Daemon: Clone + Send + Sync + 'static {
    /// Shows a toast, in the place of another if there is one to be replaced and that can be.
    fn show(
        &self,
        toast: &Toast,
        replaces: Option<ToastId>,
    ) -> impl Future<Output = Result<ToastId, NotShown>> + Send;

    /// Takes a toast from the screen, where that can be done. One that is gone already is fine.
    fn close(&self, toast: ToastId) -> impl Future<Output = ()> + Send;
}
