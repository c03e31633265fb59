//! logind's word that a sleep begins and that it is over. It owns the system bus connection.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::timeout;
use zbus::Connection;
use zbus::proxy::CacheProperties;

use crate::{Cause, Fault, Sign, Source};

/// A bus that takes longer to greet us hangs.
const GREETING: Duration = Duration::from_secs(5);

/// `org.freedesktop.login1(5)`, as far as it is needed.
#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Manager {
    /// Sent with `true` before a sleep and with `false` after it.
    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

/// The stream of its signals. A logind that comes later, or comes back, is heard as well.
pub(crate) struct Logind(PrepareForSleepStream);

impl Logind {
    pub(crate) async fn listen() -> Result<Self, Fault> {
        let subscribe = async {
            let bus = Connection::system().await?;
            let manager =
                ManagerProxy::builder(&bus).cache_properties(CacheProperties::No).build().await?;
            manager.receive_prepare_for_sleep().await
        };
        Ok(Self(timeout(GREETING, subscribe).await??))
    }
}

impl Source for Logind {
    const NAME: &'static str = "logind";

    async fn next(&mut self) -> Result<Sign, Fault> {
        let signal = self.0.next().await.ok_or("the system bus is gone")?;
        Ok(if signal.args()?.start { Sign::FallsAsleep } else { Sign::Wakes(Cause::Woke) })
    }
}
