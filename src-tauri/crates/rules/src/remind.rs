//! When people are reminded: the times that are offered, by the clock on their wall.

use super::snooze::{DAYBREAK, MORNING};
use jiff::civil::{Time, Weekday};
use jiff::{ToSpan, ZonedDateTime};
use serde::{Deserialize, Serialize};

/// When the evening begins; it is offered as long as it is more than an hour away.
const EVENING: Time = Time::constant(18, 0, 0, 0);

/// A time that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemindFor {
    /// An hour from now.
    Hour,
    /// Today at 18:00.
    Evening,
    /// The next morning, 08:00. At night, before 05:00, that is the coming one, as a snooze's is.
    Tomorrow,
    /// The next Monday, 08:00, after the next morning.
    Monday,
}

impl RemindFor {
    /// All, in the order that they are offered in.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Evening, Self::Tomorrow, Self::Monday];

    /// When that is; `None` where it isn't offered now.
    pub fn at(self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        match self {
            Self::Hour => now.checked_add(1.hour()).ok(),
            Self::Evening => {
                let evening = on(now, 0, EVENING)?;
                (evening > now.checked_add(1.hour()).ok()?).then_some(evening)
            }
            Self::Tomorrow => on(now, days_to_morning(now), MORNING),
            Self::Monday => {
                let first = days_to_morning(now) + 1;
                let is_monday = |days: &i64| {
                    let day = now.date().checked_add(days.days());
                    day.is_ok_and(|day| day.weekday() == Weekday::Monday)
                };
                on(now, (first..first + 7).find(is_monday)?, MORNING)
            }
        }
    }
}

fn days_to_morning(now: &ZonedDateTime) -> i64 {
    i64::from(now.time() >= DAYBREAK)
}

/// A time of the day so many days from now. One that a change of the clock skips is shown at the change.
fn on(now: &ZonedDateTime, days: i64, time: Time) -> Option<ZonedDateTime> {
    let day = now.date().checked_add(days.days()).ok()?;
    day.to_datetime(time).to_zoned_datetime(now.time_zone().clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_by_the_clock_on_the_wall() {
        let (none, taipei) = ("", "[Asia/Taipei]");
        for (now, evening, tomorrow, monday) in [
            // A Tuesday.
            ("2026-11-24T10:00", "11-24 18:00", "11-25 08:00", "11-30 08:00"),
            ("2026-11-24T16:59", "11-24 18:00", "11-25 08:00", "11-30 08:00"),
            ("2026-11-24T17:00", none, "11-25 08:00", "11-30 08:00"),
            ("2026-11-24T23:30", none, "11-25 08:00", "11-30 08:00"),
            // Whoever is still up says tomorrow and means the coming morning.
            ("2026-11-25T01:00", "11-25 18:00", "11-25 08:00", "11-30 08:00"),
            ("2026-11-25T05:00", "11-25 18:00", "11-26 08:00", "11-30 08:00"),
            // A Sunday: tomorrow is Monday, and the Monday is the one after.
            ("2026-11-29T12:00", "11-29 18:00", "11-30 08:00", "12-07 08:00"),
            // A Monday.
            ("2026-11-30T12:00", "11-30 18:00", "12-01 08:00", "12-07 08:00"),
            ("2026-11-30T02:00", "11-30 18:00", "11-30 08:00", "12-07 08:00"),
        ] {
            let now: ZonedDateTime = format!("{now}{taipei}").parse().unwrap();
            let said = |choice: RemindFor| {
                choice.at(&now).map_or(String::new(), |at| at.strftime("%m-%d %H:%M").to_string())
            };
            let found = RemindFor::ALL.map(said);
            assert_eq!(found[1..], [evening, tomorrow, monday], "{now}");
        }
    }

    #[test]
    fn an_hour_is_of_real_time_and_a_morning_of_the_walls() {
        let summer: ZonedDateTime = "2026-03-29T01:30[Europe/Berlin]".parse().unwrap();
        let at = |choice: RemindFor| choice.at(&summer).unwrap().strftime("%F %R %:z").to_string();
        assert_eq!(at(RemindFor::Hour), "2026-03-29 03:30 +02:00");
        assert_eq!(at(RemindFor::Tomorrow), "2026-03-29 08:00 +02:00");
        assert_eq!(at(RemindFor::Monday), "2026-03-30 08:00 +02:00");
    }
}
