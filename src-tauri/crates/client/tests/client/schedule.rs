//! The schedule over hours, against a market that keeps misbehaving: the clock is a number here.

use std::time::Duration;

use agora_client::connection::{Backoff, Heard, Outcome, Timing};
use tokio::time::Instant;

const FAILED: Outcome = Outcome::Failed { retry_after: None };

/// A row of numbers in 0 … 1 without any two alike near each other, the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

/// How many of `times` are in `from..to`, both from the start.
fn count(times: &[Duration], from: Duration, to: Duration) -> usize {
    times.iter().filter(|time| **time >= from && **time < to).count()
}

#[test]
fn each_delay_is_within_its_bounds_for_every_number_of_attempts() {
    let timing = Timing::default();
    let start = Instant::now();
    for past_start in [Duration::ZERO, timing.waking] {
        let now = start + past_start;
        let cap = if past_start.is_zero() { timing.waking_cap } else { timing.cap };
        for random in [0.0, 0.1, 0.5, 0.9, 1.0 - f64::EPSILON] {
            let mut backoff = Backoff::new(timing.clone(), start);
            for n in 0..70_u32 {
                let most = timing.base.saturating_mul(2_u32.saturating_pow(n)).min(cap);
                let delay = backoff.next(FAILED, now, random);
                assert!(delay.length >= timing.least && delay.length <= most, "{n} {delay:?}");
                assert_eq!(delay.length, most.mul_f64(random).max(timing.least), "{n} {random}");
                assert!(!delay.fused);
            }
        }
    }
}

#[test]
fn a_stream_that_ends_every_second_slows_down() {
    let start = Instant::now();
    let mut random = Random(1);
    let mut backoff = Backoff::new(Timing::default(), start);
    let mut now = start;
    let mut opened = Vec::new();
    while now - start < minutes(120) {
        opened.push(now - start);
        backoff.opened(now);
        now += Duration::from_secs(1);
        backoff.closed(now, Heard::ToTheEnd);
        now += backoff.next(Outcome::Ended, now, random.next()).length;
    }
    for (nth, first) in opened.iter().enumerate() {
        let within = count(&opened[nth..], *first, *first + minutes(10));
        assert!(within <= 20, "{within} connections within ten minutes");
    }
    // And it is not given up.
    assert!(opened.len() > 200, "{}", opened.len());
}

/// When two apps connect under one client id that can't be varied, in the first `length`. Each connect takes the stream
/// from the other app, which finds it silent three heartbeats later.
fn two_apps(length: Duration, random: &mut Random) -> Vec<Duration> {
    struct App {
        backoff: Backoff,
        /// When it connects, or finds itself silent.
        next: Instant,
        is_open: bool,
    }
    let silence = Duration::from_secs(90);
    let start = Instant::now();
    let mut apps = [0, 1].map(|nth| App {
        backoff: Backoff::new(Timing::default(), start),
        next: start + Duration::from_secs(nth),
        is_open: false,
    });
    let mut connects = Vec::new();
    loop {
        let acting = usize::from(apps[1].next < apps[0].next);
        let now = apps[acting].next;
        if now - start >= length {
            return connects;
        }
        let app = &mut apps[acting];
        if app.is_open {
            app.is_open = false;
            app.backoff.closed(now, Heard::ThenSilence);
            app.next = now + app.backoff.next(FAILED, now, random.next()).length;
        } else {
            app.is_open = true;
            app.backoff.opened(now);
            connects.push(now - start);
            // Heartbeats come until the other one connects.
            app.next = start + length;
            let other = &mut apps[1 - acting];
            if other.is_open {
                other.next = other.next.min(now + silence);
            }
        }
    }
}

#[test]
fn two_apps_with_one_client_id_that_cant_be_varied_take_the_stream_from_each_other_ever_less() {
    let mut random = Random(7);
    let (mut first, mut last) = (0, 0);
    for _ in 0..100 {
        let connects = two_apps(minutes(120), &mut random);
        first += count(&connects, Duration::ZERO, minutes(30));
        last += count(&connects, minutes(90), minutes(120));
    }
    assert!(last * 2 < first, "{first} connects in the first half hours, {last} in the last");
    assert!(last > 0, "given up");
}
