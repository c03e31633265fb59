//! Proxies of the environment that can't be used: said, and not passed over.

use crate::support::*;

#[tokio::test]
async fn what_cant_go_through_the_environments_proxy_is_said_with_what_to_do() {
    for (proxy, market, said) in [
        (
            "socks6://127.0.0.1:1",
            "https://market.example/api",
            "the proxy in HTTPS_PROXY can't be used",
        ),
        (
            "ftp://user:hidden@p",
            "https://market.example/api",
            "the proxy in HTTPS_PROXY can't be used",
        ),
        ("http://127.0.0.1:1", "https://[2001:db8::1]/api", "add the address to NO_PROXY"),
        ("socks5h://127.0.0.1:1", "https://[2001:db8::1]/api", "use the market's name"),
    ] {
        let home = Home::new()
            .with("HTTPS_PROXY", proxy)
            .with("AGORA_BASE_URL", market)
            .with("AGORA_CLIENT_ID", "user_7_device-0001");
        let listened = home.run(&["listen", "--once"]).await;
        listened.assert_refused(1, said);
        let sent = home.run(&["send", "7", "--title", "a", "--content", "b"]).await;
        sent.assert_refused(1, said);
        let checked = home.run(&["doctor"]).await;
        assert!(checked.err.contains(said), "{checked:#?}");
        for ran in [listened, sent, checked] {
            assert!(!ran.err.contains("hidden"), "{ran:#?}");
        }
    }
}
