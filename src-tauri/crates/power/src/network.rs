//! The network's coming up and its loss. It owns how the machine reached the network last; that something
//! changed is heard from the system, and whether it matters is `reach`'s.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

use system::Changes;
use system::is_carried;

use crate::reach::{Reach, Turn};
use crate::{Cause, Fault, Sign, Source};

/// The system's signals, and what the last of them led to.
pub(crate) struct Network {
    changes: Changes,
    /// How the machine reached it when it was last looked at. `None`: nobody was told yet.
    reach: Option<Reach>,
}

impl Network {
    pub(crate) fn start() -> Result<Self, Fault> {
        let changes = Changes::listen()?;
        // In this order, so that no change falls between the two. That there is a network at the
        // start is no news; that there is none is.
        let reach = Some(Reach::now(is_carried)).filter(|reach| !reach.is_nowhere());
        Ok(Self { changes, reach })
    }
}

impl Source for Network {
    const NAME: &'static str = "the network";

    async fn next(&mut self) -> Result<Sign, Fault> {
        loop {
            let Some(before) = self.reach.take() else {
                self.reach = Some(Reach::NOWHERE);
                return Ok(Sign::Network(Cause::NetworkLost));
            };
            self.reach = Some(before.clone());
            self.changes.next().await?;
            let now = Reach::now(is_carried);
            let turn = now.since(&before);
            if now != before {
                tracing::debug!(from = ?before, to = ?now, ?turn, "the network changed");
                self.reach = Some(now);
            }
            match turn {
                Some(Turn::CameUp) => return Ok(Sign::Network(Cause::NetworkUp)),
                Some(Turn::Lost) => return Ok(Sign::Network(Cause::NetworkLost)),
                None => {}
            }
        }
    }
}
