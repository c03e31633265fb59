//! From an event on the wire to a kept and announced alert.

use crate::bench::{Bench, SELLER, SOON, market, market_with};
use agora_demo_market::{Config, To, people};

const SHIPPED: &str = r#"{"type":"ORDER_SHIPPED","orderNumber":"20418"}"#;

#[tokio::test]
async fn an_event_is_kept_once_and_announced_after_it_was_kept() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&To::user(4021), None, SHIPPED);
    let mut alert = bench.arrivals(1).await.remove(0);
    let kept = bench.inbox().get(alert.id).await.unwrap().unwrap();
    // Its data needn't be announced: that may be much, and the inbox has it.
    alert.body.raw.clone_from(&kept.body.raw);
    assert_eq!(kept, alert);
    assert_eq!(kept.body.raw, SHIPPED);
    assert_eq!(kept.body.title.english(), "Shipped: order #20418");
    assert_eq!(bench.inbox().counts().await.unwrap().total(), 1);
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
async fn what_was_sent_while_away_is_replayed_from_the_cursor_by_a_market_with_ids() {
    let market = market_with(Config { ids: true, ..Config::default() }).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&To::user(4021), None, SHIPPED);
    bench.arrivals(1).await;
    let (home, _) = bench.quit().await;
    assert!(market.wait_for_client_gone(SELLER, SOON).await);
    market.emit(&To::user(4021), None, r#"{"type":"ORDER_SHIPPED","orderNumber":"2"}"#);
    let mut again = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    let missed = again.arrivals(1).await;
    assert_eq!(missed[0].body.title.english(), "Shipped: order #2");
    assert_eq!(again.inbox().counts().await.unwrap().total(), 2);
}
