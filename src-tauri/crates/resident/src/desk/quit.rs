//! The wish that the app quits, and whether it is to start again.

#[cfg(target_os = "linux")]
use std::sync::Arc;
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_util::sync::CancellationToken;

/// Whether the app is to quit. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quit {
    wanted: CancellationToken,
    // Elsewhere installers do it.
    #[cfg(target_os = "linux")]
    restarts: Arc<AtomicBool>,
}

impl Quit {
    /// Has it quit.
    pub(crate) fn now(&self) {
        self.wanted.cancel();
    }

    /// Has it quit and start again, as the program that is installed by now.
    #[cfg(target_os = "linux")]
    pub(crate) fn and_restart(&self) {
        self.restarts.store(true, Ordering::Release);
        self.now();
    }

    /// Whether it is to start again.
    #[cfg(target_os = "linux")]
    pub(crate) fn restarts(&self) -> bool {
        self.restarts.load(Ordering::Acquire)
    }

    /// Whether it is to quit.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.is_cancelled()
    }

    /// Waits until it is to quit.
    pub(crate) fn wanted(&self) -> impl Future<Output = ()> + Send + 'static {
        self.wanted.clone().cancelled_owned()
    }
}
