//! Refusals to who accepts JSON and to who doesn't, and what a missing token and a member's message get.

use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use agora_demo_market::{Config, DemoMarket};
use serde_json::{Value, json};

use crate::support::*;

const STREAM: &str = "text/event-stream";
const STREAM_OR_JSON: &str = "text/event-stream, application/json;q=0.1";

/// The status and the body of a connect that accepts only so much.
async fn refused(market: &DemoMarket, client_id: &str, accept: &str) -> (u16, String) {
    let call = client().get(url(market, &stream_path(client_id)));
    let answer = call.header("accept", accept).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn who_accepts_a_stream_alone_is_refused_without_a_word_and_a_malformed_id_is_a_500() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    for (client_id, alone, explained) in [("nobody", 500, 400), ("user_4021_test-device", 401, 401)]
    {
        assert_eq!(refused(&market, client_id, STREAM).await, (alone, String::new()));
        assert_eq!(
            market.requests().last().unwrap().status,
            Some(alone),
            "the record has what was answered"
        );
        let (status, body) = refused(&market, client_id, STREAM_OR_JSON).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["status"]), (explained, &json!(explained)));
        assert!(body["message"].is_string());
    }
}

#[tokio::test]
async fn the_sixth_connection_is_an_empty_500_to_who_accepts_a_stream_alone() {
    let market = market().await;
    let mut streams = Vec::new();
    for number in 0..5 {
        streams.push(Stream::open(&market, &format!("user_4021_desktop1-{number}")).await);
    }
    let sixth = "user_4021_desktop1-5";
    assert_eq!(refused(&market, sixth, STREAM).await, (500, String::new()));
    let (status, body) = refused(&market, sixth, STREAM_OR_JSON).await;
    assert_eq!(status, 500);
    assert!(body.contains("Maximum connections per user exceeded: 5"), "{body}");
}

#[tokio::test]
async fn a_missing_token_is_a_403_where_the_market_is_so_set_up_and_a_wrong_one_a_401() {
    let config = Config { require_token: true, forbids_without_token: true, ..Config::default() };
    let market = market_with(config).await;
    for path in ["/sse/connect/user_4021_test-device", "/notifications/unread", "/auth/me"] {
        assert_eq!(get(&market, path, None).await.status(), 403, "{path}");
        assert_eq!(get(&market, path, Some("nonsense")).await.status(), 401, "{path}");
    }
    assert_eq!(refused(&market, "user_4021_test-device", STREAM).await, (403, String::new()));
    assert_eq!(disconnect(&market, &device(&SELLER), None).await.status(), 403);
    Stream::of(get(&market, &stream_path(&device(&SELLER)), Some(SELLER.token)).await);
}

#[tokio::test]
async fn any_member_may_forge_any_event_where_the_market_lets_them() {
    let market = market_with(Config { members_write: true, ..Config::default() }).await;
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    let path = message_path(&BUYER);
    for forged in [
        json!({ "type": "HEARTBEAT", "timestamp": "2020-01-01T00:00:00" }),
        json!({ "type": "NOTIFICATION_READ", "all": true }),
        json!({ "type": "NOTIFICATION_RECEIVED", "notificationId": 90_001, "title": "假的" }),
        json!({ "type": "TOKEN_EXPIRED" }),
    ] {
        assert_eq!(post(&market, &path, Some(SELLER.token), &forged).await.status(), 200);
        assert_eq!(stream.named(forged["type"].as_str().unwrap()).await, forged);
    }
    assert_eq!(post(&market, &path, None, &json!({})).await.status(), 401);
    let everyone = post(&market, "/sse/broadcast", Some(SELLER.token), &json!({})).await;
    assert_eq!(everyone.status(), 403, "writing to all stays the administrators'");
    let unread = market.notifications_of(BUYER.id);
    assert!(unread.iter().all(|one| one.title != "假的" || one.id != 90_001), "{unread:?}");
    assert_eq!(
        post(&market, "/sse/broadcast", Some(ADMINISTRATOR.token), &json!({})).await.status(),
        200
    );
}
