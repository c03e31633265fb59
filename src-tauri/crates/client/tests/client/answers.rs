//! The table of answers, row by row.

use std::time::{Duration, SystemTime};

use agora_client::ReasonCode;
use agora_client::connection::{ConnectionStatus, Stop};

use crate::listener::{Listener, Wait, by_url, market};
use crate::server::{STREAM, Server};

/// What a whole response leads to: the wait that is told first.
async fn wait_after(response: &str) -> Wait {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let mut exchange = server.accept_connect().await;
    exchange.send(response).await;
    exchange.end().await;
    listener.waiting().await
}

async fn stop_after(response: &str) -> Stop {
    let server = Server::start().await;
    let listener = Listener::start(market(&server));
    let mut exchange = server.accept_connect().await;
    exchange.send(response).await;
    exchange.end().await;
    listener.stopped().await
}

fn head(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_stream_opens_whatever_the_case_and_parameters_of_its_type() {
    for content_type in [
        "text/event-stream",
        "Text/Event-Stream;charset=utf-8",
        "text/event-stream; charset=big5",
        "text/event-stream;",
        "text/event-stream ; a b",
    ] {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        let mut exchange = server.accept_connect().await;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n");
        exchange.send(head + "data: 商\n\n").await;
        listener.connected().await;
        assert_eq!(listener.event().await.data, "商", "{content_type}");
    }
}

#[tokio::test]
async fn another_type_is_not_parsed() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\ndata: <html>\n\n";
    let wait = wait_after(page).await;
    assert_eq!(wait.reason.code, ReasonCode::NotEventStream);
    assert_eq!(wait.reason.detail.as_deref(), Some("text/html"));
    assert!(wait.slow);
    let untyped = wait_after("HTTP/1.1 200 OK\r\n\r\ndata: x\n\n").await;
    assert_eq!((untyped.reason.code, untyped.slow), (ReasonCode::NotEventStream, true));
}

#[tokio::test]
async fn some_answers_stop_it() {
    assert_eq!(stop_after("HTTP/1.1 204 No Content\r\n\r\n").await, Stop::NoContent);
    let stop = stop_after(&head("407 Proxy Authentication Required", "")).await;
    assert_eq!(stop, Stop::ProxySignIn);
    assert_eq!(stop_after(&head("410 Gone", "")).await, Stop::Gone { message: None });
    for (status, number) in [("401 Unauthorized", 401), ("403 Forbidden", 403)] {
        let stop = stop_after(&head(status, "")).await;
        assert_eq!(stop, Stop::SignedOut { status: number, message: None, had_token: true });
    }
}

#[tokio::test]
async fn the_markets_message_comes_with_the_refusal() {
    let body = r#"{"error":"Unauthorized","message":"請重新登入","status":401}"#;
    let response =
        format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let message = Some("請重新登入".to_owned());
    let stop = Stop::SignedOut { status: 401, message, had_token: true };
    assert_eq!(stop_after(&response).await, stop);
}

#[tokio::test]
async fn a_refusal_of_who_has_no_token_is_told_from_one_of_a_token() {
    for (status, number) in [("401 Unauthorized", 401), ("403 Forbidden", 403)] {
        let server = Server::start().await;
        let listener = Listener::start(by_url(&server, "/stream"));
        server.accept_connect().await.answer(status, "", "").await;
        let stop = Stop::SignedOut { status: number, message: None, had_token: false };
        assert_eq!(listener.stopped().await, stop);
    }
}

#[tokio::test]
async fn other_answers_are_retried_soon_or_slowly() {
    for (status, code, slow) in [
        ("201 Created", ReasonCode::UnexpectedStatus, true),
        ("304 Not Modified", ReasonCode::Redirect, true),
        ("302 Found", ReasonCode::Redirect, true),
        ("400 Bad Request", ReasonCode::BadRequest, true),
        ("404 Not Found", ReasonCode::Rejected, true),
        ("408 Request Timeout", ReasonCode::Busy, false),
        ("425 Too Early", ReasonCode::Busy, false),
        ("429 Too Many Requests", ReasonCode::Busy, false),
        ("500 Internal Server Error", ReasonCode::ServerError, false),
        ("501 Not Implemented", ReasonCode::ServerError, false),
        ("502 Bad Gateway", ReasonCode::Away, false),
        ("503 Service Unavailable", ReasonCode::Away, false),
        ("504 Gateway Timeout", ReasonCode::Away, false),
        ("522 Connection Timed Out", ReasonCode::Away, false),
    ] {
        let wait = wait_after(&head(status, "")).await;
        assert_eq!((wait.reason.code, wait.slow), (code, slow), "{status}");
        assert_eq!(wait.reason.status, status[..3].parse().ok(), "{status}");
        assert!(!wait.quiet, "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_the_least_wait_in_seconds_and_as_a_date() {
    for status in ["408 Timeout", "425 Early", "429 Too Many", "404 Not Found", "503 Unavailable"] {
        // A date has whole seconds: what is left of this one is never more than asked for.
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(121));
        for asked in ["120".to_owned(), date] {
            let server = Server::start().await;
            let mut config = market(&server);
            config.timing.retry_after_most = Duration::from_mins(15);
            let mut listener = Listener::start(config);
            let header = format!("Retry-After: {asked}\r\n");
            server.accept_connect().await.answer(status, &header, "").await;
            let wait = listener.waiting().await;
            let delay = wait.delay.as_secs_f64();
            assert!((115.0..=151.3).contains(&delay), "{status} {asked} {wait:?}");
        }
    }
}

#[tokio::test]
async fn an_error_body_without_end_is_read_for_its_time_only() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let mut exchange = server.accept_connect().await;
    exchange.send("HTTP/1.1 500 Oops\r\nContent-Length: 4000\r\n\r\n{\"message\":").await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::ServerError);
    exchange.closed().await;
}

#[tokio::test]
async fn an_error_body_is_read_to_four_kilobytes_only() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.refusal_body = Duration::from_mins(15);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_connect().await;
    exchange.send("HTTP/1.1 500 Oops\r\nContent-Length: 999999\r\n\r\n").await;
    exchange.send("x".repeat(4096)).await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::ServerError);
    exchange.closed().await;
}

#[tokio::test]
async fn a_compressed_stream_that_nobody_asked_for_is_a_fault_and_never_connected() {
    for (encoding, body) in [
        ("gzip", &b"\x1F\x8B\x08\x00\x00\x00\x00\x00"[..]),
        ("br", b"\x0B\x04\x80data"),
        ("zstd", b"\x28\xB5\x2F\xFD\x04"),
        ("deflate", b"\x78\x9C\x4B\x49"),
    ] {
        let server = Server::start().await;
        let mut listener = Listener::start(market(&server));
        let mut exchange = server.accept_connect().await;
        assert_eq!(exchange.header("accept-encoding"), Some("identity"));
        let head = STREAM.replace("\r\n\r\n", &format!("\r\nContent-Encoding: {encoding}\r\n\r\n"));
        exchange.send(head).await;
        // The head alone is nothing that anybody could rely on.
        tokio::time::sleep(Duration::from_millis(50)).await;
        exchange.send(body).await;
        listener.connecting().await;
        let ConnectionStatus::Waiting { reason, slow, .. } = listener.status().await else {
            panic!("shown as something else than a fault")
        };
        assert_eq!((reason.code, slow), (ReasonCode::Encoding, true), "{encoding}");
        exchange.closed().await;
    }
}

#[tokio::test]
async fn a_server_that_answers_nothing_runs_into_the_headers_limit() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.headers = Duration::from_millis(50);
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_connect().await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Timeout);
    exchange.closed().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let gone = Server::start().await;
    let config = market(&gone);
    drop(gone);
    let wait = Listener::start(config).waiting().await;
    assert_eq!((wait.reason.code, wait.slow), (ReasonCode::Unreachable, false));
}
