//! Ten thousand events at once.

use crate::bench::{Bench, SOON, market};
use agora_demo_market::{To, people};
use agora_receiver::Change;
use rusqlite::Connection;
use std::path::Path;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

const EVENTS: u32 = 10_000;

/// Commits in a log of changes, which is not taken in as long as somebody reads from before it. As
/// the file format says: a head of 32 bytes, then a head of 24 and a page for each frame, and in the
/// frame that ends a commit the size of the database, where the others have 0.
fn commits(log: &Path) -> usize {
    let log = std::fs::read(log).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + number(8) as usize;
    (32..log.len() + 1 - frame).step_by(frame).filter(|at| number(at + 4) != 0).count()
}

#[tokio::test]
async fn a_storm_is_kept_in_groups_and_each_is_announced_after_its_commit() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let file = bench.files.inbox.clone();
    let log = file.with_file_name("inbox.sqlite-wal");
    // What is read from before the storm keeps every commit of it in the log.
    let before = Connection::open(&file).unwrap();
    before.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    before.execute_batch("BEGIN; SELECT count(*) FROM alert").unwrap();
    let other = Connection::open(&file).unwrap();
    let mut is_there = other.prepare("SELECT 1 FROM alert WHERE id = ?1").unwrap();

    for n in 0..EVENTS {
        let event = format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":{n}}}"#);
        market.emit(&To::user(people::SELLER.id), None, &event);
    }
    let (mut kept, mut largest) = (0, 0);
    while kept < EVENTS {
        match timeout(SOON, bench.changes.recv()).await.unwrap() {
            Ok(Change::Arrived { alerts, counts, .. }) => {
                assert!(alerts.iter().all(|alert| is_there.exists([alert.id]).unwrap()));
                assert!(alerts.is_sorted_by_key(|alert| alert.id));
                largest = largest.max(alerts.len());
                kept = counts.total();
            }
            // One that lags misses changes, and the next one's counts make up for them.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => panic!("the receiver ended"),
        }
    }
    let titles: Vec<_> =
        bench.alerts().await.into_iter().map(|one| one.body.title.english().to_owned()).collect();
    assert_eq!(titles, (0..EVENTS).map(|n| format!("Shipped: order #{n}")).collect::<Vec<_>>());
    let commits = commits(&log);
    assert!((1..=1_000).contains(&commits), "{commits} commits of {EVENTS} events");
    // So much waits in memory at the most, whatever the market sends.
    assert!(largest <= 256, "{largest} at once");
}
