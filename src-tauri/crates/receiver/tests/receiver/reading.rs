//! What is read elsewhere is read here, and what is deleted here is read there and not brought back.

use crate::bench::{Bench, SELLER, calls, calm_market, later, market, notice, send};
use crate::read_receipts::{USER, all_told, connected, is_read_there, pushed, read};
use agora_demo_market::{Status, To, people};
use agora_inbox::Which;
use agora_receiver::Change;
use std::time::Duration;

#[tokio::test]
async fn what_comes_right_after_all_was_read_elsewhere_stays_unread() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 2).await;
    for id in there {
        // Which nobody hears of.
        market.mark_notification(USER, id, Status::Deleted);
    }
    market.store_notification(notice("after"));
    let all = r#"{"type":"NOTIFICATION_READ","all":true}"#;
    let after = r#"{"type":"NOTIFICATION_RECEIVED","title":"after"}"#;
    market.write_raw(SELLER, format!("data:{all}\n\ndata:{after}\n\n"));
    bench.arrivals(1).await;
    assert_eq!(*bench.synced().await.read, here);
    assert_eq!(bench.titles().await, ["0", "1", "after*"]);
}

#[tokio::test]
async fn what_is_read_elsewhere_is_read_here_and_not_told_back() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 4).await;
    market.mark_notification(USER, there[0], Status::Read);
    assert_eq!(*bench.synced().await.read, here[..1]);
    market.mark_all_notifications_read(USER);
    assert_eq!(*bench.synced().await.read, here[1..]);
    all_told(&bench).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (0, 0));
}

#[tokio::test]
async fn what_is_read_elsewhere_unsaid_or_unseen_is_found_by_a_sync() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 2).await;
    bench.away(&market).await;
    market.mark_notification(USER, there[0], Status::Read);
    bench.back().await;
    assert_eq!(*bench.synced().await.read, here[..1]);
    bench.away(&market).await;
    market.mark_notification(USER, there[1], Status::Read);
    bench.back().await;
    let told = bench.synced().await;
    assert_eq!((&*told.read, told.counts.unread()), (&here[1..], 0));
    assert_eq!(calls(&market, "POST", "/read"), 0);
}

#[tokio::test]
async fn a_reading_that_names_nothing_or_nothing_known_is_looked_up() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, "without an id", "").await;
    let here = bench.arrivals(1).await[0].id;
    let there = market.notifications_of(USER)[0].id;
    market.mark_notification(USER, there, Status::Read);
    assert_eq!(*bench.synced().await.read, [here]);
    market.store_notification(notice("unheard of"));
    market.emit(&To::user(USER), None, r#"{"type":"NOTIFICATION_READ"}"#);
    assert_eq!(bench.synced().await.passed.len(), 1);
}

#[tokio::test]
async fn what_is_marked_as_unread_here_stays_so() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 1).await;
    market.mark_notification(USER, there[0], Status::Read);
    bench.next_change().await;
    bench.receiver.mark(Which::Ids(here.clone()), false).await.unwrap();
    bench.next_change().await;
    for _ in 0..2 {
        bench.away(&market).await;
        bench.back_and_synced().await;
        bench.looked(&market).await;
    }
    assert_eq!(bench.titles().await, ["0*"]);
    read(&bench, here).await;
    all_told(&bench).await;
    assert_eq!(calls(&market, "POST", "/read"), 0, "the market has known it all along");
}

#[tokio::test]
async fn what_is_deleted_stays_deleted_and_is_told_as_read_when_it_cant_be_brought_back() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 1).await;
    send(&market, "without an id", "").await;
    let all = [ids, vec![bench.arrivals(1).await[0].id]].concat();
    bench.receiver.delete(Which::Ids(all)).await.unwrap();
    later(30).await;
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert!(bench.titles().await.is_empty());
    assert!(calls(&market, "POST", "/read") <= 1, "only what can't be known as undone");
    later(61).await;
    is_read_there(&market).await;
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert!(bench.titles().await.is_empty());
}

#[tokio::test]
async fn what_is_brought_back_is_as_it_was_and_told_to_nobody() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 3).await;
    read(&bench, ids[..1].to_vec()).await;
    all_told(&bench).await;
    let before = bench.alerts().await;
    let deletion = bench.receiver.delete(Which::Ids(ids)).await.unwrap();
    assert!(bench.titles().await.is_empty());
    bench.receiver.undo(deletion).await.unwrap();
    assert_eq!(bench.alerts().await, before);
    later(61).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bench.alerts().await, before);
    assert_eq!(calls(&market, "POST", "/read"), 1);
}

#[tokio::test]
async fn two_deletions_are_undone_each_by_itself() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 2).await;
    let (first, second) = tokio::join!(
        bench.receiver.delete(Which::Ids(ids[..1].to_vec())),
        bench.receiver.delete(Which::Ids(ids[1..].to_vec()))
    );
    bench.receiver.undo(second.unwrap()).await.unwrap();
    assert_eq!(bench.titles().await, ["1*"]);
    bench.receiver.undo(first.unwrap()).await.unwrap();
    assert_eq!(bench.titles().await, ["0*", "1*"]);
}

#[tokio::test]
async fn a_deletion_that_the_program_quit_after_is_told_at_the_next_start() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 1).await;
    bench.receiver.delete(Which::Ids(ids)).await.unwrap();
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    is_read_there(&market).await;
    assert!(bench.titles().await.is_empty());
}

#[tokio::test]
async fn everything_that_is_deleted_at_once_stays_away() {
    let market = market().await;
    let mut bench = connected(&market).await;
    pushed(&mut bench, &market, 1).await;
    send(&market, "without an id", "").await;
    bench.arrivals(1).await;
    bench.receiver.delete_everything().await.unwrap();
    let Change::Much { counts } = bench.next_change().await else { panic!("not told") };
    assert_eq!(counts.total(), 0);
    for _ in 0..2 {
        bench.away(&market).await;
        bench.back_and_synced().await;
        assert!(bench.titles().await.is_empty());
    }
    pushed(&mut bench, &market, 1).await;
    assert_eq!(bench.titles().await, ["0*"]);
}
