//! The tasks that last as long as the app, and their end.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Spawns tasks and ends them. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    runtime: Handle,
    end: CancellationToken,
}

impl Tasks {
    /// For tasks on the present runtime.
    pub(crate) fn new() -> Self {
        Self {
            tracker: TaskTracker::new(),
            runtime: Handle::current(),
            end: CancellationToken::new(),
        }
    }

    /// For tasks that may end before the app does, by [`Self::cut`].
    pub(crate) fn branch(&self) -> Self {
        Self { end: self.end.child_token(), ..self.clone() }
    }

    /// Ends those that were started here, and waits for none.
    pub(crate) fn cut(&self) {
        self.end.cancel();
    }

    /// Runs a task until the app quits. May be called from any thread.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let end = self.end.clone();
        let task = async move {
            end.run_until_cancelled(task).await;
        };
        self.tracker.spawn_on(task, &self.runtime);
    }

    /// Runs a task that has something left to do at the end: it is to end soon after its token is
    /// cancelled.
    pub(crate) fn spawn_to_its_end<T: Future<Output = ()> + Send + 'static>(
        &self,
        task: impl FnOnce(CancellationToken) -> T,
    ) {
        self.tracker.spawn_on(task(self.end.clone()), &self.runtime);
    }

    /// Runs what blocks, and is waited for when the app quits: it is to end soon after the token is
    /// cancelled.
    pub(crate) fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(CancellationToken) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let end = self.end.clone();
        self.tracker.spawn_blocking_on(move || work(end), &self.runtime)
    }

    /// Ends them all. Whether they did within the limit.
    pub(crate) async fn end(&self, limit: Duration) -> bool {
        self.end.cancel();
        self.tracker.close();
        timeout(limit, self.tracker.wait()).await.is_ok()
    }
}
