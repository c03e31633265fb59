//! A clock that was ahead and was set right again keeps nobody from syncing until its time comes.

use crate::bench::{Bench, SOON, calm_market, eventually, market_with, notice};
use agora_demo_market::{Config, DemoMarket, Notice, Status as There, people};
use rusqlite::Connection;
use tempfile::TempDir;

const AHEAD_MS: &str = "7776000000";

/// A home in which everything that is known of the market is said to be of 90 days from now.
async fn known_ahead(market: &DemoMarket, column: &str) -> TempDir {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    let name = bench.mailbox();
    let known = async || {
        let mailbox = bench.inbox().mailbox(name.clone()).await.unwrap();
        mailbox.synced_ms.or(mailbox.missing_ms).is_some()
    };
    eventually(known).await;
    let file = bench.files.inbox.clone();
    let (home, _) = bench.quit().await;
    let file = Connection::open(&file).unwrap();
    let ahead = format!("UPDATE mailbox SET {column} = {column} + {AHEAD_MS}");
    assert_eq!(file.execute(&ahead, []).unwrap(), 1);
    home
}

#[tokio::test]
async fn what_was_caught_up_with_ahead_of_time_is_caught_up_with_again() {
    let market = calm_market().await;
    let home = known_ahead(&market, "synced_ms").await;
    market.store_notification(Notice { status: There::Read, ..notice("read") });
    market.store_notification(notice("unread"));
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 2);
    assert_eq!(bench.titles().await, ["read", "unread*"]);
    // And what is known now is known as of now.
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert!(bench.told_so_far().is_empty());
}

#[tokio::test]
async fn a_market_that_stored_nothing_ahead_of_time_is_asked_again() {
    let config = Config { notifications: false, ..Config::default() };
    let market = market_with(config).await;
    let home = known_ahead(&market, "missing_ms").await;
    market.forget_requests();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    let asked = market.wait_for_request(|one| one.path.ends_with("/notifications/unread"), SOON);
    assert!(asked.await.is_some());
}
