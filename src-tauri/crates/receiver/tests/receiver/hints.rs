//! Anybody may be able to write to the stream: what comes over it is a hint to look, and many of them
//! make few looks.

use crate::bench::{Bench, answered, calls, calm_market, eventually, notice};
use agora_demo_market::{Recorded, Status as There, To, people};
use std::time::Duration;

const UNREAD: &str = "/notifications/unread";
const FORGED: [&str; 4] = [
    r#"{"type":"NOTIFICATION_READ","notificationId":987654}"#,
    r#"{"type":"NOTIFICATION_READ","all":true}"#,
    r#"{"type":"NOTIFICATION_READ"}"#,
    r#"{"type":"TOKEN_EXPIRED"}"#,
];

#[tokio::test]
async fn thousands_of_forged_events_make_a_few_requests_and_none_of_the_true_ones_is_missed() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let read_there = market.push_notification(notice("read elsewhere"));
    let id = bench.arrivals(1).await[0].id;
    market.forget_requests();
    let to = To::user(people::SELLER.id);
    for round in 0..36 {
        for number in 0..100 {
            market.emit(&to, None, FORGED[number % FORGED.len()]);
        }
        if round == 18 {
            market.mark_notification(people::SELLER.id, read_there, There::Read);
        }
        tokio::time::sleep(Duration::from_millis(220)).await;
    }
    eventually(async || bench.inbox().get(id).await.unwrap().unwrap().read).await;
    let requests = market.requests();
    let asked = requests.iter().filter(|one: &&Recorded| one.path.contains("/notifications"));
    // A look is a call or two.
    assert!(asked.count() <= 16, "{requests:#?}");
}

#[tokio::test]
async fn hints_while_a_look_goes_on_are_answered_by_one_more() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    market.forget_requests();
    market.store_notification(notice("stored"));
    for _ in 0..3 {
        market.emit(&To::user(people::SELLER.id), None, FORGED[2]);
    }
    answered(&market, "GET", UNREAD, 1).await;
    eventually(async || bench.alerts().await.len() == 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let looks = calls(&market, "GET", UNREAD);
    assert!((1..=2).contains(&looks), "{looks} looks");
}
