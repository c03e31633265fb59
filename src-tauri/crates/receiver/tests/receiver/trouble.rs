//! An inbox that is damaged, locked, another's or newer: it is told, and receiving goes on where
//! that is safe.

use crate::bench::{Bench, SOON, eventually, market, notice};
use agora_account::Files;
use agora_demo_market::{DemoMarket, To, people};
use agora_receiver::{Change, Status, Trouble};
use rusqlite::Connection;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::time::timeout;

fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let inbox = Files::find(Some(home.path())).unwrap().inbox;
    (home, inbox)
}

fn start(market: &DemoMarket, home: TempDir) -> Bench {
    Bench::in_home(home, &market.base_url(), people::SELLER.token)
}

async fn in_trouble(bench: &mut Bench) -> Trouble {
    let trouble = timeout(SOON, bench.told.trouble.wait_for(Option::is_some)).await;
    trouble.unwrap().unwrap().clone().unwrap()
}

async fn over(bench: &mut Bench) {
    timeout(SOON, bench.told.trouble.wait_for(Option::is_none)).await.unwrap().unwrap();
}

fn emit(market: &DemoMarket, title: &str) {
    market.emit(&To::Everyone, None, &format!(r#"{{"title":"{title}"}}"#));
}

/// Overwrites every page of a database, once whoever has it open has to read them anew.
fn spoil(inbox: &Path) {
    let other = Connection::open(inbox).unwrap();
    other.execute_batch("CREATE TABLE spoiled (x); DROP TABLE spoiled").unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let length = std::fs::metadata(inbox).unwrap().len();
    let mut file = std::fs::OpenOptions::new().write(true).open(inbox).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(length).unwrap()]).unwrap();
}

#[tokio::test]
async fn an_inbox_that_is_damaged_meanwhile_is_set_aside_and_what_waits_goes_into_a_new_one() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    emit(&market, "before");
    bench.arrivals(1).await;
    spoil(&bench.files.inbox);
    for title in ["first", "second", "third"] {
        emit(&market, title);
    }
    let arrived = bench.arrivals(3).await;
    let titles: Vec<_> = arrived.iter().map(|alert| alert.body.title.english()).collect();
    assert_eq!(titles, ["first", "second", "third"]);
    let set_aside = timeout(SOON, bench.told.set_aside.wait_for(Option::is_some)).await;
    let set_aside = set_aside.unwrap().unwrap().clone().unwrap();
    assert!(set_aside.path.exists() && set_aside.path != bench.files.inbox);
    assert_eq!(agora_inbox::kept_aside(&bench.files.inbox), [set_aside.path]);
    over(&mut bench).await;
    assert_eq!(bench.titles().await, ["first*", "second*", "third*"]);
    bench.connected().await;
    // It is an inbox like any other.
    market.store_notification(notice("stored"));
    market.emit(&To::user(people::SELLER.id), None, r#"{"type":"NOTIFICATION_READ"}"#);
    eventually(async || bench.titles().await.len() == 4).await;
}

#[tokio::test]
async fn what_the_market_stored_of_a_damaged_inbox_comes_back_into_the_new_one() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    market.push_notification(notice("stored"));
    bench.arrivals(1).await;
    spoil(&bench.files.inbox);
    emit(&market, "after");
    bench.arrivals(1).await;
    eventually(async || bench.titles().await == ["stored*", "after*"]).await;
}

#[tokio::test]
async fn whoever_shows_the_inbox_is_told_to_read_it_anew() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    spoil(&bench.files.inbox);
    emit(&market, "first");
    while !matches!(bench.next_change().await, Change::Much { .. }) {}
}

#[tokio::test]
async fn an_inbox_that_is_locked_at_the_start_is_waited_for() {
    let market = market().await;
    let (home, inbox) = home();
    let other = Connection::open(&inbox).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut bench = start(&market, home);
    assert!(bench.told.account.borrow().is_none() || bench.told.inbox.borrow().is_none());
    assert!(matches!(in_trouble(&mut bench).await, Trouble::Locked(_)));
    bench.wait_for(|status| *status == Status::NoInbox).await;
    assert!(bench.told.account.borrow().is_some(), "whose it is, is known all the same");
    assert!(market.requests().is_empty(), "nothing is received that could not be kept");
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    bench.connected().await;
    over(&mut bench).await;
    emit(&market, "kept");
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "kept");
}

/// Connected, with another program that holds the inbox.
async fn locked_out(market: &DemoMarket) -> (Bench, Connection) {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let other = Connection::open(&bench.files.inbox).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    (bench, other)
}

#[tokio::test]
async fn alerts_wait_for_an_inbox_that_is_locked_meanwhile() {
    let market = market().await;
    let (mut bench, other) = locked_out(&market).await;
    emit(&market, "waits");
    in_trouble(&mut bench).await;
    emit(&market, "waits too");
    other.execute_batch("COMMIT").unwrap();
    let arrived = bench.arrivals(2).await;
    assert_eq!(arrived[0].body.title.english(), "waits");
    over(&mut bench).await;
    assert_eq!(bench.titles().await, ["waits*", "waits too*"]);
}

#[tokio::test]
async fn what_arrives_while_the_inbox_is_locked_is_bounded_and_none_of_it_is_lost() {
    let market = market().await;
    let (mut bench, other) = locked_out(&market).await;
    for n in 0..2_000 {
        emit(&market, &format!("{n:04}"));
    }
    // The stream isn't read any further, and nobody claims that it is.
    bench.wait_for(|status| *status == Status::NoInbox).await;
    other.execute_batch("COMMIT").unwrap();
    bench.arrivals(2_000).await;
    let expected: Vec<_> = (0..2_000).map(|n| format!("{n:04}*")).collect();
    assert_eq!(bench.titles().await, expected);
}

/// A file that isn't this program's to write stays as it is until the person has it set aside.
async fn is_set_aside_on_demand(sql: &str, is_told: impl Fn(&Trouble) -> bool) {
    let market = market().await;
    let (home, inbox) = home();
    Connection::open(&inbox).unwrap().execute_batch(sql).unwrap();
    let theirs = std::fs::read(&inbox).unwrap();
    let mut bench = start(&market, home);
    let trouble = in_trouble(&mut bench).await;
    assert!(is_told(&trouble), "{trouble:?}");
    bench.wait_for(|status| *status == Status::NoInbox).await;
    bench.receiver.reconnect().await;
    assert!(market.wait_for_request(|_| true, SOON / 40).await.is_none());
    assert_eq!(std::fs::read(&inbox).unwrap(), theirs, "it is left alone");
    bench.receiver.set_inbox_aside().await.unwrap().unwrap();
    bench.connected().await;
    over(&mut bench).await;
    emit(&market, "kept");
    bench.arrivals(1).await;
    let aside = agora_inbox::kept_aside(&inbox);
    assert_eq!(aside.len(), 1);
    assert_eq!(std::fs::read(&aside[0]).unwrap(), theirs, "nothing of it is lost");
    // An open inbox stays.
    bench.receiver.set_inbox_aside().await.unwrap().unwrap();
    assert_eq!(agora_inbox::kept_aside(&inbox), aside);
    assert_eq!(bench.titles().await, ["kept*"]);
}

#[tokio::test]
async fn another_programs_database_is_left_alone_until_it_is_set_aside() {
    is_set_aside_on_demand("CREATE TABLE theirs (x)", |trouble| {
        matches!(trouble, Trouble::Foreign(_))
    })
    .await;
}

#[tokio::test]
async fn a_newer_inbox_is_left_alone_until_it_is_set_aside() {
    let newer = "PRAGMA application_id = 0x41475241; PRAGMA user_version = 99";
    is_set_aside_on_demand(newer, |trouble| matches!(trouble, Trouble::Newer(_))).await;
}
