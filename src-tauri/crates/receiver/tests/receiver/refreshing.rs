//! A credential is renewed before its time is over, and once when it is refused; after that a person has to
//! act.

use crate::bench::{Bench, SOON, eventually, market, market_with};
use agora_account::{Account, Credential, Renewal};
use agora_client::Token;
use agora_demo_market::people::SELLER;
use agora_demo_market::{Action, Call, Config, DemoMarket, Fault, To};
use agora_receiver::{Refresh, Refreshing, SignedOut, Status};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// Always has the same credential to give, and counts how often it was asked.
#[derive(Default)]
struct Renewer {
    token: Option<Token>,
    asked: AtomicUsize,
}

impl Renewer {
    fn to(token: &str) -> Arc<Self> {
        Arc::new(Self { token: Some(Token::parse(token).unwrap()), ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Refresh for Renewer {
    fn refresh<'a>(&'a self, _: &'a Account, _: Option<&'a Token>) -> Refreshing<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let credential = self.token.clone().map(|token| Credential::Memory(token.into()));
        Box::pin(async { credential.map_or(Renewal::Impossible, Renewal::Found) })
    }
}

/// One that only the stream and what is sent go to.
async fn market_without_calls() -> DemoMarket {
    market_with(Config { notifications: false, ..Config::true_to_life() }).await
}

fn is_signed_out(status: &Status) -> bool {
    matches!(status, Status::SignedOut(SignedOut::Market { status: 401, .. }))
}

fn connects(market: &DemoMarket) -> usize {
    market.requests().iter().filter(|request| request.path.contains("/connect/")).count()
}

#[tokio::test]
async fn a_renewed_credential_connects_and_may_be_renewed_again_after_that() {
    let market = market_without_calls().await;
    let renewal = Renewer::to(SELLER.token);
    let mut bench = Bench::refreshing(&market, "stale", renewal.clone());
    bench.connected().await;
    assert_eq!((renewal.asked(), connects(&market)), (1, 2));
    market.expire_tokens(SELLER.id);
    bench.receiver.reconnect().await;
    bench.wait_for(is_signed_out).await;
    assert_eq!(renewal.asked(), 2);
}

#[tokio::test]
async fn a_renewed_credential_that_is_refused_too_is_not_renewed_again_and_nothing_is_sent() {
    let market = market().await;
    let renewal = Renewer::to("no-better");
    let mut bench = Bench::refreshing(&market, "stale", renewal.clone());
    bench.wait_for(is_signed_out).await;
    assert_eq!((renewal.asked(), connects(&market)), (1, 2));
    bench.receiver.network_up().await;
    bench.receiver.reconnect().await;
    // Only the person's own wish asks the market, and the credential, anew.
    bench.wait_for(|status| !is_signed_out(status)).await;
    bench.wait_for(is_signed_out).await;
    assert_eq!((renewal.asked(), connects(&market)), (2, 4));
}

#[tokio::test]
async fn without_a_renewal_the_person_is_asked_to_sign_in() {
    let market = market().await;
    let renewal = Arc::new(Renewer::default());
    let mut bench = Bench::refreshing(&market, "stale", renewal.clone());
    bench.wait_for(is_signed_out).await;
    assert_eq!((renewal.asked(), connects(&market)), (1, 1));
    assert!(market.wait_for_request(|request| request.number > 1, SOON / 20).await.is_none());
}

fn asked(market: &DemoMarket, path: &str) -> Vec<Option<u16>> {
    let requests = market.requests().into_iter();
    let of_path = requests.filter(|request| request.path.contains(path));
    of_path.map(|request| request.status).collect()
}

fn unavailable() -> Fault {
    Fault::Answer { status: 503, headers: [].into(), body: String::new() }
}

#[tokio::test]
async fn a_token_is_renewed_beside_the_stream_before_its_time_is_over() {
    let config = Config { token_lifetime: Duration::from_secs(12), ..Config::true_to_life() };
    let market = market_with(config).await;
    let mut bench = Bench::signed_in(&market, &SELLER, async {}).await;
    bench.connected().await;
    let renewed = |request: &agora_demo_market::Recorded| request.path.ends_with("refresh-token");
    assert!(market.wait_for_request(renewed, SOON).await.is_some());
    assert_eq!(connects(&market), 1, "the stream goes on");
    assert!(matches!(*bench.told.status.borrow(), Status::Connected { .. }));
    // The first token's time is over now; the next connect goes with the second.
    sleep(Duration::from_secs(3)).await;
    market.act(&market.clients()[0].client_id, Action::Reset);
    bench.wait_for(|status| !matches!(status, Status::Connected { .. })).await;
    bench.connected().await;
    assert_eq!(asked(&market, "/connect/"), [Some(200), Some(200)]);
    assert_eq!(asked(&market, "refresh-token"), [Some(200)]);
}

#[tokio::test]
async fn a_token_whose_time_is_over_is_renewed_before_anything_is_asked_with_it() {
    let config = Config { token_lifetime: Duration::from_secs(1), ..Config::true_to_life() };
    let market = market_with(config).await;
    let mut bench = Bench::signed_in(&market, &SELLER, sleep(Duration::from_millis(1_100))).await;
    bench.connected().await;
    assert_eq!(asked(&market, "refresh-token"), [Some(200)]);
    assert_eq!(asked(&market, "/connect/"), [Some(200)]);
}

#[tokio::test]
async fn what_says_nothing_of_the_token_is_waited_out_and_signs_nobody_out() {
    let market = market_with(Config::true_to_life()).await;
    market.fail_next_call(Call::Refresh, unavailable(), 1);
    market.fail_next_call(Call::Refresh, Fault::LoginPage, 1);
    let expired = async { market.expire_tokens(SELLER.id) };
    let mut bench = Bench::signed_in(&market, &SELLER, expired).await;
    let waiting = bench
        .wait_for(|status| {
            assert!(!is_signed_out(status), "{status:?}");
            matches!(status, Status::Waiting { .. })
        })
        .await;
    let Status::Waiting { reason, .. } = waiting else { unreachable!() };
    assert_eq!(reason.status, Some(503));
    bench
        .wait_for(|status| {
            assert!(!is_signed_out(status), "{status:?}");
            matches!(status, Status::Connected { .. })
        })
        .await;
    assert_eq!(asked(&market, "refresh-token").len(), 3);
    assert_eq!(asked(&market, "/connect/"), [Some(401), Some(200)]);
}

#[tokio::test]
async fn a_network_that_comes_up_ends_the_wait_for_the_next_try() {
    let market = market_with(Config::true_to_life()).await;
    let later = Fault::Answer {
        status: 503,
        headers: [("retry-after".to_owned(), "600".to_owned())].into(),
        body: String::new(),
    };
    market.fail_next_call(Call::Refresh, later, 1);
    let expired = async { market.expire_tokens(SELLER.id) };
    let mut bench = Bench::signed_in(&market, &SELLER, expired).await;
    bench.wait_for(|status| matches!(status, Status::Waiting { .. })).await;
    bench.receiver.network_up().await;
    bench.connected().await;
}

#[tokio::test]
async fn a_session_that_is_over_is_said_once_and_nothing_is_asked_any_more() {
    let market = market_with(Config::true_to_life()).await;
    let spent = async {
        market.expire_tokens(SELLER.id);
        let no = r#"{"error":"Unauthorized","message":"gone"}"#.to_owned();
        let no = Fault::Answer { status: 401, headers: [].into(), body: no };
        market.fail_next_call(Call::Refresh, no, 9);
    };
    let mut bench = Bench::signed_in(&market, &SELLER, spent).await;
    bench.wait_for(is_signed_out).await;
    market.forget_requests();
    bench.receiver.network_up().await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(market.requests(), []);
    assert!(bench.receiver.inbox().is_some(), "what is there can be read");
}

#[tokio::test]
async fn a_call_that_is_refused_renews_the_token_beside_the_stream() {
    let market = market_with(Config::true_to_life()).await;
    let mut bench = Bench::signed_in(&market, &SELLER, async {}).await;
    bench.connected().await;
    eventually(async || !asked(&market, "/notifications/").is_empty()).await;
    market.expire_tokens(SELLER.id);
    market.emit(&To::user(SELLER.id), None, r#"{"type":"NOTIFICATION_READ"}"#);
    let is_synced = || {
        let asked = asked(&market, "/notifications/");
        asked.contains(&Some(401)) && asked.last() == Some(&Some(200))
    };
    eventually(async || is_synced()).await;
    assert_eq!(asked(&market, "refresh-token"), [Some(200)]);
    assert_eq!(connects(&market), 1);
}
