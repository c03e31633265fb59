use super::*;

const MINUTE: i64 = 60 * 1_000;
const HOUR: i64 = 60 * MINUTE;
/// A time by our clock.
const NOW: i64 = 1_800_000_000_000;

fn clocks(ahead_ms: i64) -> Clocks {
    Clocks {
        stream_ms: Some(ahead_ms),
        stored_zone_ms: None,
        here_ms: 8 * HOUR,
        looked_ms: Some(NOW - 20 * MINUTE),
        now_ms: NOW,
    }
}

/// An alert that came so long ago, when the stream's clock was so far ahead.
fn came(alert: AlertId, ago_ms: i64, ahead_ms: i64) -> Streamed {
    let came_ms = NOW - ago_ms;
    Streamed { alert, words: 7, at: came_ms + ahead_ms, came_ms, is_kept: false, urgent: false }
}

/// What was made so long ago, written as a clock shows it that is so far ahead.
fn made(ago_ms: i64, ahead_ms: i64, zone_ms: Option<i64>) -> Stored {
    let written = Written { local_ms: NOW - ago_ms + ahead_ms, zone_ms };
    Stored { words: Some(7), written: Some(written), else_ms: NOW, unread: true, urgent: false }
}

#[test]
fn a_zone_that_is_written_over_any_local_time_makes_no_two_of_one() {
    for zone in [-14 * HOUR, -HOUR / 2, 0, 5 * HOUR + 45 * MINUTE, 8 * HOUR, 9 * HOUR, 14 * HOUR] {
        // Its clock is not quite right either.
        let ahead = zone + 2_400;
        for written in [None, Some(8 * HOUR)] {
            let stored = [made(5 * MINUTE, ahead, written), made(6 * HOUR, ahead, written)];
            let plan = plan(&stored, &[came(1, 5 * MINUTE, ahead)], clocks(ahead));
            assert_eq!(plan.twins, [Some(1), None], "{zone} {written:?}");
            assert_eq!(plan.made_ms[0], NOW - 5 * MINUTE);
            assert_eq!(plan.stored_zone_ms, None, "there was nothing to learn");
        }
        // A zone that is right is right too.
        for other in [0, 9 * HOUR, -3 * HOUR] {
            let stored = [made(5 * MINUTE, other, Some(other))];
            let plan = plan(&stored, &[came(1, 5 * MINUTE, zone)], clocks(zone));
            assert_eq!((plan.twins, plan.made_ms), (vec![Some(1)], vec![NOW - 5 * MINUTE]));
        }
    }
}

#[test]
fn a_clock_that_nobody_names_is_learned_from_one_pair_and_told_by() {
    for (stream, stored_on) in [(8, 0), (0, 8), (-5, 3), (14, -14), (9, 8)] {
        let (stream, on) = (stream * HOUR, stored_on * HOUR);
        let stored = [made(5 * MINUTE, on, None), made(7 * MINUTE, on, None)];
        let plan = plan(&stored, &[came(1, 5 * MINUTE, stream)], clocks(stream));
        assert_eq!(plan.twins, [Some(1), None], "{stream} {on}");
        assert_eq!(plan.stored_zone_ms, Some(on));
        assert_eq!(plan.made_ms, [NOW - 5 * MINUTE, NOW - 7 * MINUTE]);
    }
}

#[test]
fn nothing_is_learned_beyond_what_zones_there_are_nor_from_what_is_no_quarter_of_an_hour() {
    for on in [15 * HOUR, -15 * HOUR, 8 * HOUR + 7 * MINUTE] {
        let plan = plan(&[made(5 * MINUTE, on, None)], &[came(1, 5 * MINUTE, 0)], clocks(0));
        assert_eq!((plan.twins, plan.stored_zone_ms), (vec![None], None), "{on}");
    }
}

#[test]
fn what_can_be_just_what_it_says_teaches_nothing_by_itself() {
    // One was missed an hour before an equal one came whose stored half is read and not listed.
    let known = Clocks { looked_ms: Some(NOW - 10 * HOUR), ..clocks(0) };
    let missed = [made(65 * MINUTE, 0, None)];
    let plan = plan(&missed, &[came(1, 5 * MINUTE, 0)], known);
    assert_eq!((plan.twins, plan.stored_zone_ms), (vec![None], None));
    assert_eq!(plan.made_ms, [NOW - 65 * MINUTE]);
    // Three that are all an hour off are no chance, unless something else fits as it is.
    let three = [65, 75, 85]
        .map(|minutes| Stored { words: Some(minutes), ..made(minutes * MINUTE, 0, None) });
    let streamed: Vec<_> = [65, 75, 85]
        .map(|minutes| Streamed { words: minutes, ..came(minutes, (minutes - 60) * MINUTE, 0) })
        .into();
    let all = super::plan(&three, &streamed, known);
    assert_eq!(all.twins, [Some(65), Some(75), Some(85)]);
    assert_eq!(all.stored_zone_ms, Some(-HOUR));
    let fits = made(MINUTE, 0, None);
    let streamed: Vec<_> = streamed.into_iter().chain([came(1, MINUTE, 0)]).collect();
    let plan = super::plan(&[&three[..], &[fits]].concat(), &streamed, known);
    assert_eq!(plan.twins, [None, None, None, Some(1)]);
}

#[test]
fn summer_time_that_began_or_ended_since_makes_no_two_of_one() {
    for change in [HOUR, -HOUR, HOUR / 2] {
        // It is heard at the next connect; one came before it and one after.
        let streamed = [came(1, 50 * MINUTE, 0), came(2, 10 * MINUTE, 0)];
        for zone in [None, Some(8 * HOUR)] {
            let stored = [made(50 * MINUTE, 0, zone), made(10 * MINUTE, change, zone)];
            let now = Clocks { looked_ms: Some(NOW - 51 * MINUTE), ..clocks(change) };
            assert_eq!(plan(&stored, &streamed, now).twins, [Some(1), Some(2)], "{change}");
        }
        // It isn't heard yet: only stored times show it.
        let stored = [made(10 * MINUTE, change, None)];
        let plan = plan(&stored, &streamed[1..], clocks(0));
        assert_eq!((plan.twins, plan.made_ms), (vec![Some(2)], vec![NOW - 10 * MINUTE]));
    }
}

#[test]
fn nothing_is_from_the_future_and_what_was_not_there_yet_is_no_reading() {
    for zone in [None, Some(0), Some(8 * HOUR)] {
        assert_eq!(plan(&[made(0, 30 * HOUR, zone)], &[], clocks(0)).made_ms, [NOW]);
        // The market may have stored it as of before: then so it is told.
        let early = made(3 * HOUR, 0, None);
        assert_eq!(plan(&[early], &[], clocks(0)).made_ms, [NOW - 3 * HOUR]);
    }
    // It is written in UTC, with a zone that isn't its own; only one reading can be.
    let stored = made(5 * MINUTE, 8 * HOUR, Some(9 * HOUR));
    assert_eq!(plan(&[stored], &[], clocks(8 * HOUR)).made_ms, [NOW - 5 * MINUTE]);
    // Nobody knows a clock: it is no earlier than what wasn't there at the last look.
    let unheard = Clocks { stream_ms: None, here_ms: 0, ..clocks(0) };
    let stored = made(5 * MINUTE, 0, Some(8 * HOUR));
    assert_eq!(plan(&[stored], &[], unheard).made_ms, [NOW - 5 * MINUTE]);
    let stored = made(5 * MINUTE, -HOUR, Some(8 * HOUR));
    assert_eq!(plan(&[stored], &[], unheard).made_ms, [NOW - 21 * MINUTE]);
    // The clock was ahead at the last look: then that says nothing.
    let ahead = Clocks { looked_ms: Some(NOW + HOUR), ..clocks(0) };
    assert_eq!(plan(&[made(3 * HOUR, 0, None)], &[], ahead).made_ms, [NOW - 3 * HOUR]);
    // Nothing was ever heard of the market's clock: the zone that is written, or ours.
    let unheard = Clocks { stream_ms: None, looked_ms: None, ..clocks(0) };
    for (stored, expected) in [
        (made(HOUR, 8 * HOUR, Some(8 * HOUR)), HOUR),
        (made(HOUR, 0, Some(0)), HOUR),
        (made(HOUR, 8 * HOUR, None), HOUR),
    ] {
        assert_eq!(plan(&[stored], &[], unheard).made_ms, [NOW - expected], "{stored:?}");
    }
}

#[test]
fn what_is_urgent_is_no_twin_of_what_isnt() {
    let urgent = Stored { urgent: true, ..made(MINUTE, 0, None) };
    let quiet = came(1, MINUTE, 0);
    assert_eq!(plan(&[urgent], &[quiet], clocks(0)).twins, [None]);
    let claimed = Streamed { urgent: true, ..came(2, MINUTE, 0) };
    assert_eq!(plan(&[urgent], &[quiet, claimed], clocks(0)).twins, [Some(2)]);
    assert_eq!(plan(&[made(MINUTE, 0, None)], &[claimed], clocks(0)).twins, [Some(2)]);
}
