//! The machine woke, or its network came up: the next connect comes within two seconds, since a
//! connection from before may be dead without a sign of it. What an open stream makes of its network
//! is in the unit tests of reading.

use std::time::{Duration, Instant};

use agora_client::ReasonCode;
use agora_client::connection::{Config, Control, Timing};

use crate::listener::{Listener, by_hand, market, open};
use crate::server::Server;

/// Long enough that only a control can end it within a test.
const LONG: Duration = Duration::from_mins(10);

/// What the schedule promises.
const PROMISED: Duration = Duration::from_secs(2);

/// What a busy machine may add. The wait that is told is within what is promised all the same.
const MARGIN: Duration = Duration::from_secs(10);

/// The market with the real spread after a wake; whatever else would end a wait is far away.
fn patient(server: &Server) -> Config {
    let mut config = market(server);
    config.timing.network_up = Timing::default().network_up;
    config.timing.least = LONG;
    config.timing.spread = LONG;
    config
}

#[tokio::test]
async fn a_wake_while_waiting_connects_within_two_seconds() {
    let server = Server::start().await;
    let mut listener = Listener::start(patient(&server));
    server.accept_connect().await.answer("503 Busy", "", "").await;
    assert_eq!(listener.waiting().await.delay, LONG);
    let woken = Instant::now();
    listener.control.send(Control::Woke).await.unwrap();
    server.accept_stream().await;
    assert!(woken.elapsed() < PROMISED + MARGIN, "{:?}", woken.elapsed());
    assert!(listener.waiting().await.delay <= PROMISED);
    listener.connected().await;
}

#[tokio::test]
async fn a_wake_while_connected_closes_the_stream_and_connects_within_two_seconds() {
    let server = Server::start().await;
    let mut listener = Listener::start(patient(&server));
    let mut old = server.accept_stream().await;
    listener.connected().await;
    let woken = Instant::now();
    listener.control.send(Control::Woke).await.unwrap();
    // The old one is closed at once, the new one comes with the spread.
    old.closed().await;
    server.accept_stream().await;
    assert!(woken.elapsed() < PROMISED + MARGIN, "{:?}", woken.elapsed());
    let wait = listener.waiting().await;
    assert!(wait.delay <= PROMISED && wait.quiet && !wait.slow, "{wait:?}");
    assert_eq!(wait.reason.code, ReasonCode::Cut);
    listener.connected().await;
}

#[tokio::test]
async fn after_a_wake_the_stream_goes_on_from_its_cursor_and_drops_the_half_event() {
    let (server, mut listener, mut old) = open().await;
    old.send("id: 7\ndata: whole\n\ndata: half").await;
    assert_eq!(listener.event().await.data, "whole");
    listener.control.send(Control::Woke).await.unwrap();
    let mut new = server.accept_stream().await;
    assert_eq!(new.header("last-event-id"), Some("7"));
    new.send("data: new\n\n").await;
    assert_eq!(listener.event().await.data, "new");
}

#[tokio::test]
async fn a_wake_throws_away_a_request_from_before() {
    let server = Server::start().await;
    // Any request is from before where the gap is nothing.
    let mut listener = Listener::start(patient(&server));
    let mut old = server.accept_connect().await;
    listener.connecting().await;
    let woken = Instant::now();
    listener.control.send(Control::Woke).await.unwrap();
    old.closed().await;
    server.accept_stream().await;
    assert!(woken.elapsed() < PROMISED + MARGIN, "{:?}", woken.elapsed());
    assert!(listener.waiting().await.delay <= PROMISED);
}

#[tokio::test]
async fn a_wake_keeps_a_request_that_has_just_begun() {
    let server = Server::start().await;
    let mut config = patient(&server);
    config.timing.just_begun = LONG;
    let mut listener = Listener::start(config);
    let mut first = server.accept_connect().await;
    listener.connecting().await;
    listener.control.send(Control::Woke).await.unwrap();
    first.send(crate::server::STREAM).await;
    first.send("data: the first\n\n").await;
    assert_eq!(listener.event().await.data, "the first");
    server.assert_no_request().await;
}

#[tokio::test]
async fn a_wake_does_not_connect_the_same_client_id_too_soon() {
    let server = Server::start().await;
    let mut config = by_hand(&server);
    config.timing.same_client_gap = LONG;
    let mut listener = Listener::start(config);
    let mut old = server.accept_stream().await;
    listener.connected().await;
    listener.control.send(Control::Woke).await.unwrap();
    old.closed().await;
    let wait = listener.waiting().await;
    assert!(wait.delay > LONG / 2, "{wait:?}");
}

#[tokio::test]
async fn a_network_that_comes_up_when_an_attempt_has_just_begun_is_not_forgotten() {
    for control in [Control::NetworkUp, Control::Woke] {
        let server = Server::start().await;
        let mut config = patient(&server);
        config.timing.just_begun = Duration::from_millis(300);
        let mut listener = Listener::start(config);
        let mut first = server.accept_connect().await;
        listener.connecting().await;
        listener.control.send(control).await.unwrap();
        // It isn't answered, as on a network that is up only half.
        first.closed().await;
        server.accept_stream().await;
        assert!(listener.waiting().await.delay <= PROMISED);
        listener.connected().await;
    }
}

#[tokio::test]
async fn an_attempt_that_fails_after_the_network_came_up_is_made_again_within_two_seconds() {
    for control in [Control::NetworkUp, Control::Woke] {
        let server = Server::start().await;
        let mut config = patient(&server);
        config.timing.just_begun = LONG;
        let mut listener = Listener::start(config);
        let first = server.accept_connect().await;
        listener.connecting().await;
        listener.control.send(control).await.unwrap();
        // Until it has been heard.
        tokio::time::sleep(Duration::from_millis(100)).await;
        first.answer("503 Busy", "", "").await;
        assert!(listener.waiting().await.delay <= PROMISED);
        // The next failure is one as any other.
        server.accept_connect().await.answer("503 Busy", "", "").await;
        assert_eq!(listener.waiting().await.delay, LONG);
    }
}
