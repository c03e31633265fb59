//! The scenario as connected users hear it.

use std::time::{Duration, Instant};

use agora_demo_market::people::{ADMINISTRATOR, BUYER, COURIER, SELLER};
use agora_demo_market::{Config, DemoMarket};
use tokio::time::timeout;

use crate::support::*;

#[tokio::test]
async fn every_role_hears_its_first_alert_within_two_seconds_of_its_connect() {
    let market = DemoMarket::start(Config { rate: 0.001, ..Config::default() }).await.unwrap();
    let mut streams = Vec::new();
    for person in [&BUYER, &SELLER, &COURIER, &ADMINISTRATOR] {
        streams.push((Instant::now(), Stream::open(&market, &device(person)).await));
    }
    for (connected, mut stream) in streams {
        stream.event().await;
        let alert = data(&stream.event().await);
        assert!(connected.elapsed() < Duration::from_secs(2), "{alert}");
        assert!(alert["type"].is_string() && alert["timestamp"].is_string(), "{alert}");
    }
}

#[tokio::test]
async fn the_story_goes_on_at_the_rate_and_titles_are_stored_under_the_id_they_carry() {
    let market = DemoMarket::start(Config { rate: 6_000.0, ..Config::default() }).await.unwrap();
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    let first_id = async {
        loop {
            if let Some(id) = data(&stream.event().await)["notificationId"].as_u64() {
                return id;
            }
        }
    };
    let id = timeout(LIMIT, first_id).await.expect("an event with the id of a notification");
    assert_eq!(
        get(&market, &format!("/notifications/{id}"), Some(SELLER.token)).await.status(),
        200
    );
}
