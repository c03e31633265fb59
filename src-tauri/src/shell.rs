//! What the parts of the shell share: the receiver, the person's choices, the notices, and the
//! tasks that watch them. It passes on what people do; it decides nothing.

#[cfg(target_os = "linux")]
use crate::appearance;
use crate::ipc::{List, NoticeCode, PageEvent, Preferences, SnoozeChoice};
use crate::links::Links;
use crate::notices::Notices;
use crate::{Args, bridge, power, preferences, signals, toasts, tray, window};
use agora_account::KeyringError;
use agora_inbox::AlertId;
use agora_receiver::catalogue::{self, Language};
use agora_receiver::{AccountState, MadeRoom, Receiver, Subscription, TokenState, Trouble};
use clap::Parser;
use jiff::ZonedDateTime;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::runtime::Handle;
use tokio::sync::{MutexGuard, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long quitting may take in all. The goodbye to the market has two seconds of it.
const END: Duration = Duration::from_millis(2_900);
/// How long the shell's own tasks have of that.
const TASKS: Duration = Duration::from_millis(500);

/// What a click outside of the window asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// One alert.
    Alert(AlertId),
    /// A list of those that it told of.
    List(List),
    /// The settings.
    Settings,
}

/// The running shell.
pub(crate) struct Shell {
    pub(crate) receiver: Receiver,
    pub(crate) notices: Notices,
    pub(crate) app: AppHandle,
    preferences: watch::Sender<Preferences>,
    /// Held while a choice is kept.
    choosing: tokio::sync::Mutex<()>,
    /// What a click outside of the window asks for, until a page takes it.
    asked: watch::Sender<Option<Asked>>,
    /// The folder of the last export.
    pub(crate) exported: Mutex<Option<PathBuf>>,
    /// Ends the feed of the page that is open.
    page: Mutex<CancellationToken>,
    tasks: TaskTracker,
    runtime: Handle,
    cancel: CancellationToken,
    /// Whether everything has ended that is to end in order.
    ended: AtomicBool,
}

impl Shell {
    /// Starts everything that watches the receiver. Runs on the runtime.
    pub(crate) fn start(receiver: Receiver, preferences: Preferences, app: AppHandle) -> Arc<Self> {
        let preferences = watch::Sender::new(preferences);
        let shell = Arc::new(Self {
            receiver,
            notices: Notices::new(),
            app: app.clone(),
            preferences,
            choosing: tokio::sync::Mutex::default(),
            asked: watch::Sender::new(None),
            exported: Mutex::default(),
            page: Mutex::default(),
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
            cancel: CancellationToken::new(),
            ended: AtomicBool::new(false),
        });
        shell.spawn(watch_files(shell.clone()));
        // It has something left to do at the end.
        let toasts = toasts::run(shell.clone(), shell.cancel.clone());
        shell.tasks.spawn_on(toasts, &shell.runtime);
        shell.spawn(tray::run(shell.clone()));
        shell.spawn(power::run(shell.clone()));
        #[cfg(target_os = "linux")]
        shell.spawn(appearance::run(shell.clone()));
        shell.spawn(signals::watch(app));
        shell
    }

    /// Runs a task until the app quits. May be called from any thread.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.cancel.clone();
        let task = async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = task => {}
            }
        };
        self.tasks.spawn_on(task, &self.runtime);
    }

    /// Runs what blocks, and is waited for when the app quits: it is to end soon after the token is
    /// cancelled.
    pub(crate) fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(CancellationToken) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let cancel = self.cancel.clone();
        self.tasks.spawn_blocking_on(move || work(cancel), &self.runtime)
    }

    /// Feeds a page with what happens, in place of the one before.
    pub(crate) fn attach(self: &Arc<Self>, page: Channel<PageEvent>) {
        let end = CancellationToken::new();
        self.replace_page(end.clone());
        let feed = bridge::feed(self.clone(), page);
        self.spawn(async move {
            end.run_until_cancelled(feed).await;
        });
    }

    /// The page is gone. What it was to be told waits for the next one.
    pub(crate) fn detach(&self) {
        self.replace_page(CancellationToken::new());
    }

    fn replace_page(&self, end: CancellationToken) {
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *page, end).cancel();
    }

    pub(crate) fn preferences(&self) -> watch::Receiver<Preferences> {
        self.preferences.subscribe()
    }

    /// The language that people are spoken to in.
    pub(crate) fn language(&self) -> Language {
        self.preferences.borrow().resolved_language()
    }

    /// What links are looked at with.
    pub(crate) fn links(&self) -> Links {
        let account = self.receiver.subscribe().account;
        let api = account.borrow().as_ref().map(|state| state.account.base.clone());
        Links::of(&self.preferences.borrow(), api)
    }

    /// Keeps what the person chose, and acts on it.
    pub(crate) async fn choose(&self, chosen: Preferences) -> anyhow::Result<()> {
        let turn = self.choosing.lock().await;
        let snoozed_until_ms = self.preferences.borrow().snoozed_until_ms;
        self.keep(turn, Preferences { snoozed_until_ms, ..chosen }).await
    }

    /// Shows no toasts for a while, or shows them again.
    pub(crate) async fn snooze(&self, choice: SnoozeChoice) -> anyhow::Result<()> {
        let turn = self.choosing.lock().await;
        let until = preferences::snooze(choice, &ZonedDateTime::now());
        let chosen = self.preferences.borrow().clone();
        self.keep(turn, Preferences { snoozed_until_ms: until, ..chosen }).await
    }

    /// What was chosen last is what is kept and what holds: whoever keeps it has the turn.
    async fn keep(&self, _turn: MutexGuard<'_, ()>, chosen: Preferences) -> anyhow::Result<()> {
        let (receiver, value) = (self.receiver.clone(), serde_json::to_value(&chosen)?);
        spawn_blocking(move || receiver.accounts().save_preferences(value)).await??;
        #[cfg(not(target_os = "linux"))]
        window::set_theme(&self.app, chosen.forced_theme());
        self.receiver.choose(chosen.choices()).await;
        self.preferences.send_replace(chosen);
        Ok(())
    }

    /// Shows an alert in the window, which comes if it isn't there.
    pub(crate) fn open_alert(&self, id: AlertId) {
        self.ask(Asked::Alert(id));
    }

    /// Shows a list in the window, which comes if it isn't there.
    pub(crate) fn show_list(&self, list: List) {
        self.ask(Asked::List(list));
    }

    /// Shows the settings in the window, which comes if it isn't there.
    pub(crate) fn show_settings(&self) {
        self.ask(Asked::Settings);
    }

    fn ask(&self, asked: Asked) {
        self.asked.send_replace(Some(asked));
        window::show(&self.app);
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

    /// Quits: the window is gone at once, and the app when everything has ended.
    pub(crate) fn quit(self: &Arc<Self>, code: i32) {
        for window in self.app.webview_windows().into_values() {
            if let Err(error) = window.destroy() {
                tracing::warn!(%error, "the window can't be closed");
            }
        }
        // Who asks twice doesn't end it sooner.
        if !self.cancel.is_cancelled() {
            self.cancel.cancel();
            let shell = self.clone();
            self.runtime.spawn(async move {
                shell.end().await;
                shell.app.exit(code);
            });
        }
    }

    /// Whether [`Self::end`] is over.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Ends everything: the tasks, the connection with its goodbye, and the inbox. Where that was
    /// done before, there is nothing left to do.
    pub(crate) async fn end(&self) {
        self.cancel.cancel();
        self.tasks.close();
        let ended = async {
            // Before the inbox is closed: as long as an export reads it, its log can't go.
            let tasks = timeout(TASKS, self.tasks.wait()).await;
            self.receiver.shut_down().await;
            tasks
        };
        if !matches!(timeout(END, ended).await, Ok(Ok(()))) {
            tracing::warn!("quitting took too long; what was left is dropped");
        }
        self.ended.store(true, Ordering::Release);
    }
}

/// What a second start of the program asks of this one.
pub(crate) fn on_second_start(app: &AppHandle, words: &[String]) {
    match Args::try_parse_from(words) {
        Ok(Args { quit: true, .. }) => app.exit(0),
        Ok(Args { hidden: true, .. }) => {}
        Ok(Args { reconnect: true, .. }) => {
            if let Some(shell) = of(app) {
                let receiver = shell.receiver.clone();
                shell.spawn(async move { receiver.reconnect().await });
            }
        }
        // The second instance has told its user of words that it doesn't know.
        Ok(_) | Err(_) => window::show(app),
    }
}

/// The shell, for whoever has only Tauri's handle.
pub(crate) fn of(app: &AppHandle) -> Option<Arc<Shell>> {
    app.try_state::<Arc<Shell>>().map(|state| state.inner().clone())
}

/// Turns what is wrong with files and keyring into notices.
async fn watch_files(shell: Arc<Shell>) {
    // Of what happens in the inbox nothing is heard here, and nothing is to wait for it.
    let Subscription {
        mut settings, mut trouble, mut account, mut set_aside, mut made_room, ..
    } = shell.receiver.subscribe();
    let mut preferences = shell.preferences();
    loop {
        let why = settings.borrow_and_update().clone();
        shell.notices.set(NoticeCode::SettingsBroken, why.is_some(), why);
        notice_inbox(&shell.notices, trouble.borrow_and_update().as_ref());
        let aside = set_aside.borrow_and_update().clone();
        let aside = aside.map(|aside| format!("{}: {}", aside.path.display(), aside.why));
        shell.notices.set(NoticeCode::InboxSetAside, aside.is_some(), aside);
        let language = preferences.borrow_and_update().resolved_language();
        notice_room(&shell.notices, *made_room.borrow_and_update(), language);
        notice_keyring(&shell.notices, account.borrow_and_update().as_ref());
        tokio::select! {
            Ok(()) = settings.changed() => {}
            Ok(()) = trouble.changed() => {}
            Ok(()) = set_aside.changed() => {}
            Ok(()) = made_room.changed() => {}
            Ok(()) = account.changed() => {}
            Ok(()) = preferences.changed() => {}
            else => return,
        }
    }
}

fn notice_room(notices: &Notices, MadeRoom { alerts, unread }: MadeRoom, language: Language) {
    let values = [("alerts", &*alerts.to_string()), ("unread", &*unread.to_string())];
    let went = catalogue::text_with(language, "notice.inbox_trimmed.went", &values);
    notices.set(NoticeCode::InboxTrimmed, alerts > 0, Some(went));
}

fn notice_inbox(notices: &Notices, trouble: Option<&Trouble>) {
    let holds = trouble.map(|trouble| match trouble {
        Trouble::Newer(detail) => (NoticeCode::InboxNewer, detail),
        Trouble::Foreign(detail) => (NoticeCode::InboxForeign, detail),
        Trouble::Locked(detail) => (NoticeCode::InboxLocked, detail),
        Trouble::Broken(detail) => (NoticeCode::InboxBroken, detail),
        Trouble::Full(detail) => (NoticeCode::InboxFull, detail),
        Trouble::Unwritable(detail) => (NoticeCode::InboxUnwritable, detail),
    });
    for code in [
        NoticeCode::InboxNewer,
        NoticeCode::InboxForeign,
        NoticeCode::InboxLocked,
        NoticeCode::InboxBroken,
        NoticeCode::InboxFull,
        NoticeCode::InboxUnwritable,
    ] {
        let detail = holds.filter(|(held, _)| *held == code).map(|(_, detail)| detail.clone());
        notices.set(code, detail.is_some(), detail);
    }
}

fn notice_keyring(notices: &Notices, account: Option<&AccountState>) {
    let out_of_reach = match account.map(|account| &account.token) {
        Some(TokenState::OutOfReach(error)) => Some(error),
        _ => None,
    };
    let locked = matches!(out_of_reach, Some(KeyringError::Locked));
    notices.set(NoticeCode::KeyringLocked, locked, None);
    let detail = out_of_reach.filter(|_| !locked).map(ToString::to_string);
    let memory_only = matches!(account.map(|account| &account.token), Some(TokenState::MemoryOnly));
    notices.set(NoticeCode::NoKeyring, detail.is_some() || memory_only, detail);
}
