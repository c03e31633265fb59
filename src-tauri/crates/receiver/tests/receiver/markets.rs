//! Markets that store nothing, or answer badly: the stream and its alerts don't wait for them.

use crate::bench::{
    Bench, SELLER, SOON, answer, answered, calls, eventually, market, market_with, notice,
};
use agora_account::{Account, Accounts, Environment, Files, TokenChange};
use agora_client::{BaseUrl, ClientId, Token};
use agora_demo_market::{Call, Config, DemoMarket, Fault, Notice, local_time_ago, people};
use agora_receiver::{Choices, Receiver, Status};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

#[tokio::test]
async fn a_market_without_these_calls_is_asked_once_and_remembered() {
    let market = market_with(Config { notifications: false, ..Config::default() }).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    answered(&market, "GET", "/notifications/unread", 1).await;
    let inbox = bench.inbox();
    let missing = async || inbox.mailbox(bench.mailbox()).await.unwrap().missing_ms.is_some();
    eventually(missing).await;
    assert_eq!(*bench.told.trouble.borrow(), None);
    bench.away(&market).await;
    bench.back().await;
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    market.push_notification(notice("heard"));
    let id = bench.arrivals(1).await[0].id;
    bench.receiver.mark(agora_inbox::Which::Ids(vec![id]), true).await.unwrap();
    // What it never listed, it is not told of.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        (calls(&market, "POST", "/read"), calls(&market, "GET", "/notifications/unread")),
        (0, 1)
    );
}

#[tokio::test]
async fn a_market_that_had_these_calls_a_moment_ago_is_asked_at_the_next_connect() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    bench.away(&market).await;
    market.store_notification(notice("missed"));
    market.fail_next_call(Call::Notifications, answer(404, "{}"), 1);
    market.forget_requests();
    bench.back().await;
    answered(&market, "GET", "/notifications/unread", 1).await;
    bench.away(&market).await;
    bench.back().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
}

/// Whether an alert comes at once although the market answers so, this many times, and what it stored
/// at the next connect.
async fn is_no_hindrance(fault: Fault, times: u32) {
    let market = market().await;
    let ago = Some(local_time_ago(Duration::from_mins(1)));
    market.store_notification(Notice { created_at: ago, ..notice("missed") });
    market.fail_next_call(Call::Notifications, fault, times);
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    let begun = Instant::now();
    market.push_notification(notice("live"));
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "live");
    // The call itself is given up after half a minute.
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(bench.titles().await, ["live*"]);
    assert_eq!(*bench.told.trouble.borrow(), None);
    let asked =
        || market.requests().iter().filter(|one| one.path.contains("/notifications")).count();
    eventually(async || asked() >= usize::try_from(times).unwrap()).await;
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    assert_eq!(bench.titles().await, ["missed*", "live*"]);
}

#[tokio::test]
async fn one_that_fails_is_no_hindrance() {
    is_no_hindrance(answer(500, r#"{"error":"Internal Server Error"}"#), 1).await;
}

#[tokio::test]
async fn one_that_talks_rubbish_is_no_hindrance() {
    for body in ["rubbish", "{}", "null", r#"[{"id":"#] {
        // Neither call.
        is_no_hindrance(answer(200, body), 2).await;
    }
    is_no_hindrance(Fault::LoginPage, 2).await;
}

#[tokio::test]
async fn one_that_hangs_is_no_hindrance() {
    is_no_hindrance(Fault::Stall, 1).await;
}

#[tokio::test]
async fn entries_that_make_no_sense_hide_no_others() {
    let market = market().await;
    let body = r#"[7,{"id":"x"},{"id":5,"title":{},"content":[],"status":9,"createdAt":"soon"},
        {"id":6,"title":"usable","createdAt":"9999-01-01T00:00:00","status":"UNREAD"}]"#;
    market.fail_next_call(Call::Notifications, answer(200, body), 1);
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    assert_eq!(bench.synced().await.counts.total(), 2);
    assert!(bench.titles().await.contains(&"usable*".to_owned()));
}

#[tokio::test]
async fn what_another_account_is_told_late_is_dropped_and_the_new_one_is_caught_up_with() {
    let market: DemoMarket = market().await;
    market.store_notification(notice("the seller's"));
    let buyers = Notice { user_id: people::BUYER.id, ..notice("the buyer's") };
    market.store_notification(buyers);
    market.fail_next_call(Call::Notifications, Fault::Slow { delay_ms: 10_000 }, 1);
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    let accounts = Arc::new(Accounts::new(files, Environment::default()));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut told = receiver.subscribe();
    let buyer = format!("user_{}_receiver1", people::BUYER.id);
    for (client_id, token) in [(SELLER, people::SELLER.token), (&buyer, people::BUYER.token)] {
        let account = Account {
            base: BaseUrl::parse(&market.base_url()).unwrap(),
            client_id: ClientId::parse(client_id).unwrap(),
        };
        let token = TokenChange::Memory(Token::parse(token).unwrap().into());
        receiver.save_account(account, token).await.unwrap().unwrap();
        assert!(market.wait_for_client(client_id, SOON).await.is_some());
        let connected = |status: &Status| matches!(status, Status::Connected { .. });
        timeout(SOON, told.status.wait_for(connected)).await.unwrap().unwrap();
    }
    let inbox = receiver.inbox().unwrap();
    eventually(async || inbox.counts().await.unwrap().total() > 0).await;
    let page = inbox.page(agora_inbox::Filter::ALL, agora_inbox::Seek::Newest, 9).await.unwrap();
    let titles: Vec<_> =
        page.alerts.into_iter().map(|alert| alert.body.title.english().to_owned()).collect();
    assert_eq!(titles, ["the buyer's"]);
}
