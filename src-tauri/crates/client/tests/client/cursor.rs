//! The last event ID and the reconnection time: what moves them, and what is sent.

use std::time::Duration;

use agora_client::connection::Update;

use crate::listener::{Listener, market, open};
use crate::server::Server;

#[tokio::test]
async fn the_last_id_is_sent_on_reconnect_and_stays_in_force() {
    let (server, mut listener, mut exchange) = open().await;
    exchange.send("id: 訂單-1\ndata: a\n\nid: 2\ndata: cut off\n").await;
    exchange.end().await;
    let event = listener.event().await;
    assert_eq!((event.id.as_deref(), event.id_is_own), (Some("訂單-1"), true));

    let mut exchange = server.accept_stream().await;
    assert_eq!(exchange.header("last-event-id"), Some("訂單-1"));
    exchange.send("data: b\n\n").await;
    let event = listener.event().await;
    assert_eq!((event.id.as_deref(), event.id_is_own), (Some("訂單-1"), false));
}

#[tokio::test]
async fn an_id_without_data_moves_the_cursor() {
    let (server, mut listener, mut exchange) = open().await;
    exchange.send("id: 5\n\n").await;
    listener.connected().await;
    assert_eq!(listener.next().await, Update::Cursor(Some("5".to_owned())));
    exchange.end().await;
    let mut exchange = server.accept_stream().await;
    assert_eq!(exchange.header("last-event-id"), Some("5"));

    exchange.send("id\n\n").await;
    listener.waiting().await;
    listener.connected().await;
    assert_eq!(listener.next().await, Update::Cursor(None));
    exchange.end().await;
    assert_eq!(server.accept_connect().await.header("last-event-id"), None);
}

#[tokio::test]
async fn an_earlier_runs_id_is_sent_first() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.last_event_id = Some("41".to_owned());
    let _listener = Listener::start(config);
    assert_eq!(server.accept_connect().await.header("last-event-id"), Some("41"));
}

#[tokio::test]
async fn an_id_that_no_header_can_carry_is_not_sent() {
    for id in ["a\tb".to_owned(), "x".repeat(1025)] {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        let mut exchange = server.accept_stream().await;
        exchange.send(format!("id: {id}\ndata: x\n\n")).await;
        exchange.end().await;
        assert_eq!(listener.event().await.id, Some(id));
        assert_eq!(server.accept_connect().await.header("last-event-id"), None);
    }
}

#[tokio::test]
async fn a_400_to_a_last_event_id_is_tried_once_without_it() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.last_event_id = Some("41".to_owned());
    let mut listener = Listener::start(config);
    let exchange = server.accept_connect().await;
    assert_eq!(exchange.header("last-event-id"), Some("41"));
    exchange.answer("400 Bad Request", "", "").await;
    let exchange = server.accept_connect().await;
    assert_eq!(exchange.header("last-event-id"), None);
    exchange.answer("400 Bad Request", "", "").await;
    listener.connecting().await;
    listener.connecting().await;
    assert!(listener.waiting().await.slow);
}

#[tokio::test]
async fn the_streams_reconnection_time_is_the_base_of_the_delay() {
    let server = Server::start().await;
    let mut config = market(&server);
    // By itself it would wait ten minutes at least; the least of the stream's is a millisecond.
    let long = Duration::from_mins(10);
    config.timing.base = long;
    config.timing.base_bounds = (Duration::from_millis(1), long);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    exchange.send("retry: 20\n").await;
    exchange.send("data: x\n\n").await;
    listener.event().await;
    exchange.reset();
    assert!(listener.waiting().await.delay <= Duration::from_millis(20));
    server.accept_connect().await;
}
