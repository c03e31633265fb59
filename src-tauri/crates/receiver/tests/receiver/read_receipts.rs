//! What is read here is read in the market, sooner or later, and nothing else with it.

use crate::bench::{
    Bench, SELLER, SOON, answer, answered, calls, calm_market, eventually, is_call, later, market,
    notice, send, sooner_or_later,
};
use agora_demo_market::{Call, DemoMarket, Fault, Recorded, Status, people};
use agora_inbox::{AlertId, Which};
use std::time::Duration;

pub(crate) const USER: u64 = people::SELLER.id;

pub(crate) async fn connected(market: &DemoMarket) -> Bench {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    bench
}

/// Pushes so many, has the receiver look which they are there, and gives the ids that they have in the
/// market and here.
pub(crate) async fn pushed(
    bench: &mut Bench,
    market: &DemoMarket,
    count: usize,
) -> (Vec<u64>, Vec<AlertId>) {
    let there = (0..count).map(|n| market.push_notification(notice(&n.to_string()))).collect();
    let here = bench.arrivals(count).await.into_iter().map(|alert| alert.id).collect();
    bench.looked(market).await;
    (there, here)
}

pub(crate) async fn is_read_there(market: &DemoMarket) {
    let read = |status| status == Status::Read;
    let all = || market.notifications_of(USER);
    eventually(async || all().iter().all(|one| read(one.status))).await;
}

pub(crate) async fn all_told(bench: &Bench) {
    let inbox = bench.inbox();
    eventually(async || inbox.receipts_due(bench.mailbox(), 1).await.unwrap().is_empty()).await;
}

pub(crate) async fn read(bench: &Bench, ids: Vec<AlertId>) {
    bench.receiver.mark(Which::Ids(ids), true).await.unwrap();
}

#[tokio::test]
async fn ten_are_told_one_by_one_and_more_at_once() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 10).await;
    read(&bench, ids).await;
    is_read_there(&market).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (10, 0));
    all_told(&bench).await;
    let (_, ids) = pushed(&mut bench, &market, 11).await;
    read(&bench, ids).await;
    is_read_there(&market).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (10, 1));
}

#[tokio::test]
async fn what_the_market_lists_without_an_id_that_can_be_read_stays_unread_there() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 11).await;
    let named: Vec<_> = there.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let body = format!(r#"[{},{{"id":1e400,"title":"unseen"}}]"#, named.join(","));
    market.fail_next_call(Call::Notifications, answer(200, &body), 1);
    read(&bench, here).await;
    all_told(&bench).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (11, 0));
}

#[tokio::test]
async fn what_nobody_here_has_seen_stays_unread_there() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 11).await;
    let unseen = market.store_notification(notice("unseen"));
    read(&bench, ids).await;
    all_told(&bench).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (11, 0));
    let all = market.notifications_of(USER);
    let unread: Vec<_> = all.iter().filter(|one| one.status == Status::Unread).collect();
    assert_eq!((unread.len(), unread[0].id), (1, unseen));
}

#[tokio::test]
async fn marking_all_tells_all() {
    let market = market().await;
    let mut bench = connected(&market).await;
    pushed(&mut bench, &market, 12).await;
    let up_to = bench.inbox().newest().await.unwrap().unwrap();
    let filter = agora_inbox::Filter::ALL;
    bench.receiver.mark(Which::Matching { filter, text: None, up_to }, true).await.unwrap();
    is_read_there(&market).await;
    assert_eq!(bench.inbox().counts().await.unwrap().unread(), 0);
}

#[tokio::test]
async fn marking_all_is_told_when_it_can_no_longer_be_undone_and_never_if_it_was() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    pushed(&mut bench, &market, 3).await;
    send(&market, "without an id", "").await;
    bench.arrivals(1).await;
    let all = |up_to| Which::Matching { filter: agora_inbox::Filter::ALL, text: None, up_to };
    let which = all(bench.inbox().newest().await.unwrap().unwrap());
    let told = || calls(&market, "POST", "/read") + calls(&market, "POST", "/read-all");
    let unread = async || bench.inbox().counts().await.unwrap().unread();

    let marking = bench.receiver.mark_all_read(which.clone()).await.unwrap();
    assert_eq!(unread().await, 0);
    // A look at what is stored meanwhile finds out which notification the fourth is.
    bench.looked(&market).await;
    later(59).await;
    assert!(bench.receiver.undo_marking(marking).await.unwrap());
    assert_eq!(unread().await, 4);
    assert!(!bench.receiver.undo_marking(marking).await.unwrap(), "that was done");
    later(120).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(told(), 0, "nobody has read them");

    let marking = bench.receiver.mark_all_read(which).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(told(), 0);
    sooner_or_later(async || told() == 4).await;
    is_read_there(&market).await;
    assert!(!bench.receiver.undo_marking(marking).await.unwrap(), "it says that it is too late");
    assert_eq!(unread().await, 0);
}

#[tokio::test]
async fn a_message_without_an_id_is_read_there_too() {
    let market = market().await;
    let mut bench = connected(&market).await;
    send(&market, "without an id", "").await;
    let id = bench.arrivals(1).await[0].id;
    read(&bench, vec![id]).await;
    is_read_there(&market).await;
}

#[tokio::test]
async fn what_was_read_offline_is_told_after_the_next_connect() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 1).await;
    bench.away(&market).await;
    read(&bench, ids).await;
    // The look at what was stored fails; what was read is told all the same.
    market.fail_next_call(Call::Notifications, failing(), 1);
    bench.back().await;
    is_read_there(&market).await;
}

fn failing() -> Fault {
    answer(500, "{}")
}

#[tokio::test]
async fn a_market_that_fails_is_told_again_later() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 2).await;
    let later_please = [("retry-after".to_owned(), "60".to_owned())].into();
    let busy = Fault::Answer { status: 503, headers: later_please, body: "{}".into() };
    market.fail_next_call(Call::MarkRead, busy, 1);
    market.fail_next_call(Call::MarkRead, failing(), 1);
    read(&bench, ids[..1].to_vec()).await;
    answered(&market, "POST", "/read", 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // What is read meanwhile waits too.
    read(&bench, ids[1..].to_vec()).await;
    later(59).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&market, "POST", "/read"), 1, "not before its time");
    sooner_or_later(async || calls(&market, "POST", "/read") == 2).await;
    sooner_or_later(async || calls(&market, "POST", "/read") == 4).await;
    is_read_there(&market).await;
    all_told(&bench).await;
    later(600).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&market, "POST", "/read"), 4, "and then there is nothing to tell");
    assert_eq!(calls(&market, "GET", SELLER), 1, "on one connection");
}

#[tokio::test]
async fn one_that_the_market_refuses_to_mark_holds_up_no_others() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (there, ids) = pushed(&mut bench, &market, 2).await;
    // Deleted on another device, which nobody hears of; and to mark it is an error.
    market.mark_notification(USER, there[1], Status::Deleted);
    market.fail_next_call(Call::MarkRead, failing(), 1);
    read(&bench, ids).await;
    all_told(&bench).await;
    assert_eq!(calls(&market, "POST", "/read"), 2);
    assert_eq!(market.notifications_of(USER)[1].status, Status::Read);
}

#[tokio::test]
async fn of_many_only_those_are_told_that_are_unread_there() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, ids) = pushed(&mut bench, &market, 30).await;
    bench.away(&market).await;
    for id in &there[2..] {
        market.mark_notification(USER, *id, Status::Deleted);
    }
    read(&bench, ids).await;
    bench.back().await;
    all_told(&bench).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (2, 0));
}

#[tokio::test]
async fn what_comes_while_all_is_told_as_read_stays_unread_here() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 11).await;
    market.fail_next_call(Call::MarkRead, Fault::Slow { delay_ms: 500 }, 1);
    read(&bench, ids).await;
    let is_begun = |one: &Recorded| is_call(one, "POST", "/read-all");
    assert!(market.wait_for_request(is_begun, SOON).await.is_some());
    market.push_notification(notice("meanwhile"));
    bench.arrivals(1).await;
    is_read_there(&market).await;
    all_told(&bench).await;
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert_eq!(bench.titles().await.pop().unwrap(), "meanwhile*");
    assert_eq!(bench.inbox().counts().await.unwrap().unread(), 1);
}

#[tokio::test]
async fn whoever_pauses_tells_nothing_more() {
    let market = calm_market().await;
    let mut bench = connected(&market).await;
    let (_, ids) = pushed(&mut bench, &market, 5).await;
    send(&market, "without an id", "").await;
    let unnamed = bench.arrivals(1).await[0].id;
    market.fail_next_call(Call::MarkRead, Fault::Slow { delay_ms: 300 }, 5);
    market.forget_requests();
    read(&bench, ids).await;
    assert!(market.wait_for_request(|one| is_call(one, "POST", "/read"), SOON).await.is_some());
    bench.away(&market).await;
    answered(&market, "DELETE", SELLER, 1).await;
    let before = market.requests().len();
    read(&bench, vec![unnamed]).await;
    let more = market.wait_for_request(|one| one.path.contains("/notifications"), SOON).await;
    assert!(more.is_some_and(|one| is_call(&one, "POST", "/read")));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(market.requests().len(), before, "nothing after the goodbye");
    bench.back().await;
    is_read_there(&market).await;
    all_told(&bench).await;
}

#[tokio::test]
async fn one_that_the_market_has_lost_is_given_up() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (_, lost) = pushed(&mut bench, &market, 1).await;
    market.forget_notifications();
    read(&bench, lost).await;
    all_told(&bench).await;
    let (_, ids) = pushed(&mut bench, &market, 1).await;
    read(&bench, ids).await;
    is_read_there(&market).await;
    all_told(&bench).await;
    assert_eq!(calls(&market, "POST", "/read"), 2);
}
