//! The wall clock, looked at now and then: the fallback of systems that tell us nothing.

use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use super::jumped;
use crate::{Cause, Fault, Sign, Source};

/// How often it is looked at. A sleep is noticed within this of its end, at once where the
/// system's timers go on while it sleeps.
const PERIOD: Duration = Duration::from_secs(30);

/// Nothing is kept between two looks.
pub(crate) struct Clock(());

impl Clock {
    #[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
    pub(crate) fn start() -> Result<Self, Fault> {
        Ok(Self(()))
    }
}

impl Source for Clock {
    const NAME: &'static str = "the clock";

    async fn next(&mut self) -> Result<Sign, Fault> {
        loop {
            let before = SystemTime::now();
            sleep(PERIOD).await;
            // Measured by the timer's own length: the steady clock goes on during a sleep on some
            // systems and stands still on others.
            if jumped(before, SystemTime::now(), PERIOD) {
                return Ok(Sign::Wakes(Cause::ClockJumped));
            }
        }
    }
}
