//! The wall clock's jumps: the sign of a sleep where nothing else tells of it. It owns the
//! judgement; when to look is the system's part.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::time::{Duration, SystemTime};

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::Clock;
#[cfg(target_os = "linux")]
pub(crate) use linux::Clock;

/// A smaller jump is a clock set right, a busy machine, or a sleep that no connection minds.
const LEAST: Duration = Duration::from_secs(10);

/// Whether more time passed on the wall than the machine was awake for. A clock that was set back
/// is no sleep.
fn jumped(before: SystemTime, now: SystemTime, awake: Duration) -> bool {
    let on_the_wall = now.duration_since(before).unwrap_or_default();
    on_the_wall.saturating_sub(awake) >= LEAST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(wall: u64, awake: u64) -> bool {
        let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        jumped(before, before + Duration::from_secs(wall), Duration::from_secs(awake))
    }

    #[test]
    fn the_wall_clock_ahead_of_the_time_awake_is_a_sleep() {
        assert!(after(3630, 30));
        assert!(after(40, 30));
    }

    #[test]
    fn both_clocks_going_on_together_is_no_sleep() {
        assert!(!after(30, 30));
        assert!(!after(86_400 * 30, 86_400 * 30));
        assert!(!after(39, 30));
    }

    #[test]
    fn a_wall_clock_that_was_set_back_or_lags_is_no_sleep() {
        assert!(!after(0, 30));
        let now = SystemTime::now();
        assert!(!jumped(now, now - Duration::from_hours(1), Duration::from_secs(30)));
    }
}
