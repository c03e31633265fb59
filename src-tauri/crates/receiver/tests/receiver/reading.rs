//! What is read here is read in the market, what is read elsewhere is read here, and what is deleted
//! here is not brought back.

use crate::bench::{
    Bench, SELLER, SOON, answer, answered, calls, calm_market, eventually, is_call, later, market,
    notice, now_ms, send, sooner_or_later,
};
use agora_demo_market::{Call, DemoMarket, Fault, Recorded, Status, To, people};
use agora_inbox::{AlertId, Which};
use agora_receiver::Change;
use std::time::Duration;

const USER: u64 = people::SELLER.id;

async fn connected(market: &DemoMarket) -> Bench {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    bench.caught_up_since(0).await;
    bench
}

/// Pushes so many, and gives the ids that they have in the market and here.
async fn pushed(bench: &mut Bench, market: &DemoMarket, count: usize) -> (Vec<u64>, Vec<AlertId>) {
    let there = (0..count).map(|n| market.push_notification(notice(&n.to_string()))).collect();
    let here = bench.arrivals(count).await.into_iter().map(|alert| alert.id).collect();
    (there, here)
}

async fn is_read_there(market: &DemoMarket) {
    let read = |status| status == Status::Read;
    let all = || market.notifications_of(USER);
    eventually(async || all().iter().all(|one| read(one.status))).await;
}

async fn all_told(bench: &Bench) {
    let inbox = bench.inbox();
    eventually(async || inbox.untold(bench.mailbox(), 1).await.unwrap().is_empty()).await;
}

async fn read(bench: &Bench, ids: Vec<AlertId>) {
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
    bench.back_and_caught_up().await;
    assert_eq!(bench.titles().await.pop().unwrap(), "meanwhile*");
    assert_eq!(bench.inbox().counts().await.unwrap().unread(), 1);
}

#[tokio::test]
async fn what_comes_right_after_all_was_read_elsewhere_stays_unread() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 2).await;
    for id in there {
        // Which nobody hears of.
        market.mark_notification(USER, id, Status::Deleted);
    }
    let id = market.store_notification(notice("after"));
    let all = r#"{"type":"NOTIFICATION_READ","all":true}"#;
    let after =
        format!(r#"{{"type":"NOTIFICATION_RECEIVED","notificationId":{id},"title":"after"}}"#);
    market.write_raw(SELLER, format!("data:{all}\n\ndata:{after}\n\n"));
    let Change::Marked { ids, read: true, .. } = bench.next_change().await else { panic!("all") };
    assert_eq!(*ids, here);
    bench.arrivals(1).await;
    bench.away(&market).await;
    bench.back_and_caught_up().await;
    assert_eq!(bench.titles().await, ["0", "1", "after*"]);
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
    let (_, mut ids) = pushed(&mut bench, &market, 1).await;
    market.forget_notifications();
    ids.extend(pushed(&mut bench, &market, 1).await.1);
    read(&bench, ids).await;
    is_read_there(&market).await;
    all_told(&bench).await;
    assert_eq!(calls(&market, "POST", "/read"), 2);
}

#[tokio::test]
async fn what_is_read_elsewhere_is_read_here_and_not_told_back() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 4).await;
    market.mark_notification(USER, there[0], Status::Read);
    let Change::Marked { ids, read: true, .. } = bench.next_change().await else { panic!("one") };
    assert_eq!(*ids, here[..1]);
    market.mark_all_notifications_read(USER);
    let Change::Marked { ids, read: true, .. } = bench.next_change().await else { panic!("all") };
    assert_eq!(*ids, here[1..]);
    all_told(&bench).await;
    assert_eq!((calls(&market, "POST", "/read"), calls(&market, "POST", "/read-all")), (0, 0));
}

#[tokio::test]
async fn what_is_read_elsewhere_unsaid_or_unseen_is_found_by_catching_up() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, here) = pushed(&mut bench, &market, 2).await;
    bench.away(&market).await;
    market.mark_notification(USER, there[0], Status::Read);
    bench.back().await;
    assert_eq!(*bench.caught_up().await.read, here[..1]);
    bench.away(&market).await;
    market.mark_notification(USER, there[1], Status::Read);
    bench.back().await;
    let told = bench.caught_up().await;
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
    assert_eq!(*bench.caught_up().await.read, [here]);
    market.store_notification(notice("unheard of"));
    market.emit(&To::user(USER), None, r#"{"type":"NOTIFICATION_READ"}"#);
    assert_eq!(bench.caught_up().await.passed.len(), 1);
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
        bench.back_and_caught_up().await;
        let before = now_ms();
        market.emit(&To::user(USER), None, r#"{"type":"NOTIFICATION_READ"}"#);
        bench.caught_up_since(before).await;
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
    bench.back_and_caught_up().await;
    assert!(bench.titles().await.is_empty());
    assert!(calls(&market, "POST", "/read") <= 1, "only what can't be known as undone");
    later(61).await;
    is_read_there(&market).await;
    bench.away(&market).await;
    bench.back_and_caught_up().await;
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
        bench.back_and_caught_up().await;
        assert!(bench.titles().await.is_empty());
    }
    pushed(&mut bench, &market, 1).await;
    assert_eq!(bench.titles().await, ["0*"]);
}

#[tokio::test]
async fn what_is_too_old_is_let_go_of_when_the_person_says_so() {
    let market = market().await;
    let days =
        |days: u64| Some(agora_demo_market::local_time_ago(Duration::from_secs(86_400 * days)));
    for (title, status, age) in
        [("read", Status::Read, 40), ("unread", Status::Unread, 40), ("new", Status::Read, 5)]
    {
        let old = agora_demo_market::Notice { status, created_at: days(age), ..notice(title) };
        market.store_notification(old);
    }
    let mut bench = connected(&market).await;
    bench.caught_up().await;
    assert_eq!(bench.titles().await, ["read", "unread*", "new"]);
    let choices = agora_receiver::Choices { keep_days: Some(30), ..Default::default() };
    bench.receiver.choose(choices).await;
    let Change::Much { counts } = bench.next_change().await else { panic!("not told") };
    assert_eq!(counts.total(), 2);
    assert_eq!(bench.titles().await, ["unread*", "new"]);
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    bench.caught_up_since(now_ms() - 1_000).await;
    assert_eq!(bench.titles().await, ["unread*", "new"], "and it is not brought back");
}
