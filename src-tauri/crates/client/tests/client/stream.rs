//! An open stream: what comes out of it, how it ends, and when silence ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use agora_client::ReasonCode;
use agora_client::connection::{Ended, Update, queue_of};

use crate::listener::{Listener, by_url, market, open};
use crate::server::Server;

#[tokio::test]
async fn the_request_is_what_an_event_stream_wants() {
    let server = Server::start().await;
    let _listener = Listener::start(market(&server));
    let exchange = server.accept_connect().await;
    assert!(exchange.request().starts_with("GET /api/sse/connect/user_7_device-01-"));
    // An error's words are welcome too. The library beneath adds a line of its own behind it.
    assert_eq!(exchange.header("accept"), Some("text/event-stream, application/json;q=0.1"));
    assert_eq!(exchange.header("cache-control"), Some("no-cache"));
    assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
    assert_eq!(exchange.header("last-event-id"), None);
    assert_eq!(exchange.header("referer"), None);
}

#[tokio::test]
async fn an_event_comes_out_as_soon_as_its_last_byte_is_there() {
    let (_server, mut listener, mut exchange) = open().await;
    exchange.send("data:{\"type\":\"HEARTBEAT\"}\nevent:HEARTBEAT\n\n").await;
    let event = listener.event().await;
    assert_eq!((event.event.as_str(), event.id), ("HEARTBEAT", None));
    assert_eq!(event.data, "{\"type\":\"HEARTBEAT\"}");
    exchange.send("data: a\rdata: b\r\r").await;
    let event = listener.event().await;
    assert_eq!((event.event.as_str(), event.data.as_str()), ("message", "a\nb"));
}

#[tokio::test]
async fn bytes_are_told_as_a_sign_of_life() {
    let (_server, mut listener, mut exchange) = open().await;
    listener.connected().await;
    exchange.send(":").await;
    assert!(matches!(listener.update().await, Update::Heard(_)));
}

#[tokio::test]
async fn a_clean_end_is_quiet_and_is_followed_by_a_connect() {
    let (server, mut listener, mut exchange) = open().await;
    exchange.send("data: whole\n\ndata: half").await;
    exchange.end().await;
    assert_eq!(listener.event().await.data, "whole");
    let wait = listener.waiting().await;
    assert_eq!(wait.reason.code, ReasonCode::Ended);
    assert!(wait.quiet && !wait.slow);
    let mut exchange = server.accept_stream().await;
    exchange.send("data: again\n\n").await;
    assert_eq!(listener.event().await.data, "again");
}

#[tokio::test]
async fn the_bare_text_that_a_market_ends_a_stream_with_has_no_effect() {
    // Spring's, where an emitter times out; at the end, or amid what somebody still sends.
    for text in
        ["SSE connection timed out", "SSE connection timed out\n", "SSE connection timed out\n\n"]
    {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        let mut exchange = server.accept_stream().await;
        exchange.send(format!("id: 7\ndata: whole\n\n{text}")).await;
        exchange.end().await;
        assert_eq!(listener.event().await.data, "whole");
        // No event in between.
        let wait = listener.waiting().await;
        assert_eq!((wait.reason.code, wait.quiet), (ReasonCode::Ended, true), "{text:?}");
        let mut exchange = server.accept_stream().await;
        assert_eq!(exchange.header("last-event-id"), Some("7"));
        exchange.send(format!("{text}\ndata: after\n\n")).await;
        let event = listener.event().await;
        assert_eq!((event.event.as_str(), event.data.as_str()), ("message", "after"));
    }
}

#[tokio::test]
async fn a_reset_in_the_middle_of_an_event_gives_no_half_of_it() {
    let (server, mut listener, mut exchange) = open().await;
    exchange.send("data: whole\n\nid: 9\ndata: half\n").await;
    assert_eq!(listener.event().await.data, "whole");
    exchange.reset();
    let wait = listener.waiting().await;
    assert_eq!(wait.reason.code, ReasonCode::Cut);
    assert!(!wait.quiet && !wait.slow);
    assert_eq!(server.accept_connect().await.header("last-event-id"), None);
}

#[tokio::test]
async fn a_chunked_body_that_is_cut_short_is_a_cut() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let mut exchange = server.accept_connect().await;
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    exchange.send(head).await;
    exchange.send("9\r\ndata: x\n\n\r\n").await;
    assert_eq!(listener.event().await.data, "x");
    exchange.end().await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Cut);
}

#[tokio::test]
async fn a_chunked_body_that_ends_is_a_clean_end() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let mut exchange = server.accept_connect().await;
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    exchange.send(head).await;
    exchange.send("0\r\n\r\n").await;
    assert!(listener.waiting().await.quiet);
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_closed_and_made_again() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.silence_unannounced = Duration::from_millis(80);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    exchange.send("data: x\n\n").await;
    assert_eq!(listener.event().await.data, "x");
    let wait = listener.waiting().await;
    assert_eq!(wait.reason.code, ReasonCode::Silent);
    assert!(!wait.quiet);
    exchange.closed().await;
    server.accept_stream().await;
}

#[tokio::test]
async fn the_announced_heartbeat_is_the_measure_of_silence() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.silence_least = Duration::from_millis(80);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    let announcement = r#"data:{"type":"SYSTEM_TIME_WAIT","heartbeatInterval":0.01}"#;
    exchange.send(format!("{announcement}\nevent:SYSTEM_TIME_WAIT\n\n")).await;
    assert_eq!(listener.event().await.event, "SYSTEM_TIME_WAIT");
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Silent);
}

#[tokio::test]
async fn comments_and_half_lines_are_signs_of_life() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.silence_unannounced = Duration::from_millis(1_800);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    // Twice the limit in all, never near it at once.
    let mut ticks = tokio::time::interval(Duration::from_millis(350));
    for piece in [":", "x", "\n", "d", "a", "t", "a", ":", " ", "late", "\n", ":\n"] {
        ticks.tick().await;
        exchange.send(piece).await;
    }
    exchange.send("\n").await;
    listener.connected().await;
    let Update::Event(event) = listener.next().await else { panic!("the stream was given up") };
    assert_eq!(event.data, "late");
}

#[tokio::test]
async fn a_slow_reader_slows_the_stream_and_loses_nothing() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.silence_unannounced = Duration::from_millis(200);
    let mut listener = Listener::with_queue(config, queue_of(1, 1));
    let mut exchange = server.accept_stream().await;
    let events: Vec<_> = (0..1000).map(|nth| format!("data: {nth}\n\n")).collect();
    exchange.send(events.concat()).await;
    // Longer than the silence that is borne: waiting for the reader is no silence.
    tokio::time::sleep(Duration::from_millis(500)).await;
    for nth in 0..1000 {
        assert_eq!(listener.event().await.data, nth.to_string());
    }
}

#[tokio::test]
async fn of_large_events_only_a_few_are_read_while_nobody_takes_them_and_none_is_lost() {
    const EVENTS: usize = 60;
    let data = |nth| format!("{nth} {}", "x".repeat(1_000_000));
    let (_server, mut listener, mut exchange) = open().await;
    let sent = Arc::new(AtomicUsize::new(0));
    let sending = tokio::spawn({
        let sent = sent.clone();
        async move {
            for nth in 0..EVENTS {
                exchange.send(format!("data: {}\n\n", data(nth))).await;
                sent.fetch_add(1, Ordering::Relaxed);
            }
            exchange
        }
    });
    let mut before = usize::MAX;
    while sent.load(Ordering::Relaxed) != before {
        before = sent.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // The rest of them is what the system holds of a connection.
    assert!((1..EVENTS / 2).contains(&before), "{before} were taken in");
    for nth in 0..EVENTS {
        assert!(listener.event().await.data == data(nth), "{nth}");
    }
    sending.await.unwrap();
}

#[tokio::test]
async fn an_event_over_the_limit_is_dropped_and_the_stream_goes_on() {
    let (_server, mut listener, mut exchange) = open().await;
    exchange.send(format!("data: {}\n\ndata: after\n\n", "x".repeat(1024 * 1024 + 1))).await;
    listener.connected().await;
    let Update::Event(event) = listener.next().await else { panic!("no event") };
    assert_eq!(event.data, "after");
}

#[tokio::test]
async fn once_is_one_connection() {
    let server = Server::start().await;
    let mut config = by_url(&server, "/any?stream=1");
    config.once = true;
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    assert_eq!(exchange.request(), "GET /any?stream=1");
    exchange.send("data: x\n\n").await;
    assert_eq!(listener.event().await.data, "x");
    exchange.end().await;
    let Ended::Once(reason) = listener.ended().await else { panic!("not once") };
    assert_eq!(reason.code, ReasonCode::Ended);
}
