//! A moment by all clocks that there are, which tell a sleep and a clock that was set apart.

use std::time::{SystemTime, UNIX_EPOCH};

/// A moment. The last two count from a beginning of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What the clock on the wall shows: milliseconds since 1970.
    pub wall_ms: i64,
    /// What has passed, sleeps included, in milliseconds.
    pub alive_ms: i64,
    /// What has passed without the sleeps, in milliseconds.
    pub awake_ms: i64,
}

impl Moment {
    /// Now. Elsewhere than on Linux no clock tells of sleeps: a sleep is seen there as a clock that was set.
    pub fn now() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (alive_ms, awake_ms) = passed();
        Self { wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX), alive_ms, awake_ms }
    }
}

#[cfg(target_os = "linux")]
fn passed() -> (i64, i64) {
    use rustix::time::{ClockId, clock_gettime};
    let read = |clock| {
        let time = clock_gettime(clock);
        time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    };
    (read(ClockId::Boottime), read(ClockId::Monotonic))
}

#[cfg(not(target_os = "linux"))]
fn passed() -> (i64, i64) {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    let passed = i64::try_from(BEGINNING.elapsed().as_millis()).unwrap_or(i64::MAX);
    (passed, passed)
}
