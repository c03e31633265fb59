//! The system's word that an address changed, by netwatcher.

use std::net::IpAddr;

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

/// Whether the link that an address belongs to works: where it doesn't, the address goes with it.
pub(crate) fn is_carried(_address: IpAddr) -> bool {
    true
}
