//! The market's times. It owns the forms they come in; what the server's zone is, the caller learns
//! from the events that carry the server's clock.

use agora_wire::{Json, WrittenTime};
use jiff::SignedDuration;
use jiff::civil::DateTime;

/// A moment as the market writes it: in the server's local time where it names no zone, absolute
/// where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketTime {
    /// Milliseconds since 1970; a local time is counted as if it were UTC.
    epoch_ms: i64,
    is_absolute: bool,
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

    fn of(written: WrittenTime) -> Option<Self> {
        if written.zone.is_some() {
            let epoch_ms = written.moment()?.as_millisecond();
            return Some(Self { epoch_ms, is_absolute: true });
        }
        let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let since: SignedDuration = written.local()?.duration_since(epoch);
        Some(Self { epoch_ms: i64::try_from(since.as_millis()).ok()?, is_absolute: false })
    }
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
            ("1787435700", MOMENT),
            ("1787435700000", MOMENT),
            ("1787435700.25", MOMENT + 250),
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
        for edge in ["9999-12-31T23:59:59", "-009999-01-01T00:00:00", "9999-12-31T23:59:59Z"] {
            if let Some(time) = MarketTime::parse(edge) {
                let _ = time.to_epoch_ms(i64::MIN).wrapping_add(time.to_epoch_ms(i64::MAX));
            }
        }
    }
}
