//! One sleep, told of by more than one source, and the next.

use std::time::{Duration, SystemTime};

/// What comes within this is about the same sleep.
const ONE_WAKE: Duration = Duration::from_secs(10);

/// Tells one sleep from the next.
#[derive(Default)]
pub(crate) struct LastWake(Option<SystemTime>);

impl LastWake {
    /// Whatever wakes it from that is another sleep's end, however short it was.
    pub(crate) fn falls_asleep(&mut self) {
        self.0 = None;
    }

    /// Judged by the wall clock: the other stands still in a sleep, and so would take the end of the
    /// next for that of the last. A clock that was set back proves nothing, and is no reason to miss
    /// one.
    pub(crate) fn is_new(&mut self, now: SystemTime) -> bool {
        let since = self.0.map(|last| now.duration_since(last).unwrap_or(ONE_WAKE));
        let is_new = since.is_none_or(|since| since >= ONE_WAKE);
        if is_new {
            self.0 = Some(now);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn two_sources_tell_of_one_sleep() {
        let now = SystemTime::now();
        let mut last = LastWake::default();
        assert!(last.is_new(now));
        assert!(!last.is_new(now + SECOND));
        assert!(!last.is_new(now + ONE_WAKE / 2));
        // Counted from the first of them, so that the next sleep isn't taken for the same.
        assert!(last.is_new(now + ONE_WAKE));
        assert!(!last.is_new(now + ONE_WAKE + SECOND));
    }

    #[test]
    fn a_second_sleep_soon_after_the_first_is_another_one() {
        let now = SystemTime::now();
        // Two seconds awake and an hour asleep, of which the clock alone tells.
        let mut last = LastWake::default();
        assert!(last.is_new(now));
        assert!(last.is_new(now + 3602 * SECOND));
        // Two seconds awake and three asleep, of which logind tells.
        last.falls_asleep();
        assert!(last.is_new(now + 3607 * SECOND));
        assert!(!last.is_new(now + 3608 * SECOND));
        // A clock that was an hour ahead and has been set right.
        assert!(last.is_new(now));
    }
}
