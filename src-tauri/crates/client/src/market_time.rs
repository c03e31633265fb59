//! The market's times. It owns the forms they come in; what the server's zone is, the caller learns
//! from the events that carry the server's clock.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

/// A moment as the market writes it: in the server's local time where it names no zone, absolute
/// where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketTime {
    /// Milliseconds since 1970; a local time is counted as if it were UTC.
    epoch_ms: i64,
    is_absolute: bool,
}

impl MarketTime {
    /// Reads ISO-8601 (`2026-08-22T21:55:00`, also with a fraction, and with `Z` or an offset), or
    /// the array that Spring writes in its place (`[2026,8,22,21,55,0]`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('[') {
            return Some(Self::local(from_parts(&serde_json::from_str::<Vec<i32>>(text).ok()?)?));
        }
        // A date alone is no moment.
        if !text.contains(['T', 't', ' ']) {
            return None;
        }
        match text.parse::<Timestamp>() {
            Ok(moment) => Some(Self { epoch_ms: moment.as_millisecond(), is_absolute: true }),
            Err(_) => text.parse().ok().map(Self::local),
        }
    }

    /// The moment in milliseconds since 1970, UTC. `server_offset_ms` is the server's local time,
    /// read as if it were UTC, minus UTC, in milliseconds; an absolute time doesn't need it.
    #[must_use]
    pub fn to_epoch_ms(self, server_offset_ms: i64) -> i64 {
        if self.is_absolute {
            self.epoch_ms
        } else {
            self.epoch_ms.saturating_sub(server_offset_ms)
        }
    }

    /// The server's offset in milliseconds, as [`to_epoch_ms`](Self::to_epoch_ms) wants it, of a
    /// time that the server wrote at `now_ms` (since 1970, UTC). It has the event's travel and the
    /// difference of the clocks in it. `None` for an absolute time, which says nothing of it.
    #[must_use]
    pub fn server_offset_ms(self, now_ms: i64) -> Option<i64> {
        (!self.is_absolute).then(|| self.epoch_ms.saturating_sub(now_ms))
    }

    fn local(time: DateTime) -> Self {
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let since: SignedDuration = time.duration_since(epoch);
        Self { epoch_ms: i64::try_from(since.as_millis()).unwrap_or_default(), is_absolute: false }
    }
}

/// Year, month, day, hour, minute, and, where they aren't zero, second and nanosecond.
fn from_parts(parts: &[i32]) -> Option<DateTime> {
    let (&[year, month, day, hour, minute], rest) = parts.split_first_chunk()?;
    let (second, nanosecond) = match *rest {
        [] => (0, 0),
        [second] => (second, 0),
        [second, nanosecond] => (second, nanosecond),
        _ => return None,
    };
    DateTime::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        nanosecond,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIPEI: i64 = 8 * 60 * 60 * 1000;
    /// 2026-08-22T21:55:00Z.
    const MOMENT: i64 = 1_787_435_700_000;

    fn in_taipei(text: &str) -> Option<i64> {
        MarketTime::parse(text).map(|time| time.to_epoch_ms(TAIPEI))
    }

    #[test]
    fn a_time_without_a_zone_is_the_servers() {
        for (text, moment) in [
            ("2026-08-22T21:55:00", MOMENT - TAIPEI),
            ("2026-08-22T21:55", MOMENT - TAIPEI),
            ("2026-08-22T21:55:00.25", MOMENT - TAIPEI + 250),
            ("2026-08-22T21:55:00.123456789", MOMENT - TAIPEI + 123),
            ("2026-08-22 21:55:00", MOMENT - TAIPEI),
            ("[2026,8,22,21,55]", MOMENT - TAIPEI),
            ("[2026, 8, 22, 21, 55, 1]", MOMENT - TAIPEI + 1_000),
            ("[2026,8,22,21,55,1,250000000]", MOMENT - TAIPEI + 1_250),
            ("1969-12-31T23:59:59", -1_000 - TAIPEI),
        ] {
            assert_eq!(in_taipei(text), Some(moment), "{text}");
        }
    }

    #[test]
    fn a_time_with_a_zone_is_absolute() {
        for (text, moment) in [
            ("2026-08-22T21:55:00Z", MOMENT),
            ("2026-08-22T21:55:00.5z", MOMENT + 500),
            ("2026-08-22T21:55:00+08:00", MOMENT - TAIPEI),
            ("2026-08-22T21:55:00+0800", MOMENT - TAIPEI),
            ("2026-08-22T21:55:00+08:00[Asia/Taipei]", MOMENT - TAIPEI),
            ("2026-08-22T21:55:00-00:30", MOMENT + 30 * 60 * 1000),
        ] {
            assert_eq!(in_taipei(text), Some(moment), "{text}");
            assert_eq!(MarketTime::parse(text).unwrap().server_offset_ms(0), None, "{text}");
        }
    }

    #[test]
    fn the_servers_clock_tells_its_offset() {
        let clock = MarketTime::parse("2026-08-22T21:55:00").unwrap();
        let offset = clock.server_offset_ms(MOMENT - TAIPEI + 40).unwrap();
        assert_eq!(offset, TAIPEI - 40);
        assert_eq!(clock.to_epoch_ms(offset), MOMENT - TAIPEI + 40);
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
            "1787435700000",
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
        for edge in ["9999-12-31T23:59:59", "-009999-01-01T00:00:00", "9999-12-31T23:59:59Z"] {
            if let Some(time) = MarketTime::parse(edge) {
                let _ = time.to_epoch_ms(i64::MIN).wrapping_add(time.to_epoch_ms(i64::MAX));
            }
        }
    }
}
