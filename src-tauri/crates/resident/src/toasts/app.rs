//! The rest of the app, as toasts see it.

use super::port::Port;
use super::reminding::Due;
use crate::desk::{Announcement, Choices, Summaries, Tasks, Window};
#[cfg(target_os = "linux")]
use crate::desk::{Notices, Quit};
use crate::ipc::List;
#[cfg(target_os = "linux")]
use crate::ipc::NoticeCode;
use crate::system::opener;
use agora_account::AccountName;
use agora_alert::catalogue::Language;
use agora_do_not_disturb::DoNotDisturb;
use agora_inbox::{Alert, AlertId, Category, StoreError, Which, key};
use agora_link::Link;
use agora_receiver::{Change, Receiver};
use agora_rules::{Fate, RemindFor, Taken, is_quiet};
use jiff::{Timestamp, ZonedDateTime};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

/// How far back is looked for what came in quiet, in milliseconds: 30 days.
const LOOKED_BACK_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How long a desktop that only just came may take to say whether it is in do-not-disturb.
const SAYS: Duration = Duration::from_secs(2);

/// What toasts need of the app, and no more. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// Whose toasts they are.
    pub(crate) account: AccountName,
    pub(crate) receiver: Receiver,
    pub(crate) choices: Choices,
    pub(crate) summaries: Summaries,
    /// Elsewhere there always is something to show toasts.
    #[cfg(target_os = "linux")]
    pub(crate) notices: Notices,
    pub(crate) do_not_disturb: watch::Receiver<Option<DoNotDisturb>>,
    /// Whether it is quiet, and each change.
    pub(crate) quiet: watch::Receiver<Option<bool>>,
    pub(crate) window: Window,
    pub(crate) tasks: Tasks,
    #[cfg(target_os = "linux")]
    pub(crate) quit: Quit,
}

impl Port for App {
    fn changes(&self) -> broadcast::Receiver<Change> {
        self.receiver.changes()
    }

    fn reminded(&self) -> watch::Receiver<u64> {
        self.receiver.subscribe().reminded
    }

    async fn untold_reminders(&self) -> Vec<Due> {
        let Some(inbox) = self.receiver.inbox() else { return Vec::new() };
        inbox.untold_reminders().await.unwrap_or_else(|error| {
            tracing::error!(%error, "reminders can't be read");
            Vec::new()
        })
    }

    async fn remind(&self, id: AlertId, at: RemindFor) {
        let at = at.at(&ZonedDateTime::now());
        let due_ms = at.map(|at| at.timestamp().as_millisecond());
        if let Err(error) = self.receiver.remind(id, due_ms).await {
            tracing::error!(%error, "the person can't be reminded");
        }
    }

    fn reminds_aloud(&self, category: Category) -> bool {
        let choices = self.choices.subscribe().borrow().choices();
        let is_quiet = is_quiet(&choices.rules, choices.snooze, &ZonedDateTime::now());
        choices.rules.categories.of(category).sound && !is_quiet
    }

    async fn alert(&self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        match self.receiver.inbox() {
            Some(inbox) => inbox.get(id).await,
            None => Err(StoreError::Closed),
        }
    }

    fn has_inbox(&self) -> bool {
        self.receiver.inbox().is_some()
    }

    fn quiet(&self) -> watch::Receiver<Option<bool>> {
        self.quiet.clone()
    }

    async fn came_in_quiet(&self) -> Vec<AlertId> {
        let mut inbox = self.receiver.subscribe().inbox;
        let Some(inbox) = inbox.wait_for(Option::is_some).await.ok().and_then(|it| it.clone())
        else {
            return Vec::new();
        };
        let now_ms = Timestamp::now().as_millisecond();
        let fates = inbox.unread_toasts(now_ms - LOOKED_BACK_MS).await.unwrap_or_else(|error| {
            tracing::error!(%error, "nobody is told what came in quiet");
            Vec::new()
        });
        let waits = |id: AlertId, fate: &str| {
            let fate = Fate::of_text(fate);
            fate.is_some_and(|it| it.waits_for_the_end_of_quiet(key::time_of(id), now_ms))
        };
        let waiting = fates.into_iter().filter(|(id, fate)| waits(*id, fate));
        waiting.map(|(id, _)| id).collect()
    }

    async fn toasted(&self, fates: Vec<(AlertId, Fate)>) {
        self.receiver.toasted(fates).await;
    }

    async fn mark_read(&self, id: AlertId) {
        if let Err(error) = self.receiver.mark(Which::Ids(vec![id]), true).await {
            tracing::error!(%error, "an alert can't be marked as read");
        }
    }

    fn language(&self) -> Language {
        self.choices.language()
    }

    fn account(&self) -> Option<String> {
        self.summaries.called_among_others(&self.account)
    }

    async fn taken(&self, urgent: bool) -> Taken {
        let mut said = self.do_not_disturb.clone();
        let now = match timeout(SAYS, said.wait_for(Option::is_some)).await {
            Ok(Ok(now)) => *now,
            _ => None,
        };
        match now.and_then(|now| now.shows(urgent)) {
            Some(true) => Taken::Shown,
            Some(false) => Taken::Kept,
            None => Taken::Unsaid,
        }
    }

    fn is_undisturbed(&self) -> bool {
        self.do_not_disturb.borrow().is_some_and(DoNotDisturb::is_on)
    }

    fn hides_content(&self) -> bool {
        self.choices.hide_content()
    }

    fn trusted_link(&self, alert: &Alert) -> Option<String> {
        match self.choices.links().look_at(alert.body.link.as_deref()?) {
            Link::Opens { url, trusted: true, .. } => Some(url.into()),
            _ => None,
        }
    }

    async fn open_outside(&self, url: &str, token: Option<&str>) -> bool {
        let opened = opener::open(url, token).await;
        opened.inspect_err(|error| tracing::warn!("a link can't be opened: {error:#}")).is_ok()
    }

    fn let_window_come(&self, token: Option<String>) {
        if let Some(token) = token {
            self.window.keep_activation(token);
        }
    }

    fn open_alert(&self, id: AlertId) {
        self.window.open_alert(&self.account, id);
    }

    fn show_list(&self, list: List) {
        self.window.show_list(&self.account, list);
    }

    fn act_on(&self, word: Announcement) {
        match word {
            #[cfg(target_os = "linux")]
            Announcement::NotPainted => self.window.renew(),
            #[cfg(target_os = "linux")]
            Announcement::Updated => self.quit.and_restart(),
            Announcement::SignIn => self.window.open_account(&self.account),
            // Elsewhere the window is the app's own.
            _ => self.window.show(),
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }
}

#[cfg(target_os = "linux")]
impl App {
    /// Says whether there is something to show toasts.
    pub(super) fn daemon_is_missing(&self, is_missing: bool, detail: Option<String>) {
        self.notices.set(NoticeCode::NoToasts, is_missing, detail);
    }
}
