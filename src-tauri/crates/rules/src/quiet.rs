//! Quiet hours: from the wall clock's times to moments, over midnight and over its changes.

use super::Rules;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan, ZonedDateTime};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// When a person wants quiet, by the clock on their wall.
///
/// A stretch begins the first time that the clock shows `from` and lasts until the last time that
/// it shows `to`. A time that a change of the clock skips is shown at the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuietHours {
    /// Whether there are any.
    pub on: bool,
    /// The days on which a stretch begins, Monday first.
    pub days: [bool; 7],
    /// Minutes since midnight; 1440 and more is taken modulo a day.
    pub from: u16,
    /// As `from`. Not later than it: of the next day, so that the same is 24 hours.
    pub to: u16,
}

/// How long the quiet lasts that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiet {
    /// Until then, when it is over indeed: stretches without a pause between them are one.
    Until(ZonedDateTime),
    /// Each stretch is followed by the next.
    Always,
}

/// Whether it is quiet at `now`, and how long.
pub fn quiet_until(rules: &Rules, now: &ZonedDateTime) -> Option<Quiet> {
    let mut until = now.timestamp();
    for stretch in stretches(rules.quiet, now) {
        if stretch.begin > until {
            break;
        }
        if until < stretch.end {
            if rules.quiet.never_ends() {
                return Some(Quiet::Always);
            }
            until = stretch.end;
        }
    }
    let until = until.to_zoned_datetime(now.time_zone().clone());
    (until != *now).then_some(Quiet::Until(until))
}

/// When quiet begins or ends next, in milliseconds since the Unix epoch; `None` where it never does.
pub fn next_change_ms(rules: &Rules, now: &ZonedDateTime) -> Option<i64> {
    if let Some(quiet) = quiet_until(rules, now) {
        return quiet.until_ms();
    }
    let begins = stretches(rules.quiet, now).map(|stretch| stretch.begin);
    let next = begins.filter(|begin| *begin > now.timestamp()).min();
    next.map(Timestamp::as_millisecond)
}

impl Quiet {
    /// When it ends, in milliseconds since the Unix epoch; `None` where it doesn't.
    pub fn until_ms(&self) -> Option<i64> {
        match self {
            Self::Until(end) => Some(end.timestamp().as_millisecond()),
            Self::Always => None,
        }
    }
}

impl QuietHours {
    fn never_ends(self) -> bool {
        self.days == [true; 7] && self.from % DAY == self.to % DAY
    }

    /// The stretch that begins on that day.
    fn stretch(self, day: Date, zone: &TimeZone) -> Option<Stretch> {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).ok()?;
        if !self.on || !self.days[weekday] {
            return None;
        }
        let (from, to) = (self.from % DAY, self.to % DAY);
        let last_day = if to > from { day } else { day.tomorrow().ok()? };
        let begin = moment(zone, at(day, from)?, Showing::First)?;
        let end = moment(zone, at(last_day, to)?, Showing::Last)?;
        (begin < end).then_some(Stretch { begin, end })
    }
}

/// Off; once they are on, every night from 22:00 to 08:00.
impl Default for QuietHours {
    fn default() -> Self {
        Self { on: false, days: [true; 7], from: 22 * 60, to: 8 * 60 }
    }
}

struct Stretch {
    begin: Timestamp,
    end: Timestamp,
}

/// The stretches around `now`, in order: the one that may have begun the day before, and those of
/// more than a week from now, as many as may follow each other without a pause.
fn stretches(hours: QuietHours, now: &ZonedDateTime) -> impl Iterator<Item = Stretch> {
    let zone = now.time_zone().clone();
    let today = now.date();
    (-1..=8).filter_map(move |days: i64| {
        hours.stretch(today.checked_add(Span::new().days(days)).ok()?, &zone)
    })
}

fn at(day: Date, minutes: u16) -> Option<DateTime> {
    day.at(0, 0, 0, 0).checked_add(i64::from(minutes).minutes()).ok()
}

/// Which of the times that a clock shows something.
#[derive(Clone, Copy)]
enum Showing {
    First,
    Last,
}

/// When the clocks of a zone show that.
fn moment(zone: &TimeZone, shown: DateTime, which: Showing) -> Option<Timestamp> {
    match (zone.to_ambiguous_timestamp(shown).offset(), which) {
        (AmbiguousOffset::Unambiguous { offset }, _)
        | (AmbiguousOffset::Fold { before: offset, .. }, Showing::First)
        | (AmbiguousOffset::Fold { after: offset, .. }, Showing::Last) => {
            offset.to_timestamp(shown).ok()
        }
        // With the later offset, a skipped time is just before the change.
        (AmbiguousOffset::Gap { after, .. }, _) => {
            let before = after.to_timestamp(shown).ok()?;
            Some(zone.following(before).next()?.timestamp())
        }
    }
}

#[cfg(test)]
mod tests;
