//! How long is waited for what, against real sockets: every time is a part of the real one. (The real
//! ones are in the schedule's own tests.) It is a hundredth, and a thirtieth where something has to
//! come in time also from a machine that does much else.

use std::time::{Duration, Instant};

use agora_client::connection::{Config, Target, Timing, Update};
use agora_client::{BaseUrl, ClientId, Endpoint, PlainHttp, ReasonCode};
use agora_demo_market::{Action, DemoMarket};

use crate::listener::{Listener, market, quick};
use crate::server::{PATIENCE, STREAM, Server};

/// The limits that people get, a hundredth each, with quick waits between.
fn hundredth() -> Timing {
    part(100)
}

fn part(of: u32) -> Timing {
    let real = Timing::default();
    Timing {
        connect: real.connect / of,
        headers: real.headers / of,
        silence_unannounced: real.silence_unannounced / of,
        silence_least: real.silence_least / of,
        ..quick()
    }
}

fn hundredth_of(seconds: u64) -> Duration {
    Duration::from_secs(seconds) / 100
}

#[tokio::test]
async fn headers_that_come_after_seventy_seconds_open_the_stream() {
    let server = Server::start().await;
    let mut listener = Listener::start(Config { timing: part(30), ..market(&server) });
    let mut exchange = server.accept_connect().await;
    tokio::time::sleep(Duration::from_secs(70) / 30).await;
    exchange.send(STREAM).await;
    exchange.send("data: at last\n\n").await;
    // No second request in between.
    listener.connected().await;
    assert_eq!(listener.event().await.data, "at last");
}

#[tokio::test]
async fn headers_that_never_come_are_waited_for_two_minutes() {
    let server = Server::start().await;
    let started = Instant::now();
    let mut listener = Listener::start(Config { timing: hundredth(), ..market(&server) });
    let mut exchange = server.accept_connect().await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Timeout);
    assert!(started.elapsed() >= hundredth_of(120));
    exchange.closed().await;
}

#[tokio::test]
async fn a_tls_handshake_without_an_answer_is_waited_for_ten_seconds() {
    let server = Server::start().await;
    let url = format!("https://{}/stream", server.address());
    let target = Target::url(&url, None, PlainHttp::ThisMachine).unwrap();
    // The limit of headers is another.
    let timing = Timing { headers: Duration::from_mins(10), ..hundredth() };
    let mut listener = Listener::start(Config { timing, ..Config::new(target) });
    let started = Instant::now();
    let _silent = server.accept_raw().await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Timeout);
    assert!(started.elapsed() >= hundredth_of(9));
}

#[tokio::test]
async fn headers_and_then_silence_are_noticed() {
    let server = Server::start().await;
    let mut listener = Listener::start(Config { timing: hundredth(), ..market(&server) });
    let started = Instant::now();
    let mut exchange = server.accept_stream().await;
    listener.connected().await;
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Silent);
    assert!(started.elapsed() >= hundredth_of(300));
    exchange.closed().await;
}

#[tokio::test]
async fn comments_alone_for_minutes_are_no_reason_to_reconnect() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing = part(30);
    // Announced: from then on 45 seconds without a byte are too many.
    config.timing.silence_unannounced = config.timing.silence_least;
    let mut listener = Listener::start(config);
    let mut exchange = server.accept_stream().await;
    let mut ticks = tokio::time::interval(Duration::from_secs(15) / 30);
    // Four minutes.
    for _ in 0..16 {
        ticks.tick().await;
        exchange.send(": still here\n").await;
    }
    exchange.send("data: and an event\n\n").await;
    listener.connected().await;
    let Update::Event(event) = listener.next().await else { panic!("the stream was given up") };
    assert_eq!(event.data, "and an event");
}

#[tokio::test]
async fn a_zombie_is_noticed_within_three_heartbeats() {
    let heartbeat = Duration::from_secs(1);
    let settings = agora_demo_market::Config { heartbeat, ..agora_demo_market::Config::default() };
    let demo = DemoMarket::start(settings).await.unwrap();
    let id = "user_4021_device-01";
    let endpoint = Endpoint {
        base: BaseUrl::parse(&format!("{}/api", demo.origin())).unwrap(),
        client_id: ClientId::parse(id).unwrap(),
        token: None,
    };
    let mut timing = quick();
    // The announced heartbeat alone is the measure.
    timing.silence_least = Duration::ZERO;
    let mut listener = Listener::start(Config { timing, ..Config::new(Target::market(endpoint)) });
    let first = demo.wait_for_client(id, PATIENCE).await.unwrap();
    while listener.event().await.event != "HEARTBEAT" {}

    assert!(demo.act(id, Action::Zombie));
    let began = Instant::now();
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Silent);
    let took = began.elapsed();
    assert!(took > 2 * heartbeat && took < 4 * heartbeat, "{took:?}");
    let second = demo.wait_for_client(id, PATIENCE).await.unwrap();
    assert_ne!(first.stream, second.stream);
}
