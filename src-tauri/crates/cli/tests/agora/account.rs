//! `agora account`, on a machine without a keyring.

use crate::support::*;
use agora_demo_market::people::SELLER;
use serde_json::{Value, json};

const SECRET: &str = "secret-token-4711";

#[tokio::test]
async fn an_account_is_set_shown_and_forgotten() {
    let home = Home::new();
    let set = home
        .run(&[
            "account",
            "set",
            "--base-url",
            "https://a.example/api/",
            "--client-id",
            "user_7_device-0001",
        ])
        .await;
    assert_eq!((set.code, set.out.as_str(), set.err.as_str()), (Some(0), "", ""));
    let shown = home.run(&["account", "show"]).await;
    let expected = json!({
        "base_url": "https://a.example/api", "client_id": "user_7_device-0001", "user_id": "7",
        "device_id": null, "token": "none"
    });
    assert_eq!((shown.code, shown.lines()), (Some(0), vec![expected]));
    assert_eq!(home.run(&["account", "forget"]).await.code, Some(0));
    home.run(&["account", "show"]).await.assert_refused(2, "there is no account");
}

#[tokio::test]
async fn a_user_gets_the_client_id_of_this_device_and_what_is_not_given_stays() {
    let home = Home::new();
    home.run(&["account", "set", "--user-id", "7"]).await;
    let first = home.run(&["account", "show"]).await.lines().remove(0);
    let device = first["device_id"].as_str().unwrap().to_owned();
    assert_eq!(first["client_id"], format!("user_7_{device}"));
    assert_eq!(first["base_url"], "https://agoramarketapi.onrender.com/api");
    home.run(&["account", "set", "--base-url", "https://a.example/api"]).await;
    home.run(&["account", "set", "--user-id", "8"]).await;
    let second = home.run(&["account", "show"]).await.lines().remove(0);
    assert_eq!(second["client_id"], format!("user_8_{device}"));
    assert_eq!(second["base_url"], "https://a.example/api");
}

#[tokio::test]
async fn wrong_input_is_refused_and_nothing_is_saved() {
    let home = Home::new();
    for (arguments, said) in [
        (
            &["--base-url", "http://a.example", "--user-id", "7"][..],
            "The base URL must begin with https://",
        ),
        (&["--client-id", "a\nb"], "The client id must not contain control characters"),
        (&["--user-id", ".."], "The user id must not be"),
        (&["--user-id", "7a"], "The user id must be digits only"),
        (&["--user-id", " 7"], "The user id must be digits only"),
        (&["--user-id", "٧"], "The user id must be digits only"),
        (&["--client-id", "a", "--user-id", "7"], "cannot be used with"),
        (&["--base-url", "https://a.example"], "--user-id ID"),
        (&["--user-id", "7", "--no-token", "--token-stdin"], "cannot be used with"),
        (&["--user-id", "7", "--token-stdin"], "The token must not be empty"),
        (&[], "required"),
    ] {
        home.run(&[&["account", "set"], arguments].concat()).await.assert_refused(2, said);
    }
    assert!(!home.holds("client_id"));
}

#[tokio::test]
async fn without_a_keyring_a_token_is_refused_with_advice_and_nothing_is_saved() {
    let home = Home::new();
    let ran = home
        .run_with(&["account", "set", "--user-id", "7", "--token-stdin"], &format!("{SECRET}\n"))
        .await;
    ran.assert_refused(1, "the account was not set");
    assert!(ran.err.contains("keyring") && ran.err.contains("set AGORA_TOKEN instead"), "{ran:#?}");
    assert!(!ran.err.contains(SECRET) && !home.holds(SECRET) && !home.holds("client_id"));
}

#[tokio::test]
async fn a_token_of_the_environment_is_named_and_never_shown_or_kept() {
    let home = Home::new().with("AGORA_TOKEN", SECRET);
    let set = home.run(&["account", "set", "--user-id", "7"]).await;
    assert!(set.err.contains("AGORA_TOKEN is set, and goes before what is saved"), "{set:#?}");
    let shown = home.run(&["account", "show"]).await;
    assert_eq!(shown.lines()[0]["token"], "environment");
    assert!(!format!("{set:?}{shown:?}").contains(SECRET) && !home.holds(SECRET));
}

/// Settings as the app leaves them behind, with a token at that place.
fn settings(home: &Home, base: &str, place: &str) {
    let folder = home.folder.path().join("agora");
    std::fs::create_dir_all(&folder).unwrap();
    let text = json!({ "base_url": base, "client_id": device(&SELLER), "token": place });
    std::fs::write(folder.join("settings.json"), text.to_string()).unwrap();
}

#[tokio::test]
async fn a_token_that_is_gone_is_told_before_anything_is_sent() {
    let market = market().await;
    let home = Home::new();
    for (place, shown, said) in [
        ("memory", "forgotten", "the account's token is gone"),
        (
            "keyring",
            "unavailable",
            "hint: start a keyring such as GNOME Keyring or KWallet, or set AGORA_TOKEN instead",
        ),
    ] {
        settings(&home, &market.base_url(), place);
        assert_eq!(home.run(&["account", "show"]).await.lines()[0]["token"], shown);
        home.run(&["send", "1", "--json", "{}"]).await.assert_refused(1, said);
        home.run(&["listen"]).await.assert_refused(1, said);
    }
    assert_eq!(market.requests(), []);
}

#[tokio::test]
async fn a_token_that_could_not_be_kept_is_told() {
    let home = Home::new();
    settings(&home, "https://a.example/api", "memory");
    let ran = home.run(&["account", "set", "--base-url", "https://b.example/api"]).await;
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("the token was not kept"), "{ran:#?}");
}

#[tokio::test]
async fn a_damaged_file_of_settings_is_set_aside_when_new_ones_are_set() {
    let home = Home::new();
    let folder = home.folder.path().join("agora");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.json"), "{oops").unwrap();
    home.run(&["account", "show"]).await.assert_refused(1, "can't be used");
    let set = home.run(&["account", "set", "--user-id", "7"]).await;
    assert_eq!(set.code, Some(0), "{set:#?}");
    assert!(set.err.contains("damaged") && home.holds("{oops"));
    assert_eq!(home.run(&["account", "show"]).await.lines()[0]["user_id"], Value::from("7"));
}
