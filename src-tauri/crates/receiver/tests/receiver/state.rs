//! The status is true in every state, and leaving says goodbye.

use crate::bench::{Bench, SELLER, SOON, answered, market, notice};
use agora_account::{Account, Accounts, Environment, Files, TokenChange};
use agora_client::{BaseUrl, ClientId, ReasonCode, Token};
use agora_demo_market::{Call, Config, DemoMarket, Fault, people};
use agora_inbox::{StoreError, Which};
use agora_receiver::{Change, Choices, Receiver, SignedOut, Status, TokenState};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::timeout;

fn is_goodbye(request: &agora_demo_market::Recorded) -> bool {
    request.method == "DELETE" && request.path.contains(SELLER) && request.status == Some(200)
}

#[tokio::test]
async fn pause_says_goodbye_and_resume_connects_again() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.receiver.pause(None).await;
    bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    assert!(market.wait_for_request(is_goodbye, SOON).await.is_some());
    bench.receiver.resume().await;
    bench.connected().await;
}

#[tokio::test]
async fn a_pause_for_a_while_tells_its_end_and_connects_by_itself() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    let hour = Duration::from_hours(1);
    bench.receiver.pause(Some(hour)).await;
    let paused = bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    let Status::Paused { until: Some(until) } = paused else { panic!("{paused:?}") };
    let left = until.duration_since(SystemTime::now()).unwrap();
    assert!(left <= hour && left + SOON > hour, "{left:?}");
    // Another choice takes the place of the first, in either direction.
    bench.receiver.pause(None).await;
    bench.wait_for(|status| *status == Status::Paused { until: None }).await;
    bench.receiver.pause(Some(Duration::from_millis(300))).await;
    bench.connected().await;
    assert!(!*bench.told.paused.borrow());
}

#[tokio::test]
async fn shutting_down_says_goodbye_and_nothing_after_it() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    answered(&market, "GET", "/notifications/list", 1).await;
    bench.receiver.shut_down().await;
    assert!(is_goodbye(market.requests().last().unwrap()));
}

#[tokio::test]
async fn shutting_down_closes_the_inbox_whoever_else_has_a_handle_on_it() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.push_notification(notice("kept"));
    bench.arrivals(1).await;
    let inbox = bench.inbox();
    let is_one_file = |files: &Files| {
        let beside = ["-wal", "-shm"].map(|end| format!("{}{end}", files.inbox.display()));
        beside.iter().all(|path| !std::fs::exists(path).unwrap())
    };
    assert!(!is_one_file(&bench.files));
    bench.receiver.shut_down().await;
    assert!(is_one_file(&bench.files));
    assert!(matches!(inbox.counts().await, Err(StoreError::Closed)));

    // So does one that is told to end while it opens the inbox.
    let files = bench.files.clone();
    let (home, _) = bench.quit().await;
    let bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.receiver.shut_down().await;
    assert!(is_one_file(&files));
}

#[tokio::test]
async fn a_market_that_goes_away_is_waited_for_and_found_again() {
    let market = market().await;
    let port = market.addr().port();
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.stop().await;
    let waiting = bench.wait_for(|status| matches!(status, Status::Waiting { .. })).await;
    assert!(
        matches!(waiting.reason_code(), Some(ReasonCode::Cut | ReasonCode::Unreachable)),
        "{waiting:?}"
    );
    let _market = DemoMarket::start(Config { port, ..Config::default() }).await.unwrap();
    bench.connected().await;
}

#[tokio::test]
async fn a_refused_token_signs_out_with_the_markets_words_until_someone_acts() {
    let market = market().await;
    let mut bench = Bench::start(&market, "nobodys-token");
    let status = bench.wait_for(|status| matches!(status, Status::SignedOut(_))).await;
    let Status::SignedOut(SignedOut::Market { status: 401, message: Some(message), .. }) = status
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
    assert_eq!(status, Status::Refused { status: Some(410), message: Some("gone".into()) });
}

#[tokio::test]
async fn a_lost_network_is_the_status_until_it_is_back_through_a_pause_too() {
    // Another machine by its address, where nobody answers.
    let home = tempfile::tempdir().unwrap();
    let mut bench = Bench::in_home(home, "https://0.0.0.0:9/api", people::SELLER.token);
    let is_waiting = |status: &Status| matches!(status, Status::Waiting { .. });
    bench.wait_for(is_waiting).await;
    bench.receiver.network_lost().await;
    bench.wait_for(|status| *status == Status::NoNetwork).await;
    bench.receiver.pause(None).await;
    bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    bench.receiver.resume().await;
    bench.wait_for(|status| *status == Status::NoNetwork).await;
    bench.receiver.network_up().await;
    bench.wait_for(is_waiting).await;
}

#[tokio::test]
async fn marking_is_told_with_the_counts_that_follow() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.emit(&agora_demo_market::To::Everyone, None, r#"{"title":"a"}"#);
    let alert = bench.arrivals(1).await.remove(0);
    bench.receiver.mark(Which::Ids(vec![alert.id]), true).await.unwrap();
    let Change::Marked { ids, read: true, counts } = bench.next_change().await else {
        panic!("not marked as read");
    };
    assert_eq!((ids.as_ref(), counts.unread()), ([alert.id].as_slice(), 0));
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

#[tokio::test]
async fn a_pause_shows_at_once_while_the_market_is_slow_to_hear_of_it() {
    let market = market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    market.fail_next_call(Call::Disconnect, Fault::Stall, 1);
    bench.receiver.pause(None).await;
    bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    assert!(market.requests().iter().all(|request| !is_goodbye(request)), "it hasn't answered yet");
    assert!(*bench.told.paused.borrow());
    // Nor does the goodbye hold up anything else.
    bench.receiver.mark(Which::Ids(vec![1]), true).await.unwrap();
    assert!(market.requests().iter().all(|request| !is_goodbye(request)));
}

/// Paused, with a goodbye on its way that the market takes its time to answer.
async fn within_a_goodbye(market: &DemoMarket) -> Bench {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    market.fail_next_call(Call::Disconnect, Fault::Slow { delay_ms: 300 }, 1);
    bench.receiver.pause(None).await;
    bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    bench
}

#[tokio::test]
async fn quitting_within_a_goodbye_waits_for_it() {
    let market = market().await;
    let bench = within_a_goodbye(&market).await;
    assert!(market.requests().iter().all(|request| !is_goodbye(request)), "it isn't answered yet");
    bench.receiver.shut_down().await;
    assert!(market.requests().iter().any(is_goodbye));
}

#[tokio::test]
async fn nothing_connects_before_the_goodbye_is_over() {
    let market = market().await;
    let mut bench = within_a_goodbye(&market).await;
    bench.receiver.resume().await;
    bench.connected().await;
    let order: Vec<_> = market
        .requests()
        .into_iter()
        .filter(|request| request.path.contains("/sse/"))
        .map(|request| (request.method, request.status))
        .collect();
    assert_eq!(order[1], ("DELETE".to_owned(), Some(200)));
    assert_eq!(order[2].0, "GET");
    assert_eq!(market.clients().len(), 1, "the goodbye was not for the new connection");
}

#[tokio::test]
async fn settings_that_cant_be_read_are_told_and_healed_by_saving_new_ones() {
    let market = market().await;
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    std::fs::write(&files.settings, "{").unwrap();
    let accounts = Arc::new(Accounts::new(files.clone(), Environment::default()));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut told = receiver.subscribe();
    timeout(SOON, told.settings.wait_for(Option::is_some)).await.unwrap().unwrap();
    let account = Account {
        base: BaseUrl::parse(&market.base_url()).unwrap(),
        client_id: ClientId::parse(SELLER).unwrap(),
    };
    let token = Token::parse(people::SELLER.token).unwrap();
    receiver.save_account(account, TokenChange::Memory(token.into())).await.unwrap().unwrap();
    let connected = |status: &Status| matches!(status, Status::Connected { .. });
    timeout(SOON, told.status.wait_for(connected)).await.unwrap().unwrap();
    assert_eq!(*told.settings.borrow(), None);
}
