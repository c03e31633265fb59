//! The server's clock: plain local times of a zone that can be set, and changed while the market runs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The furthest that a zone is from UTC, in minutes, as Java has it.
const FURTHEST: i32 = 18 * 60;

/// The clock; the zone of this machine as long as no other is set.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Option<Offset>>);

impl Clock {
    /// Goes by the zone that is this many minutes east of UTC, or by this machine's; `false` when no zone
    /// is that far.
    pub(crate) fn set(&self, minutes: Option<i32>) -> bool {
        let fits = minutes.is_none_or(|minutes| minutes.abs() <= FURTHEST);
        let offset = minutes.map(|minutes| Offset::from_seconds(minutes.saturating_mul(60)));
        match offset.transpose() {
            Ok(offset) if fits => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = offset;
                true
            }
            _ => false,
        }
    }

    /// The local time, ISO-8601 without a zone, to the second.
    pub(crate) fn now(&self) -> String {
        self.write(Timestamp::now())
    }

    /// The local time this long ago.
    pub(crate) fn ago(&self, ago: Duration) -> String {
        self.write(Timestamp::now().saturating_sub(signed(ago)).unwrap_or(Timestamp::MIN))
    }

    /// The local time after this long.
    pub(crate) fn after(&self, time: Duration) -> String {
        self.write(Timestamp::now().saturating_add(signed(time)).unwrap_or(Timestamp::MAX))
    }

    fn write(&self, moment: Timestamp) -> String {
        let offset = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let zone = offset.map_or_else(TimeZone::system, TimeZone::fixed);
        moment.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_can_be_set_changed_and_taken_back() {
        let clock = Clock::default();
        let hour = |clock: &Clock| clock.write("2026-11-26T16:00:00Z".parse().unwrap());
        assert!(clock.set(Some(8 * 60)));
        assert_eq!(hour(&clock), "2026-11-27T00:00:00");
        assert!(clock.set(Some(-(3 * 60 + 30))));
        assert_eq!(hour(&clock), "2026-11-26T12:30:00");
        for nowhere in [FURTHEST + 1, -FURTHEST - 1, i32::MAX, i32::MIN + 1] {
            assert!(!clock.set(Some(nowhere)), "{nowhere}");
        }
        assert_eq!(hour(&clock), "2026-11-26T12:30:00");
        assert!(clock.set(None));
        let here = jiff::ZonedDateTime::now().strftime("%Y-%m-%dT%H").to_string();
        assert!(
            clock.now().starts_with(&here) || clock.ago(Duration::from_secs(5)).starts_with(&here)
        );
    }
}
