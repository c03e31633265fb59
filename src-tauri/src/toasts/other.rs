//! The notifications of Windows and macOS. They need no daemon and take plain text.

use super::Toast;
use crate::shell::Shell;
use notify_rust::Notification;
use std::sync::Arc;

/// The system itself shows notifications here.
pub(super) struct Daemon {
    app_id: String,
}

/// A toast that was handed to the system.
pub(super) struct Shown;

impl Daemon {
    pub(super) async fn watch(shell: &Arc<Shell>) -> Self {
        Self { app_id: shell.app.config().identifier.clone() }
    }

    /// Shows a toast; `None` where the system refuses.
    pub(super) async fn show(&self, toast: &Toast) -> Option<Shown> {
        let mut notification = Notification::new();
        notification.summary(&toast.title).body(&toast.body).action("default", &toast.action);
        #[cfg(windows)]
        notification.app_id(&self.app_id);
        // The platform's calls block.
        let shown = tokio::task::spawn_blocking(move || notification.show().map(drop));
        match shown.await {
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
    /// These systems bring the app to the front by themselves when a toast is clicked, and don't
    /// say which one it was.
    pub(super) async fn clicked(self) -> bool {
        false
    }
}
