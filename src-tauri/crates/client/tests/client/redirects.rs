//! Redirects: followed on the same host, at most five, and never with more than they need.

use std::time::Duration;

use agora_client::ReasonCode;

use crate::listener::{Listener, market};
use crate::server::Server;

/// The configured URL, up to what is each connect's own.
const CONFIGURED: &str = "GET /api/sse/connect/user_7_device-01-";

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_with_the_token_and_without_a_referrer() {
    for status in ["301 M", "302 F", "303 S", "307 T", "308 P"] {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        server.accept_connect().await.answer(status, "Location: /elsewhere\r\n", "").await;
        let mut exchange = server.accept_stream().await;
        assert_eq!(exchange.request(), "GET /elsewhere", "{status}");
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        assert_eq!(exchange.header("referer"), None);
        listener.connected().await;
        // The next connect starts from the configured URL.
        exchange.send("").await;
        exchange.end().await;
        let next = server.accept_connect().await;
        assert!(next.request().starts_with(CONFIGURED), "{}", next.request());
    }
}

#[tokio::test]
async fn another_host_gets_no_request_at_all() {
    let server = Server::start().await;
    let other = Server::start().await;
    let mut listener = Listener::start(market(&server));
    for location in [other.url("/x"), format!("http://localhost:{}/x", server.address().port())] {
        let header = format!("Location: {location}\r\n");
        server.accept_connect().await.answer("302 Found", &header, "").await;
        let wait = listener.waiting().await;
        assert_eq!((wait.reason.code, wait.slow), (ReasonCode::Redirect, true));
        assert!(wait.reason.detail.unwrap().starts_with("to http://"));
    }
    // What comes next is the configured URL again, and the other server saw nothing.
    let next = server.accept_connect().await;
    assert!(next.request().starts_with(CONFIGURED), "{}", next.request());
    other.assert_no_request().await;
}

#[tokio::test]
async fn the_sixth_redirect_is_not_followed() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    for nth in 0..6 {
        let header = format!("Location: /{nth}\r\n");
        server.accept_connect().await.answer("302 Found", &header, "").await;
    }
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Redirect);
    let next = server.accept_connect().await;
    assert!(next.request().starts_with(CONFIGURED), "{}", next.request());
}

#[tokio::test]
async fn a_loop_costs_six_requests_and_then_a_slow_wait() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.slow = Duration::from_mins(10);
    config.timing.slow_cap = config.timing.slow;
    let mut listener = Listener::start(config);
    for _ in 0..6 {
        let exchange = server.accept_connect().await;
        assert!(exchange.request().starts_with(CONFIGURED), "{}", exchange.request());
        let path = exchange.request().strip_prefix("GET ").unwrap();
        let header = format!("Location: {path}\r\n");
        exchange.answer("307 Temporary Redirect", &header, "").await;
    }
    let wait = listener.waiting().await;
    assert_eq!((wait.reason.code, wait.slow), (ReasonCode::Redirect, true));
    server.assert_no_request().await;
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_a_fault() {
    for location in ["", "Location: http://\r\n", "Location: ftp://127.0.0.1/\r\n"] {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        server.accept_connect().await.answer("302 Found", location, "").await;
        let wait = listener.waiting().await;
        assert_eq!(wait.reason.code, ReasonCode::Redirect, "{location}");
        assert!(wait.slow, "{location}");
    }
}
