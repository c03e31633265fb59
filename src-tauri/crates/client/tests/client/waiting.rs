//! Waits, what cuts them short, and that one connection is over before the next begins.

use std::time::Duration;

use agora_client::connection::Control;

use crate::listener::{Listener, by_hand, by_url, market, open};
use crate::server::Server;

/// Long enough that only a control can end it within a test.
const LONG: Duration = Duration::from_mins(10);

/// Amid a wait that is over long after the test: the market has asked for it, or the schedule says so.
async fn amid_a_wait(asked_for: bool) -> (Server, Listener) {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.least = LONG;
    config.timing.retry_after_most = LONG;
    let mut listener = Listener::start(config);
    let headers = if asked_for { "Retry-After: 9999\r\n" } else { "" };
    server.accept_connect().await.answer("503 Busy", headers, "").await;
    assert_eq!(listener.waiting().await.delay, LONG);
    (server, listener)
}

#[tokio::test]
async fn reconnect_now_ends_a_wait() {
    let (server, mut listener) = amid_a_wait(false).await;
    listener.control.send(Control::ReconnectNow).await.unwrap();
    server.accept_stream().await;
    listener.connected().await;
}

#[tokio::test]
async fn the_network_coming_up_shortens_a_wait() {
    let (server, mut listener) = amid_a_wait(false).await;
    listener.control.send(Control::NetworkUp).await.unwrap();
    assert!(listener.waiting().await.delay <= Duration::from_millis(1));
    server.accept_connect().await;
}

#[tokio::test]
async fn the_network_coming_up_does_not_shorten_a_wait_that_the_market_asked_for() {
    let (_server, mut listener) = amid_a_wait(true).await;
    listener.control.send(Control::NetworkUp).await.unwrap();
    listener.control.send(Control::ReconnectNow).await.unwrap();
    // No second wait was told between the two.
    listener.connecting().await;
}

#[tokio::test]
async fn reconnect_now_closes_the_open_stream_and_drops_what_comes_late() {
    let (server, mut listener, mut old) = open().await;
    old.send("data: old\n\n").await;
    assert_eq!(listener.event().await.data, "old");
    listener.control.send(Control::ReconnectNow).await.unwrap();
    let mut new = server.accept_stream().await;
    old.closed().await;
    new.send("data: new\n\n").await;
    assert_eq!(listener.event().await.data, "new");
}

#[tokio::test]
async fn no_connect_follows_too_soon_on_one_that_opened_under_the_same_id() {
    let server = Server::start().await;
    let mut config = by_hand(&server);
    config.timing.same_client_gap = LONG;
    let mut listener = Listener::start(config);
    server.accept_stream().await.end().await;
    let wait = listener.waiting().await;
    assert!(wait.delay > LONG / 2, "{wait:?}");
    assert!(wait.quiet);
}

#[tokio::test]
async fn an_id_of_its_own_or_none_is_nothing_to_be_gentle_with() {
    let server = Server::start().await;
    for mut config in [market(&server), by_url(&server, "/stream")] {
        config.timing.same_client_gap = LONG;
        let mut listener = Listener::start(config);
        server.accept_stream().await.end().await;
        assert!(listener.waiting().await.delay < LONG / 2);
        server.accept_stream().await;
        listener.cancel.cancel();
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_drops_trips_the_fuse() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.fuse_count = 3;
    let mut listener = Listener::start(config);
    for _ in 0..2 {
        server.accept_stream().await.end().await;
        assert!(listener.waiting().await.quiet);
    }
    server.accept_stream().await.end().await;
    let wait = listener.waiting().await;
    assert!(wait.delay > Duration::from_secs(500) && wait.slow && !wait.quiet, "{wait:?}");
    listener.control.send(Control::ReconnectNow).await.unwrap();
    server.accept_stream().await;
}

#[tokio::test]
async fn without_a_control_left_it_goes_on_by_itself() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let (unused, _) = tokio::sync::mpsc::channel(1);
    drop(std::mem::replace(&mut listener.control, unused));
    server.accept_stream().await.end().await;
    assert!(listener.waiting().await.quiet);
    server.accept_stream().await;
}
