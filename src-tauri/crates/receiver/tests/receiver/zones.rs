//! The market's zone, whatever it is and whatever its stored times say of it.

use crate::bench::{Bench, eventually, market_with, notice, now_ms, send};
use crate::read_receipts::connected;
use agora_demo_market::{Config, DemoMarket, Notice, people};
use agora_inbox::Notice as Which;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

async fn in_zone(utc_offset: i32, fixed_zone: bool) -> DemoMarket {
    let config = Config { utc_offset: Some(utc_offset), fixed_zone, ..Config::default() };
    market_with(config).await
}

/// Asserts that what the market stored is there once, and that it is told when it was.
async fn is_there_once(bench: &mut Bench, market: &DemoMarket, ages_ms: &[(&str, i64)]) {
    eventually(async || {
        bench.alerts().await.iter().all(|alert| matches!(alert.body.notice, Which::Stored(_)))
    })
    .await;
    let stored = market.notifications_of(people::SELLER.id).len();
    let alerts = bench.alerts().await;
    assert_eq!(alerts.len(), stored, "{:?}", bench.titles().await);
    for (title, age_ms) in ages_ms {
        let alert = alerts.iter().find(|alert| alert.body.title.english() == *title).unwrap();
        let off = now_ms() - alert.body.at_ms - age_ms;
        assert!(off.abs() < 60_000, "{title}: {off} ms");
    }
}

#[tokio::test]
async fn a_server_in_any_zone_doubles_nothing_whatever_zone_it_writes_over_its_times() {
    for (zone, fixed) in
        [(480, true), (0, true), (0, false), (540, true), (-300, true), (345, true), (-720, false)]
    {
        let market = in_zone(zone, fixed).await;
        let mut bench = connected(&market).await;
        for number in 0..5 {
            send(&market, &format!("live {number}"), "").await;
        }
        bench.arrivals(5).await;
        bench.away(&market).await;
        let ago = Some(market.local_time_ago(HOUR));
        market.store_notification(Notice { created_at: ago, ..notice("missed") });
        bench.back_and_synced().await;
        let ages = [("live 0", 0), ("live 4", 0), ("missed", 3_600_000)];
        is_there_once(&mut bench, &market, &ages).await;
    }
}

#[tokio::test]
async fn a_change_to_summer_time_between_two_connects_doubles_nothing() {
    for fixed in [true, false] {
        let market = in_zone(60, fixed).await;
        let mut bench = connected(&market).await;
        for title in ["in winter", "in winter too"] {
            send(&market, title, "").await;
        }
        bench.arrivals(2).await;
        bench.away(&market).await;
        market.set_utc_offset(Some(120));
        bench.back_and_synced().await;
        send(&market, "in summer", "").await;
        bench.arrivals(1).await;
        bench.away(&market).await;
        bench.back_and_synced().await;
        is_there_once(&mut bench, &market, &[("in winter", 0), ("in summer", 0)]).await;
    }
}

#[tokio::test]
async fn what_was_known_of_the_clocks_is_known_after_a_restart() {
    let market = in_zone(0, true).await;
    let mut bench = connected(&market).await;
    send(&market, "before", "").await;
    bench.arrivals(1).await;
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    bench.synced_since(now_ms() - 1).await;
    let known = bench.inbox().mailbox(bench.mailbox()).await.unwrap();
    assert!(known.ahead_ms.is_some_and(|ahead| ahead.abs() < 5_000), "{known:?}");
    is_there_once(&mut bench, &market, &[("before", 0)]).await;
}
