//! What was sent while nobody was there is merged in order, and told as one.

use crate::bench::{Bench, SOON, calls, market, notice, now_ms};
use agora_demo_market::{DemoMarket, Notice, Status, local_time_ago, people};
use agora_receiver::Change;
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Stores what nobody hears of, so long ago.
fn missed(market: &DemoMarket, title: &str, ago: Duration) -> u64 {
    market.store_notification(Notice { created_at: Some(local_time_ago(ago)), ..notice(title) })
}

#[tokio::test]
async fn what_was_missed_is_merged_in_the_order_of_time_and_told_as_one() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    market.push_notification(notice("live"));
    bench.arrivals(1).await;
    bench.away(&market).await;
    missed(&market, "second", 2 * MINUTE);
    missed(&market, "third", MINUTE);
    missed(&market, "first", 3 * MINUTE);
    bench.back().await;
    let told = bench.synced().await;
    assert_eq!(told.passed.len(), 3);
    assert!(told.read.is_empty());
    assert_eq!((told.counts.total(), told.counts.unread()), (4, 4));
    let titles = ["first*", "second*", "third*", "live*"];
    assert_eq!(bench.titles().await, titles);
    // The times are the market's.
    let first = bench.alerts().await.remove(0);
    assert!((now_ms() - first.body.at_ms - 180_000).abs() < 40_000);
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert!(bench.told_so_far().is_empty(), "nothing new, nothing told");
    assert_eq!(bench.titles().await, titles);
}

#[tokio::test]
async fn whoever_was_away_for_long_looks_through_everything_since() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let (home, _) = bench.quit().await;
    // More than two pages, of which only a few are unread.
    for number in 0..250 {
        let status = if number % 50 == 0 { Status::Unread } else { Status::Read };
        market.store_notification(Notice { status, ..notice(&format!("{number:03}")) });
    }
    let deleted = Notice { status: Status::Deleted, ..notice("deleted elsewhere") };
    market.store_notification(deleted);
    market.forget_requests();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    let told = bench.synced().await;
    assert_eq!((told.counts.total(), told.counts.unread()), (250, 5));
    assert_eq!(told.passed.len(), 5, "what was read already is no news");
    assert_eq!(calls(&market, "GET", "/notifications/list"), 3);
    let titles: Vec<_> =
        bench.alerts().await.into_iter().map(|one| one.body.title.english().to_owned()).collect();
    assert_eq!(titles, (0..250).map(|number| format!("{number:03}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_look_back_stops_at_what_is_known() {
    let market = market().await;
    for number in 0..950 {
        let old = Notice { status: Status::Read, ..notice(&format!("old {number:03}")) };
        market.store_notification(Notice { created_at: Some(local_time_ago(3 * DAY)), ..old });
    }
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 950);
    assert_eq!(calls(&market, "GET", "/notifications/list"), 10);
    let (home, _) = bench.quit().await;
    missed(&market, "new", Duration::ZERO);
    market.forget_requests();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 951);
    assert_eq!(calls(&market, "GET", "/notifications/list"), 1);
}

#[tokio::test]
async fn the_first_look_back_has_an_end() {
    let market = market().await;
    for number in 0..2_500 {
        let old = Notice { status: Status::Read, ..notice(&format!("{number:04}")) };
        market.store_notification(old);
    }
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 2_000);
    assert_eq!(calls(&market, "GET", "/notifications/list"), 20);
    assert_eq!(bench.titles().await.pop().unwrap(), "2499", "the newest are there");
}

#[tokio::test]
async fn what_is_older_than_alerts_are_kept_is_not_looked_for() {
    let market = market().await;
    let read = |title, days| Notice {
        status: Status::Read,
        created_at: Some(local_time_ago(days * DAY)),
        ..notice(title)
    };
    market.store_notification(read("too old", 100));
    market.store_notification(read("old", 80));
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced().await;
    assert_eq!(bench.titles().await, ["old"]);
}

#[tokio::test]
async fn after_a_short_absence_only_what_is_unread_is_asked_for() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    market.forget_requests();
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert_eq!(calls(&market, "GET", "/notifications/unread"), 1);
    assert_eq!(calls(&market, "GET", "/notifications/list"), 0);
}

#[tokio::test]
async fn without_a_token_nothing_is_asked() {
    let market = market().await;
    missed(&market, "missed", MINUTE);
    let mut bench = Bench::without_token(&market);
    bench.connected().await;
    market.emit(&agora_demo_market::To::Everyone, None, r#"{"title":"heard"}"#);
    bench.arrivals(1).await;
    let asked = market.wait_for_request(|one| one.path.contains("/notifications"), SOON / 40);
    assert!(asked.await.is_none());
    assert_eq!(bench.titles().await, ["heard*"]);
}

#[tokio::test]
async fn an_alert_that_comes_meanwhile_is_told_as_one_that_arrived() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    bench.away(&market).await;
    missed(&market, "missed", MINUTE);
    let slow = agora_demo_market::Fault::Slow { delay_ms: 500 };
    market.fail_next_call(agora_demo_market::Call::Notifications, slow, 1);
    bench.back().await;
    market.push_notification(notice("live"));
    let Change::Arrived { alerts, .. } = bench.next_change().await else { panic!("not arrived") };
    assert_eq!((alerts.len(), alerts[0].body.title.english()), (1, "live"));
    assert_eq!(bench.synced().await.counts.total(), 2);
    assert_eq!(bench.titles().await, ["missed*", "live*"]);
}
