//! A pause: the person disconnects for a while, or until they connect again.
//!
//! Owns how long it lasts. The wall's clock decides, as people are told its time: a machine that slept over
//! the end connects when it wakes.

use super::Actor;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// A pause that holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pause {
    until: Option<SystemTime>,
    /// The same on the clock that timers go by, which stands still while the machine sleeps.
    timer: Option<Instant>,
}

impl Pause {
    fn new(limit: Option<Duration>) -> Self {
        Self {
            until: limit.map(|limit| SystemTime::now() + limit),
            timer: limit.map(|limit| Instant::now() + limit),
        }
    }

    /// Until when, where it ends by itself.
    pub(super) fn until(self) -> Option<SystemTime> {
        self.until
    }

    /// When the timer is due.
    pub(super) fn timer(self) -> Option<Instant> {
        self.timer
    }

    /// What is left of it, after the timer may have stood still; `None` when it is over.
    fn continued(self) -> Option<Self> {
        let Some(until) = self.until else { return Some(self) };
        let left = until.duration_since(SystemTime::now()).ok()?;
        (!left.is_zero()).then(|| Self { timer: Some(Instant::now() + left), ..self })
    }
}

impl Actor {
    /// Disconnects, or changes how long that lasts.
    pub(super) async fn pause(&mut self, limit: Option<Duration>) {
        let was_paused = self.pause.replace(Pause::new(limit)).is_some();
        self.outputs.paused.send_replace(true);
        if was_paused {
            self.publish();
            return;
        }
        self.leave().await;
        self.begin();
    }

    /// Connects again.
    pub(super) fn resume(&mut self) {
        if self.pause.take().is_some() {
            self.outputs.paused.send_replace(false);
            self.begin();
        }
    }

    /// The same, for somebody who is there: the keyring may ask them to unlock it.
    pub(super) fn resume_asking(&mut self) {
        if self.pause.is_some() {
            self.is_attended = true;
            self.resume();
        }
    }

    /// The machine woke: the pause may be over, or its timer late.
    pub(super) fn pause_after_sleep(&mut self) {
        let Some(pause) = self.pause else { return };
        match pause.continued() {
            Some(pause) => self.pause = Some(pause),
            None => self.resume(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_a_sleep_the_walls_clock_says_what_is_left() {
        let hour = Duration::from_hours(1);
        let pause = Pause::new(Some(hour));
        let left = |pause: Pause| pause.timer.unwrap() - Instant::now();
        assert_eq!(left(pause), hour);

        // Half of it was slept through.
        let slept = Pause { until: pause.until.map(|until| until - hour / 2), ..pause };
        let rest = left(slept.continued().unwrap());
        assert!(rest <= hour / 2 && rest + Duration::from_mins(1) > hour / 2, "{rest:?}");

        let over = Pause { until: Some(SystemTime::now()), ..pause };
        assert!(over.continued().is_none());
        assert!(Pause::new(None).continued().is_some_and(|pause| pause.timer.is_none()));
    }
}
