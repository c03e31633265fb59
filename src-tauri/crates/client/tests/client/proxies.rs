//! Proxies of every kind that the environment may name, and what is told of one that doesn't let
//! through or isn't there.

use agora_client::ReasonCode;
use agora_client::connection::Stop;

use crate::environment::{Authority, Client, wait};
use crate::server::{Exchange, STREAM, Server};
use crate::socks::Socks;

/// An address where nobody listens.
async fn nobody() -> String {
    let server = Server::start().await;
    server.address().to_string()
}

fn stop() -> String {
    format!("{:?}", Stop::ProxySignIn)
}

#[tokio::test]
async fn tls_goes_through_each_kind_of_socks_with_the_token_inside() {
    for (scheme, host, asked) in [
        ("socks5h", "market.test", "name market.test 443"),
        ("socks", "market.test", "name market.test 443"),
        ("socks5", "192.0.2.1", "192.0.2.1 443"),
        ("socks5h", "192.0.2.1", "192.0.2.1 443"),
    ] {
        let (socks, server) = (Socks::start(None).await, Server::start().await);
        let authority = Authority::new("ours");
        let setting = format!("{scheme}://{}", socks.address());
        let client = Client::start(
            &format!("https://{host}/stream"),
            &[("all_proxy", setting.as_ref()), authority.trusted()],
        );
        let request = socks.accept().await.unwrap();
        assert_eq!(request.to, asked, "{scheme}");
        request.connect(server.address()).await;
        let acceptor = authority.acceptor(host, |_| {});
        let secure = acceptor.accept(server.accept_raw().await).await.unwrap();
        let mut exchange = Exchange::read(secure).await;
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        exchange.send(STREAM).await;
        exchange.send("data: by socks\n\n").await;
        assert_eq!(client.result().await, "event by socks", "{scheme} {host}");
    }
}

#[tokio::test]
async fn plain_http_goes_through_socks_and_to_an_ipv6_address_too() {
    for (scheme, host, asked) in [
        ("socks5", "[2001:db8::1]", "2001:db8::1 80"),
        ("socks5h", "[2001:db8::1]:8080", "2001:db8::1 8080"),
        ("socks", "market.test", "name market.test 80"),
    ] {
        let (socks, server) = (Socks::start(None).await, Server::start().await);
        let setting = format!("{scheme}://{}", socks.address());
        let client =
            Client::start(&format!("http://{host}/stream"), &[("http_proxy", setting.as_ref())]);
        let request = socks.accept().await.unwrap();
        assert_eq!(request.to, asked, "{scheme}");
        request.connect(server.address()).await;
        let mut exchange = server.accept_stream().await;
        assert_eq!(exchange.header("authorization"), None);
        exchange.send("data: by socks\n\n").await;
        assert_eq!(client.result().await, "event by socks", "{scheme} {host}");
    }
}

#[tokio::test]
async fn an_ipv6_address_is_asked_of_a_proxy_as_it_stands_in_a_url() {
    let proxy = Server::start().await;
    let setting = format!("http://{}", proxy.address());
    let client = Client::start("http://[2001:db8::1]/stream", &[("http_proxy", setting.as_ref())]);
    let mut exchange = proxy.accept_stream().await;
    assert_eq!(exchange.request(), "GET http://[2001:db8::1]/stream");
    exchange.send("data: by proxy\n\n").await;
    assert_eq!(client.result().await, "event by proxy");
}

#[tokio::test]
async fn socks_with_a_name_and_a_password_is_signed_in_to() {
    let sign_in = Some(("user", "p@ss:word"));
    for (given, expected) in [("user:p%40ss%3Aword@", None), ("user:wrong@", Some(stop()))] {
        let (socks, server) = (Socks::start(sign_in).await, Server::start().await);
        let setting = format!("socks5h://{given}{}", socks.address());
        let client = Client::start("http://market.test/s", &[("ALL_PROXY", setting.as_ref())]);
        match (socks.accept().await, expected) {
            (Some(request), None) => {
                request.connect(server.address()).await;
                let mut exchange = server.accept_stream().await;
                exchange.send("data: signed in\n\n").await;
                assert_eq!(client.result().await, "event signed in");
            }
            (None, Some(expected)) => assert_eq!(client.result().await, expected),
            (request, _) => panic!("{given}: {}", request.is_some()),
        }
    }
    let socks = Socks::start(sign_in).await;
    let setting = format!("socks5h://{}", socks.address());
    let client = Client::start("http://market.test/s", &[("ALL_PROXY", setting.as_ref())]);
    assert!(socks.accept().await.is_none());
    assert_eq!(client.result().await, stop());
}

#[tokio::test]
async fn a_market_that_socks_cant_reach_is_told_from_one_that_it_may_not_reach() {
    for (reply, code) in [
        (1, ReasonCode::Proxy),
        (2, ReasonCode::Proxy),
        (3, ReasonCode::Unreachable),
        (4, ReasonCode::Unreachable),
        (5, ReasonCode::Unreachable),
        (6, ReasonCode::Unreachable),
        (7, ReasonCode::Proxy),
    ] {
        for to in ["http://market.test/s", "https://market.test/s"] {
            let socks = Socks::start(None).await;
            let setting = format!("socks5h://{}", socks.address());
            let client = Client::start(to, &[("all_proxy", setting.as_ref())]);
            socks.accept().await.unwrap().answer(reply).await;
            assert_eq!(client.result().await, wait(code, false), "{reply} for {to}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_away_is_not_one_that_refused() {
    for scheme in ["http", "socks5", "socks5h"] {
        for place in [nobody().await, "proxy.invalid:1".to_owned()] {
            // Addresses, so that nobody is asked for the market's name.
            for to in ["http://192.0.2.1/s", "https://192.0.2.1/s"] {
                let setting = format!("{scheme}://{place}");
                let client = Client::start(to, &[("all_proxy", setting.as_ref())]);
                let expected = wait(ReasonCode::ProxyUnreachable, false);
                assert_eq!(client.result().await, expected, "{setting} for {to}");
            }
        }
    }
}

#[tokio::test]
async fn an_empty_variable_hides_no_proxy() {
    for (empty, set) in [("HTTP_PROXY", "http_proxy"), ("HTTP_PROXY", "ALL_PROXY")] {
        let proxy = Server::start().await;
        let setting = format!("http://{}", proxy.address());
        let variables = [(empty, "".as_ref()), (set, setting.as_ref())];
        let client = Client::start("http://market.test/stream", &variables);
        let mut exchange = proxy.accept_stream().await;
        exchange.send("data: by proxy\n\n").await;
        assert_eq!(client.result().await, "event by proxy", "{set}");
    }
}
