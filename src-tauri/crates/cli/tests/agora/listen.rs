//! What `agora listen` prints, and how it ends by itself.

use crate::support::*;
use agora_demo_market::people::{BUYER, SELLER};
use agora_demo_market::{Action, Config, Fault, To};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn an_event_is_a_line_as_soon_as_it_arrives_with_its_data_off_the_wire() {
    let market = market().await;
    let mut listen = Home::of(&market, &SELLER).start(&["listen"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    let data = r#"{"type":"ORDER_CREATED", "orderId":20418,"note":"手工\t茶壺"}"#;
    market.emit(&To::user(SELLER.id), None, data);
    assert_eq!(
        listen.line().await,
        json!({ "event": "ORDER_CREATED", "data": data, "id": null }),
        "and no heartbeat before it"
    );
    market.emit(&To::Everyone, Some("odd"), "[1,\n2] ");
    assert_eq!(listen.line().await, json!({ "event": "odd", "data": "[1,\n2] ", "id": null }));
}

#[tokio::test]
async fn plumbing_is_printed_when_all_is_asked_for() {
    let market = market().await;
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--all"]);
    assert_eq!(listen.line().await["event"], "SYSTEM_TIME_WAIT");
    assert_eq!(listen.line_with("event", "HEARTBEAT").await["id"], Value::Null);
}

#[tokio::test]
async fn the_last_event_id_is_sent_and_ids_are_printed() {
    let market = market_with(Config { ids: true, ..Config::default() }).await;
    let home = Home::of(&market, &SELLER);
    let mut listen = home.start(&["listen"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    market.emit(&To::user(SELLER.id), None, "one");
    let first = listen.line().await;
    market.emit(&To::user(SELLER.id), None, "two");
    let second = listen.line().await;
    listen.signal(Signal::TERM);
    listen.end().await;
    let mut again = home.start(&["listen", "--last-event-id", first["id"].as_str().unwrap()]);
    assert_eq!(again.line().await, second);
}

#[tokio::test]
async fn the_one_connection_of_once_ends_well_when_the_market_ends_it() {
    let market = market().await;
    let listen = Home::of(&market, &SELLER).start(&["listen", "--once", "--status"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    market.emit(&To::user(SELLER.id), None, "last words");
    assert!(market.act(&device(&SELLER), Action::End));
    let ran = listen.end().await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert_eq!(ran.err, "");
    let lines = ran.lines();
    assert_eq!(lines[1]["status"], "connected");
    assert_eq!(lines[2]["data"], "last words");
    let stopped =
        json!({ "status": "stopped", "reason": "ended", "delay_ms": null, "http_status": null });
    assert_eq!(lines[3..], [stopped]);
    assert_eq!((count(&market, "GET"), count(&market, "DELETE")), (1, 0));
}

#[tokio::test]
async fn the_one_connection_of_once_fails_when_it_is_cut_or_not_made() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    market.fail_next(Fault::Cut, 1);
    home.run(&["listen", "--once"]).await.assert_refused(1, "the connection was cut");
    market.fail_next(Fault::LoginPage, 1);
    home.run(&["listen", "--once"]).await.assert_refused(1, "not an event stream");
    market.stop().await;
    home.run(&["listen", "--once"]).await.assert_refused(1, "can't be reached");
}

#[tokio::test]
async fn the_last_status_of_once_says_why_it_failed() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    let busy = Fault::Answer { status: 503, headers: BTreeMap::new(), body: String::new() };
    for (fault, reason, status) in [(Fault::Cut, "cut", Value::Null), (busy, "away", json!(503))] {
        market.fail_next(fault, 1);
        let ran = home.run(&["listen", "--once", "--status"]).await;
        assert_eq!(ran.code, Some(1), "{ran:#?}");
        let stopped = json!({
            "status": "stopped", "reason": reason, "delay_ms": null, "http_status": status
        });
        assert_eq!(ran.lines().last(), Some(&stopped));
    }
}

#[tokio::test]
async fn another_stream_that_refuses_is_given_no_advice_about_the_account() {
    let market = market().await;
    let url = format!("{}/sse/connect/{}", market.base_url(), device(&SELLER));
    let body = String::new();
    market.fail_next(Fault::Answer { status: 401, headers: BTreeMap::new(), body }, 1);
    let ran = Home::new().run(&["listen", "--url", &url]).await;
    ran.assert_refused(3, "set AGORA_TOKEN");
    assert!(!ran.err.contains("account") && !ran.err.contains("market"), "{ran:#?}");
}

#[tokio::test]
async fn an_answer_that_forbids_a_retry_ends_it_with_the_markets_words() {
    let market = market().await;
    for (status, reason, words) in [
        (204, "no_content", "wants no reconnect"),
        (401, "signed_out", "account set --token-stdin`, or set AGORA_TOKEN: 登入逾時"),
        (403, "signed_out", "登入逾時"),
        (410, "gone", "登入逾時"),
    ] {
        let body = if status == 204 { "" } else { r#"{"message":"登入逾時"}"# }.to_owned();
        market.fail_next(Fault::Answer { status, headers: BTreeMap::new(), body }, 1);
        let ran = Home::of(&market, &SELLER).run(&["listen", "--status"]).await;
        assert_eq!(ran.code, Some(3), "{ran:#?}");
        assert!(ran.err.contains(words), "{ran:#?}");
        let stopped = json!({
            "status": "stopped", "reason": reason, "delay_ms": null, "http_status": status
        });
        assert_eq!(ran.lines()[1..], [stopped]);
    }
    assert_eq!(count(&market, "DELETE"), 0);
}

#[tokio::test]
async fn the_status_is_told_with_reason_and_delay_and_it_connects_again() {
    let market = market().await;
    let body = r#"{"message":"睡著了"}"#.to_owned();
    market.fail_next(Fault::Answer { status: 503, headers: BTreeMap::new(), body }, 1);
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--status"]);
    let nothing =
        |status| json!({ "status": status, "reason": null, "delay_ms": null, "http_status": null });
    assert_eq!(listen.line().await, nothing("connecting"));
    let waiting = listen.line().await;
    assert_eq!((&waiting["status"], &waiting["reason"]), (&json!("waiting"), &json!("away")));
    assert_eq!(waiting["http_status"], 503);
    assert!(waiting["delay_ms"].as_u64().unwrap() >= 500, "{waiting}");
    assert_eq!(listen.line().await, nothing("connecting"));
    assert_eq!(listen.line().await, nothing("connected"));
    assert!(market.act(&device(&SELLER), Action::End));
    let quiet = listen.line().await;
    assert_eq!((&quiet["status"], &quiet["reason"]), (&json!("waiting"), &json!("ended")));
    listen.signal(Signal::TERM);
    let err = listen.end().await.err;
    assert!(err.contains("睡著了") && err.contains("waiting"), "{err}");
    assert!(!err.contains("ended the stream"), "a clean end is no news: {err}");
}

#[tokio::test]
async fn another_stream_gets_the_environments_token_and_no_goodbye() {
    let market = market().await;
    let home = Home::new().with("AGORA_TOKEN", SELLER.token);
    let url = format!("{}/sse/connect/{}?topic=1", market.base_url(), device(&SELLER));
    let listen = home.start(&["listen", "--url", &url]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    listen.signal(Signal::TERM);
    assert_eq!(listen.end().await.code, Some(0));
    let connect = request(&market, "GET", "topic=1").await;
    assert_eq!(connect.header("authorization"), Some("Bearer demo-seller-token"));
    assert_eq!(market.requests().len(), 1);
}

#[tokio::test]
async fn another_stream_gets_no_token_where_there_is_none_in_the_environment() {
    let market = market().await;
    let home = Home::new();
    let base = market.base_url();
    home.run(&["account", "set", "--base-url", &base, "--client-id", &device(&BUYER)]).await;
    let url = format!("{base}/sse/connect/{}", device(&BUYER));
    let _listen = home.start(&["listen", "--url", &url]);
    assert_eq!(request(&market, "GET", "/sse/connect/").await.header("authorization"), None);
}

#[tokio::test]
async fn a_token_is_not_sent_in_the_clear_to_another_machine() {
    let home = Home::new().with("AGORA_TOKEN", SELLER.token);
    for (url, rule) in [
        ("http://market.example/stream", "plain http:// is only for this machine"),
        ("ftp://market.example", "must begin with https://"),
        ("stream", "must be a URL"),
    ] {
        home.run(&["listen", "--url", url]).await.assert_refused(2, rule);
    }
}

#[tokio::test]
async fn without_an_account_it_says_what_to_set() {
    let ran = Home::new().run(&["listen"]).await;
    ran.assert_refused(2, "agora account set --user-id ID");
    assert!(ran.err.contains("AGORA_CLIENT_ID"));
}

#[tokio::test]
async fn a_client_id_of_another_form_is_used_with_a_warning() {
    let market = market().await;
    let home = Home::new()
        .with("AGORA_BASE_URL", &market.base_url())
        .with("AGORA_CLIENT_ID", "someone/else");
    let listen = home.start(&["listen"]);
    request(&market, "GET", "/sse/connect/someone%2Felse").await;
    listen.signal(Signal::TERM);
    assert!(listen.end().await.err.contains("warning: the client id"));
}

#[tokio::test]
async fn sigusr1_connects_anew_while_it_waits_and_while_it_is_open() {
    let market = market().await;
    let ask_to_wait = Fault::Answer {
        status: 503,
        headers: [("retry-after".to_owned(), "600".to_owned())].into(),
        body: String::new(),
    };
    market.fail_next(ask_to_wait, 1);
    let mut listen = Home::of(&market, &SELLER).start(&["listen", "--status"]);
    listen.line_with("status", "waiting").await;
    for connects in [2, 3] {
        listen.signal(Signal::USR1);
        listen.line_with("status", "connected").await;
        assert_eq!(count(&market, "GET"), connects);
    }
    listen.signal(Signal::TERM);
    assert_eq!(listen.end().await.code, Some(0));
}

#[tokio::test]
async fn beside_the_app_it_listens_as_the_same_device_and_takes_nothing_from_it() {
    let market = market().await;
    let home = Home::new().with("AGORA_TOKEN", SELLER.token);
    let base = market.base_url();
    let set = ["account", "set", "--base-url", &base, "--client-id", "user_4021_desktop1"];
    assert_eq!(home.run(&set).await.code, Some(0));
    let _app = claim(&home);
    let mut both = [home.start(&["listen", "--status"]), home.start(&["listen", "--status"])];
    for one in &mut both {
        one.line_with("status", "connected").await;
    }
    let ids: Vec<_> = market.clients().into_iter().map(|client| client.client_id).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.iter().all(|id| id.starts_with("user_4021_desktop1-")), "{ids:?}");
    market.emit(&To::user(SELLER.id), None, "to both");
    for mut one in both {
        assert_eq!(one.line().await["data"], "to both");
        one.signal(Signal::TERM);
        let ran = one.end().await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    }
    assert_eq!(market.clients(), []);
}

/// A claim on the home, as the running app has it.
fn claim(home: &Home) -> agora_home::Claim {
    let files = agora_home::Files::find(Some(&home.folder.path().join("agora"))).unwrap();
    agora_home::Claim::take(&files).unwrap().unwrap()
}

#[tokio::test]
async fn beside_the_app_a_client_id_without_a_user_is_refused_with_what_to_set() {
    let market = market().await;
    let home = Home::new();
    let set = ["account", "set", "--base-url", &market.base_url(), "--client-id", "by hand"];
    assert_eq!(home.run(&set).await.code, Some(0));
    let _app = claim(&home);
    home.run(&["listen"]).await.assert_refused(1, "set AGORA_CLIENT_ID to another");
    assert_eq!(market.requests(), []);
}

#[tokio::test]
async fn one_that_was_given_is_used_with_a_warning_where_it_is_the_apps() {
    let market = market().await;
    for (saved, warned) in [("by hand", true), ("by another hand", false)] {
        let set = ["account", "set", "--base-url", &market.base_url(), "--client-id", saved];
        let home = Home::of(&market, &SELLER).with("AGORA_CLIENT_ID", "by hand");
        assert_eq!(home.run(&set).await.code, Some(0));
        let _app = claim(&home);
        let mut listen = home.start(&["listen", "--status"]);
        listen.line_with("status", "waiting").await;
        assert!(request(&market, "GET", "/sse/connect/").await.path.ends_with("/by%20hand"));
        listen.signal(Signal::TERM);
        let err = listen.end().await.err;
        assert_eq!(err.contains("the app is receiving under this client id"), warned, "{err}");
    }
}
