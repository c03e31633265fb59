//! The same thing is there once, whichever way and in whichever order its two halves come; and what
//! only looks the same is there twice.

use crate::bench::{Bench, calls, eventually, market, market_with, notice, send};
use agora_demo_market::{Config, DemoMarket, Notice, To, local_time_ago, people};
use agora_inbox::Notice as Which;
use agora_receiver::Change;
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

fn stored(market: &DemoMarket) -> Vec<i64> {
    let all = market.notifications_of(people::SELLER.id).into_iter().rev();
    all.map(|one| i64::try_from(one.id).unwrap()).collect()
}

/// The ids of the stored notifications that the alerts are known to be, oldest first.
async fn known(bench: &Bench) -> Vec<Option<i64>> {
    let alerts = bench.alerts().await.into_iter();
    let id = |notice| if let Which::Stored(id) = notice { Some(id) } else { None };
    alerts.map(|alert| id(alert.body.notice)).collect()
}

/// Asserts that the inbox holds just what the market stored, each once, now and after another look.
async fn is_each_there_once(bench: &mut Bench, market: &DemoMarket) {
    for _ in 0..2 {
        bench.away(market).await;
        bench.back_and_synced().await;
        let mut known = known(bench).await;
        known.sort_unstable();
        assert_eq!(known, stored(market).into_iter().map(Some).collect::<Vec<_>>());
    }
}

async fn connected(market: &DemoMarket) -> Bench {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    bench
}

fn shipped(title: &str) -> String {
    format!(r#"{{"type":"ORDER_SHIPPED","title":"{title}","content":""}}"#)
}

#[tokio::test]
async fn what_the_stream_brought_first_is_not_brought_again_by_a_sync() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, "sent by somebody", "without an id").await;
    market.push_notification(notice("pushed with an id"));
    bench.arrivals(2).await;
    is_each_there_once(&mut bench, &market).await;
    assert!(bench.told_so_far().is_empty());
}

#[tokio::test]
async fn what_a_sync_brought_first_is_not_brought_again_by_the_stream() {
    let market = market().await;
    let mut bench = connected(&market).await;
    bench.away(&market).await;
    let id = market.store_notification(notice("with an id"));
    market.store_notification(notice("without"));
    bench.back_and_synced().await;
    bench.synced().await;
    let to = To::user(people::SELLER.id);
    market.emit(&to, None, &shipped("without"));
    let named =
        format!(r#"{{"type":"NOTIFICATION_RECEIVED","notificationId":{id},"title":"with an id"}}"#);
    market.emit(&to, None, &named);
    market.push_notification(notice("and something else"));
    let next = bench.arrivals(1).await;
    assert_eq!(next[0].body.title.english(), "and something else");
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn what_the_market_cut_is_still_the_same() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, &"長標題".repeat(60), &"內容 content ".repeat(200)).await;
    bench.arrivals(1).await;
    is_each_there_once(&mut bench, &market).await;
    let title = bench.alerts().await.remove(0).body.title;
    assert!(title.english().chars().count() > 100, "the whole one stays");
}

#[tokio::test]
async fn two_equal_ones_that_the_stream_brought_stay_two() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, "same", "words").await;
    send(&market, "same", "words").await;
    bench.arrivals(2).await;
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn one_that_was_missed_and_an_equal_one_that_came_after_stay_two() {
    let market = market().await;
    let mut bench = connected(&market).await;
    bench.away(&market).await;
    let ago = Some(local_time_ago(MINUTE));
    market.store_notification(Notice { created_at: ago, ..notice("same") });
    bench.back().await;
    bench.synced().await;
    send(&market, "same", "").await;
    let live = bench.arrivals(1).await;
    assert_eq!(live[0].body.title.english(), "same", "it is told at once");
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn one_that_was_just_missed_and_an_equal_one_that_came_after_are_two_at_once() {
    let market = market().await;
    let mut bench = connected(&market).await;
    bench.away(&market).await;
    market.store_notification(notice("same"));
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    send(&market, "same", "").await;
    // It may be the one that was missed, come late; a look tells.
    eventually(async || bench.titles().await.len() == 2).await;
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn what_came_after_the_connect_is_the_same_without_another_look() {
    let market = market().await;
    let mut bench = connected(&market).await;
    // Longer than the clocks may have been compared wrongly; and the market's times are whole seconds.
    tokio::time::sleep(Duration::from_secs(7)).await;
    market.store_notification(notice("same"));
    let to = To::user(people::SELLER.id);
    market.emit(&to, None, r#"{"type":"NOTIFICATION_READ"}"#);
    assert_eq!(bench.synced().await.passed.len(), 1);
    let looks = calls(&market, "GET", "/notifications/unread");
    market.emit(&to, None, &shipped("same"));
    market.push_notification(notice("and something else"));
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "and something else");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&market, "GET", "/notifications/unread"), looks);
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn one_that_came_and_an_equal_one_that_was_missed_after_stay_two() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, "same", "").await;
    let live = bench.arrivals(1).await.remove(0);
    bench.away(&market).await;
    // The market's times are whole seconds.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    market.store_notification(notice("same"));
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    let first = stored(&market)[0];
    let named = bench.inbox().get(live.id).await.unwrap().unwrap().body.notice;
    assert_eq!(named, Which::Stored(first), "each is known as what it is");
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn two_equal_ones_that_were_missed_stay_two() {
    let market = market().await;
    let mut bench = connected(&market).await;
    bench.away(&market).await;
    for _ in 0..2 {
        market.store_notification(notice("same"));
    }
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 2);
    is_each_there_once(&mut bench, &market).await;
}

#[tokio::test]
async fn what_a_stream_with_ids_repeats_is_the_same_however_long_ago_it_was() {
    let market = market_with(Config { ids: true, ..Config::default() }).await;
    let mut bench = connected(&market).await;
    let to = To::user(people::SELLER.id);
    market.emit(&to, None, &shipped("so that there is a cursor"));
    bench.arrivals(1).await;
    bench.away(&market).await;
    market.emit(&to, None, &shipped("an hour ago"));
    let ago = Some(local_time_ago(60 * MINUTE));
    market.store_notification(Notice { created_at: ago, ..notice("an hour ago") });
    bench.back_and_synced().await;
    eventually(async || bench.titles().await.len() == 2).await;
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert_eq!(bench.titles().await.len(), 2);
}

#[tokio::test]
async fn an_inbox_from_before_there_was_sync_is_not_doubled() {
    let market = market().await;
    let mut bench = Bench::without_token(&market);
    bench.connected().await;
    send(&market, "kept before", "").await;
    send(&market, "kept before", "").await;
    bench.arrivals(2).await;
    let files = bench.files.clone();
    let (home, _) = bench.quit().await;
    let file = rusqlite::Connection::open(&files.inbox).unwrap();
    file.execute_batch("DELETE FROM twin").unwrap();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    assert!(!bench.told_so_far().iter().any(|told| matches!(told, Change::Synced { .. })));
    is_each_there_once(&mut bench, &market).await;
}
