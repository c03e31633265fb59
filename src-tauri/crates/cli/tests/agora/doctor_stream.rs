//! `agora doctor` on the stream: opened, held back, refused, full.

use crate::support::*;
use agora_demo_market::people::SELLER;
use agora_demo_market::{Config, DemoMarket, Fault};
use serde_json::Value;

/// What the doctor finds of the stream, and the advice to it.
async fn found(home: &Home) -> (bool, String, String) {
    let lines = home.run(&["doctor"]).await.lines();
    let line = lines.iter().find(|line| line["check"] == "stream").unwrap();
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (line["ok"] == true, text("detail"), text("advice"))
}

fn answer(status: u16) -> Fault {
    Fault::Answer { status, headers: [].into(), body: String::new() }
}

#[tokio::test]
async fn one_that_opens_is_timed_and_closed_and_no_other_is_disturbed() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    let home = Home::of(&market, &SELLER);
    let _app = home.start(&["listen"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    let before = market.clients();
    let (ok, detail, advice) = found(&home).await;
    assert!(ok && advice.is_empty(), "{detail}: {advice}");
    assert!(
        detail.contains("opened after") && detail.contains("first event came after"),
        "{detail}"
    );
    let clients = |market: &DemoMarket| {
        market.clients().into_iter().map(|client| client.client_id).collect::<Vec<_>>()
    };
    let ids: Vec<_> = before.into_iter().map(|client| client.client_id).collect();
    assert_eq!(clients(&market), ids, "the doctor's own is gone");
    let opened: Vec<_> = market.requests().into_iter().filter(|one| one.method == "GET").collect();
    assert_eq!(opened.len(), 2, "{opened:#?}");
    assert_ne!(opened[0].path, opened[1].path);
}

#[tokio::test]
async fn one_that_is_held_back_is_called_so_with_what_to_do() {
    let market = market_with(Config { holds_back: true, ..Config::default() }).await;
    let (ok, detail, advice) = found(&Home::of(&market, &SELLER)).await;
    assert!(!ok);
    assert!(detail.contains("although the market answers calls"), "{detail}");
    assert!(advice.contains("unbuffered") && advice.contains("every two minutes"), "{advice}");
}

#[tokio::test]
async fn one_over_which_nothing_comes_is_called_so() {
    let market = market().await;
    market.fail_next(Fault::Silent, 1);
    let (ok, detail, advice) = found(&Home::of(&market, &SELLER)).await;
    assert!(!ok);
    assert!(
        detail.contains("nothing of it came in 20 s although the market answers calls"),
        "{detail}"
    );
    assert!(advice.contains("unbuffered"), "{advice}");
}

#[tokio::test]
async fn one_too_many_is_told_from_a_fault_of_the_markets_own() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    market.fail_next(answer(500), 1);
    let (ok, detail, advice) = found(&home).await;
    assert!(!ok && detail.contains("the market has an error (500)"), "{detail}");
    assert_eq!(advice, "try later");
    let mut taken = Vec::new();
    for number in 0..5 {
        let id = format!("user_{}_elsewhere{number}", SELLER.id);
        let elsewhere = Home::of(&market, &SELLER).with("AGORA_CLIENT_ID", &id);
        let running = elsewhere.start(&["listen"]);
        market.wait_for_client(&id, LIMIT).await.unwrap();
        taken.push((elsewhere, running));
    }
    let (ok, detail, advice) = found(&home).await;
    assert!(!ok && detail.contains("all connections"), "{detail}");
    assert!(advice.contains("quit the app"), "{advice}");
}

#[tokio::test]
async fn one_that_is_refused_says_why_and_what_to_do() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    for (fault, said, to_do) in [
        (answer(401), "doesn't accept the token", "--token-stdin"),
        (answer(404), "rejects the request (404)", "the market's address"),
        (answer(410), "gone for good", "the market's address"),
        (answer(503), "(503)", "try later"),
        (Fault::LoginPage, "not an event stream", "the market's address"),
        (Fault::Cut, "", ""),
    ] {
        market.fail_next(fault.clone(), 1);
        let (ok, detail, advice) = found(&home).await;
        assert_eq!(ok, fault == Fault::Cut, "an event came before the cut: {detail}");
        assert!(detail.contains(said) && advice.contains(to_do), "{said}: {detail}: {advice}");
    }
}

#[tokio::test]
async fn without_a_market_there_is_no_stream_to_try() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    market.stop().await;
    let lines: Vec<Value> = home.run(&["doctor"]).await.lines();
    let line = lines.iter().find(|line| line["check"] == "stream").unwrap();
    assert_eq!((&line["ok"], line["detail"].as_str()), (&Value::Bool(false), Some("not tried")));
}
