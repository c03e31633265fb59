//! Windows' toasts. The system shows them itself and takes plain text; they bear the name and icon
//! that the installer registered under the app's identifier. They can't be replaced or taken away,
//! and what is done with one in the notification centre, where it goes after its time, isn't heard.

use super::app::App;
use super::port::{self, Port as _};
use super::toast::Toast;
use super::{Action, Event, NotShown, ToastId};
use agora_alert::catalogue;
use agora_home::APP_ID;
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Urgency};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;

/// The most toasts whose answer is waited for: each holds a thread.
const ANSWERABLE: usize = 16;

/// Windows itself, and the threads that may wait for its answers.
#[derive(Clone)]
pub(super) struct Daemon {
    app: App,
    tell: mpsc::Sender<Event>,
    threads: Arc<Semaphore>,
    last: Arc<AtomicU32>,
}

impl Daemon {
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn watch(app: &App, tell: mpsc::Sender<Event>) -> Self {
        let threads = Arc::new(Semaphore::new(ANSWERABLE));
        Self { app: app.clone(), tell, threads, last: Arc::default() }
    }

    /// Waits for what the person does, unless all threads wait for others already.
    fn wait(&self, toast: ToastId, handle: NotificationHandle) {
        let Ok(thread) = self.threads.clone().try_acquire_owned() else { return };
        let tell = self.tell.clone();
        spawn_blocking(move || {
            let _thread = thread;
            let mut event = Event::Closed { toast };
            let waited = handle.wait_for_response(|response: &NotificationResponse| {
                if let Some(action) = action(response) {
                    event = Event::Acted { toast, action, token: None };
                }
            });
            if waited.is_ok() {
                // The loop ends only when the app does.
                let _ = tell.blocking_send(event);
            }
        });
    }
}

impl port::Daemon for Daemon {
    async fn show(&self, toast: &Toast, _replaces: Option<ToastId>) -> Result<ToastId, NotShown> {
        let language = self.app.language();
        let category = format!("category.{}", toast.category.name());
        let mut notification = Notification::new();
        notification
            .app_id(APP_ID)
            .summary(&toast.title)
            .subtitle(catalogue::text(language, &category))
            .body(&toast.body)
            .urgency(if toast.urgent { Urgency::Critical } else { Urgency::Normal });
        if toast.sound {
            notification.sound_name("Default");
        }
        // A click on the toast itself is no button.
        for action in &toast.actions {
            let (key, path) = match action {
                Action::Open => continue,
                Action::OpenInMarket => (OPEN_IN_MARKET, "toast.open_in_market"),
                Action::MarkRead => (MARK_READ, "toast.mark_read"),
                Action::RemindInAnHour => (REMIND_IN_AN_HOUR, "toast.remind_in_an_hour"),
                Action::RemindTomorrow => (REMIND_TOMORROW, "toast.remind_tomorrow"),
            };
            notification.action(key, catalogue::text(language, path));
        }
        match spawn_blocking(move || notification.show()).await {
            Ok(Ok(handle)) => {
                let id = self.last.fetch_add(1, Ordering::Relaxed);
                self.wait(id, handle);
                Ok(id)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "no toast");
                Err(NotShown::Refused)
            }
            Err(error) => {
                tracing::error!(%error, "showing a toast failed");
                Err(NotShown::Refused)
            }
        }
    }

    /// The system keeps it.
    async fn close(&self, _toast: ToastId) {}
}

const OPEN_IN_MARKET: &str = "open-in-market";
const MARK_READ: &str = "mark-read";
const REMIND_IN_AN_HOUR: &str = "remind-in-an-hour";
const REMIND_TOMORROW: &str = "remind-tomorrow";

fn action(response: &NotificationResponse) -> Option<Action> {
    match response {
        NotificationResponse::Default => Some(Action::Open),
        NotificationResponse::Action(key) if key == OPEN_IN_MARKET => Some(Action::OpenInMarket),
        NotificationResponse::Action(key) if key == MARK_READ => Some(Action::MarkRead),
        NotificationResponse::Action(key) if key == REMIND_IN_AN_HOUR => {
            Some(Action::RemindInAnHour)
        }
        NotificationResponse::Action(key) if key == REMIND_TOMORROW => Some(Action::RemindTomorrow),
        _ => None,
    }
}
