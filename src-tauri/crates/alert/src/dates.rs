//! Days and moments as people who speak a language write them, by the patterns in its catalogue.

use crate::catalogue::{self, Language};
use jiff::civil::Date;

/// A day without its year, such as `24 Nov`.
pub fn day(language: Language, date: Date) -> String {
    let (day, month) = (date.day().to_string(), date.month());
    let months = catalogue::variants(language, "time.months");
    let name = usize::try_from(month - 1).ok().and_then(|month| months.get(month));
    let number = month.to_string();
    let values = [("day", &*day), ("month", name.copied().unwrap_or(&number))];
    catalogue::text_with(language, "time.day", &values)
}

/// A time on a day, such as `24 Nov 18:30`.
pub fn moment(language: Language, day: &str, time: &str) -> String {
    catalogue::text_with(language, "time.moment", &[("day", day), ("time", time)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_its_name_in_every_language() {
        for language in Language::ALL {
            let days = (1..=12).map(|month| day(language, Date::constant(2026, month, 4)));
            let mut days: Vec<_> = days.collect();
            assert!(days.iter().all(|day| day.contains('4')), "{days:?}");
            days.sort();
            days.dedup();
            assert_eq!(days.len(), 12, "{}", language.tag());
        }
    }
}
