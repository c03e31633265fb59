//! Waits with the clock stopped: no sockets, so that the time is exact.

use super::*;
use crate::PlainHttp;
use crate::connection::{Updates, queue};

/// A connection that has not asked for anything yet, what it tells, and what can be told to it.
fn connection() -> (Connection, Updates, mpsc::Sender<Control>) {
    connection_to("http://127.0.0.1:9/")
}

fn connection_to(url: &str) -> (Connection, Updates, mpsc::Sender<Control>) {
    let target = Target::url(url, None, PlainHttp::ThisMachine).unwrap();
    let (sender, updates) = queue();
    let (control, controls) = mpsc::channel(8);
    (Connection::new(Config::new(target), sender, controls).unwrap(), updates, control)
}

/// The end and the length of the wait that was told last.
fn told(updates: &mut Updates) -> (Instant, Duration) {
    let Ok(Update::Status(ConnectionStatus::Waiting { until, delay, .. })) = updates.try_recv()
    else {
        panic!("no wait was told")
    };
    (until, delay)
}

/// Timers go by whole milliseconds.
fn is_at(now: Instant, until: Instant) -> bool {
    now >= until && now - until <= Duration::from_millis(1)
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_is_shown_is_the_wait_that_is_used() {
    let (mut connection, mut updates, _control) = connection();
    for nth in 0..100 {
        let outcome = match nth % 4 {
            0 => Outcome::Failed { retry_after: None },
            1 => Outcome::Slow { retry_after: None },
            2 => Outcome::Failed { retry_after: Some(Duration::from_secs(nth)) },
            _ => Outcome::Ended,
        };
        let began = Instant::now();
        assert!(connection.wait(outcome, Reason::of(ReasonCode::Cut)).await.is_ok());
        let (until, delay) = told(&mut updates);
        assert_eq!(until, began + delay, "{outcome:?}");
        assert!(is_at(Instant::now(), until), "{outcome:?}");
        assert!(updates.try_recv().is_err(), "one wait was told as two");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_a_network_says_so_and_keeps_its_end() {
    let told_with = |updates: &mut Updates| {
        let Ok(Update::Status(ConnectionStatus::Waiting { until, reason, quiet, .. })) =
            updates.try_recv()
        else {
            panic!("no wait was told")
        };
        (until, reason.code, quiet)
    };
    for (code, shown) in [
        (ReasonCode::Unreachable, ReasonCode::NoNetwork),
        // That is the market's own word.
        (ReasonCode::Rejected, ReasonCode::Rejected),
    ] {
        let (mut connection, mut updates, control) = connection_to("https://market.test/");
        control.send(Control::NetworkLost).await.unwrap();
        control.send(Control::NetworkLost).await.unwrap();
        let slow = Outcome::Slow { retry_after: None };
        assert!(connection.wait(slow, Reason::of(code)).await.is_ok());
        let (first, reason, _) = told_with(&mut updates);
        assert_eq!(reason, code);
        assert_eq!(told_with(&mut updates), (first, shown, false));
        assert!(updates.try_recv().is_err() && is_at(Instant::now(), first));

        // So does the next one, until the network is back.
        control.send(Control::NetworkUp).await.unwrap();
        assert!(connection.wait(Outcome::NetworkUp, Reason::of(code)).await.is_ok());
        let (_, reason, quiet) = told_with(&mut updates);
        assert_eq!((reason, quiet), (shown, false));
        assert_eq!(told_with(&mut updates).1, code);
    }
}

#[tokio::test(start_paused = true)]
async fn this_machines_own_market_needs_no_network() {
    let (mut connection, mut updates, control) = connection();
    control.send(Control::NetworkLost).await.unwrap();
    let slow = Outcome::Slow { retry_after: None };
    assert!(connection.wait(slow, Reason::of(ReasonCode::Unreachable)).await.is_ok());
    told(&mut updates);
    assert!(updates.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_network_shortens_is_shown_anew() {
    let (mut connection, mut updates, control) = connection();
    control.send(Control::NetworkUp).await.unwrap();
    let slow = Outcome::Slow { retry_after: None };
    let began = Instant::now();
    assert!(connection.wait(slow, Reason::of(ReasonCode::Rejected)).await.is_ok());
    let (first, _) = told(&mut updates);
    assert!(first - began >= Duration::from_secs(15));
    let (second, delay) = told(&mut updates);
    assert!(delay <= Duration::from_secs(2));
    assert!(is_at(Instant::now(), second));
}
