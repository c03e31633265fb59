//! A stream behind a proxy that buffers: nothing of it comes before there is a page of it or its end, and calls
//! answer all the same.

use std::time::Duration;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Config, DemoMarket, Fault, To};
use reqwest::Response;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::*;

/// A connect that the market has let in, and whose answer is awaited.
async fn connecting(market: &DemoMarket) -> JoinHandle<reqwest::Result<Response>> {
    let stream = tokio::spawn(client().get(url(market, &stream_path(&device(&SELLER)))).send());
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    stream
}

#[tokio::test]
async fn head_and_events_come_when_the_stream_ends_and_calls_answer_meanwhile() {
    let config = Config {
        emitter_timeout: Duration::from_secs(1),
        heartbeat: BEAT,
        holds_back: true,
        ..Config::default()
    };
    let market = market_with(config).await;
    let stream = connecting(&market).await;
    assert_eq!(
        market.emit(&To::user(SELLER.id), None, r#"{"a":1}"#),
        1,
        "the market sees a stream"
    );
    let unread = get(&market, "/notifications/unread", Some(SELLER.token)).await;
    assert_eq!(unread.status(), 200);
    assert!(!stream.is_finished());
    assert_eq!(market.requests()[0].status, None, "not even a head was sent");
    let mut all = Stream::of(stream.await.unwrap().unwrap());
    assert!(all.event().await.contains("SYSTEM_TIME_WAIT"));
    assert_eq!(all.named("message").await, json!({ "a": 1 }));
    assert_eq!(all.rest().await.1, End::Clean);
}

#[tokio::test]
async fn a_full_page_passes_and_what_follows_waits_for_the_next() {
    let market = market_with(Config { holds_back: true, ..Config::default() }).await;
    let stream = connecting(&market).await;
    market.emit(&To::Everyone, None, &"x".repeat(4_096));
    let mut stream = Stream::of(stream.await.unwrap().unwrap());
    assert!(stream.event().await.contains("SYSTEM_TIME_WAIT"));
    assert!(stream.event().await.starts_with("data:xxx"));
    market.emit(&To::Everyone, None, "small");
    assert_eq!(stream.fall_silent().await, "");
    market.emit(&To::Everyone, None, &"y".repeat(4_096));
    assert_eq!(stream.event().await, "data:small\nevent:message\n\n");
    assert!(stream.event().await.starts_with("data:yyy"));
}

#[tokio::test]
async fn a_client_that_leaves_before_the_head_came_is_noticed() {
    let market = market().await;
    let order = json!({ "fault": "hold_back" });
    assert_eq!(demo(&market, "/faults", order).await.status(), 200);
    let stream = connecting(&market).await;
    stream.abort();
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    let mut next = Stream::open(&market, &device(&SELLER)).await;
    next.event().await;
}

#[tokio::test]
async fn the_way_is_free_again_once_the_faults_are_cleared() {
    let market = market_with(Config { holds_back: true, ..Config::default() }).await;
    market.clear_faults();
    Stream::open(&market, &device(&SELLER)).await.event().await;
    let order = json!({ "fault": "hold_back", "on": "notifications" });
    assert_eq!(demo(&market, "/faults", order).await.status(), 400);
    market.fail_next(Fault::HoldBack, 1);
}
