//! The market's times, as they are written: what the clock showed, and the zone that is named beside
//! it. It owns the forms they come in. What moment that was is not in them: a server may write one zone
//! over the times of another. Whoever wants to know learns it.

use agora_wire::{Json, WrittenTime};
use jiff::SignedDuration;
use jiff::civil::DateTime;

/// A time as the market writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketTime {
    local_ms: i64,
    zone_ms: Option<i64>,
}

impl MarketTime {
    /// Reads a moment in any form that [`WrittenTime::parse`] knows. A date alone is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::of(WrittenTime::parse(text)?)
    }

    /// The same of a value, be it text, an array or a number.
    #[must_use]
    pub fn read(json: Json<'_>) -> Option<Self> {
        Self::of(json.time()?)
    }

    /// What the clock showed: milliseconds since 1970, as if it had been in UTC.
    #[must_use]
    pub fn local_ms(self) -> i64 {
        self.local_ms
    }

    /// What the zone that is named is ahead of UTC, in milliseconds; `None` where none is named.
    #[must_use]
    pub fn zone_ms(self) -> Option<i64> {
        self.zone_ms
    }

    fn of(written: WrittenTime) -> Option<Self> {
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let since: SignedDuration = written.local()?.duration_since(epoch);
        if written.zone.is_some() {
            // At the edges of the calendar there is no such moment.
            written.moment()?;
        }
        Some(Self {
            local_ms: i64::try_from(since.as_millis()).ok()?,
            zone_ms: written.zone.map(|zone| i64::from(zone.seconds()) * 1_000),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-08-22T21:55:00, as if it were UTC.
    const LOCAL: i64 = 1_787_435_700_000;
    const HOUR: i64 = 60 * 60 * 1_000;

    #[test]
    fn a_time_says_what_the_clock_showed() {
        for (text, local) in [
            ("2026-08-22T21:55:00", LOCAL),
            ("2026-08-22T21:55", LOCAL),
            ("2026-08-22T21:55:00.25", LOCAL + 250),
            ("2026-08-22T21:55:00.123456789", LOCAL + 123),
            ("2026-08-22 21:55:00", LOCAL),
            ("[2026,8,22,21,55]", LOCAL),
            ("[2026, 8, 22, 21, 55, 1]", LOCAL + 1_000),
            ("[2026,8,22,21,55,1,250000000]", LOCAL + 1_250),
            ("1969-12-31T23:59:59", -1_000),
        ] {
            let time = MarketTime::parse(text).expect(text);
            assert_eq!((time.local_ms(), time.zone_ms()), (local, None), "{text}");
        }
    }

    #[test]
    fn a_zone_is_told_beside_what_the_clock_showed_and_changes_nothing_of_it() {
        for (text, zone) in [
            ("2026-08-22T21:55:00Z", 0),
            ("2026-08-22T21:55:00.000z", 0),
            ("2026-08-22T21:55:00+08:00", 8 * HOUR),
            ("2026-08-22T21:55:00+0800", 8 * HOUR),
            ("2026-08-22T21:55:00+08:00[Asia/Taipei]", 8 * HOUR),
            ("2026-08-22T21:55:00-00:30", -HOUR / 2),
            ("1787435700", 0),
            ("1787435700000", 0),
        ] {
            let time = MarketTime::parse(text).expect(text);
            assert_eq!((time.local_ms(), time.zone_ms()), (LOCAL, Some(zone)), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "now",
            "2026-08-22",
            "21:55:00",
            "2026-13-22T21:55:00",
            "2026-02-30T21:55:00",
            "2026-08-22T25:55:00",
            "2026-08-22T21:55:00+99:99",
            "2026-08-22T21:55:00x",
            "0",
            "[]",
            "[2026,8,22]",
            "[2026,8,22,21,55,0,0,0]",
            "[2026,13,22,21,55]",
            "[99999,1,1,0,0]",
            "[2026,8,22,21,55,0.5]",
            "[2026,8,22,21,55,0,-1]",
            "[[[[[[",
        ] {
            assert_eq!(MarketTime::parse(text), None, "{text}");
        }
    }
}
