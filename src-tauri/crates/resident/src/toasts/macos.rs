//! macOS' notifications. The system shows them itself, takes plain text, and brings the app to the
//! front when one is clicked, without saying which. They can't be replaced or taken away.

use super::app::App;
use super::port::{self, Port as _};
use super::toast::Toast;
use super::{Event, NotShown, ToastId};
use agora_alert::catalogue;
use agora_home::APP_ID;
use notify_rust::Notification;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// The notification centre.
#[derive(Clone)]
pub(super) struct Daemon {
    app: App,
    /// Held so that the loop's other end stays open. Nobody says what becomes of toasts here.
    _tell: mpsc::Sender<Event>,
}

impl Daemon {
    /// Toasts are this app's from now on; without that they would come from the Finder.
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn watch(app: &App, tell: mpsc::Sender<Event>) -> Self {
        if let Err(error) = notify_rust::set_application(APP_ID) {
            tracing::warn!(%error, "toasts can't bear the app's name");
        }
        Self { app: app.clone(), _tell: tell }
    }
}

impl port::Daemon for Daemon {
    async fn show(&self, toast: &Toast, _replaces: Option<ToastId>) -> Result<ToastId, NotShown> {
        let category = format!("category.{}", toast.category.name());
        let mut notification = Notification::new();
        notification
            .summary(&toast.title)
            .subtitle(catalogue::text(self.app.language(), &category))
            .body(&toast.body);
        if toast.sound {
            notification.sound_name("default");
        }
        // It is delivered as its handle is dropped, which may take two seconds.
        match spawn_blocking(move || notification.show().map(drop)).await {
            Ok(Ok(())) => Ok(0),
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
