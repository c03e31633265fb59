//! The stream and the sends: exact bytes, names of events, limits, zombies, refusals.

use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use agora_demo_market::{Config, To};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::*;

#[tokio::test]
async fn the_first_event_comes_with_the_head_data_first_without_spaces_or_id() {
    let market = market().await;
    let mut socket = TcpStream::connect(market.addr()).await.unwrap();
    let request = "GET /api/sse/connect/user_4021_raw-bytes HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\n\n\r\n") {
        assert_ne!(timeout(LIMIT, socket.read_buf(&mut answer)).await.unwrap().unwrap(), 0);
    }
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\ntransfer-encoding: chunked"), "{head}");
    let event = body.split_once("\r\n").unwrap().1;
    let (first, rest) = event.split_once('\n').unwrap();
    assert_eq!(rest, "event:SYSTEM_TIME_WAIT\n\n\r\n");
    let data: Value = serde_json::from_str(first.strip_prefix("data:").unwrap()).unwrap();
    let keys: Vec<_> = data.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["type", "waitSeconds", "nextHeartbeatTime", "heartbeatInterval", "clientId", "timestamp"]
    );
    assert_eq!(data["heartbeatInterval"], 30);
    let timestamp = data["timestamp"].as_str().unwrap();
    assert!(
        timestamp.parse::<jiff::civil::DateTime>().is_ok() && timestamp.len() == 19,
        "{timestamp}"
    );
}

#[tokio::test]
async fn heartbeats_have_their_name_and_the_time_comes_as_a_message() {
    let config = Config { heartbeat: BEAT, system_time: BEAT, ..Config::default() };
    let market = market_with(config).await;
    let mut stream = Stream::open(&market, "user_7_test-device").await;
    assert_eq!(stream.named("HEARTBEAT").await["clientId"], "user_7_test-device");
    assert_eq!(stream.named("message").await["type"], "SYSTEM_TIME");
}

#[tokio::test]
async fn a_broadcast_is_always_a_message_and_a_direct_message_is_named_by_its_type() {
    let market = market().await;
    let (mut buyer, mut seller) = (
        Stream::open(&market, &device(&BUYER)).await,
        Stream::open(&market, &device(&SELLER)).await,
    );
    let body = json!({ "type": "CHAT_MESSAGE", "content": "早安" });
    let answer = post(&market, "/sse/broadcast", Some(ADMINISTRATOR.token), &body).await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(buyer.named("message").await, body);
    assert_eq!(seller.named("message").await, body);

    let to_seller = message_path(&SELLER);
    let answer = post(&market, &to_seller, Some(ADMINISTRATOR.token), &body).await;
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(seller.event().await, format!("data:{body}\nevent:CHAT_MESSAGE\n\n"));
    post(&market, &to_seller, Some(ADMINISTRATOR.token), &json!({ "note": 1 })).await;
    assert_eq!(seller.named("message").await, json!({ "note": 1 }));
    market.emit(&To::Everyone, None, "plain text\nin two lines");
    assert_eq!(
        buyer.event().await,
        "data:plain text\ndata:in two lines\nevent:message\n\n",
        "nothing came before it"
    );
}

#[tokio::test]
async fn only_administrators_broadcast_and_members_write_only_to_themselves() {
    let market = market().await;
    let status =
        async |path: &str, token| post(&market, path, token, &message("x")).await.status().as_u16();
    assert_eq!(status("/sse/broadcast", None).await, 401);
    assert_eq!(status("/sse/broadcast", Some("nonsense")).await, 401);
    assert_eq!(status("/sse/broadcast", Some(SELLER.token)).await, 403);
    let (own, other) = (message_path(&SELLER), message_path(&BUYER));
    assert_eq!(status(&own, Some(SELLER.token)).await, 200);
    assert_eq!(status(&other, Some(SELLER.token)).await, 403);
    assert_eq!(status(&other, None).await, 401);
    let refused = post(&market, "/sse/broadcast", Some(SELLER.token), &message("x")).await;
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"], "Forbidden");
    assert_eq!(body["status"], 403);
    assert!(body["message"].is_string() && body["timestamp"].is_string());
    let array = post(&market, "/sse/broadcast", Some(ADMINISTRATOR.token), &json!([1])).await;
    assert_eq!(array.status(), 500);
}

#[tokio::test]
async fn a_sixth_connection_of_a_user_gets_the_500_and_a_place_that_became_free_can_be_had() {
    let market = market().await;
    let mut streams = Vec::new();
    for device in 0..5 {
        streams.push(Stream::open(&market, &format!("user_1001_device-{device}")).await);
    }
    let refused = get(&market, "/sse/connect/user_1001_device-5", None).await;
    assert_eq!(refused.status(), 500);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"], "Internal Server Error");
    assert_eq!(body["message"], "Maximum connections per user exceeded: 5");
    Stream::open(&market, "user_1002_device-5").await;
    drop(streams.pop());
    assert!(market.wait_for_client_gone("user_1001_device-4", LIMIT).await);
    Stream::open(&market, "user_1001_device-5").await;
}

#[tokio::test]
async fn the_same_client_id_again_makes_the_older_stream_a_zombie_and_is_remarked() {
    let market = beating_market().await;
    let mut older = Stream::open(&market, &device(&SELLER)).await;
    older.event().await;
    let mut newer = Stream::open(&market, &device(&SELLER)).await;
    market.emit(&To::user(SELLER.id), None, "{}");
    assert_eq!(newer.named("message").await, json!({}));
    newer.named("HEARTBEAT").await;
    assert!(!older.fall_silent().await.contains("event:message"));
    assert_eq!(market.clients().len(), 1);
    let connects = market.requests();
    assert_eq!(connects[0].remark, None);
    assert!(
        connects[1].remark.as_ref().unwrap().contains("within 5 s"),
        "{:?}",
        connects[1].remark
    );
    drop(older);
    let gone = market.wait_for_client_gone(&device(&SELLER), BEAT * 5).await;
    assert!(!gone, "the end of the zombie takes nothing from the newer one");
}

#[tokio::test]
async fn a_disconnect_forgets_the_client_but_leaves_its_stream_open_and_silent() {
    let market = beating_market().await;
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    stream.event().await;
    for client_id in [device(&SELLER), "user_5_unknown-one".to_owned()] {
        let answer = disconnect(&market, &client_id, None).await;
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, ""));
    }
    assert_eq!(market.clients(), []);
    stream.fall_silent().await;
    assert_eq!(market.emit(&To::Everyone, None, "x"), 0);
}

#[tokio::test]
async fn streams_end_cleanly_after_their_time_and_so_do_zombies() {
    let config = Config { emitter_timeout: Duration::from_millis(300), ..Config::default() };
    let market = market_with(config).await;
    let zombie = Stream::open(&market, &device(&SELLER)).await;
    let stream = Stream::open(&market, &device(&SELLER)).await;
    assert_eq!(stream.rest().await.1, End::Clean);
    assert_eq!(zombie.rest().await.1, End::Clean);
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
}

#[tokio::test]
async fn the_status_calls_count_and_forced_disconnects_leave_zombies() {
    let market = beating_market().await;
    let mut stream = Stream::open(&market, &device(&SELLER)).await;
    stream.event().await;
    assert_eq!(get(&market, "/sse/status", Some(SELLER.token)).await.status(), 403);
    let status = json_of(get(&market, "/sse/status", Some(ADMINISTRATOR.token))).await;
    assert_eq!(
        (&status["activeConnections"], &status["maxConnectionsPerUser"]),
        (&json!(1), &json!(5))
    );
    let of_user = json_of(get(&market, "/sse/status/user/4021", Some(SELLER.token))).await;
    assert_eq!(of_user["clientIds"], json!([device(&SELLER)]));
    let forced =
        post(&market, "/sse/force-disconnect-all", Some(ADMINISTRATOR.token), &json!({})).await;
    assert_eq!(forced.status(), 200);
    assert_eq!(market.clients(), []);
    let of_user = json_of(get(&market, "/sse/status/user/4021", Some(SELLER.token))).await;
    assert_eq!(of_user["connected"], false);
    stream.fall_silent().await;
}
