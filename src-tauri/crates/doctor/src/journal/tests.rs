//! The journal over hours, in milliseconds.

use super::*;
use agora_client::ReasonCode;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// 2026-11-24.
const START: i64 = 1_795_478_400_000;

/// The clocks, as a test sets them.
struct Clocks(Moment);

impl Clocks {
    fn new() -> Self {
        Self(Moment { wall_ms: START, alive_ms: 7_000, awake_ms: 5_000 })
    }

    fn pass(&mut self, ms: i64) -> Moment {
        self.0.awake_ms += ms;
        self.sleep(ms)
    }

    fn sleep(&mut self, ms: i64) -> Moment {
        self.0.alive_ms += ms;
        self.set(ms)
    }

    fn set(&mut self, by_ms: i64) -> Moment {
        self.0.wall_ms += by_ms;
        self.0
    }
}

fn begun() -> (Journal, Clocks) {
    let clocks = Clocks::new();
    (Journal::begun(None, clocks.0), clocks)
}

fn connect(journal: &mut Journal, now: Moment) {
    journal.became(now, State::Connected.into(), Some(now.wall_ms));
}

fn waiting(reason: ReasonCode, wait_ms: i64) -> Standing {
    Standing { reason: Some(reason), wait_ms: Some(wait_ms), ..State::Waiting.into() }
}

/// Each stretch as its state and how long it is in minutes, without what is before the beginning.
fn stretches(journal: &Journal, now: Moment) -> Vec<(State, i64)> {
    let day = journal.day(now.wall_ms);
    assert_eq!((day.from_ms, day.to_ms), (now.wall_ms - DAY_MS, now.wall_ms));
    assert_eq!(day.stretches[0].from_ms, day.from_ms);
    assert_eq!(day.stretches.last().unwrap().to_ms, day.to_ms);
    assert!(day.stretches.windows(2).all(|two| two[0].to_ms == two[1].from_ms), "no gap");
    assert_eq!(day.totals.iter().map(|total| total.ms).sum::<i64>(), DAY_MS);
    let known = day.stretches.iter().filter(|stretch| stretch.state != State::Unrecorded);
    known.map(|stretch| (stretch.state, (stretch.to_ms - stretch.from_ms) / MINUTE)).collect()
}

fn marks(journal: &Journal, now: Moment) -> Vec<Happening> {
    journal.day(now.wall_ms).marks.into_iter().map(|mark| mark.what).collect()
}

#[test]
fn states_are_stretches_with_their_reasons_and_waits() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.pass(MINUTE));
    let since = clocks.0.wall_ms;
    // It is told every second that it was heard.
    journal.became(clocks.pass(MINUTE), State::Connected.into(), Some(since));
    journal.became(clocks.pass(HOUR), waiting(ReasonCode::Away, 8_000), None);
    connect(&mut journal, clocks.pass(2 * MINUTE));
    let now = clocks.pass(3 * MINUTE);
    assert_eq!(
        stretches(&journal, now),
        [
            (State::Connecting, 1),
            (State::Connected, 61),
            (State::Waiting, 2),
            (State::Connected, 3)
        ]
    );
    let day = journal.day(now.wall_ms);
    let wait = day.stretches.iter().find(|stretch| stretch.state == State::Waiting).unwrap();
    assert_eq!((wait.reason, wait.wait_ms), (Some(ReasonCode::Away), Some(8_000)));
    assert_eq!(journal.entries.len(), 4, "nothing is entered for what isn't new");
    let connected = day.totals.iter().find(|total| total.state == State::Connected).unwrap();
    assert_eq!((connected.ms, connected.times), (64 * MINUTE, 2));
}

#[test]
fn a_sleep_cuts_the_stretch_that_it_was_in_and_its_wake_is_told_once() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    clocks.pass(2 * HOUR);
    journal.happened(clocks.sleep(6 * HOUR + 40 * MINUTE), Happening::Woke);
    journal.became(clocks.pass(100), State::Connecting.into(), None);
    connect(&mut journal, clocks.pass(MINUTE));
    let now = clocks.pass(HOUR);
    assert_eq!(
        stretches(&journal, now),
        [
            (State::Connected, 120),
            (State::Asleep, 400),
            (State::Connected, 0),
            (State::Connecting, 1),
            (State::Connected, 60)
        ]
    );
    assert_eq!(
        marks(&journal, now),
        [Happening::Began, Happening::Slept { ms: 6 * HOUR + 40 * MINUTE }]
    );
    // A wake of which no sleep was seen is told too.
    let now = clocks.pass(HOUR);
    journal.happened(now, Happening::Woke);
    assert_eq!(marks(&journal, now).last(), Some(&Happening::Woke));
}

#[test]
fn a_clock_that_is_set_is_told_and_what_was_before_is_as_long_ago_as_it_was() {
    for by in [-3 * HOUR, 90 * MINUTE, -2 * DAY_MS] {
        let (mut journal, mut clocks) = begun();
        connect(&mut journal, clocks.0);
        journal.events(clocks.pass(HOUR), 5);
        clocks.set(by);
        let now = clocks.pass(HOUR);
        journal.happened(now, Happening::NetworkUp);
        assert_eq!(stretches(&journal, now), [(State::Connected, 120)], "{by}");
        assert_eq!(
            marks(&journal, now),
            [Happening::Began, Happening::ClockSet { by_ms: by }, Happening::NetworkUp]
        );
        let minutes = journal.day(now.wall_ms).minutes;
        assert_eq!(minutes, [(now.wall_ms - HOUR, 5)], "{by}");
    }
    // It is slewed all the time.
    let (mut journal, mut clocks) = begun();
    clocks.set(2_000);
    let now = clocks.pass(HOUR);
    journal.happened(now, Happening::NetworkUp);
    assert_eq!(marks(&journal, now), [Happening::Began, Happening::NetworkUp]);
}

fn beat(journal: &mut Journal, now: Moment) {
    journal.beat(now, Said::default());
}

#[test]
fn heartbeats_that_were_due_and_did_not_come_are_a_gap_on_the_same_stream_alone() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    journal.beat(clocks.0, Said { interval_ms: Some(15_000), ..Said::default() });
    for late in [0, 7_000, -2_000] {
        beat(&mut journal, clocks.pass(15_000 + late));
    }
    assert_eq!(marks(&journal, clocks.0), [Happening::Began], "late, and there");
    beat(&mut journal, clocks.pass(46_000));
    let gap = Happening::Gap { ms: 46_000, missed: 2 };
    assert_eq!(marks(&journal, clocks.0), [Happening::Began, gap]);
    // In a sleep none is due.
    clocks.sleep(HOUR);
    beat(&mut journal, clocks.pass(15_000));
    assert_eq!(marks(&journal, clocks.0).len(), 3, "the sleep's own");
    // Nor between two streams.
    journal.became(clocks.pass(MINUTE), waiting(ReasonCode::Ended, 500), None);
    connect(&mut journal, clocks.pass(MINUTE));
    beat(&mut journal, clocks.pass(100));
    assert_eq!(marks(&journal, clocks.0).len(), 3);
    // One that fell silent has its gap at its end.
    journal.became(clocks.pass(90_000), waiting(ReasonCode::Silent, 500), None);
    let gap = Happening::Gap { ms: 90_000, missed: 5 };
    assert_eq!(marks(&journal, clocks.0).last(), Some(&gap));
}

#[test]
fn what_heartbeats_say_is_kept_of_the_last_and_the_clock_beside_any_zone() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    for number in 0..20 {
        let ahead_ms = Some(8 * HOUR - number * 1_000);
        let said = Said { ahead_ms, calls: Some("IDLE".to_owned()), ..Said::default() };
        journal.beat(clocks.pass(30_000), said);
    }
    let beats = journal.beats();
    assert_eq!(beats.len(), 12);
    assert_eq!((beats[11].after_ms, beats[11].clock_ms), (Some(30_000), Some(-19_000)));
    assert_eq!(beats[11].calls.as_deref(), Some("IDLE"));
}

#[test]
fn events_are_counted_by_the_minute_for_a_day() {
    let (mut journal, mut clocks) = begun();
    let first = clocks.0.wall_ms;
    journal.events(clocks.0, 2);
    journal.events(clocks.pass(MINUTE - 1), 3);
    journal.events(clocks.pass(1), 1);
    let second = first + MINUTE;
    assert_eq!(journal.day(second).minutes, [(first, 5), (second, 1)]);
    assert_eq!(journal.minute(second + 59_999), (second, 1));
    journal.events(clocks.pass(23 * HOUR), 7);
    assert_eq!(journal.day(clocks.0.wall_ms).minutes.len(), 3);
    let late = clocks.pass(HOUR);
    journal.events(late, 1_000_000);
    let minutes = journal.day(late.wall_ms).minutes;
    assert_eq!(minutes, [(late.wall_ms - HOUR, 7), (late.wall_ms, 65_535)], "a day and no more");
}

#[test]
fn a_day_is_kept_and_the_state_that_was_before_it() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    let now = clocks.pass(30 * HOUR);
    journal.happened(now, Happening::NetworkUp);
    assert_eq!(stretches(&journal, now), [(State::Connected, 24 * 60)]);
    assert_eq!(marks(&journal, now), [Happening::NetworkUp]);
    assert_eq!(journal.entries.len(), 2);
}

#[test]
fn a_connection_that_flaps_all_day_takes_no_more_than_its_room() {
    let (mut journal, mut clocks) = begun();
    for _ in 0..3_000 {
        journal.became(clocks.pass(5_000), State::Connecting.into(), None);
        journal.became(clocks.pass(5_000), waiting(ReasonCode::Away, 5_000), None);
    }
    assert_eq!(journal.entries.len(), MOST);
    let kept = serde_json::to_string(&journal.keep(clocks.0)).unwrap();
    assert!(kept.len() < 150_000, "{} bytes", kept.len());
    stretches(&journal, clocks.0);
}

/// As it is written and read.
fn kept(journal: &mut Journal, now: Moment) -> Option<Kept> {
    let home = tempfile::tempdir().unwrap();
    let path = Kept::path(&home.path().join("inbox.sqlite"));
    journal.keep(now).write(&path).unwrap();
    Kept::read(&path)
}

#[test]
fn the_time_before_a_start_is_there_after_it_and_so_is_the_time_between() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    journal.events(clocks.pass(HOUR), 9);
    journal.ended(clocks.pass(HOUR));
    let before = kept(&mut journal, clocks.0);
    let mut journal = Journal::begun(before, clocks.pass(10 * MINUTE));
    journal.became(clocks.0, State::Connecting.into(), None);
    let now = clocks.pass(MINUTE);
    assert_eq!(
        stretches(&journal, now),
        [(State::Connected, 120), (State::NotRunning, 10), (State::Connecting, 1)]
    );
    assert_eq!(journal.day(now.wall_ms).minutes.len(), 1);
    assert_eq!(marks(&journal, now), [Happening::Began, Happening::Ended, Happening::Began]);
}

#[test]
fn one_that_ended_without_a_word_was_alive_when_it_was_last_kept() {
    let (mut journal, mut clocks) = begun();
    connect(&mut journal, clocks.0);
    journal.events(clocks.pass(HOUR), 1);
    let before = kept(&mut journal, clocks.0);
    let now = clocks.pass(HOUR);
    let journal = Journal::begun(before, now);
    assert_eq!(stretches(&journal, now), [(State::Connected, 60), (State::NotRunning, 60)]);
    assert_eq!(marks(&journal, now), [Happening::Began, Happening::Died, Happening::Began]);
}

#[test]
fn changes_are_worth_keeping_soon_and_heartbeats_seldom() {
    let (mut journal, mut clocks) = begun();
    assert!(journal.to_keep(clocks.0).is_some(), "that it began");
    connect(&mut journal, clocks.pass(1_000));
    assert!(journal.to_keep(clocks.0).is_none());
    assert!(journal.to_keep(clocks.pass(CHANGES_MS)).is_some(), "at the next occasion");
    let mut times = 0;
    for _ in 0..4 * 60 {
        beat(&mut journal, clocks.pass(15_000));
        times += usize::from(journal.to_keep(clocks.0).is_some());
    }
    assert_eq!(times, 4, "in an hour of heartbeats");
    assert!(journal.to_keep(clocks.pass(10 * HOUR)).is_none(), "nothing came");
}

#[test]
fn a_file_that_is_none_is_begun_anew() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("connection.json");
    assert!(Kept::read(&path).is_none());
    for text in ["", "{oops", r#"{"version":2,"saved_ms":0,"entries":[],"minutes":[]}"#] {
        std::fs::write(&path, text).unwrap();
        assert!(Kept::read(&path).is_none(), "{text}");
    }
    let text =
        r#"{"version":1,"saved_ms":0,"entries":[],"minutes":[[9223372036854775807,9],[-9,1]]}"#;
    std::fs::write(&path, text).unwrap();
    let now = Clocks::new().0;
    let journal = Journal::begun(Kept::read(&path), now);
    assert_eq!(journal.day(now.wall_ms).minutes, [], "times of nobody's clock");
}
