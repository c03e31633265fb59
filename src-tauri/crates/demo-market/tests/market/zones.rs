//! The server's local time, its zone, and the fixed `+08:00` of stored times.

use agora_demo_market::people::SELLER;
use agora_demo_market::{Config, DemoMarket, Notice, local_time_ago};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

use crate::support::*;

/// How far ahead of UTC a local time of just now is, to the quarter of an hour.
fn ahead(local: &str) -> i64 {
    let utc = jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now());
    let local: DateTime = local.parse().unwrap();
    let minutes = local.duration_since(utc).as_secs_f64() / 60.0;
    #[expect(clippy::cast_possible_truncation, reason = "a day has few minutes")]
    let quarters = (minutes / 15.0).round() as i64;
    quarters * 15
}

async fn newest(market: &DemoMarket) -> Value {
    unread(market, &SELLER).await[0].clone()
}

fn one() -> Notice {
    notice(&SELLER, "一")
}

#[tokio::test]
async fn every_time_on_the_wire_is_plain_and_of_the_servers_zone() {
    for offset in [0, 480, 345, -210] {
        let config = Config {
            utc_offset: Some(offset.try_into().unwrap()),
            heartbeat: BEAT,
            system_time: BEAT,
            ..Config::default()
        };
        let market = market_with(config).await;
        let mut stream = Stream::open(&market, &device(&SELLER)).await;
        let hello = data(&stream.event().await);
        let beat = stream.named("HEARTBEAT").await;
        let clock = stream.named("message").await;
        market.push_notification(one());
        let pushed = stream.named("NOTIFICATION_RECEIVED").await;
        let refused = json_of(get(&market, "/auth/me", None)).await;
        for time in [
            &hello["timestamp"],
            &hello["nextHeartbeatTime"],
            &beat["timestamp"],
            &clock["time"],
            &pushed["timestamp"],
            &pushed["notification"]["createdAt"],
            &newest(&market).await["createdAt"],
            &refused["timestamp"],
            &json!(market.clients()[0].since),
            &json!(market.local_time_ago(Duration::ZERO)),
        ] {
            let time = time.as_str().unwrap();
            assert_eq!((ahead(time), time.len()), (offset, 19), "{time}");
        }
    }
}

#[tokio::test]
async fn stored_times_have_a_fixed_zone_behind_whatever_the_server_calls_now() {
    let config = Config { utc_offset: Some(0), fixed_zone: true, ..Config::default() };
    let market = market_with(config).await;
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    let id = market.push_notification(one());
    let pushed = stream.named("NOTIFICATION_RECEIVED").await;
    assert_eq!(pushed["notification"]["createdAt"].as_str().unwrap().len(), 19, "the stream's");
    post(&market, &format!("/notifications/{id}/read"), Some(SELLER.token), &json!({})).await;
    let stored = json_of(get(&market, &format!("/notifications/{id}"), Some(SELLER.token))).await;
    let list = json_of(get(&market, "/notifications/list", Some(SELLER.token))).await;
    let found =
        json_of(post(&market, "/notifications/search", Some(SELLER.token), &json!({}))).await;
    let all = [stored, list["content"][0].clone(), found["content"][0].clone()];
    for stored in all {
        for field in ["createdAt", "updatedAt", "pushedAt", "readAt"] {
            let time = stored[field].as_str().unwrap();
            let plain = time.strip_suffix("+08:00").unwrap();
            assert_eq!(ahead(plain), 0, "{field}");
            // Which is why it seems to be eight hours old.
            let age = Timestamp::now().duration_since(time.parse().unwrap());
            assert!(age > SignedDuration::from_mins(8 * 60 - 15), "{age}");
        }
    }
    market.store_notification(Notice {
        created_at: Some("2026-11-26T12:00:00Z".to_owned()),
        ..one()
    });
    assert_eq!(newest(&market).await["createdAt"], "2026-11-26T12:00:00Z", "it says its own");
}

#[tokio::test]
async fn the_zone_changes_while_the_market_runs_and_what_is_stored_stays_as_it_was_written() {
    let market = market_with(Config { utc_offset: Some(60), ..Config::default() }).await;
    market.store_notification(one());
    market.set_utc_offset(Some(120));
    let before = newest(&market).await;
    assert_eq!(ahead(before["createdAt"].as_str().unwrap()), 60);
    market.store_notification(one());
    assert_eq!(ahead(newest(&market).await["createdAt"].as_str().unwrap()), 120);
    assert_eq!(demo(&market, "/zone", json!({ "utcOffset": -60 })).await.status(), 200);
    assert_eq!(ahead(&market.local_time_ago(Duration::ZERO)), -60);
    assert_eq!(demo(&market, "/zone", json!({ "utcOffset": 24 * 60 })).await.status(), 400);
    assert_eq!(demo(&market, "/zone", json!({ "utcOffset": null })).await.status(), 200);
    assert_eq!(
        ahead(&market.local_time_ago(Duration::ZERO)),
        ahead(&local_time_ago(Duration::ZERO)),
        "this machine's again"
    );
    let nowhere = Config { utc_offset: Some(24 * 60), ..Config::default() };
    assert!(DemoMarket::start(nowhere).await.is_err());
}

#[tokio::test]
async fn pages_can_be_without_a_number() {
    for numbered_pages in [true, false] {
        let market = market_with(Config { numbered_pages, ..Config::default() }).await;
        let page =
            json_of(get(&market, "/notifications/list?page=1&size=1", Some(SELLER.token))).await;
        assert_eq!(page.get("number"), numbered_pages.then_some(&json!(0)));
        assert_eq!((&page["first"], &page["size"]), (&json!(true), &json!(1)));
    }
}
