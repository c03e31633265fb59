//! The system's word that an address changed, by netwatcher.

use netwatcher::async_adapter::Tokio;
use netwatcher::{AsyncWatch, watch_interfaces_async};

use crate::Fault;

/// Its watch.
pub(super) struct Changes(AsyncWatch);

impl Changes {
    pub(super) fn listen() -> Result<Self, Fault> {
        Ok(Self(watch_interfaces_async::<Tokio>()?))
    }

    /// Waits for a change. The first is none, and does no harm.
    pub(super) async fn next(&mut self) -> Result<(), Fault> {
        self.0.changed().await;
        Ok(())
    }
}
