//! The one thread that speaks with the keyring: one call after the other.

use super::store::KeyringError;
use std::sync::OnceLock;
use tokio::sync::mpsc;

/// How many calls wait behind one that hangs before the next has to wait for its place.
pub(super) const QUEUE: usize = 4;

pub(super) type Job = Box<dyn FnOnce() + Send>;

/// It starts with the first call.
#[derive(Debug, Default)]
pub(super) struct Thread {
    queue: OnceLock<mpsc::Sender<Job>>,
}

impl Thread {
    /// A place in its queue.
    pub(super) async fn place(&self) -> Result<mpsc::Permit<'_, Job>, KeyringError> {
        self.queue.get_or_init(start).reserve().await.map_err(|_| ended())
    }
}

/// It ended, with what was asked of it.
pub(super) fn ended() -> KeyringError {
    KeyringError::Failed("its thread ended".into())
}

fn start() -> mpsc::Sender<Job> {
    let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
    let started = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        while let Some(job) = queue.blocking_recv() {
            job();
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "the keyring's thread can't be started");
    }
    jobs
}
