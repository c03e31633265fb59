//! The network's coming up. It owns how the machine reached the network last; that something
//! changed is heard from the system, and whether it matters is `reach`'s.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere::Changes;
#[cfg(target_os = "linux")]
use linux::Changes;

use crate::reach::Reach;
use crate::{Fault, Source};

/// The system's signals, and what the last of them led to.
pub(crate) struct Network {
    changes: Changes,
    reach: Reach,
}

impl Network {
    pub(crate) fn start() -> Result<Self, Fault> {
        // In this order, so that no change falls between the two.
        let changes = Changes::listen()?;
        Ok(Self { changes, reach: Reach::now() })
    }
}

impl Source for Network {
    const NAME: &'static str = "the network";

    async fn next(&mut self) -> Result<(), Fault> {
        loop {
            self.changes.next().await?;
            let now = Reach::now();
            let came_up = now.came_up_since(&self.reach);
            if now != self.reach {
                tracing::debug!(from = ?self.reach, to = ?now, came_up, "the network changed");
                self.reach = now;
            }
            if came_up {
                return Ok(());
            }
        }
    }
}
