//! No toasts for a while.

use jiff::civil::Time;
use jiff::{ToSpan, ZonedDateTime};
use serde::{Deserialize, Serialize};

/// When "until tomorrow" ends.
pub(super) const MORNING: Time = Time::constant(8, 0, 0, 0);
/// Before it, one is still up from the day before.
pub(super) const DAYBREAK: Time = Time::constant(5, 0, 0, 0);

/// The longest that a person can snooze: from [`DAYBREAK`] until the next day's [`MORNING`], with an
/// hour more where the clocks are set back in between.
const LONGEST_MS: i64 = (24 + 3 + 1) * 60 * 60 * 1_000;

/// Until when the person wants no toasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Snooze {
    /// Milliseconds since the Unix epoch; a time that is over is as none.
    pub until_ms: Option<i64>,
}

/// For how long a person snoozes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnoozeFor {
    /// 30 minutes.
    HalfHour,
    /// 2 hours.
    TwoHours,
    /// Until the next morning, 08:00. At night, before 05:00, that is the coming one: who says
    /// "tomorrow" at 01:00 hasn't slept yet. From 05:00 on it is the next day's.
    UntilTomorrow,
}

impl Snooze {
    /// A snooze that begins now.
    pub fn starting(length: SnoozeFor, now: &ZonedDateTime) -> Self {
        Self { until_ms: Some(length.until(now).timestamp().as_millisecond()) }
    }

    /// When it ends, if it is on at `now`. One that lasts longer than any can be chosen is none: it
    /// was begun by a clock that was wrong, and might never end.
    pub fn active_until_ms(self, now: &ZonedDateTime) -> Option<i64> {
        let left = |until: i64| until.saturating_sub(now.timestamp().as_millisecond());
        self.until_ms.filter(|until| (1..=LONGEST_MS).contains(&left(*until)))
    }
}

impl SnoozeFor {
    /// When a snooze that begins at `now` ends.
    pub fn until(self, now: &ZonedDateTime) -> ZonedDateTime {
        match self {
            Self::HalfHour => now.saturating_add(30.minutes()),
            Self::TwoHours => now.saturating_add(2.hours()),
            Self::UntilTomorrow => {
                let is_night = now.time() < DAYBREAK;
                let day = if is_night { now.date() } else { now.date().saturating_add(1.day()) };
                // Only at the end of all time is there no such morning.
                let morning = day.to_datetime(MORNING).to_zoned_datetime(now.time_zone().clone());
                morning.unwrap_or_else(|_| now.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(length: SnoozeFor, now: &str) -> String {
        let until = length.until(&now.parse().unwrap());
        until.strftime("%F %R %:z").to_string()
    }

    #[test]
    fn half_an_hour_and_two_are_of_real_time() {
        let before_summer = "2026-03-29T01:45[Europe/Berlin]";
        assert_eq!(until(SnoozeFor::HalfHour, before_summer), "2026-03-29 03:15 +02:00");
        assert_eq!(until(SnoozeFor::TwoHours, before_summer), "2026-03-29 04:45 +02:00");
        let before_winter = "2026-10-25T02:45+02:00[Europe/Berlin]";
        assert_eq!(until(SnoozeFor::HalfHour, before_winter), "2026-10-25 02:15 +01:00");
        assert_eq!(until(SnoozeFor::TwoHours, before_winter), "2026-10-25 03:45 +01:00");
    }

    #[test]
    fn tomorrow_begins_at_eight_by_the_clock_on_the_wall() {
        for (now, expected) in [
            ("2026-11-24T23:30[Asia/Taipei]", "2026-11-25 08:00 +08:00"),
            ("2026-11-25T00:00[Asia/Taipei]", "2026-11-25 08:00 +08:00"),
            ("2026-11-25T04:59[Asia/Taipei]", "2026-11-25 08:00 +08:00"),
            ("2026-11-25T05:00[Asia/Taipei]", "2026-11-26 08:00 +08:00"),
            ("2026-11-25T08:00[Asia/Taipei]", "2026-11-26 08:00 +08:00"),
            ("2026-12-31T12:00[Asia/Kathmandu]", "2027-01-01 08:00 +05:45"),
            ("2026-03-28T12:00[Europe/Berlin]", "2026-03-29 08:00 +02:00"),
            ("2026-10-25T01:00[Europe/Berlin]", "2026-10-25 08:00 +01:00"),
            ("2026-03-07T22:00[America/St_Johns]", "2026-03-08 08:00 -02:30"),
        ] {
            assert_eq!(until(SnoozeFor::UntilTomorrow, now), expected, "{now}");
        }
    }

    #[test]
    fn it_is_over_at_its_end() {
        let now: ZonedDateTime = "2026-11-24T12:00[Asia/Taipei]".parse().unwrap();
        let snooze = Snooze::starting(SnoozeFor::HalfHour, &now);
        assert_eq!(snooze.active_until_ms(&now), snooze.until_ms);
        let before = now.saturating_add(30.minutes()).saturating_sub(1.millisecond());
        assert!(snooze.active_until_ms(&before).is_some());
        assert_eq!(snooze.active_until_ms(&now.saturating_add(30.minutes())), None);
        assert_eq!(Snooze::default().active_until_ms(&now), None);
    }

    #[test]
    fn one_that_a_wrong_clock_began_is_over_when_the_clock_is_right() {
        let wrong: ZonedDateTime = "2030-01-01T12:00[Asia/Taipei]".parse().unwrap();
        let snooze = Snooze::starting(SnoozeFor::HalfHour, &wrong);
        let right: ZonedDateTime = "2026-11-24T12:00[Asia/Taipei]".parse().unwrap();
        assert_eq!(snooze.active_until_ms(&right), None);
        assert!(snooze.active_until_ms(&wrong.saturating_sub(1.hour())).is_some());
        assert_eq!(Snooze { until_ms: Some(i64::MAX) }.active_until_ms(&right), None);
        let in_29_hours = right.saturating_add(29.hours()).timestamp().as_millisecond();
        assert_eq!(Snooze { until_ms: Some(in_29_hours) }.active_until_ms(&right), None);
        // The longest that there is: over the end of summer time.
        let long: ZonedDateTime = "2026-10-24T05:00[Europe/Berlin]".parse().unwrap();
        let snooze = Snooze::starting(SnoozeFor::UntilTomorrow, &long);
        assert_eq!(snooze.active_until_ms(&long), snooze.until_ms);
    }
}
