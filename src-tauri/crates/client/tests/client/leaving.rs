//! Leaving, from whatever state: the stream is closed, the market is told, nothing follows.

use std::time::{Duration, Instant};

use agora_client::connection::{Control, Ended, queue, queue_of};

use crate::listener::{Listener, by_url, endpoint, market, open};
use crate::server::{Exchange, Server};

/// The goodbye to what this connect went out under.
async fn expect_goodbye(server: &Server, connect: &Exchange) {
    let goodbye = server.accept().await;
    let id = connect.request().strip_prefix("GET /api/sse/connect/").unwrap();
    assert_eq!(goodbye.request(), format!("DELETE /api/sse/disconnect/{id}"));
    assert_eq!(goodbye.header("authorization"), Some("Bearer secret-token"));
    goodbye.answer("200 OK", "", "").await;
}

#[tokio::test]
async fn leaving_an_open_stream_closes_it_before_the_goodbye() {
    let (server, mut listener, mut exchange) = open().await;
    listener.connected().await;
    listener.cancel.cancel();
    exchange.closed().await;
    expect_goodbye(&server, &exchange).await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
}

#[tokio::test]
async fn leaving_while_connecting_gives_the_request_up() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let mut exchange = server.accept().await;
    listener.connecting().await;
    listener.cancel.cancel();
    exchange.closed().await;
    expect_goodbye(&server, &exchange).await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
}

#[tokio::test]
async fn leaving_a_wait_ends_it() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.least = Duration::from_mins(10);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept().await;
    exchange.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").await;
    listener.waiting().await;
    listener.cancel.cancel();
    // What is asked for after the end has no effect.
    let _ = listener.control.send(Control::ReconnectNow).await;
    expect_goodbye(&server, &exchange).await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
}

#[tokio::test]
async fn a_run_that_is_left_before_it_began_asks_for_nothing() {
    let server = Server::start().await;
    for _ in 0..8 {
        let listener = Listener::start(market(&server));
        // Nothing has run yet: the test's runtime has one thread, and this test is on it.
        listener.cancel.cancel();
        assert_eq!(listener.ended().await, Ended::Cancelled);
    }
    server.assert_no_request().await;
}

#[tokio::test]
async fn a_goodbye_that_is_not_answered_holds_nobody_up() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let _open = server.accept_stream().await;
    listener.connected().await;
    let started = Instant::now();
    listener.cancel.cancel();
    let _unanswered: Exchange = server.accept().await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn leaving_while_nobody_reads_is_no_deadlock() {
    let server = Server::start().await;
    let listener = Listener::with_queue(market(&server), queue_of(1, 1));
    let mut exchange = server.accept_stream().await;
    exchange.send("data: x\n\n".repeat(100)).await;
    listener.cancel.cancel();
    expect_goodbye(&server, &exchange).await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
}

#[tokio::test]
async fn a_stream_that_nobody_listens_to_is_left() {
    let server = Server::start().await;
    let (updates, mut receiver) = queue();
    let (_control, controls) = tokio::sync::mpsc::channel(1);
    let cancel = tokio_util::sync::CancellationToken::new();
    let run = agora_client::connection::run(market(&server), updates, controls, cancel);
    let task = tokio::spawn(run);
    let mut exchange = server.accept_stream().await;
    receiver.recv().await.unwrap();
    drop(receiver);
    exchange.send("data: x\n\n").await;
    exchange.closed().await;
    expect_goodbye(&server, &exchange).await;
    assert_eq!(task.await.unwrap().unwrap(), Ended::Cancelled);
}

#[tokio::test]
async fn a_stream_by_url_has_nobody_to_say_goodbye_to() {
    let server = Server::start().await;
    let mut listener = Listener::start(by_url(&server, "/stream"));
    let mut exchange = server.accept_stream().await;
    listener.connected().await;
    listener.cancel.cancel();
    exchange.closed().await;
    assert_eq!(listener.ended().await, Ended::Cancelled);
    server.assert_no_request().await;
}

#[tokio::test]
async fn a_hostile_client_id_stays_one_segment_of_the_path() {
    let server = Server::start().await;
    let mut config = market(&server);
    let mut endpoint = endpoint(&server);
    endpoint.client_id = agora_client::ClientId::parse("../x?y#z/商;%2e").unwrap();
    config.target = agora_client::connection::Target::market(endpoint);
    let listener = Listener::start(config);
    let encoded = "..%2Fx%3Fy%23z%2F%E5%95%86%3B%252e";
    let exchange = server.accept_stream().await;
    assert_eq!(exchange.request(), format!("GET /api/sse/connect/{encoded}"));
    listener.cancel.cancel();
    let goodbye = server.accept().await;
    assert_eq!(goodbye.request(), format!("DELETE /api/sse/disconnect/{encoded}"));
}

#[tokio::test]
async fn the_token_is_in_no_debug() {
    let server = Server::start().await;
    let shown = format!("{:?}", market(&server));
    assert!(!shown.contains("secret-token"), "{shown}");
    assert!(!shown.contains("user_7"), "{shown}");
}
