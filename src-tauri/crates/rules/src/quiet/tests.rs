use super::*;

fn rules(from: &str, to: &str, days: [bool; 7]) -> Rules {
    let minutes = |text: &str| {
        let (hour, minute) = text.split_once(':').unwrap();
        hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
    };
    let quiet = QuietHours { on: true, days, from: minutes(from), to: minutes(to) };
    Rules { quiet, ..Rules::default() }
}

const ALL: [bool; 7] = [true; 7];
const FRIDAY: [bool; 7] = [false, false, false, false, true, false, false];
const WEEKEND: [bool; 7] = [false, false, false, false, false, true, true];

/// `-` where it isn't quiet, or when it ends, by the clock on the wall.
fn until(rules: &Rules, now: &str) -> String {
    match quiet_until(rules, &now.parse().unwrap()) {
        None => "-".to_owned(),
        Some(Quiet::Until(end)) => end.strftime("%F %R %:z").to_string(),
        Some(Quiet::Always) => "always".to_owned(),
    }
}

#[test]
fn over_midnight_it_belongs_to_the_day_on_which_it_begins() {
    let friday = rules("22:00", "08:00", FRIDAY);
    for (now, expected) in [
        ("2026-11-27T21:59[Asia/Taipei]", "-"),
        ("2026-11-27T22:00[Asia/Taipei]", "2026-11-28 08:00 +08:00"),
        ("2026-11-28T00:00[Asia/Taipei]", "2026-11-28 08:00 +08:00"),
        ("2026-11-28T07:59[Asia/Taipei]", "2026-11-28 08:00 +08:00"),
        ("2026-11-28T08:00[Asia/Taipei]", "-"),
        ("2026-11-28T23:00[Asia/Taipei]", "-"),
        ("2026-11-27T07:00[Asia/Taipei]", "-"),
    ] {
        assert_eq!(until(&friday, now), expected, "{now}");
    }
    let morning = rules("06:00", "12:30", FRIDAY);
    assert_eq!(until(&morning, "2026-11-27T12:00[Asia/Kathmandu]"), "2026-11-27 12:30 +05:45");
    assert_eq!(until(&morning, "2026-11-28T06:00[Asia/Kathmandu]"), "-");
}

#[test]
fn the_same_time_twice_is_a_whole_day_and_days_in_a_row_are_one() {
    let weekend = rules("00:00", "00:00", WEEKEND);
    assert_eq!(until(&weekend, "2026-11-27T23:59[Asia/Taipei]"), "-");
    assert_eq!(until(&weekend, "2026-11-28T00:00[Asia/Taipei]"), "2026-11-30 00:00 +08:00");
    assert_eq!(until(&weekend, "2026-11-30T00:00[Asia/Taipei]"), "-");
    assert_eq!(until(&rules("09:00", "09:00", ALL), "2026-11-28T00:00[Asia/Taipei]"), "always");
    let off = QuietHours { on: false, ..rules("09:00", "09:00", ALL).quiet };
    let off = Rules { quiet: off, ..Rules::default() };
    assert_eq!(until(&off, "2026-11-28T00:00[Asia/Taipei]"), "-");
}

#[test]
fn a_change_to_summer_time_skips_and_one_back_repeats() {
    for (from, to, now, expected) in [
        // 02:00 becomes 03:00.
        ("22:00", "08:00", "2026-03-28T23:00[Europe/Berlin]", "2026-03-29 08:00 +02:00"),
        ("22:00", "02:30", "2026-03-29T01:59[Europe/Berlin]", "2026-03-29 03:00 +02:00"),
        ("22:00", "02:30", "2026-03-29T03:00[Europe/Berlin]", "-"),
        ("02:30", "06:00", "2026-03-29T01:59[Europe/Berlin]", "-"),
        ("02:30", "06:00", "2026-03-29T03:00[Europe/Berlin]", "2026-03-29 06:00 +02:00"),
        ("02:10", "02:50", "2026-03-29T01:59[Europe/Berlin]", "-"),
        ("02:10", "02:50", "2026-03-29T03:00[Europe/Berlin]", "-"),
        // 03:00 becomes 02:00.
        ("22:00", "02:30", "2026-10-25T02:29+02:00[Europe/Berlin]", "2026-10-25 02:30 +01:00"),
        ("22:00", "02:30", "2026-10-25T02:45+02:00[Europe/Berlin]", "2026-10-25 02:30 +01:00"),
        ("22:00", "02:30", "2026-10-25T02:30+01:00[Europe/Berlin]", "-"),
        ("02:30", "06:00", "2026-10-25T02:29+02:00[Europe/Berlin]", "-"),
        ("02:30", "06:00", "2026-10-25T02:30+02:00[Europe/Berlin]", "2026-10-25 06:00 +01:00"),
        ("02:30", "06:00", "2026-10-25T02:15+01:00[Europe/Berlin]", "2026-10-25 06:00 +01:00"),
        // Half an hour off, and changing in the same way.
        ("22:00", "07:30", "2026-03-08T01:00[America/St_Johns]", "2026-03-08 07:30 -02:30"),
        ("22:00", "01:30", "2026-11-01T01:40-02:30[America/St_Johns]", "2026-11-01 01:30 -03:30"),
        // A change of half an hour.
        (
            "22:00",
            "01:45",
            "2026-04-05T01:50+11:00[Australia/Lord_Howe]",
            "2026-04-05 01:45 +10:30",
        ),
    ] {
        assert_eq!(until(&rules(from, to, ALL), now), expected, "{from}-{to} at {now}");
    }
}

/// Every minute around a week in a zone, and what the clock on the wall shows at it.
struct Walk {
    minutes: Vec<ZonedDateTime>,
    shown: Vec<DateTime>,
}

impl Walk {
    fn of(monday: &str, zone: &str) -> Self {
        let monday: Date = monday.parse().unwrap();
        let begin = monday.checked_sub(3.days()).unwrap().in_tz(zone).unwrap();
        let minutes: Vec<_> = (0..20 * 24 * 60_i64)
            .map(|minute| begin.checked_add(minute.minutes()).unwrap())
            .collect();
        Self { shown: minutes.iter().map(ZonedDateTime::datetime).collect(), minutes }
    }

    /// Whether each minute is quiet, by nothing but looking.
    fn quiet(&self, hours: QuietHours) -> Vec<bool> {
        let mut quiet = vec![false; self.minutes.len()];
        for day in 0..19_i64 {
            let day = self.minutes[0].date().checked_add(day.days()).unwrap();
            if !hours.days[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()] {
                continue;
            }
            let from = at(day, hours.from).unwrap();
            let to = at(day, hours.to + if hours.to > hours.from { 0 } else { DAY }).unwrap();
            let last = |is: &dyn Fn(&DateTime) -> bool| self.shown.iter().rposition(is);
            let begin = self.shown.iter().position(|shown| *shown >= from).unwrap();
            let end = last(&|shown| *shown == to).or_else(|| Some(last(&|shown| *shown < to)? + 1));
            if begin < end.unwrap() {
                quiet[begin..end.unwrap()].fill(true);
            }
        }
        quiet
    }

    /// Compares at every minute of the week, from its end.
    fn check(&self, rules: &Rules, what: &str) {
        let quiet = self.quiet(rules.quiet);
        let mut end = None;
        for (minute, now) in self.minutes.iter().enumerate().rev().skip(1) {
            if quiet[minute] != quiet[minute + 1] {
                end = Some(&self.minutes[minute + 1]);
            }
            if !(3 * 24 * 60..10 * 24 * 60).contains(&minute) {
                continue;
            }
            let expected = quiet[minute].then(|| Quiet::Until(end.unwrap().clone()));
            assert_eq!(quiet_until(rules, now), expected, "{what} at {now}");
            let next = end.map(|end| end.timestamp().as_millisecond());
            assert_eq!(next_change_ms(rules, now), next, "{what} at {now}");
        }
    }
}

#[test]
fn every_minute_of_a_week_is_as_a_walk_finds_it() {
    let no_friday = [true, true, true, true, false, true, true];
    let hours = [
        ("22:00", "08:00", no_friday),
        ("02:30", "02:30", no_friday),
        ("01:30", "02:15", WEEKEND),
        ("23:45", "00:15", WEEKEND),
    ];
    for (zone, monday) in [
        ("Asia/Taipei", "2026-11-23"),
        ("Asia/Kathmandu", "2026-11-23"),
        ("Europe/Berlin", "2026-03-23"),
        ("Europe/Berlin", "2026-10-19"),
        ("America/St_Johns", "2026-03-02"),
        ("America/St_Johns", "2026-10-26"),
        // It fell back from one minute past midnight, to the day before.
        ("America/St_Johns", "2010-11-01"),
        // A whole day was skipped.
        ("Pacific/Apia", "2011-12-26"),
    ] {
        let walk = Walk::of(monday, zone);
        for (from, to, days) in hours {
            walk.check(&rules(from, to, days), &format!("{zone}, {from}-{to}, {days:?}"));
        }
    }
}
