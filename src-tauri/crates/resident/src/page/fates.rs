//! What became of an alert's toast, in words.

use agora_alert::catalogue::{self, Language};
use agora_alert::dates;
use agora_rules::Fate;
use agora_rules::Mute;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// A sentence that says what became of the toast of an alert of the time `at_ms`, in the zone where
/// the person is.
pub(crate) fn words(fate: Fate, at_ms: i64, language: Language, zone: &TimeZone) -> String {
    let text = |name: &str, values: &[(&str, &str)]| {
        catalogue::text_with(language, &format!("fate.{name}"), values)
    };
    let category = |name: &str, category: agora_inbox::Category| {
        let path = format!("category.{}", category.name());
        text(name, &[("category", catalogue::text(language, &path))])
    };
    let until = |name: &str, until_ms: i64| {
        text(name, &[("until", &until(until_ms, at_ms, language, zone))])
    };
    let counted = |name: &str, count: u32| text(name, &[("count", &count.to_string())]);
    match fate {
        Fate::Shown => text("shown", &[]),
        Fate::Clicked => text("clicked", &[]),
        Fate::Kept => text("kept", &[]),
        Fate::Handed => text("handed", &[]),
        Fate::SummedUp(1) | Fate::Away(1) => text("in_a_sum", &[]),
        Fate::SummedUp(count) => counted("summed_up", count),
        Fate::Away(count) => counted("away", count),
        Fate::AfterQuiet { count, .. } => counted("after_quiet", count),
        Fate::NoDaemon => text("no_daemon", &[]),
        Fate::NotShown => text("not_shown", &[]),
        Fate::Muted(Mute::Confirmation) => text("confirmation", &[]),
        Fate::Muted(Mute::Read) => text("read", &[]),
        Fate::Muted(Mute::CategoryOff(of)) => category("category_off", of),
        Fate::Muted(Mute::OnlyUrgent(of)) => category("only_urgent", of),
        Fate::Muted(Mute::QuietHours { until_ms: None }) => text("quiet_always", &[]),
        Fate::Muted(Mute::QuietHours { until_ms: Some(end) }) => until("quiet", end),
        Fate::Muted(Mute::Snoozed { until_ms: end }) => until("snoozed", end),
    }
}

/// The time alone where it is of the alert's day or the next one's morning, otherwise with its date.
fn until(until_ms: i64, at_ms: i64, language: Language, zone: &TimeZone) -> String {
    let local = |ms: i64| -> ZonedDateTime {
        Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned_datetime(zone.clone())
    };
    let (until, at) = (local(until_ms), local(at_ms));
    let hours = (until_ms - at_ms) / 3_600_000;
    let time = until.strftime("%H:%M").to_string();
    if hours < 24 || until.date() == at.date() {
        return time;
    }
    dates::moment(language, &dates::day(language, until.date()), &time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_inbox::Category;

    /// 2026-11-24 22:30 in Taipei.
    const EVENING: i64 = 1_795_530_600_000;
    const HOUR: i64 = 3_600_000;

    fn taipei() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(8))
    }

    #[test]
    fn a_rule_is_named_with_what_it_says() {
        let say = |fate, language| words(fate, EVENING, language, &taipei());
        let quiet = Fate::Muted(Mute::QuietHours { until_ms: Some(EVENING + 9 * HOUR + HOUR / 2) });
        assert_eq!(say(quiet, Language::EN), "No toast: quiet hours until 08:00.");
        assert_eq!(say(quiet, Language::ZH_TW), "未彈出：勿擾時段至 08:00。");
        let off = Fate::Muted(Mute::CategoryOff(Category::Chat));
        assert_eq!(say(off, Language::EN), "No toast: Chat is muted.");
        let snoozed = Fate::Muted(Mute::Snoozed { until_ms: EVENING + 40 * HOUR });
        assert_eq!(say(snoozed, Language::EN), "No toast: snoozed until 26 Nov 14:30.");
    }

    #[test]
    fn every_fate_has_words_in_every_language() {
        let mutes = [
            Mute::Confirmation,
            Mute::Read,
            Mute::CategoryOff(Category::Money),
            Mute::OnlyUrgent(Category::Money),
            Mute::QuietHours { until_ms: None },
            Mute::QuietHours { until_ms: Some(EVENING) },
            Mute::Snoozed { until_ms: EVENING },
        ];
        let others = [
            Fate::Shown,
            Fate::Clicked,
            Fate::Kept,
            Fate::Handed,
            Fate::SummedUp(1),
            Fate::SummedUp(32),
            Fate::Away(5),
            Fate::AfterQuiet { told_ms: EVENING, count: 1 },
            Fate::NoDaemon,
            Fate::NotShown,
        ];
        for fate in mutes.into_iter().map(Fate::Muted).chain(others) {
            for language in Language::ALL {
                let words = words(fate, EVENING, language, &taipei());
                assert!(!words.contains(['{', '}']) && !words.starts_with("fate."), "{words}");
            }
        }
    }
}
