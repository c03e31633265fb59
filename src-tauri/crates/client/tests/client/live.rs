//! What the market says of its connections.

use agora_client::{CallError, LiveNumbers, LiveUser, Market, MarketTime, UserId};

use crate::listener::endpoint;
use crate::server::Server;

async fn answered<T>(
    request: &str,
    answer: (&str, &str),
    ask: impl AsyncFn(Market) -> Result<T, CallError>,
) -> Result<T, CallError> {
    let server = Server::start().await;
    let to = endpoint(&server);
    let market = Market::new(to.base, to.token).unwrap();
    let (result, ()) = tokio::join!(ask(market), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), request);
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        exchange.answer(answer.0, "Content-Type: application/json\r\n", answer.1).await;
    });
    result
}

async fn numbers(status: &str, body: &str) -> Result<LiveNumbers, CallError> {
    let ask = async |market: Market| market.live_numbers().await;
    answered("GET /api/sse/status", (status, body), ask).await
}

#[tokio::test]
async fn the_numbers_are_read_as_far_as_they_are_said() {
    let body = r#"{"activeConnections":"412","activeUsers":380,"totalErrors":null,"maxConnections":1000.0}"#;
    let said = LiveNumbers {
        users: Some(380),
        connections: Some(412),
        most_connections: Some(1000),
        messages: None,
        errors: None,
    };
    assert_eq!(numbers("200 OK", body).await, Ok(said));
    for nothing in ["", "[]", "{}", r#"{"activeUsers":"many"}"#] {
        let read = numbers("200 OK", nothing).await;
        assert!(matches!(read, Err(CallError::NoAnswer { .. })), "{nothing}");
    }
    assert_eq!(numbers("404 Not Found", "{}").await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn a_user_is_connected_since_the_oldest_of_their_connections() {
    let body = r#"{"connected":true,"connectionCount":2,"connectionDetails":[
        {"connectedAt":"2026-08-22T22:10:00"}, {"connectedAt":"2026-08-22T21:55:00"}, 7, {}]}"#;
    let user = UserId::parse("4021").unwrap();
    let ask = async |market: Market| market.live_user(&user).await;
    let found = answered("GET /api/sse/status/user/4021", ("200 OK", body), &ask).await;
    let since = MarketTime::parse("2026-08-22T21:55:00");
    assert_eq!(found, Ok(LiveUser { connected: true, connections: Some(2), since }));
    let away =
        answered("GET /api/sse/status/user/4021", ("200 OK", r#"{"connectionCount":0}"#), &ask);
    let nobody = LiveUser { connections: Some(0), ..LiveUser::default() };
    assert_eq!(away.await, Ok(nobody));
}

#[tokio::test]
async fn everyone_is_disconnected_by_one_bare_request() {
    let ask = async |market: Market| market.disconnect_all().await;
    let answer = ("200 OK", r#"{"success":true}"#);
    assert_eq!(answered("POST /api/sse/force-disconnect-all", answer, ask).await, Ok(()));
}
