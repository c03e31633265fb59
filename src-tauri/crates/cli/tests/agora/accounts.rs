//! `agora --account`: several accounts of one home.

use crate::bus::Bus;
use crate::support::*;
use agora_demo_market::people::{ADMINISTRATOR, SELLER};
use serde_json::{Value, json};

#[tokio::test]
async fn each_account_has_its_own_session_inbox_and_name() {
    let (bus, market) = (Bus::start().await, market().await);
    let _keyring = bus.keyring(Some("pw")).await;
    let home = Home::new().with("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let base = market.base_url();
    for (account, person) in [(None, &SELLER), (Some("shop"), &ADMINISTRATOR)] {
        let whose = account.map_or(vec![], |account| vec!["--account", account]);
        let sign_in = ["account", "sign-in", "--base-url", &base, "--password-stdin", "--name"];
        let arguments = [&whose[..], &sign_in, &[person.username]].concat();
        let ran = home.run_with(&arguments, &format!("{}\n", person.password)).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
    }
    let line = |name: &str, label: &str, user: &str, role: &str| -> Value {
        json!({ "name": name, "label": label, "user_id": user, "role": role, "base_url": base })
    };
    let (seller, admin) = (SELLER.username, ADMINISTRATOR.username);
    let both = [line("main", seller, "4021", "SELLER"), line("shop", admin, "1", "ADMIN")];
    assert_eq!(home.run(&["account", "list"]).await.lines(), both);

    // By its name, wherever that stands, and by what people call it.
    for whose in ["shop", admin] {
        let shown = home.run(&["account", "show", "--account", whose]).await.lines().remove(0);
        assert_eq!((&shown["user_id"], &shown["token"]), (&json!("1"), &json!("keyring")));
    }
    let broadcast = ["broadcast", "--yes", "--json", "{}"];
    home.run(&broadcast).await.assert_refused(3, "");
    let ran = home.run(&[&["--account", "shop"], &broadcast[..]].concat()).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let mut stream = home.start(&["--account", "shop", "listen", "--status"]);
    stream.line_with("status", "connected").await;
    let connected = request(&market, "GET", "/sse/connect/user_1_").await;
    assert_eq!(connected.header("authorization"), ran_as(&market).as_deref());
    stream.signal(rustix::process::Signal::TERM);
    assert_eq!(stream.end().await.code, Some(0));

    let other = home.run(&["--account", "shoop", "account", "show"]).await;
    other.assert_refused(2, &format!("but main ({seller}), shop ({admin})"));
    home.run(&["--account", "Shop 2", "account", "set", "--user-id", "7"])
        .await
        .assert_refused(2, "small letters, digits and hyphens");
    home.run_with(
        &[
            "--account",
            "two",
            "account",
            "sign-in",
            "--base-url",
            &base,
            "--password-stdin",
            "--name",
            seller,
        ],
        SELLER.password,
    )
    .await
    .assert_refused(1, "this account is here already, as main");

    home.run(&["account", "remove"]).await.assert_refused(2, "the first account stays");
    assert_eq!(home.run(&["--account", "shop", "account", "remove"]).await.code, Some(0));
    assert_eq!(home.run(&["account", "list"]).await.lines(), both[..1]);
    let again = home.run(&["account", "show"]).await.lines().remove(0);
    assert_eq!((&again["user_id"], &again["token"]), (&json!("4021"), &json!("keyring")));
}

/// The token of the last broadcast that was taken.
fn ran_as(market: &agora_demo_market::DemoMarket) -> Option<String> {
    let requests = market.requests();
    let last = requests.iter().rev().find(|request| request.path.ends_with("/broadcast"));
    last.and_then(|request| request.header("authorization")).map(ToOwned::to_owned)
}
