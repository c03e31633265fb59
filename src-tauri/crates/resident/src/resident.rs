//! The running app, put together: [`Resident::start`] starts its parts and ties them to each other.

use crate::accounts::{Roster, Shared};
use crate::autostart::Autostart;
use crate::desk::{Choices, Notices, Quit, Summaries, Tasks, Theme, Window};
use crate::page::{Page, as_json};
#[cfg(target_os = "linux")]
use crate::window;
#[cfg(target_os = "linux")]
use crate::{desk::listed, page::view};
use crate::{system, tray};
use agora_account::Accounts;
use agora_home::Files;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long quitting may take in all. The goodbye to the market has two seconds of it.
const END: Duration = Duration::from_millis(2_900);
/// How long the tasks have of that.
const TASKS: Duration = Duration::from_millis(500);

/// The running app. Clones share it.
#[derive(Debug, Clone)]
pub struct Resident {
    roster: Roster,
    /// The first account's, among them what holds for all.
    choices: Choices,
    pub(crate) window: Window,
    page: Page,
    pub(crate) tasks: Tasks,
    pub(crate) quit: Quit,
    /// Whether everything has ended that is to end in order.
    ended: Arc<AtomicBool>,
    pub(crate) deeds: tray::Deeds,
}

impl Resident {
    /// Starts everything, with all accounts of the home; `accounts` is the first one's handle. Runs on the
    /// runtime.
    pub fn start(accounts: &Arc<Accounts>) -> Self {
        let (tasks, window, quit) = (Tasks::new(), Window::default(), Quit::default());
        let (tell, do_not_disturb) = watch::channel(None);
        tasks.spawn(agora_do_not_disturb::follow(tell));
        let shared = Shared {
            summaries: Summaries::default(),
            do_not_disturb,
            woke: watch::Sender::default(),
            window: window.clone(),
            tasks: tasks.clone(),
            quit: quit.clone(),
        };
        let roster = Roster::start(accounts, shared);
        let choices = roster.first().choices;
        let desktop = Notices::new();
        let autostart = Autostart::of(accounts.files());
        let page = Page::new(roster.clone(), desktop.clone(), autostart.clone());
        tasks.spawn(async move { autostart.mend().await });
        let (deeds, chosen) = tray::Deeds::new();
        tasks.spawn(tray::act(chosen, roster.clone()));
        #[cfg(target_os = "linux")]
        tasks.spawn(tray::run(
            roster.shared.summaries.clone(),
            choices.clone(),
            tray::NotifierItem::new(deeds.clone(), desktop),
        ));
        #[cfg(target_os = "linux")]
        {
            let port = window::Port {
                page: page.clone(),
                wishes: window.clone(),
                choices: choices.clone(),
                announcements: roster.first().announcements,
                tasks: tasks.clone(),
                quit: quit.clone(),
                files: accounts.files().clone(),
            };
            tasks.spawn_to_its_end(|end| window::run(port, end));
        }
        tasks.spawn(system::power::run(roster.clone()));
        let asked = quit.clone();
        tasks.spawn(async move {
            system::signals::asked_to_end().await;
            asked.now();
        });
        Self { roster, choices, window, page, tasks, quit, ended: Arc::default(), deeds }
    }

    /// What is wanted of the window.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Where settings, inbox and logs are.
    pub fn files(&self) -> Files {
        self.roster.first().receiver.accounts().files().clone()
    }

    /// The theme that the person forces on the window, and each change; `None` follows the system.
    pub fn theme(&self) -> watch::Receiver<Option<Theme>> {
        self.choices.theme()
    }

    /// How large everything in the window is, in percent of its usual size, and each change.
    pub fn text_size(&self) -> watch::Receiver<u16> {
        self.choices.text_size()
    }

    /// Whether the person wants no window when the app is started with the computer.
    pub fn starts_hidden(&self) -> bool {
        self.choices.start_hidden()
    }

    /// Keeps a desktop's tray as things are, until the app quits.
    #[cfg(not(target_os = "linux"))]
    pub fn show_tray<T: tray::Host + 'static>(&self, host: impl FnOnce(tray::Deeds) -> T) {
        let host = host(self.deeds.clone());
        let summaries = self.roster.shared.summaries.clone();
        self.tasks.spawn(tray::run(summaries, self.choices.clone(), host));
    }

    /// Runs a task until the app quits. May be called from any thread.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Answers a call of the page: what it gives, or a problem, as the page reads them.
    ///
    /// # Errors
    /// What is wrong, as a `Problem` in JSON.
    pub async fn call(&self, call: Value) -> Result<Value, Value> {
        self.page.call(call).await
    }

    /// Tells a page what happens, a snapshot first, in place of the one before. It ends when `take`
    /// says that the page is gone.
    pub fn attach(&self, mut take: impl FnMut(Value) -> bool + Send + 'static) {
        self.page.attach(move |event| std::future::ready(take(as_json(event))));
    }

    /// The page is gone. What it was to be told waits for the next one.
    pub fn detach(&self) {
        self.page.detach();
    }

    /// How it is, for a program that asks: all accounts' unread alerts, the first one's connection, and
    /// each account by itself.
    #[cfg(target_os = "linux")]
    pub(crate) async fn status(&self) -> Value {
        let mut summaries = self.roster.shared.summaries.subscribe();
        // It has told how it is as soon as its inbox is open, or can't be.
        let all = summaries.wait_for(|all| !all.is_empty()).await;
        let listed = all.map(|all| listed(&all)).unwrap_or_default();
        let accounts = listed.iter().map(|account| {
            serde_json::json!({
                "name": account.name.as_str(),
                "label": account.called(),
                "connection": view::status(&account.status),
                "unread": account.unread,
            })
        });
        serde_json::json!({
            "running": true,
            "version": env!("CARGO_PKG_VERSION"),
            "connection": listed.first().map(|first| view::status(&first.status)),
            "unread": listed.iter().map(|account| account.unread).sum::<u32>(),
            "accounts": accounts.collect::<Vec<_>>(),
        })
    }

    /// Connects now, whatever the schedule says.
    pub fn reconnect(&self) {
        self.deeds.choose(tray::Item::Reconnect, None);
    }

    /// Waits until somebody wants the app to quit.
    pub fn quit_wanted(&self) -> impl Future<Output = ()> + Send + 'static {
        self.quit.wanted()
    }

    /// Whether [`Self::end`] is over.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Ends everything: the tasks, the connection with its goodbye, and the inbox. Where that was
    /// done before, there is nothing left to do.
    pub async fn end(&self) {
        let ended = async {
            // Before the inbox is closed: as long as an export reads it, its log can't go.
            let tasks_ended = self.tasks.end(TASKS).await;
            self.roster.shut_down().await;
            tasks_ended
        };
        if !matches!(timeout(END, ended).await, Ok(true)) {
            tracing::warn!("quitting took too long; what was left is dropped");
        }
        self.ended.store(true, Ordering::Release);
    }
}
