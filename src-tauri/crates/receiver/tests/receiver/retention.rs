//! What is let go of: what is too old, what there is no room for, and what was deleted a minute ago.

use crate::bench::{Bench, SOON, calm_market, eventually, later, market, now_ms, send};
use crate::read_receipts::{connected, pushed, read};
use agora_account::Files;
use agora_demo_market::{DemoMarket, people};
use agora_inbox::{
    Access, AlertId, Batch, Category, Cursor, Filter, Inbox, NewAlert, Notice, Partly, StoreError,
    Which, Words, kept_aside,
};
use agora_receiver::{Change, Choices, MadeRoom, Trouble};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::timeout;

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn file_in(home: &TempDir) -> PathBuf {
    Files::find(Some(home.path())).unwrap().inbox
}

fn start(market: &DemoMarket, home: TempDir) -> Bench {
    Bench::in_home(home, &market.base_url(), people::SELLER.token)
}

fn alert(title: &str, at_ms: i64) -> NewAlert {
    NewAlert {
        at_ms,
        event: "message".into(),
        kind: "message".into(),
        category: Category::Orders,
        title: Words::same(title),
        content: Words::default(),
        fields: String::new(),
        link: None,
        urgent: false,
        raw: "{}".into(),
        event_id: None,
        notice: Notice::None,
        toast: None,
    }
}

/// A home with alerts, those with a `*` unread, that were received before it was looked at the clock on
/// some days, counted from today.
async fn home_with(alerts: Vec<NewAlert>, days: impl IntoIterator<Item = i64>) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&file_in(&home), Access::Write).unwrap();
    let cursor = Cursor { source: "earlier".into(), last_event_id: None };
    let batch = Batch { alerts, cursor, mailbox: "earlier".into() };
    let kept = inbox.commit(batch).await.unwrap().new;
    let read = kept.into_iter().filter(|alert| !alert.body.title.english().ends_with('*'));
    inbox.mark(Which::Ids(read.map(|alert| alert.id).collect()), true).await.unwrap();
    for day in days {
        inbox.look(now_ms() + day * DAY).await.unwrap();
    }
    inbox.close().await;
    home
}

/// On how many days it was looked at the clock.
fn looks(file: &Path) -> i64 {
    let db = Connection::open(file).unwrap();
    db.query_row("SELECT count(*) FROM look", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_start_after_a_long_time_or_with_a_clock_far_ahead_lets_nothing_go() {
    let market = market().await;
    for ago in [91, 400] {
        let old = |title: &str| alert(title, now_ms() - (ago + 10) * DAY);
        let urgent = NewAlert { urgent: true, ..old("urgent") };
        let home = home_with(vec![old("read"), old("unread*"), urgent], -ago - 9..=-ago).await;
        let mut bench = start(&market, home);
        bench.connected().await;
        // The market says that it is today; there is nobody to say that it was yesterday.
        eventually(async || looks(&bench.files.inbox) == 11).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(bench.titles().await, ["read", "unread**", "urgent"], "{ago} days");
    }
}

#[tokio::test]
async fn what_was_too_old_on_five_days_goes_on_the_fifth() {
    let market = market().await;
    let old = |title: &str| alert(title, now_ms() - 101 * DAY);
    let alerts = vec![old("read"), old("unread*"), alert("new", now_ms() - 50 * DAY)];
    let home = home_with(alerts, (-100..-90).chain(-4..0)).await;
    let mut bench = start(&market, home);
    let Change::Much { counts } = bench.next_change().await else { panic!("not told") };
    assert_eq!(counts.total(), 2);
    assert_eq!(bench.titles().await, ["unread**", "new"]);
    let (home, _) = bench.quit().await;
    assert_eq!(looks(&file_in(&home)), 15);
    let mut bench = start(&market, home);
    bench.connected().await;
    eventually(async || bench.titles().await == ["unread**", "new"]).await;
    assert_eq!(looks(&bench.files.inbox), 15, "a day is looked at once");
}

#[tokio::test]
async fn a_shorter_time_holds_at_once_for_what_is_surely_older() {
    let market = market().await;
    let alerts = vec![alert("old", now_ms() - 61 * DAY), alert("old*", now_ms() - 61 * DAY + 1)];
    let home = home_with(alerts, -60..0).await;
    let mut bench = start(&market, home);
    bench.connected().await;
    eventually(async || looks(&bench.files.inbox) == 61).await;
    assert_eq!(bench.titles().await, ["old", "old**"]);
    bench.receiver.choose(Choices { keep_days: Some(30), ..Choices::default() }).await;
    let Change::Much { counts } = bench.next_change().await else { panic!("not told") };
    assert_eq!(counts.total(), 1);
    assert_eq!(bench.titles().await, ["old**"]);
}

#[tokio::test]
async fn an_inbox_that_takes_more_room_than_it_may_lets_the_oldest_go_and_says_so() {
    let market = market().await;
    let large = |n: i64| NewAlert { raw: "x".repeat(8_000), ..alert(&n.to_string(), now_ms() + n) };
    let home = home_with((0..400).map(large).collect(), []).await;
    let mut bench = start(&market, home);
    bench.connected().await;
    assert_eq!(*bench.told.made_room.borrow(), MadeRoom::default());
    bench.receiver.choose(Choices { keep_mib: Some(2), ..Choices::default() }).await;
    let Change::Much { counts } = bench.next_change().await else { panic!("not told") };
    let made_room = bench.told.made_room.wait_for(|made| made.alerts > 0);
    let made_room = *timeout(SOON, made_room).await.unwrap().unwrap();
    assert_eq!(made_room, MadeRoom { alerts: u64::from(400 - counts.total()), unread: 0 });
    let left: Vec<_> = (400 - counts.total()..400).map(|n| n.to_string()).collect();
    assert_eq!(bench.titles().await, left);
    // What comes makes others go.
    for n in 0..200 {
        let text = format!("{n:03}{}", "y".repeat(900));
        for _ in 0..8 {
            market.emit(
                &agora_demo_market::To::Everyone,
                None,
                &format!(r#"{{"title":"{text}"}}"#),
            );
        }
        bench.arrivals(8).await;
    }
    let room = bench.told.made_room.wait_for(|made| made.alerts > made_room.alerts);
    timeout(SOON, room).await.unwrap().unwrap();
}

/// Takes an inbox's file as another program does, as soon as a deletion has begun, for longer than is
/// waited for it.
fn takes_the_file(file: &Path) -> thread::JoinHandle<()> {
    let other = Connection::open(file).unwrap();
    other.busy_timeout(Duration::ZERO).unwrap();
    let trash = |db: &Connection| -> i64 {
        db.query_row("SELECT count(*) FROM trash", [], |row| row.get(0)).unwrap()
    };
    thread::spawn(move || {
        let deadline = Instant::now() + SOON;
        while trash(&other) == 0 || other.execute_batch("BEGIN IMMEDIATE").is_err() {
            assert!(Instant::now() < deadline, "there is nothing between two parts");
        }
        thread::sleep(Duration::from_secs(7));
        other.execute_batch("ROLLBACK").unwrap();
    })
}

#[tokio::test]
async fn a_deletion_that_stops_in_between_is_told_and_can_be_undone() {
    let market = market().await;
    let alerts = (0..6_000).map(|n| alert(&n.to_string(), now_ms() - 1_000 * n));
    let home = home_with(alerts.collect(), []).await;
    let mut bench = start(&market, home);
    bench.connected().await;
    // Nothing else is to wait for the file.
    bench.synced_since(0).await;
    let other = takes_the_file(&bench.files.inbox);
    let which = Which::Matching { filter: Filter::ALL, text: None, up_to: AlertId::MAX };
    let Partly { done, error } = bench.receiver.delete(which).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    let counts = bench.next_change().await.counts().clone();
    assert!(counts.total() > 0 && counts.total() < 6_000);
    other.join().unwrap();
    bench.receiver.undo(done.expect("some went")).await.unwrap();
    assert_eq!(bench.next_change().await.counts().total(), 6_000);
    assert_eq!(bench.inbox().counts().await.unwrap().total(), 6_000);
}

#[tokio::test]
async fn the_minute_of_undo_begins_when_the_work_ends() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 2).await;
    read(&bench, ids.clone()).await;
    let other = Connection::open(&bench.files.inbox).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let receiver = bench.receiver.clone();
    let deleting = tokio::spawn(async move { receiver.delete(Which::Ids(ids)).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    later(61).await;
    other.execute_batch("ROLLBACK").unwrap();
    let deletion = deleting.await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(bench.titles().await.is_empty());
    assert!(bench.receiver.undo(deletion).await.unwrap());
    assert_eq!(bench.titles().await, ["0", "1"]);
    assert!(!bench.receiver.undo(deletion).await.unwrap(), "that was done");

    let ids = bench.alerts().await.iter().map(|alert| alert.id).collect();
    let deletion = bench.receiver.delete(Which::Ids(ids)).await.unwrap();
    later(59).await;
    assert_eq!(bench.inbox().deletions().await.unwrap(), [deletion]);
    later(2).await;
    eventually(async || bench.inbox().deletions().await.unwrap().is_empty()).await;
    assert!(!bench.receiver.undo(deletion).await.unwrap(), "it says that it is too late");
    assert!(bench.titles().await.is_empty());
}

#[tokio::test]
async fn a_busy_inbox_is_said_to_be_busy_at_opening_and_later() {
    let market = market().await;
    let home = tempfile::tempdir().unwrap();
    let file = file_in(&home);
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut bench = start(&market, home);
    let trouble = async |bench: &mut Bench| {
        let trouble = timeout(SOON, bench.told.trouble.wait_for(Option::is_some)).await;
        trouble.unwrap().unwrap().clone().unwrap()
    };
    let at_opening = trouble(&mut bench).await;
    assert!(matches!(at_opening, Trouble::Locked(_)), "{at_opening:?}");
    other.execute_batch("COMMIT").unwrap();
    bench.connected().await;
    bench.synced_since(0).await;
    timeout(SOON, bench.told.trouble.wait_for(Option::is_none)).await.unwrap().unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    send(&market, "waits", "").await;
    assert_eq!(trouble(&mut bench).await, at_opening);
    other.execute_batch("COMMIT").unwrap();
    eventually(async || bench.titles().await == ["waits*"]).await;
}

#[tokio::test]
async fn setting_the_inbox_aside_waits_for_one_that_is_being_opened() {
    let market = market().await;
    let home = home_with(vec![alert("kept", now_ms())], []).await;
    let file = file_in(&home);
    let other = Connection::open(&file).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT * FROM alert")
        .unwrap();
    let mut bench = start(&market, home);
    let receiver = bench.receiver.clone();
    let aside = tokio::spawn(async move { receiver.set_inbox_aside().await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!aside.is_finished() && bench.told.trouble.borrow().is_none(), "it is being opened");
    drop(other);
    aside.await.unwrap().unwrap().unwrap();
    bench.connected().await;
    assert!(kept_aside(&file).is_empty(), "there was nothing wrong with it");
    assert_eq!(bench.titles().await, ["kept"]);
}
