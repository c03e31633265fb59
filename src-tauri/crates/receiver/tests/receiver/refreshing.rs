//! A refused credential is renewed once; after that a person has to act.

use crate::bench::{Bench, SOON, market};
use agora_account::{Account, Credential};
use agora_client::Token;
use agora_demo_market::{DemoMarket, people};
use agora_receiver::{Refresh, Refreshing, SignedOut, Status};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Always has the same credential to give, and counts how often it was asked.
#[derive(Default)]
struct Renewal {
    token: Option<Token>,
    asked: AtomicUsize,
}

impl Renewal {
    fn to(token: &str) -> Arc<Self> {
        Arc::new(Self { token: Some(Token::parse(token).unwrap()), ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Refresh for Renewal {
    fn refresh<'a>(&'a self, _: &'a Account, _: Option<&'a Token>) -> Refreshing<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { self.token.clone().map(Credential::Memory) })
    }
}

fn is_signed_out(status: &Status) -> bool {
    matches!(status, Status::SignedOut(SignedOut::Market { status: 401, .. }))
}

fn connects(market: &DemoMarket) -> usize {
    market.requests().iter().filter(|request| request.path.contains("/connect/")).count()
}

#[tokio::test]
async fn a_renewed_credential_connects_and_may_be_renewed_again_after_that() {
    let market = market().await;
    let renewal = Renewal::to(people::SELLER.token);
    let mut bench = Bench::refreshing(&market, "stale", renewal.clone());
    bench.connected().await;
    assert_eq!((renewal.asked(), connects(&market)), (1, 2));
    market.expire_tokens(people::SELLER.id);
    bench.receiver.reconnect().await;
    bench.wait_for(is_signed_out).await;
    assert_eq!(renewal.asked(), 2);
}

#[tokio::test]
async fn a_renewed_credential_that_is_refused_too_is_not_renewed_again_and_nothing_is_sent() {
    let market = market().await;
    let renewal = Renewal::to("no-better");
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
    let renewal = Arc::new(Renewal::default());
    let mut bench = Bench::refreshing(&market, "stale", renewal.clone());
    bench.wait_for(is_signed_out).await;
    assert_eq!((renewal.asked(), connects(&market)), (1, 1));
    assert!(market.wait_for_request(|request| request.number > 1, SOON / 20).await.is_none());
}
