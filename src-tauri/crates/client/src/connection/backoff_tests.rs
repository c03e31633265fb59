//! The schedule's table, row by row, with the random number at both ends of its range.

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const FAILED: Outcome = Outcome::Failed { retry_after: None };
const SLOW: Outcome = Outcome::Slow { retry_after: None };

/// As close to 1 as a random number gets.
const MOST: f64 = 1.0 - f64::EPSILON;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A schedule at a start, and one that has the first three minutes behind it.
fn at_start() -> (Backoff, Instant) {
    let now = Instant::now();
    (Backoff::new(Timing::default(), now), now)
}

fn awake() -> (Backoff, Instant) {
    let (backoff, now) = at_start();
    (backoff, now + seconds(180))
}

/// The delays after `count` failures in a row, at the same moment.
fn failures(backoff: &mut Backoff, now: Instant, random: f64, count: usize) -> Vec<Duration> {
    (0..count).map(|_| backoff.next(FAILED, now, random).length).collect()
}

fn about(length: Duration, expected: Duration) -> bool {
    length.abs_diff(expected) < Duration::from_millis(1)
}

#[test]
fn each_failure_doubles_what_the_jitter_is_drawn_from_up_to_the_cap() {
    let (mut backoff, now) = awake();
    let delays = failures(&mut backoff, now, MOST, 8);
    for (delay, most) in delays.into_iter().zip([1, 2, 4, 8, 16, 30, 30, 30]) {
        assert!(about(delay, seconds(most)), "{delay:?} {most}");
    }
}

#[test]
fn the_jitter_is_full_above_half_a_second() {
    let (mut backoff, now) = awake();
    assert!(failures(&mut backoff, now, 0.0, 8).iter().all(|delay| delay.as_millis() == 500));
    let (mut backoff, now) = awake();
    let halves = failures(&mut backoff, now, 0.5, 4);
    assert_eq!(halves, [SECOND / 2, SECOND, seconds(2), seconds(4)]);
}

#[test]
fn an_endless_row_of_failures_overflows_nothing() {
    let (mut backoff, now) = awake();
    let delays = failures(&mut backoff, now, MOST, 10_000);
    assert!(delays.iter().all(|delay| *delay <= seconds(30)));
}

#[test]
fn while_the_host_may_be_waking_the_cap_is_ten_seconds() {
    let (mut backoff, start) = at_start();
    assert!(about(failures(&mut backoff, start, MOST, 9)[8], seconds(10)));
    let later = start + seconds(180);
    assert!(about(backoff.next(FAILED, later, MOST).length, seconds(30)));
}

#[test]
fn after_ten_minutes_of_failure_the_cap_is_five_minutes() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 12);
    let almost = now + seconds(599);
    assert!(about(backoff.next(FAILED, almost, MOST).length, seconds(30)));
    let long = now + seconds(600);
    assert!(about(backoff.next(FAILED, long, MOST).length, seconds(300)));
}

#[test]
fn the_streams_own_base_is_used_within_its_bounds_and_resets_nothing() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 2);
    backoff.set_base(seconds(3));
    assert!(about(backoff.next(FAILED, now, MOST).length, seconds(12)));
    // The last is what twenty digits come to.
    let twenty_digits = Duration::from_millis(u64::MAX);
    for (set, first) in
        [(Duration::ZERO, 1), (seconds(100), 100), (seconds(9999), 300), (twenty_digits, 300)]
    {
        let (mut backoff, now) = awake();
        backoff.set_base(set);
        assert!(about(backoff.next(FAILED, now, MOST).length, seconds(first)), "{set:?}");
    }
}

#[test]
fn a_clean_end_spreads_the_next_connect_over_five_seconds() {
    let (mut backoff, now) = awake();
    assert_eq!(backoff.next(Outcome::Ended, now, 0.0).length, Duration::ZERO);
    assert!(about(backoff.next(Outcome::Ended, now, MOST).length, seconds(5)));
    // Should it be in vain, no shorter wait brings all together again.
    assert!(about(backoff.next(FAILED, now, MOST).length, seconds(8)));
    backoff.set_base(seconds(30));
    backoff.next(Outcome::Ended, now, MOST);
    assert!(about(backoff.next(FAILED, now, MOST).length, seconds(30)));
}

#[test]
fn a_cut_after_a_minute_at_work_spreads_the_next_connect_over_five_seconds() {
    for (open_for, heard, first, second) in [
        (60, Heard::ToTheEnd, 5, 8),
        (3600, Heard::Heartbeats, 5, 8),
        (59, Heard::ToTheEnd, 1, 2),
        (3600, Heard::Nothing, 1, 2),
    ] {
        let (mut backoff, now) = awake();
        backoff.opened(now);
        let end = now + seconds(open_for);
        backoff.closed(end, heard);
        assert!(about(backoff.next(FAILED, end, MOST).length, seconds(first)), "{open_for}");
        assert!(about(backoff.next(FAILED, end, MOST).length, seconds(second)), "{open_for}");
    }
    // There is no least wait, so that the first second has no more of them than the others.
    let (mut backoff, now) = awake();
    backoff.opened(now);
    backoff.closed(now + seconds(60), Heard::ToTheEnd);
    assert_eq!(backoff.next(FAILED, now + seconds(60), 0.0).length, Duration::ZERO);
}

#[test]
fn a_cut_by_this_machines_own_network_is_no_reason_to_wait_longer() {
    let (mut backoff, now) = awake();
    backoff.opened(now);
    let end = now + seconds(3600);
    backoff.closed(end, Heard::ToTheEnd);
    assert!(about(backoff.next(Outcome::NetworkUp, end, MOST).length, seconds(2)));
    assert!(about(backoff.next(FAILED, end, MOST).length, SECOND));
}

#[test]
fn only_a_minute_of_health_or_three_heartbeats_start_the_count_again() {
    for (open_for, heard, later) in [
        (59, Heard::ToTheEnd, 30),
        (60, Heard::ToTheEnd, 8),
        (500, Heard::Nothing, 30),
        (599, Heard::ThenSilence, 30),
        (600, Heard::ThenSilence, 2),
        (45, Heard::Heartbeats, 2),
        (135, Heard::Heartbeats, 8),
    ] {
        let (mut backoff, now) = awake();
        failures(&mut backoff, now, MOST, 6);
        backoff.opened(now);
        let end = now + seconds(open_for);
        backoff.closed(end, heard);
        // The first may be the spread's.
        let delay = failures(&mut backoff, end, MOST, 2)[1];
        assert!(about(delay, seconds(later)), "{open_for} {heard:?} {delay:?}");
    }
}

#[test]
fn health_ends_a_long_failure() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 12);
    backoff.opened(now);
    backoff.closed(now + seconds(700), Heard::ToTheEnd);
    let delays = failures(&mut backoff, now + seconds(701), MOST, 12);
    assert!(about(delays[11], seconds(30)));
}

#[test]
fn retry_after_is_the_least_wait_with_a_quarter_of_spread_up_to_a_quarter_of_an_hour() {
    let after = |asked| Outcome::Failed { retry_after: Some(seconds(asked)) };
    let (mut backoff, now) = awake();
    assert_eq!(backoff.next(after(100), now, 0.0).length, seconds(100));
    assert!(about(backoff.next(after(100), now, MOST).length, seconds(125)));
    assert_eq!(backoff.next(after(u64::MAX), now, MOST).length, seconds(900));
    let slow = Outcome::Slow { retry_after: Some(seconds(400)) };
    assert_eq!(backoff.next(slow, now, 0.0).length, seconds(400));
}

#[test]
fn a_short_retry_after_shortens_nothing() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 5);
    let zero = Outcome::Failed { retry_after: Some(Duration::ZERO) };
    assert!(about(backoff.next(zero, now, MOST).length, seconds(30)));
}

#[test]
fn the_slow_schedule_doubles_from_thirty_seconds_with_jitter_over_the_upper_half() {
    for (random, expected) in
        [(0.0, [15, 30, 60, 120, 150, 150]), (MOST, [30, 60, 120, 240, 300, 300])]
    {
        let (mut backoff, now) = awake();
        for most in expected {
            assert!(about(backoff.next(SLOW, now, random).length, seconds(most)), "{most}");
        }
    }
}

#[test]
fn the_network_coming_up_shortens_the_wait_and_keeps_the_count() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 3);
    assert_eq!(backoff.next(Outcome::NetworkUp, now, 0.0).length, Duration::ZERO);
    assert!(about(backoff.next(Outcome::NetworkUp, now, MOST).length, seconds(2)));
    assert!(about(backoff.next(FAILED, now, MOST).length, seconds(8)));
}

#[test]
fn after_a_long_silence_the_host_may_be_asleep_again() {
    let (mut backoff, now) = awake();
    failures(&mut backoff, now, MOST, 12);
    let woken = now + seconds(3600);
    backoff.next(Outcome::NetworkUp, woken, 0.0);
    assert!(about(backoff.next(FAILED, woken, MOST).length, seconds(10)));
}

#[test]
fn no_connect_follows_within_five_seconds_of_one_that_opened() {
    let (mut backoff, now) = awake();
    backoff.opened(now);
    backoff.closed(now + SECOND, Heard::ToTheEnd);
    for outcome in [Outcome::Ended, FAILED, Outcome::NetworkUp] {
        assert_eq!(backoff.next(outcome, now + SECOND, 0.0).length, seconds(4), "{outcome:?}");
    }
}

#[test]
fn twenty_connections_in_ten_minutes_trip_the_fuse() {
    let (mut backoff, first) = awake();
    for nth in 0..19 {
        backoff.opened(first + seconds(nth));
    }
    let now = first + seconds(60);
    assert!(!backoff.next(Outcome::Ended, now, 0.5).fused);
    backoff.opened(now);
    let delay = backoff.next(Outcome::Ended, now, 0.5);
    assert_eq!((delay.fused, delay.length), (true, seconds(540)));
    // The oldest leaves the window, and one more may open.
    let later = first + seconds(600);
    assert!(!backoff.next(Outcome::Ended, later, 0.5).fused);
}
