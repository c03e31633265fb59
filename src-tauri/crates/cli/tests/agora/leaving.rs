//! How `agora listen` leaves: the market is told, whatever state it is in and whoever reads.

use crate::support::*;
use agora_demo_market::people::SELLER;
use agora_demo_market::{Config, Fault, To};
use rustix::process::Signal;
use serde_json::json;
use std::time::Instant;

#[tokio::test]
async fn a_signal_leaves_cleanly_and_the_market_is_told() {
    for signal in [Signal::TERM, Signal::INT] {
        let market = market().await;
        let mut listen = Home::of(&market, &SELLER).start(&["listen", "--status"]);
        listen.line_with("status", "connected").await;
        listen.signal(signal);
        let goodbye =
            request(&market, "DELETE", &format!("/sse/disconnect/{}", device(&SELLER))).await;
        assert_eq!(goodbye.header("authorization"), Some("Bearer demo-seller-token"));
        let ran = listen.end().await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        let stopped = json!({ "status": "stopped", "reason": "signal", "delay_ms": null, "http_status": null });
        assert_eq!(ran.lines(), [stopped]);
    }
}

#[tokio::test]
async fn a_signal_is_heard_while_it_connects_and_while_it_waits() {
    let market = market().await;
    market.fail_next(Fault::Stall, 1);
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--status"]);
    listen.line_with("status", "connecting").await;
    market.wait_for_request(|request| request.method == "GET", LIMIT).await.unwrap();
    listen.signal(Signal::TERM);
    request(&market, "DELETE", "/sse/disconnect/").await;
    assert_eq!(listen.end().await.code, Some(0));

    market.forget_requests();
    market.fail_next(Fault::LoginPage, 1);
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--status"]);
    listen.line_with("status", "waiting").await;
    listen.signal(Signal::TERM);
    request(&market, "DELETE", "/sse/disconnect/").await;
    assert_eq!(listen.end().await.code, Some(0));
}

#[tokio::test]
async fn a_closed_output_ends_it_at_once_and_quietly_and_the_market_is_told() {
    // The heartbeat is a long one: no line is due that could find out.
    let market = market_with(Config::default()).await;
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--all"]);
    listen.line().await;
    listen.close_output();
    request(&market, "DELETE", "/sse/disconnect/").await;
    let ran = listen.end().await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn an_output_that_cannot_be_written_is_a_failure_and_the_market_is_told() {
    let market = market().await;
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let home = Home::of(&market, &SELLER);
    let child = home.command(&["listen", "--all"]).stdout(full).spawn().unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("standard output can't be written"), "{err}");
    request(&market, "DELETE", "/sse/disconnect/").await;
}

#[tokio::test]
async fn a_reader_who_stalls_does_not_keep_a_signal_from_being_heard() {
    let market = market().await;
    let mut listen = Home::of(&market, &SELLER).start(&["listen"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    // Far more than the pipe holds, and nobody reads on.
    market.emit(&To::user(SELLER.id), None, &"x".repeat(900_000));
    listen.beginning().await;
    let before = Instant::now();
    listen.signal(Signal::TERM);
    request(&market, "DELETE", "/sse/disconnect/").await;
    assert_eq!(listen.end().await.code, Some(0));
    assert!(before.elapsed() < LIMIT / 2, "{:?}", before.elapsed());
}
