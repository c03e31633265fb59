//! macOS' notifications. The system shows them itself, takes plain text, and brings the app to the
//! front when one is clicked, without saying which.

use super::Toast;
use crate::shell::Shell;
use agora_receiver::catalogue;
use notify_rust::Notification;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// The notification centre.
pub(super) struct Daemon {
    shell: Arc<Shell>,
}

/// A toast that was handed over.
pub(super) struct Shown;

impl Daemon {
    /// Toasts are this app's from now on; without that they would come from the Finder.
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn watch(shell: &Arc<Shell>) -> Self {
        if let Err(error) = notify_rust::set_application(&shell.app.config().identifier) {
            tracing::warn!(%error, "toasts can't bear the app's name");
        }
        Self { shell: shell.clone() }
    }

    /// Shows a toast; `None` where the system refuses.
    pub(super) async fn show(&self, toast: &Toast) -> Option<Shown> {
        let category = format!("category.{}", toast.category.name());
        let mut notification = Notification::new();
        notification
            .summary(&toast.title)
            .subtitle(catalogue::text(self.shell.language(), &category))
            .body(&toast.body);
        // It is delivered as its handle is dropped, which may take two seconds.
        match spawn_blocking(move || notification.show().map(drop)).await {
            Ok(Ok(())) => Some(Shown),
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
    /// Nobody says so here.
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn clicked(self) -> bool {
        false
    }
}
