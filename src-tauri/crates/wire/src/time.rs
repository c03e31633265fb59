//! The forms in which a time is written. What one without a zone means, the caller knows.

use crate::Json;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// The longest that is looked at, in bytes; more is no time.
const LONGEST: usize = 64;
/// An epoch before this is no time but a small number: 1973, in seconds.
const EPOCH_FROM: f64 = 1e8;
/// From this on an epoch is in milliseconds: 1973 again, or the year 5138 in seconds.
const EPOCH_MS_FROM: f64 = 1e11;
/// And from this on it is nothing that is known.
const EPOCH_MS_TO: f64 = 1e14;

/// A day or a moment as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenTime {
    /// The day.
    pub date: Date,
    /// The time of day; without one it is a day and no moment.
    pub time: Option<Time>,
    /// The zone that it names, as what it is ahead of UTC.
    pub zone: Option<Offset>,
}

impl WrittenTime {
    /// Reads ISO 8601 (`2026-08-22T21:55:00`, also with a fraction, a space for the `T`, `Z`, or an
    /// offset), the array that Jackson writes in its place (`[2026,8,22,21,55,0]`), or an epoch in
    /// seconds or milliseconds (`1787435700`, `1787435700000`, `1787435700.25`), which is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        match text.bytes().next()? {
            b'[' => Self::of_parts(Json::read(text)?),
            _ => Self::of_iso(text).or_else(|| Self::of_epoch(text)),
        }
    }

    /// The moment, if it is one and names its zone.
    pub fn moment(self) -> Option<Timestamp> {
        self.zone?.to_timestamp(self.local()?).ok()
    }

    /// What the clock showed there, if it is a moment.
    pub fn local(self) -> Option<DateTime> {
        Some(self.date.to_datetime(self.time?))
    }

    fn of_iso(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text).ok()?;
        let zone = match pieces.offset() {
            Some(PiecesOffset::Zulu) => Some(Offset::UTC),
            Some(PiecesOffset::Numeric(offset)) => Some(offset.offset()),
            // A zone that is only named would have to be known to be understood.
            _ if pieces.time_zone_annotation().is_some() => return None,
            _ => None,
        };
        Some(Self { date: pieces.date(), time: pieces.time(), zone })
    }

    /// Year, month, day; hour, minute and, where they aren't zero, second and nanosecond.
    fn of_parts(array: Json<'_>) -> Option<Self> {
        let parts: Vec<i64> = array.array()?.map(Json::id).collect::<Option<_>>()?;
        let (&[year, month, day], rest) = parts.split_first_chunk()?;
        let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
        let [hour, minute, second, nanosecond] = match *rest {
            [] => return Some(Self { date: date.ok()?, time: None, zone: None }),
            [hour, minute] => [hour, minute, 0, 0],
            [hour, minute, second] => [hour, minute, second, 0],
            [hour, minute, second, nanosecond] => [hour, minute, second, nanosecond],
            _ => return None,
        };
        let time = Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            nanosecond.try_into().ok()?,
        );
        Some(Self { date: date.ok()?, time: Some(time.ok()?), zone: None })
    }

    fn of_epoch(text: &str) -> Option<Self> {
        let is_number = text.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || b".eE+".contains(&byte));
        let epoch: f64 = is_number.then(|| text.parse().ok())??;
        let seconds = match epoch {
            seconds if (EPOCH_FROM..EPOCH_MS_FROM).contains(&seconds) => seconds,
            ms if (EPOCH_MS_FROM..EPOCH_MS_TO).contains(&ms) => ms / 1e3,
            _ => return None,
        };
        let since = SignedDuration::try_from_secs_f64(seconds).ok()?;
        // A double has no more than the microseconds of it.
        let since = since.round(jiff::Unit::Microsecond).ok()?;
        let local = Offset::UTC.to_datetime(Timestamp::from_duration(since).ok()?);
        Some(Self { date: local.date(), time: Some(local.time()), zone: Some(Offset::UTC) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    #[test]
    fn one_moment_is_written_in_many_ways() {
        let local = date(2026, 8, 22).at(21, 55, 0, 0);
        for text in [
            "2026-08-22T21:55:00",
            "2026-08-22T21:55",
            "2026-08-22 21:55:00.000",
            " 2026-08-22T21:55:00 ",
            "[2026,8,22,21,55]",
            "[2026, 8, 22, 21, 55, 0]",
            "[2026,8,22,21,55,0,0]",
            r#"["2026","8","22","21","55"]"#,
        ] {
            let read = WrittenTime::parse(text).expect(text);
            assert_eq!(
                (read.local(), read.zone, read.moment()),
                (Some(local), None, None),
                "{text}"
            );
        }
        for text in [
            "2026-08-22T21:55:00Z",
            "2026-08-22T21:55:00.000+00:00",
            "2026-08-23T05:55:00+08:00",
            "2026-08-23T05:55:00+0800",
            "2026-08-23T05:55:00+08:00[Asia/Taipei]",
            "1787435700",
            "1787435700.0",
            "1787435700.000000000",
            "1787435700000",
            "1.7874357E12",
        ] {
            let moment = WrittenTime::parse(text).and_then(WrittenTime::moment).expect(text);
            assert_eq!(moment.as_millisecond(), 1_787_435_700_000, "{text}");
        }
        for text in ["2026-08-22", "[2026,8,22]"] {
            let day = WrittenTime::parse(text).unwrap();
            assert_eq!(
                (day.date, day.local(), day.moment()),
                (date(2026, 8, 22), None, None),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "now",
            "21:55:00",
            "明天",
            "0",
            "7",
            "25",
            "-1",
            "99999999",
            "1e400",
            "1e14",
            "NaN",
            "inf",
            "2026-13-22T21:55:00",
            "2026-02-30T21:55:00",
            "2026-08-22T25:55:00",
            "2026-08-22T21:55:00+99:99",
            "2026-08-22T21:55:00x",
            "2026-08-22T21:55:00[Asia/Taipei]",
            "[]",
            "[2026]",
            "[2026,8]",
            "[2026,8,22,21]",
            "[2026,8,22,21,55,0,0,0]",
            "[2026,13,22,21,55]",
            "[99999,1,1,0,0]",
            "[2026,8,22,21,55,0.5]",
            "[2026,8,22,21,55,0,-1]",
            "[2026,8,22,21,55",
            "[[[[[[",
            "[2026,8,22,[21],55]",
            &"2".repeat(10_000),
        ] {
            assert_eq!(WrittenTime::parse(text), None, "{text:.60}");
        }
    }

    #[test]
    fn any_moment_is_the_same_in_every_form() {
        let mut random = StdRng::seed_from_u64(3);
        for _ in 0..2_000 {
            let seconds = random.random_range(100_000_000..4_000_000_000_i64);
            let ms = random.random_range(0..1_000_i64);
            let moment = Timestamp::from_millisecond(seconds * 1_000 + ms).unwrap();
            let offset = Offset::from_seconds(random.random_range(-56..=56) * 900).unwrap();
            let there = offset.to_datetime(moment);
            for text in [
                format!("{moment}"),
                format!("{}", moment.display_with_offset(offset)),
                format!("{}", seconds * 1_000 + ms),
                format!("{seconds}.{ms:03}"),
                format!("{seconds}.{ms:03}000000"),
            ] {
                let read = WrittenTime::parse(&text).unwrap();
                assert_eq!(read.moment(), Some(moment), "{text}");
                for json in [text.clone(), format!("\"{text}\"")] {
                    let read_json = Json::read(&json).and_then(Json::time);
                    assert!(read_json.is_none() || read_json == Some(read), "{json}");
                }
            }
            let array = format!(
                "[{},{},{},{},{},{},{}]",
                there.year(),
                there.month(),
                there.day(),
                there.hour(),
                there.minute(),
                there.second(),
                there.subsec_nanosecond()
            );
            for text in [array, there.to_string(), there.to_string().replace('T', " ")] {
                assert_eq!(
                    WrittenTime::parse(&text).and_then(WrittenTime::local),
                    Some(there),
                    "{text}"
                );
            }
        }
    }
}
