//! What each connect goes out under, and the goodbyes to what went before.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use agora_client::connection::{Config, Control, Target};
use agora_client::{BaseUrl, ClientId, Endpoint};
use agora_demo_market::{Call, DemoMarket, Fault, To};

use crate::listener::{Listener, by_hand, market, quick};
use crate::server::{Exchange, PATIENCE, Server};

const CONNECT: &str = "GET /api/sse/connect/";
const DISCONNECT: &str = "DELETE /api/sse/disconnect/";

/// The id in a request.
fn id<'a>(exchange: &'a Exchange, of: &str) -> &'a str {
    exchange.request().strip_prefix(of).unwrap_or_else(|| panic!("{}", exchange.request()))
}

/// A demo market whose closed sockets go unnoticed, as the real one's do.
async fn true_market() -> DemoMarket {
    let config =
        agora_demo_market::Config { notices_closed: false, ..agora_demo_market::Config::default() };
    DemoMarket::start(config).await.unwrap()
}

fn at(market: &DemoMarket, client_id: &str) -> Config {
    let endpoint = Endpoint {
        base: BaseUrl::parse(&market.base_url()).unwrap(),
        client_id: ClientId::parse(client_id).unwrap(),
        token: None,
    };
    Config { timing: quick(), ..Config::new(Target::market(endpoint)) }
}

#[tokio::test]
async fn each_connect_has_an_id_of_its_own_and_the_one_before_is_told_goodbye() {
    let server = Server::start().await;
    let listener = Listener::start(market(&server));
    let mut before: Option<Exchange> = None;
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let mut exchange = server.accept().await;
        let own = ClientId::parse(id(&exchange, CONNECT)).unwrap();
        assert!(own.fits_form() && own.as_str().starts_with("user_7_device-01-"), "{own}");
        assert!(seen.insert(own), "used twice");
        exchange.send(crate::server::STREAM).await;
        exchange.send(":\n").await;
        if let Some(before) = before.replace(exchange) {
            let goodbye = server.accept().await;
            assert_eq!(id(&goodbye, DISCONNECT), id(&before, CONNECT));
            assert_eq!(goodbye.header("authorization"), Some("Bearer secret-token"));
            goodbye.answer("200 OK", "", "").await;
        }
        listener.control.send(Control::ReconnectNow).await.unwrap();
    }
}

#[tokio::test]
async fn a_goodbye_that_is_not_answered_holds_no_connect_up() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.leave = Duration::from_mins(10);
    let mut listener = Listener::start(config);
    let _first = server.accept_stream().await;
    listener.connected().await;
    listener.control.send(Control::ReconnectNow).await.unwrap();
    let mut second = server.accept_stream().await;
    let goodbye = server.accept().await;
    assert!(goodbye.request().starts_with(DISCONNECT));
    second.send("data: x\n\n").await;
    assert_eq!(listener.event().await.data, "x");
}

#[tokio::test]
async fn at_most_two_of_ours_are_known_however_often_it_connects() {
    let market = true_market().await;
    let mut listener = Listener::start(at(&market, "user_4021_device-01"));
    listener.opened().await;
    for _ in 0..20 {
        listener.control.send(Control::ReconnectNow).await.unwrap();
        listener.opened().await;
        let known = market.clients().len();
        assert!(known <= 2, "{known} are known");
    }
    listener.cancel.cancel();
    listener.ended().await;
    assert_eq!(market.clients(), [], "all were told goodbye");
}

#[tokio::test]
async fn a_third_waits_for_the_goodbye_to_the_first_as_long_as_one_may_take() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.leave = Duration::from_secs(2);
    let mut listener = Listener::start(config);
    let _first = server.accept_stream().await;
    listener.connected().await;
    listener.control.send(Control::ReconnectNow).await.unwrap();
    let _second = server.accept_stream().await;
    listener.connected().await;
    let mut goodbye = server.accept().await;
    let asked = Instant::now();
    listener.control.send(Control::ReconnectNow).await.unwrap();
    let third = server.accept().await;
    assert!(third.request().starts_with(CONNECT), "{}", third.request());
    assert!(asked.elapsed() > Duration::from_millis(500), "{:?}", asked.elapsed());
    goodbye.closed().await;
}

#[tokio::test]
async fn a_market_that_is_away_is_not_bothered_with_goodbyes() {
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let first = server.accept_stream().await;
    listener.connected().await;
    let was = id(&first, CONNECT).to_owned();
    first.reset();
    for _ in 0..3 {
        let exchange = server.accept().await;
        assert!(exchange.request().starts_with(CONNECT), "{}", exchange.request());
        exchange.answer("503 Busy", "", "").await;
    }
    // It is back, and still counts the first.
    let mut exchange = server.accept().await;
    exchange.send(crate::server::STREAM).await;
    let goodbye = server.accept().await;
    assert_eq!(id(&goodbye, DISCONNECT), was);
}

#[tokio::test]
async fn what_may_have_been_taken_without_an_answer_is_told_goodbye_as_well() {
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.headers = Duration::from_millis(50);
    let mut listener = Listener::start(config);
    let mut unanswered = server.accept().await;
    unanswered.closed().await;
    listener.waiting().await;
    let mut exchange = server.accept().await;
    exchange.send(crate::server::STREAM).await;
    let goodbye = server.accept().await;
    assert_eq!(id(&goodbye, DISCONNECT), id(&unanswered, CONNECT));
}

#[tokio::test]
async fn leaving_says_goodbye_to_all_that_may_be_known() {
    let market = true_market().await;
    let mut listener = Listener::start(at(&market, "user_4021_device-01"));
    listener.opened().await;
    market.fail_next_call(Call::Disconnect, Fault::Stall, 1);
    listener.control.send(Control::ReconnectNow).await.unwrap();
    listener.opened().await;
    let stalled = |call: &agora_demo_market::Recorded| call.method == "DELETE";
    market.wait_for_request(stalled, PATIENCE).await.unwrap();
    assert_eq!(market.clients().len(), 2);
    listener.cancel.cancel();
    listener.ended().await;
    assert_eq!(market.clients(), []);
}

#[tokio::test]
async fn an_id_by_hand_stays_as_it_is_and_is_told_goodbye_only_at_the_end() {
    let server = Server::start().await;
    let mut listener = Listener::start(by_hand(&server));
    for _ in 0..3 {
        let mut exchange = server.accept().await;
        assert_eq!(id(&exchange, CONNECT), "by%20hand");
        exchange.send(crate::server::STREAM).await;
        exchange.send(":\n").await;
        listener.connected().await;
        listener.control.send(Control::ReconnectNow).await.unwrap();
        // The old body is closed before the new connect.
        exchange.closed().await;
    }
    let _open = server.accept_stream().await;
    listener.connected().await;
    listener.cancel.cancel();
    assert_eq!(id(&server.accept().await, DISCONNECT), "by%20hand");
}

#[tokio::test]
async fn two_apps_under_one_client_id_both_hear_everything() {
    let market = true_market().await;
    let mut apps = [0, 1].map(|_| Listener::start(at(&market, "user_4021_device-01")));
    for app in &mut apps {
        app.opened().await;
    }
    for round in 0..3 {
        for app in &mut apps {
            app.control.send(Control::ReconnectNow).await.unwrap();
            app.opened().await;
        }
        let sent = format!("round {round}");
        market.emit(&To::user(4021), None, &sent);
        for app in &mut apps {
            while app.event().await.data != sent {}
        }
    }
}

#[tokio::test]
async fn a_connection_too_many_waits_for_a_heartbeat() {
    let market = true_market().await;
    let mut others: Vec<_> = (0..agora_demo_market::CONNECTIONS_PER_USER)
        .map(|nth| Listener::start(at(&market, &format!("user_4021_device-{nth}0"))))
        .collect();
    for other in &mut others {
        other.opened().await;
    }
    let mut config = at(&market, "user_4021_device-60");
    config.timing.retry_after_most = Duration::from_mins(15);
    config.timing.heartbeat = Duration::from_secs(40);
    let mut listener = Listener::start(config);
    let wait = listener.waiting().await;
    assert_eq!(wait.reason.status, Some(500));
    let seconds = wait.delay.as_secs();
    assert!((40..=50).contains(&seconds) && !wait.slow, "{wait:?}");
}
