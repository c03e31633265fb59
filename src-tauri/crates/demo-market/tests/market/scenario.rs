//! The scenario as connected users hear it.

use std::time::{Duration, Instant};

use agora_demo_market::Config;
use agora_demo_market::people::{ADMINISTRATOR, BUYER, COURIER, SELLER};
use tokio::time::timeout;

use crate::support::*;

#[tokio::test]
async fn every_role_hears_its_first_alert_within_two_seconds_of_its_connect() {
    let market = market_with(Config { rate: 0.001, ..Config::default() }).await;
    let mut streams = Vec::new();
    for person in [&BUYER, &SELLER, &COURIER, &ADMINISTRATOR] {
        streams.push((Instant::now(), Stream::open(&market, &device(person)).await));
    }
    for (connected, mut stream) in streams {
        stream.event().await;
        let alert = data(&stream.event().await);
        // What a busy machine adds is not the market's.
        assert!(connected.elapsed() < Duration::from_secs(2 + 10), "{alert}");
        assert!(alert["type"].is_string() && alert["timestamp"].is_string(), "{alert}");
    }
}

#[tokio::test]
async fn the_story_goes_on_at_the_rate_and_titles_are_stored_under_the_id_they_carry() {
    let market = market_with(Config { rate: 6_000.0, ..Config::default() }).await;
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

#[tokio::test]
async fn what_is_told_to_members_who_are_away_is_stored_for_them_up_to_a_limit() {
    let market = market_with(Config { rate: 60_000.0, ..Config::default() }).await;
    market.forget_notifications();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(market.notifications_of(SELLER.id), [], "the story begins with the first client");
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    // The story goes on: for those who never came, and for the one who left.
    stream.event().await;
    drop(stream);
    let all_missed = async |user: u64, count: usize| {
        while market.notifications_of(user).len() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    for person in [&SELLER, &COURIER, &BUYER] {
        timeout(LIMIT, all_missed(person.id, 50)).await.expect("50 missed notifications");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let missed = market.notifications_of(SELLER.id);
    assert_eq!(missed.len(), 50);
    assert!(missed.iter().any(|one| one.title == "您有一筆新訂單"), "{missed:?}");

    // Who comes back and leaves again misses as much again.
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    stream.event().await;
    stream.event().await;
    drop(stream);
    timeout(LIMIT, all_missed(SELLER.id, 100)).await.expect("50 more");
}

#[tokio::test]
async fn while_nobody_is_there_the_story_goes_on_no_faster() {
    // One step in at least 25 ms.
    let market = market_with(Config { rate: 1_200.0, ..Config::default() }).await;
    drop(Stream::open(&market, &device(&BUYER)).await);
    assert!(market.wait_for_client_gone(&device(&BUYER), LIMIT).await);
    market.forget_notifications();
    let began = Instant::now();
    let told =
        || [&SELLER, &COURIER, &BUYER].map(|person| market.notifications_of(person.id).len());
    let some = async {
        while told().into_iter().sum::<usize>() < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LIMIT, some).await.expect("the story goes on");
    // Both buyers hear of what one does.
    let steps = u128::from(told().into_iter().max().map_or(0, |most| most as u64));
    assert!(steps <= began.elapsed().as_millis() / 25 + 2, "{:?}", told());
}
