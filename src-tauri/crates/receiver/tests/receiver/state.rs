//! The status is true in every state, and leaving says goodbye.

use crate::bench::{Bench, SELLER, SOON, market};
use agora_account::Files;
use agora_demo_market::{Config, DemoMarket, Fault, people};
use agora_receiver::{Change, SignedOut, Status, TokenState, Trouble};

fn is_goodbye(request: &agora_demo_market::Recorded) -> bool {
    request.method == "DELETE" && request.path.ends_with(SELLER) && request.status == Some(200)
}

#[tokio::test]
async fn pause_says_goodbye_and_resume_connects_again() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.receiver.pause(true).await;
    bench.wait_for(|status| *status == Status::Paused).await;
    assert!(market.wait_for_request(is_goodbye, SOON).await.is_some());
    bench.receiver.pause(false).await;
    bench.connected().await;
}

#[tokio::test]
async fn shutting_down_says_goodbye_and_nothing_after_it() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.receiver.shut_down().await;
    assert!(is_goodbye(market.requests().last().unwrap()));
}

#[tokio::test]
async fn a_market_that_goes_away_is_waited_for_and_found_again() {
    let market = market().await;
    let port = market.addr().port();
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.stop().await;
    let waiting = bench.wait_for(|status| matches!(status, Status::Waiting { .. })).await;
    assert!(matches!(waiting.reason_code(), Some("cut" | "unreachable")), "{waiting:?}");
    let _market = DemoMarket::start(Config { port, ..Config::default() }).await.unwrap();
    bench.connected().await;
}

#[tokio::test]
async fn a_refused_token_signs_out_with_the_markets_words_until_someone_acts() {
    let market = market().await;
    let mut bench = Bench::start(&market, "nobodys-token");
    let status = bench.wait_for(|status| matches!(status, Status::SignedOut(_))).await;
    let Status::SignedOut(SignedOut::Market { status: 401, message: Some(message) }) = status
    else {
        panic!("{status:?}");
    };
    assert!(!message.contains("nobodys-token"));
    let before = market.requests().last().unwrap().number;
    bench.receiver.reconnect().await;
    assert!(market.wait_for_request(|request| request.number > before, SOON).await.is_some());
}

#[tokio::test]
async fn an_answer_that_waiting_cant_cure_is_told_as_one() {
    let market = market().await;
    market.fail_next(
        Fault::Answer { status: 410, headers: [].into(), body: r#"{"message":"gone"}"#.into() },
        1,
    );
    let mut bench = Bench::start(&market, people::SELLER.token);
    let status = bench.wait_for(|status| matches!(status, Status::Refused { .. })).await;
    assert_eq!(status, Status::Refused { status: 410, message: Some("gone".into()) });
}

#[tokio::test]
async fn marking_is_told_with_the_counts_that_follow() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&agora_demo_market::To::Everyone, None, r#"{"title":"a"}"#);
    let alert = bench.arrivals(1).await.remove(0);
    bench.receiver.mark(vec![alert.id], true).await.unwrap();
    let Change::Marked { ids, read: true, counts } = bench.told.changes.recv().await.unwrap()
    else {
        panic!("not marked as read");
    };
    assert_eq!((ids.as_ref(), counts.unread()), ([alert.id].as_slice(), 0));
}

#[tokio::test]
async fn without_an_inbox_nothing_is_received_and_it_says_why() {
    let market = market().await;
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    let db = rusqlite::Connection::open(&files.inbox).unwrap();
    db.execute_batch("PRAGMA application_id = 0x41475241; PRAGMA user_version = 99").unwrap();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.wait_for(|status| *status == Status::NoInbox).await;
    assert!(matches!(*bench.told.trouble.borrow(), Some(Trouble::Newer(_))));
    assert!(market.requests().is_empty());
    assert_eq!(bench.files, files);
}

#[tokio::test]
async fn the_account_is_told_without_its_token() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    let state = bench.told.account.borrow().clone().unwrap();
    assert_eq!(state.token, TokenState::Environment);
    assert!(!format!("{state:?}").contains(people::SELLER.token));
}
