//! Windows' toasts. The system shows them itself and takes plain text; they bear the name and icon
//! that the installer registered under the app's identifier.

use super::{CLICKABLE, Toast};
use crate::shell::Shell;
use agora_receiver::catalogue;
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Urgency};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// Windows itself, and the threads that may wait for its answers.
pub(super) struct Daemon {
    shell: Arc<Shell>,
    threads: Arc<Semaphore>,
}

/// A toast that is on the screen, with leave for a thread to wait for its click.
pub(super) struct Shown {
    handle: NotificationHandle,
    thread: Option<OwnedSemaphorePermit>,
}

impl Daemon {
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn watch(shell: &Arc<Shell>) -> Self {
        Self { shell: shell.clone(), threads: Arc::new(Semaphore::new(CLICKABLE)) }
    }

    /// Shows a toast; `None` where Windows refuses.
    pub(super) async fn show(&self, toast: &Toast) -> Option<Shown> {
        let category = format!("category.{}", toast.category.name());
        let mut notification = Notification::new();
        // An action would be a button beside the click on the toast itself.
        notification
            .app_id(&self.shell.app.config().identifier)
            .summary(&toast.title)
            .subtitle(catalogue::text(self.shell.language(), &category))
            .body(&toast.body)
            .urgency(if toast.urgent { Urgency::Critical } else { Urgency::Normal });
        match spawn_blocking(move || notification.show()).await {
            Ok(Ok(handle)) => {
                Some(Shown { handle, thread: self.threads.clone().try_acquire_owned().ok() })
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "no toast");
                None
            }
            Err(error) => {
                tracing::error!(%error, "showing a toast failed");
                None
            }
        }
    }
}

impl Shown {
    /// Waits until the toast is clicked (`true`) or gone: `false` at once where all threads wait
    /// for others already.
    pub(super) async fn clicked(self) -> bool {
        let Self { handle, thread: Some(thread) } = self else { return false };
        let wait = spawn_blocking(move || {
            let _thread = thread;
            let mut clicked = false;
            let waited = handle.wait_for_response(|response: &NotificationResponse| {
                clicked = response.is_default_action();
            });
            waited.is_ok() && clicked
        });
        wait.await.unwrap_or(false)
    }
}
