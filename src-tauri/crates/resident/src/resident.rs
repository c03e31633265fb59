//! The running app, put together: [`Resident::start`] starts its parts and ties them to each other.

use crate::desk::{self, Announcements, Choices, Notices, Quit, Tasks, Theme, Window};
use crate::page::{Page, as_json};
#[cfg(target_os = "linux")]
use crate::window;
use crate::{system, toasts, tray};
use agora_account::Accounts;
use agora_home::Files;
use agora_receiver::Receiver;
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
    receiver: Receiver,
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
    /// Starts everything. Runs on the runtime.
    pub fn start(accounts: Arc<Accounts>) -> Self {
        let preferences = desk::saved(&accounts);
        let receiver = Receiver::start(accounts.clone(), accounts, preferences.choices());
        let tasks = Tasks::new();
        let choices = Choices::new(receiver.clone(), preferences);
        let (notices, window, quit) = (Notices::new(), Window::default(), Quit::default());
        let (announcements, announced) = Announcements::new();
        let page = Page::new(
            receiver.clone(),
            choices.clone(),
            notices.clone(),
            window.clone(),
            tasks.clone(),
        );
        let app = toasts::App {
            receiver: receiver.clone(),
            choices: choices.clone(),
            #[cfg(target_os = "linux")]
            notices: notices.clone(),
            window: window.clone(),
            tasks: tasks.clone(),
            #[cfg(target_os = "linux")]
            quit: quit.clone(),
        };
        let (deeds, chosen) = tray::Deeds::new();
        tasks.spawn(desk::watch_files(notices.clone(), receiver.clone(), choices.clone()));
        tasks.spawn_to_its_end(|end| toasts::run(app, announced, end));
        tasks.spawn(desk::watch_session(receiver.clone(), announcements.clone()));
        tasks.spawn(tray::act(
            chosen,
            receiver.clone(),
            choices.clone(),
            window.clone(),
            quit.clone(),
        ));
        #[cfg(target_os = "linux")]
        tasks.spawn(tray::run(
            receiver.clone(),
            choices.clone(),
            tray::NotifierItem::new(deeds.clone(), notices),
        ));
        #[cfg(target_os = "linux")]
        {
            let port = window::Port {
                page: page.clone(),
                wishes: window.clone(),
                choices: choices.clone(),
                announcements,
                tasks: tasks.clone(),
                quit: quit.clone(),
                files: receiver.accounts().files().clone(),
            };
            tasks.spawn_to_its_end(|end| window::run(port, end));
        }
        tasks.spawn(system::power::run(receiver.clone()));
        let asked = quit.clone();
        tasks.spawn(async move {
            system::signals::asked_to_end().await;
            asked.now();
        });
        Self { receiver, choices, window, page, tasks, quit, ended: Arc::default(), deeds }
    }

    /// What is wanted of the window.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Where settings, inbox and logs are.
    pub fn files(&self) -> &Files {
        self.receiver.accounts().files()
    }

    /// The theme that the person forces on the window, and each change; `None` follows the system.
    pub fn theme(&self) -> watch::Receiver<Option<Theme>> {
        self.choices.theme()
    }

    /// Keeps a desktop's tray as things are, until the app quits.
    #[cfg(not(target_os = "linux"))]
    pub fn show_tray<T: tray::Host + 'static>(&self, host: impl FnOnce(tray::Deeds) -> T) {
        let host = host(self.deeds.clone());
        self.tasks.spawn(tray::run(self.receiver.clone(), self.choices.clone(), host));
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

    /// How it is, for a program that asks.
    #[cfg(target_os = "linux")]
    pub(crate) async fn status(&self) -> Value {
        let connection = crate::page::view::status(&self.receiver.subscribe().status.borrow());
        let unread = match self.receiver.inbox() {
            Some(inbox) => inbox.counts().await.ok().map(|counts| counts.unread()),
            None => None,
        };
        serde_json::json!({
            "running": true,
            "version": env!("CARGO_PKG_VERSION"),
            "connection": connection,
            "unread": unread,
        })
    }

    /// Connects now, whatever the schedule says.
    pub fn reconnect(&self) {
        let receiver = self.receiver.clone();
        self.tasks.spawn(async move { receiver.reconnect().await });
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
            self.receiver.shut_down().await;
            tasks_ended
        };
        if !matches!(timeout(END, ended).await, Ok(true)) {
            tracing::warn!("quitting took too long; what was left is dropped");
        }
        self.ended.store(true, Ordering::Release);
    }
}
