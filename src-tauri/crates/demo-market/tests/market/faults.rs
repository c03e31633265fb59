//! Faults on demand, the record, and the restart.

use std::error::Error;
use std::time::{Duration, Instant};

use agora_demo_market::people::{ADMINISTRATOR, SELLER};
use agora_demo_market::{Action, Call, Config, Fault, To};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::*;

const PATH: &str = "/sse/connect/user_4021_test-device";

/// What the error of a broken connection says at its root.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[tokio::test]
async fn answers_can_be_ordered_for_a_number_of_connects() {
    let market = market().await;
    let order = json!({ "fault": "answer", "status": 503, "headers": { "retry-after": "7" }, "body": "睡", "times": 2 });
    assert_eq!(demo(&market, "/faults", order).await.status(), 200);
    for _ in 0..2 {
        assert_eq!(
            get(&market, "/sse/status", Some(ADMINISTRATOR.token)).await.status(),
            200,
            "not a connect"
        );
        let asleep = get(&market, PATH, None).await;
        assert_eq!(
            (asleep.status().as_u16(), &asleep.headers()["retry-after"]),
            (503, &"7".parse().unwrap())
        );
        assert_eq!(asleep.text().await.unwrap(), "睡");
    }
    Stream::open(&market, &device(&SELLER)).await;
    let nonsense = json!({ "fault": "answer", "status": 200, "headers": { "no header": "" } });
    assert_eq!(demo(&market, "/faults", nonsense).await.status(), 400);
    assert_eq!(
        demo(&market, "/faults", json!({ "fault": "zombie", "on": "send" })).await.status(),
        400
    );
}

#[tokio::test]
async fn a_login_page_comes_where_the_stream_should_be() {
    let market = market().await;
    market.fail_next(Fault::LoginPage, 1);
    let page = get(&market, PATH, None).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html;charset=UTF-8");
    assert!(page.text().await.unwrap().contains("<html"));
}

#[tokio::test]
async fn a_reset_is_an_error_and_a_cut_is_a_body_without_its_end_both_after_half_an_event() {
    let market = market().await;
    for (fault, reason) in [(Fault::Reset, "reset"), (Fault::Cut, "unexpected EOF")] {
        market.fail_next(fault, 1);
        let mut response = get(&market, PATH, None).await;
        let mut text = String::new();
        let error = loop {
            match timeout(LIMIT, response.chunk()).await.unwrap() {
                Ok(chunk) => text += std::str::from_utf8(&chunk.expect("no clean end")).unwrap(),
                Err(error) => break error,
            }
        };
        assert!(
            text.contains("event:SYSTEM_TIME_WAIT\n\ndata:{\"type\":\"ORDER_CREATED\""),
            "{text}"
        );
        assert!(!text.ends_with('\n'));
        assert!(root(&error).contains(reason), "{}", root(&error));
    }
}

#[tokio::test]
async fn an_open_stream_breaks_ends_or_falls_silent_when_told() {
    let market = market().await;
    let id = device(&SELLER);
    for (action, wanted) in
        [(Action::Reset, End::Broken), (Action::Cut, End::Broken), (Action::End, End::Clean)]
    {
        let stream = Stream::open(&market, &id).await;
        assert!(market.act(&id, action.clone()));
        let (text, end) = stream.rest().await;
        assert_eq!(end, wanted, "{action:?}");
        assert_eq!(text.ends_with("\n\n"), wanted == End::Clean, "{text}");
        assert!(market.wait_for_client_gone(&id, LIMIT).await);
    }
    assert!(!market.act(&id, Action::End), "nobody is connected");
}

#[tokio::test]
async fn garbage_is_sent_in_place_of_http() {
    let market = market().await;
    market.fail_next(Fault::Garbage { text: "\u{1}not http\r\n".to_owned() }, 1);
    let mut socket = TcpStream::connect(market.addr()).await.unwrap();
    socket
        .write_all(format!("GET /api{PATH} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    timeout(LIMIT, socket.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, "\u{1}not http\r\n");
}

#[tokio::test]
async fn a_stalled_call_gets_no_head_and_a_silent_stream_gets_nothing_after_it() {
    let market = beating_market().await;
    market.fail_next(Fault::Stall, 1);
    market.fail_next(Fault::Silent, 1);
    let stalled = tokio::spawn(client().get(url(&market, PATH)).send());
    market.wait_for_request(|_| true, LIMIT).await.unwrap();
    tokio::time::sleep(BEAT * 5).await;
    assert!(!stalled.is_finished());
    stalled.abort();
    assert_eq!(market.requests()[0].status, None);
    let mut silent = Stream::open(&market, &device(&SELLER)).await;
    assert_eq!(silent.fall_silent().await, "");
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one_late() {
    let market = market().await;
    market.fail_next(Fault::Slow { delay_ms: 200 }, 1);
    let before = Instant::now();
    Stream::open(&market, &device(&SELLER)).await;
    assert!(before.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_message_was_delivered() {
    let market = market().await;
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
    let request = client().post(url(&market, "/sse/broadcast")).bearer_auth(ADMINISTRATOR.token);
    assert!(request.json(&message("送達")).send().await.is_err());
    assert_eq!(stream.named("message").await["title"], "送達");
}

#[tokio::test]
async fn heartbeats_pause_while_other_events_still_come_and_raw_bytes_go_through() {
    let market = beating_market().await;
    let id = device(&SELLER);
    let mut stream = Stream::open(&market, &id).await;
    stream.named("HEARTBEAT").await;
    let path = format!("/clients/{id}");
    assert_eq!(demo(&market, &path, json!({ "do": "pause_heartbeat" })).await.status(), 200);
    stream.fall_silent().await;
    market.emit(&To::user(SELLER.id), Some("PING"), "[1]");
    assert_eq!(stream.event().await, "data:[1]\nevent:PING\n\n");
    demo(&market, &path, json!({ "do": "raw", "text": ": comment\n\n" })).await;
    assert_eq!(stream.event().await, ": comment\n\n");
    demo(&market, &path, json!({ "do": "hex", "hex": "EFBBBF0a0a" })).await;
    assert_eq!(stream.event().await, "\u{feff}\n\n");
    assert_eq!(demo(&market, &path, json!({ "do": "hex", "hex": "0g" })).await.status(), 404);
    demo(&market, "/clients/*", json!({ "do": "resume_heartbeat" })).await;
    stream.named("HEARTBEAT").await;
}

#[tokio::test]
async fn a_zombie_can_be_made_at_the_connect() {
    let market = beating_market().await;
    market.fail_next(Fault::Zombie, 1);
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    assert!(stream.event().await.contains("SYSTEM_TIME_WAIT"));
    assert_eq!(stream.fall_silent().await, "");
    assert_eq!(market.clients(), []);
}

#[tokio::test]
async fn every_request_is_recorded_with_headers_body_and_answer() {
    let market = market().await;
    post(&market, "/sse/broadcast", Some(SELLER.token), &json!({ "a": 1 })).await;
    let answered =
        market.wait_for_request(|request| request.status == Some(403), LIMIT).await.unwrap();
    assert_eq!((answered.method.as_str(), answered.path.as_str()), ("POST", "/api/sse/broadcast"));
    assert_eq!(answered.header("authorization"), Some("Bearer demo-seller-token"));
    assert_eq!(answered.body, r#"{"a":1}"#);
    let origin = market.origin();
    let recorded = client()
        .get(format!("{origin}/_demo/requests"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(recorded.contains(r#""path":"/api/sse/broadcast""#), "{recorded}");
    client().delete(format!("{origin}/_demo/requests")).send().await.unwrap();
    assert_eq!(market.requests(), []);
    let none = market.wait_for_request(|_| true, Duration::from_millis(50)).await;
    assert_eq!(none, None);
}

#[tokio::test]
async fn a_stopped_market_drops_its_streams_and_its_port_can_be_used_at_once() {
    let first = market().await;
    let port = first.addr().port();
    let stream = Stream::open(&first, &device(&SELLER)).await;
    first.stop().await;
    assert_eq!(stream.rest().await.1, End::Broken);
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    let second = market_with(Config { port, ..Config::default() }).await;
    Stream::open(&second, &device(&SELLER)).await;
}
