//! A look at what the market stored that failed is made up for while the connection stands; and one
//! that nobody waits for any more is given up.

use crate::bench::{
    Bench, SELLER, SOON, answer, answered, calls, calm_market, is_call, later, notice, now_ms,
    sooner_or_later,
};
use agora_account::{Account, Accounts, Environment, Files, TokenChange};
use agora_client::{BaseUrl, ClientId, Token};
use agora_demo_market::{Call, DemoMarket, Fault, Notice, Status, local_time_ago, people};
use agora_receiver::{Choices, Receiver, SignedOut, Status as Shown};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

const UNREAD: &str = "/notifications/unread";
const LIST: &str = "/notifications/list";

/// Time in which anything would be asked that is.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

/// A market with something that was missed, of which the first look at it fails so.
async fn that_fails(fault: Fault, times: u32) -> (DemoMarket, Bench) {
    let market = calm_market().await;
    let ago = Some(local_time_ago(Duration::from_mins(1)));
    market.store_notification(Notice { created_at: ago, ..notice("missed") });
    market.fail_next_call(Call::Notifications, fault, times);
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    (market, bench)
}

/// What was missed is there in the end, told as one, over the one connection; then nobody asks again.
async fn is_made_up_for(fault: Fault) {
    let (market, mut bench) = that_fails(fault, 2).await;
    sooner_or_later(async || calls(&market, "GET", UNREAD) == 3).await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    assert_eq!(bench.titles().await, ["missed*"]);
    answered(&market, "GET", LIST, 1).await;
    later(600).await;
    a_moment().await;
    assert_eq!((calls(&market, "GET", UNREAD), calls(&market, "GET", LIST)), (3, 1));
    assert_eq!(calls(&market, "GET", SELLER), 1, "on one connection");
    assert!(bench.told_so_far().is_empty());
}

#[tokio::test]
async fn an_error_of_the_market_is_made_up_for() {
    is_made_up_for(answer(500, r#"{"error":"Internal Server Error"}"#)).await;
}

#[tokio::test]
async fn an_answer_that_is_cut_is_made_up_for() {
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n[{";
    is_made_up_for(Fault::Garbage { text: half.into() }).await;
}

#[tokio::test]
async fn an_answer_that_never_comes_is_made_up_for() {
    is_made_up_for(Fault::Stall).await;
}

#[tokio::test]
async fn what_is_unread_is_there_though_the_list_fails_and_the_list_is_made_up_for() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let files = bench.files.clone();
    let (home, _) = bench.quit().await;
    // That was an hour ago; and since then a good deal was read elsewhere.
    let file = rusqlite::Connection::open(&files.inbox).unwrap();
    file.execute_batch("UPDATE mailbox SET synced_ms = synced_ms - 3600000").unwrap();
    drop(file);
    for number in 0..250 {
        let created_at = Some(local_time_ago(Duration::from_mins(30)));
        let title = format!("read {number:03}");
        let read = Notice { status: Status::Read, created_at, ..notice(&title) };
        market.store_notification(read);
    }
    market.store_notification(notice("unread"));
    market.fail_next_call(Call::Notifications, Fault::Slow { delay_ms: 0 }, 2);
    market.fail_next_call(Call::Notifications, answer(500, "{}"), 1);
    market.forget_requests();
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    let told = bench.synced().await;
    assert_eq!((told.passed.len(), told.counts.total()), (1, 100), "as far as it came");
    sooner_or_later(async || calls(&market, "GET", LIST) == 5).await;
    assert_eq!(bench.synced().await.counts.total(), 251);
    assert_eq!(calls(&market, "GET", SELLER), 1, "on one connection");
}

#[tokio::test]
async fn a_list_that_is_refused_for_good_hides_nothing_that_is_unread() {
    let market = calm_market().await;
    market.store_notification(notice("missed"));
    market.fail_next_call(Call::Notifications, Fault::Slow { delay_ms: 0 }, 1);
    market.fail_next_call(Call::Notifications, answer(400, "{}"), 1);
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    market.forget_requests();
    later(600).await;
    a_moment().await;
    assert!(market.requests().is_empty(), "waiting can't cure it");
}

#[tokio::test]
async fn more_that_is_unread_than_one_answer_may_hold_is_found_in_the_list() {
    let market = calm_market().await;
    for title in ["first", "second"] {
        market.store_notification(notice(title));
    }
    let endless = format!(r#"[{{"id":1,"content":"{}"}}]"#, "x".repeat(9 << 20));
    market.fail_next_call(Call::Notifications, answer(200, &endless), 1);
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.passed.len(), 2);
    assert_eq!(bench.titles().await, ["first*", "second*"]);
}

#[tokio::test]
async fn a_market_that_asks_to_wait_is_asked_no_sooner() {
    let headers = [("retry-after".to_owned(), "120".to_owned())].into();
    let busy = Fault::Answer { status: 503, headers, body: "{}".into() };
    let (market, mut bench) = that_fails(busy, 1).await;
    answered(&market, "GET", UNREAD, 1).await;
    a_moment().await;
    later(90).await;
    a_moment().await;
    assert_eq!(calls(&market, "GET", UNREAD), 1);
    // Nor does a new connection make it sooner.
    bench.receiver.reconnect().await;
    answered(&market, "GET", SELLER, 2).await;
    bench.connected().await;
    a_moment().await;
    assert_eq!(calls(&market, "GET", UNREAD), 1);
    sooner_or_later(async || calls(&market, "GET", UNREAD) == 2).await;
    assert_eq!(bench.synced().await.passed.len(), 1);
}

#[tokio::test]
async fn what_waiting_cant_cure_is_not_tried_again() {
    let rubbish = [(answer(200, "rubbish"), 2), (Fault::LoginPage, 2)];
    for (fault, times) in
        [(answer(401, "{}"), 1), (answer(403, "{}"), 1)].into_iter().chain(rubbish)
    {
        let (market, bench) = that_fails(fault, times).await;
        answered(&market, "GET", UNREAD, 1).await;
        a_moment().await;
        later(600).await;
        a_moment().await;
        assert_eq!(calls(&market, "GET", UNREAD), 1);
        assert!(matches!(*bench.told.status.borrow(), Shown::Connected { .. }));
    }
}

#[tokio::test]
async fn without_a_connection_nothing_is_tried_and_the_next_one_does_it() {
    let (market, mut bench) = that_fails(answer(500, "{}"), 1).await;
    answered(&market, "GET", UNREAD, 1).await;
    a_moment().await;
    bench.away(&market).await;
    answered(&market, "DELETE", SELLER, 1).await;
    market.forget_requests();
    later(600).await;
    a_moment().await;
    assert!(market.requests().is_empty());
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
}

#[tokio::test]
async fn whoever_signed_out_is_not_asked_for_any_more() {
    let market = calm_market().await;
    market.fail_next_call(Call::Notifications, answer(500, "{}"), 1);
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    let accounts = Arc::new(Accounts::new(files, Environment::default()));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut told = receiver.subscribe();
    let account = Account {
        base: BaseUrl::parse(&market.base_url()).unwrap(),
        client_id: ClientId::parse(SELLER).unwrap(),
    };
    let token = TokenChange::Memory(Token::parse(people::SELLER.token).unwrap().into());
    receiver.save_account(account, token).await.unwrap().unwrap();
    answered(&market, "GET", UNREAD, 1).await;
    a_moment().await;
    receiver.forget_account().await.unwrap().unwrap();
    let is_out = |status: &Shown| *status == Shown::SignedOut(SignedOut::NoAccount);
    timeout(SOON, told.status.wait_for(is_out)).await.unwrap().unwrap();
    answered(&market, "DELETE", SELLER, 1).await;
    market.forget_requests();
    later(600).await;
    a_moment().await;
    assert!(market.requests().is_empty());
}

#[tokio::test]
async fn a_pause_amid_a_look_ends_it_and_the_next_one_tells_what_it_would_have() {
    let (market, mut bench) = that_fails(Fault::Slow { delay_ms: 500 }, 1).await;
    let is_asked = |one: &agora_demo_market::Recorded| is_call(one, "GET", UNREAD);
    assert!(market.wait_for_request(is_asked, SOON).await.is_some());
    bench.away(&market).await;
    answered(&market, "DELETE", SELLER, 1).await;
    let before = market.requests().len();
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(market.requests().len(), before, "nothing after the goodbye");
    assert!(bench.told_so_far().is_empty());
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    assert_eq!(calls(&market, "GET", UNREAD), 2);
}

#[tokio::test]
async fn what_moves_to_an_earlier_page_between_two_is_not_missed() {
    let market = calm_market().await;
    let now = now_ms();
    let entry = |id: i64| {
        let time = local_time_ago(Duration::from_secs(u64::try_from(300 - id).unwrap()));
        format!(r#"{{"id":{id},"title":"{id:03}","status":"READ","createdAt":"{time}"}}"#)
    };
    // Newest first, 100 a page, of what is there when it is asked for.
    let page = |ids: &[i64], number: usize| {
        let from = (number * 100).min(ids.len());
        let content: Vec<_> =
            ids[from..(from + 100).min(ids.len())].iter().map(|id| entry(*id)).collect();
        let (total, last) = (ids.len(), (number + 1) * 100 >= ids.len());
        let content = content.join(",");
        answer(200, &format!(r#"{{"content":[{content}],"totalElements":{total},"last":{last}}}"#))
    };
    let all: Vec<i64> = (1..=250).rev().collect();
    // Three of the first page are gone by the time of the second.
    let fewer: Vec<i64> = all.iter().copied().filter(|id| ![249, 240, 230].contains(id)).collect();
    market.fail_next_call(Call::Notifications, answer(200, "[]"), 1);
    market.fail_next_call(Call::Notifications, page(&all, 0), 1);
    for number in [1, 0, 1, 2] {
        market.fail_next_call(Call::Notifications, page(&fewer, number), 1);
    }
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(now).await;
    let titles: Vec<_> = all.iter().rev().map(|id| format!("{id:03}")).collect();
    assert_eq!(bench.titles().await, titles);
    let list = market.requests().into_iter().filter(|one| is_call(one, "GET", LIST));
    let asked: Vec<_> = list.map(|one| one.path.split('?').nth(1).unwrap().to_owned()).collect();
    assert_eq!(asked, [1, 2, 1, 2, 3].map(|number| format!("page={number}&size=100")));
}

#[tokio::test]
async fn the_look_back_goes_on_to_what_is_known_however_much_that_is() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    let (home, _) = bench.quit().await;
    for number in 0..2_050 {
        let read = Notice { status: Status::Read, ..notice(&format!("{number:04}")) };
        market.store_notification(read);
    }
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 2_050);
}
