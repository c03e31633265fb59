//! From an event on the wire to a kept and announced alert.

use crate::bench::{Bench, SELLER, SOON, market};
use agora_demo_market::{Config, DemoMarket, To, people};
use agora_receiver::Change;

const SHIPPED: &str = r#"{"type":"ORDER_SHIPPED","orderNumber":"20418"}"#;

#[tokio::test]
async fn an_event_is_kept_once_and_announced_after_it_was_kept() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&To::user(4021), None, SHIPPED);
    let alert = bench.arrivals(1).await.remove(0);
    let kept = bench.receiver.inbox().unwrap().get(alert.id).await.unwrap().unwrap();
    assert_eq!(kept, alert);
    assert_eq!(kept.body.title.en, "Order #20418 shipped");
    assert_eq!(bench.receiver.inbox().unwrap().counts().await.unwrap().total(), 1);
}

#[tokio::test]
async fn plumbing_and_typing_become_nothing_and_the_next_alert_still_comes() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&To::user(4021), Some("HEARTBEAT"), r#"{"type":"HEARTBEAT"}"#);
    market.emit(&To::user(4021), None, r#"{"type":"USER_TYPING_START"}"#);
    market.emit(&To::user(4021), None, SHIPPED);
    let alerts = bench.arrivals(1).await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].body.kind, "ORDER_SHIPPED");
}

#[tokio::test]
async fn a_storm_is_kept_whole_and_in_order() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    for n in 0..3_000 {
        market.emit(
            &To::user(4021),
            None,
            &format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":{n}}}"#),
        );
    }
    let inbox = bench.receiver.inbox().unwrap().clone();
    let mut seen = 0;
    while seen < 3_000 {
        // One that lags misses changes, and the next one's counts make up for them.
        let change = tokio::time::timeout(SOON, bench.told.changes.recv()).await.unwrap();
        if let Ok(Change::Arrived { counts, .. }) = change {
            seen = counts.total();
        }
    }
    let page = inbox.page(agora_inbox::Filter::default(), None, 5_000).await.unwrap();
    let orders: Vec<_> =
        page.alerts.iter().rev().map(|alert| alert.body.title.en.clone()).collect();
    let expected: Vec<_> = (0..3_000).map(|n| format!("Order #{n} shipped")).collect();
    assert_eq!(orders, expected);
}

#[tokio::test]
async fn what_was_sent_while_away_is_replayed_from_the_cursor_by_a_market_with_ids() {
    let config = Config { ids: true, ..Config::default() };
    let market = DemoMarket::start(config).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    market.emit(&To::user(4021), None, SHIPPED);
    bench.arrivals(1).await;
    bench.receiver.shut_down().await;
    assert!(market.wait_for_client_gone(SELLER, SOON).await);
    market.emit(&To::user(4021), None, r#"{"type":"ORDER_SHIPPED","orderNumber":"2"}"#);

    // The same home again: the first bench, which owns the folder, is still there.
    let second = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(&path).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), second.path().join(entry.file_name())).unwrap();
    }
    let mut again = Bench::in_home(second, &market.base_url(), people::SELLER.token);
    let missed = again.arrivals(1).await;
    assert_eq!(missed[0].body.title.en, "Order #2 shipped");
    assert_eq!(again.receiver.inbox().unwrap().counts().await.unwrap().total(), 2);
}
