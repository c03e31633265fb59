//! The calls: what is sent, and what each answer and each missing answer means.

use std::time::Duration;

use agora_client::{CallError, CallLimits, ClientId, Market, Message, ReasonCode, UserId};

use crate::listener::endpoint;
use crate::server::Server;

fn market(server: &Server) -> Market {
    with_limits(server, CallLimits::default())
}

/// One that soon gives up what is never answered.
fn hasty(server: &Server) -> Market {
    let whole = Duration::from_millis(400);
    with_limits(server, CallLimits { whole, ..CallLimits::default() })
}

fn with_limits(server: &Server, limits: CallLimits) -> Market {
    let endpoint = endpoint(server);
    Market::with_limits(endpoint.base, endpoint.token, limits).unwrap()
}

fn message() -> Message {
    Message::from_json(r#"{"title":"優惠","n":1}"#).unwrap()
}

/// A broadcast, and what it comes to when the server answers `response` and ends.
async fn broadcast_answered(status: &str, headers: &str, body: &str) -> Result<(), CallError> {
    let server = Server::start().await;
    let market = market(&server);
    let message = message();
    let (result, ()) = tokio::join!(market.broadcast(&message), async {
        server.accept().await.answer(status, headers, body).await;
    });
    result
}

#[tokio::test]
async fn a_broadcast_is_the_object_as_json() {
    let server = Server::start().await;
    let market = market(&server);
    let message = message();
    let (result, ()) = tokio::join!(market.broadcast(&message), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "POST /api/sse/broadcast");
        assert_eq!(exchange.header("content-type"), Some("application/json"));
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        assert_eq!(exchange.body, r#"{"title":"優惠","n":1}"#);
        exchange.answer("200 OK", "", "").await;
    });
    assert_eq!(result, Ok(()));
}

#[tokio::test]
async fn a_users_id_stays_one_segment_of_the_path() {
    let server = Server::start().await;
    let market = market(&server);
    let message = message();
    let user = UserId::parse("../1 ?").unwrap();
    let (result, ()) = tokio::join!(market.send_to_user(&user, &message), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "POST /api/sse/send/user/..%2F1%20%3F");
        exchange.answer("200 OK", "", "").await;
    });
    assert_eq!(result, Ok(()));
}

#[tokio::test]
async fn a_refusal_has_the_status_the_message_and_whether_waiting_helps() {
    let body = r#"{"error":"Forbidden","message":"僅限管理員","status":403}"#;
    let error = broadcast_answered("403 Forbidden", "", body).await.unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.to_string(), "the market refused (403): 僅限管理員");
    assert!(!error.can_wait() && !error.may_have_been_delivered());

    let busy = broadcast_answered("503 Busy", "Retry-After: 7\r\n", "").await.unwrap_err();
    assert!(busy.can_wait() && !busy.may_have_been_delivered());
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn a_log_has_nothing_of_the_markets_words() {
    let body = r#"{"message":"user_7_device-01 may not"}"#;
    for (status, shown) in [
        ("403 Forbidden", "the market refused (403)"),
        (
            "502 Bad Gateway",
            "the message may have been delivered; no answer came: the connection was cut (502)",
        ),
    ] {
        let error = broadcast_answered(status, "", body).await.unwrap_err();
        assert!(error.to_string().contains("user_7"), "{error}");
        assert_eq!(error.redacted().to_string(), shown);
    }
}

#[tokio::test]
async fn a_quoted_token_is_taken_out_of_the_markets_message() {
    let body = r#"{"message":"bad token secret-token"}"#;
    let error = broadcast_answered("401 Unauthorized", "", body).await.unwrap_err();
    assert_eq!(error.to_string(), "the market refused (401): bad token …");
    assert!(!format!("{error:?}").contains("secret-token"));
}

#[tokio::test]
async fn a_post_is_not_redirected() {
    for status in ["302 Found", "307 Temporary Redirect"] {
        let error = broadcast_answered(status, "Location: /x\r\n", "").await.unwrap_err();
        assert_eq!(error.status(), status[..3].parse().ok());
        assert!(!error.can_wait());
    }
}

#[tokio::test]
async fn an_answer_lost_behind_a_gateway_may_have_been_delivered() {
    for status in ["502 Bad Gateway", "504 Gateway Timeout", "520 Unknown", "524 Timeout"] {
        let error = broadcast_answered(status, "", "").await.unwrap_err();
        assert!(error.may_have_been_delivered(), "{status}");
        assert_eq!(error.status(), status[..3].parse().ok());
    }
    let error = broadcast_answered("503 Service Unavailable", "", "").await.unwrap_err();
    assert!(!error.may_have_been_delivered(), "the market itself refused it");
}

#[tokio::test]
async fn a_web_page_is_not_the_markets_yes() {
    let page = "Content-Type: text/html; charset=utf-8\r\n";
    let error = broadcast_answered("200 OK", page, "<title>Sign in</title>").await.unwrap_err();
    assert!(error.may_have_been_delivered());
    broadcast_answered("200 OK", "", "").await.unwrap();
}

#[tokio::test]
async fn a_post_without_an_answer_may_have_been_delivered() {
    let server = Server::start().await;
    let market = hasty(&server);
    let message = message();
    let (result, exchange) = tokio::join!(market.broadcast(&message), server.accept());
    let error = result.unwrap_err();
    assert!(error.may_have_been_delivered() && !error.can_wait());
    let CallError::MayHaveBeenDelivered { reason } = error else { unreachable!() };
    assert_eq!(reason.code, ReasonCode::Timeout);
    drop(exchange);
}

#[tokio::test]
async fn a_post_whose_connection_breaks_is_sent_once_and_may_have_been_delivered() {
    let server = Server::start().await;
    let market = market(&server);
    let message = message();
    for ends_cleanly in [false, true] {
        let (result, ()) = tokio::join!(market.broadcast(&message), async {
            let exchange = server.accept().await;
            if ends_cleanly {
                exchange.end().await;
            } else {
                exchange.reset();
            }
        });
        assert!(result.unwrap_err().may_have_been_delivered());
        server.assert_no_request().await;
    }
}

#[tokio::test]
async fn each_post_has_a_connection_of_its_own() {
    let server = Server::start().await;
    let market = market(&server);
    let message = message();
    for _ in 0..2 {
        // The server would keep the connection; a request on it could meet its end.
        let (result, mut socket) = tokio::join!(market.broadcast(&message), async {
            let mut exchange = server.accept().await;
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
            exchange
        });
        assert_eq!(result, Ok(()));
        socket.closed().await;
    }
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_sent_nothing() {
    let gone = Server::start().await;
    let market = market(&gone);
    drop(gone);
    let error = market.broadcast(&message()).await.unwrap_err();
    assert!(
        matches!(&error, CallError::NotSent { reason } if reason.code == ReasonCode::Unreachable)
    );
    assert!(error.can_wait());
}

#[tokio::test]
async fn a_goodbye_without_an_answer_delivers_nothing() {
    let server = Server::start().await;
    let market = hasty(&server);
    let client = ClientId::parse("user_7_device-01").unwrap();
    let (result, exchange) = tokio::join!(market.disconnect(&client), server.accept());
    assert!(matches!(result, Err(CallError::NoAnswer { .. })));
    assert_eq!(exchange.request(), "DELETE /api/sse/disconnect/user_7_device-01");
}

#[tokio::test]
async fn no_error_and_no_debug_names_the_token_or_the_client() {
    let gone = Server::start().await;
    let market = market(&gone);
    drop(gone);
    assert!(!format!("{market:?}").contains("secret-token"));
    let client = ClientId::parse("user_7_device-01").unwrap();
    let error = market.disconnect(&client).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("user_7") && !shown.contains("secret-token"), "{shown}");
}

#[tokio::test]
async fn all_connections_are_known_to_be_taken_in_whatever_form_that_is_said() {
    let server = Server::start().await;
    let market = market(&server);
    let user = UserId::parse("4021").unwrap();
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (body, is_all) in [
        (r#"{"connectionCount":5}"#.to_owned(), true),
        (r#"{"connectionCount":"5"}"#.to_owned(), true),
        (r#"{"connectionCount":5.0}"#.to_owned(), true),
        (r#"{"connectionCount":4}"#.to_owned(), false),
        (r#"{"connectionCount":-5}"#.to_owned(), false),
        (r#"{"connectionCount":[5]}"#.to_owned(), false),
        (r#"{"connectionDetails":[{"agent":"\ud83d"}],"connectionCount":5}"#.to_owned(), true),
        (r#"{"connectionCount":5,"averageConnectionTime":NaN}"#.to_owned(), true),
        (r#"{"connectionCount":5,"connectionCount":null,"x":1e400}"#.to_owned(), true),
        (format!(r#"{{"clientIds":{nested},"connectionCount":5}}"#), true),
        ("{}".to_owned(), false),
        ("5".to_owned(), false),
        (String::new(), false),
    ] {
        let (answer, ()) = tokio::join!(market.has_all_connections(&user), async {
            let exchange = server.accept().await;
            assert_eq!(exchange.request(), "GET /api/sse/status/user/4021");
            exchange.answer("200 OK", "Content-Type: application/json\r\n", &body).await;
        });
        assert_eq!(answer, Ok(is_all), "{body:.80}");
    }
}
