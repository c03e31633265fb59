//! What an older emitter does to whoever has its client id by the time that it is over.

use std::time::{Duration, Instant};

use agora_demo_market::people::{ADMINISTRATOR, SELLER};
use agora_demo_market::{Action, Config, DemoMarket, To};
use serde_json::json;

use crate::support::*;

/// Long enough for an emitter to be seen silent between its predecessor's timeout and its own, on a busy machine
/// too.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How much later than the first one the second emitter starts, and ends.
const LATER: Duration = Duration::from_secs(2);

async fn timing_out() -> DemoMarket {
    let config = Config { heartbeat: BEAT, emitter_timeout: TIMEOUT, ..Config::default() };
    market_with(config).await
}

/// One that notices a closed socket only when it writes to it.
async fn late(heartbeat: Duration) -> DemoMarket {
    let config = Config { heartbeat, notices_closed: false, ..Config::default() };
    market_with(config).await
}

#[tokio::test]
async fn an_emitter_that_times_out_takes_its_successors_entry_and_leaves_that_one_open_and_silent()
{
    let market = timing_out().await;
    let older = Stream::open(&market, &device(&SELLER)).await;
    tokio::time::sleep(LATER).await;
    let began = Instant::now();
    let mut newer = Stream::open(&market, &device(&SELLER)).await;
    newer.named("HEARTBEAT").await;
    assert_eq!(older.rest().await.1, End::Clean);
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    assert_eq!(market.emit(&To::user(SELLER.id), None, "{}"), 0);
    newer.fall_silent().await;
    // It is completed only at its own time, with nothing more on it.
    assert_eq!(newer.rest().await, (String::new(), End::Clean));
    assert!(began.elapsed() >= TIMEOUT);
}

#[tokio::test]
async fn a_superseded_socket_that_its_client_closed_is_not_noticed_and_kills_as_well() {
    let market = timing_out().await;
    let older = Stream::open(&market, &device(&SELLER)).await;
    tokio::time::sleep(LATER).await;
    let mut newer = Stream::open(&market, &device(&SELLER)).await;
    drop(older);
    newer.named("HEARTBEAT").await;
    assert_eq!(market.clients().len(), 1);
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    newer.fall_silent().await;
}

#[tokio::test]
async fn an_emitter_whose_client_said_goodbye_kills_the_next_one_under_its_id_too() {
    let market = timing_out().await;
    let first = Stream::open(&market, &device(&SELLER)).await;
    assert_eq!(disconnect(&market, &device(&SELLER), None).await.status(), 200);
    drop(first);
    tokio::time::sleep(LATER).await;
    let mut second = Stream::open(&market, &device(&SELLER)).await;
    second.named("HEARTBEAT").await;
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    second.fall_silent().await;
}

#[tokio::test]
async fn a_client_id_of_its_own_lives_until_its_own_timeout() {
    let market = timing_out().await;
    let older = Stream::open(&market, "user_4021_desktop1-aaaa").await;
    tokio::time::sleep(LATER).await;
    let mut newer = Stream::open(&market, "user_4021_desktop1-bbbb").await;
    assert_eq!(older.rest().await.1, End::Clean);
    assert!(market.wait_for_client_gone("user_4021_desktop1-aaaa", LIMIT).await);
    assert_eq!(market.emit(&To::user(SELLER.id), None, r#"{"a":1}"#), 1);
    assert_eq!(newer.named("message").await, json!({ "a": 1 }));
    assert_eq!(newer.rest().await.1, End::Clean);
}

#[tokio::test]
async fn one_clean_up_is_all_that_an_emitter_has() {
    let market = timing_out().await;
    let first = Stream::open(&market, &device(&SELLER)).await;
    assert!(market.act(&device(&SELLER), Action::End));
    assert_eq!(first.rest().await.1, End::Clean);
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    tokio::time::sleep(LATER).await;
    let began = Instant::now();
    let second = Stream::open(&market, &device(&SELLER)).await;
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
    assert!(began.elapsed() >= TIMEOUT, "only its own timeout ended it");
    assert_eq!(second.rest().await.1, End::Clean);
}

#[tokio::test]
async fn springs_text_stands_bare_behind_the_last_event_of_an_emitter_that_timed_out() {
    for timeout_text in [true, false] {
        let timeout = Duration::from_millis(100);
        let config = Config { emitter_timeout: timeout, timeout_text, ..Config::default() };
        let market = market_with(config).await;
        let superseded = Stream::open(&market, &device(&SELLER)).await;
        let holder = Stream::open(&market, &device(&SELLER)).await;
        for stream in [superseded, holder] {
            let (text, end) = stream.rest().await;
            let bare = text.ends_with("\n\nSSE connection timed out");
            assert_eq!((bare, end), (timeout_text, End::Clean), "{text}");
            assert!(timeout_text || text.ends_with("\n\n"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_closed_socket_is_found_out_by_a_heartbeat_and_has_its_entry_until_then() {
    let market = late(Duration::from_secs(1)).await;
    drop(Stream::open(&market, &device(&SELLER)).await);
    tokio::time::sleep(BEAT * 5).await;
    assert_eq!(market.clients().len(), 1, "nothing was written since");
    assert!(market.wait_for_client_gone(&device(&SELLER), LIMIT).await);
}

#[tokio::test]
async fn a_closed_socket_is_found_out_by_an_event_that_reaches_nobody() {
    let market = late(Duration::from_hours(1)).await;
    drop(Stream::open(&market, &device(&SELLER)).await);
    // The market can't say when it has taken the close in: until then the event is on its way to nobody.
    while market.emit(&To::user(SELLER.id), None, "{}") > 0 {
        tokio::time::sleep(BEAT).await;
    }
    assert_eq!(market.clients(), []);
    let of_user = json_of(get(&market, "/sse/status/user/4021", Some(SELLER.token))).await;
    assert_eq!((&of_user["connected"], &of_user["connectionCount"]), (&json!(false), &json!(0)));
}

#[tokio::test]
async fn closed_sockets_that_nobody_noticed_are_counted_against_their_user() {
    let market = late(Duration::from_hours(1)).await;
    for number in 0..5 {
        drop(Stream::open(&market, &format!("user_4021_desktop1-{number}")).await);
    }
    let sixth = get(&market, "/sse/connect/user_4021_desktop1-5", None).await;
    assert_eq!(sixth.status(), 500);
    let of_user = json_of(get(&market, "/sse/status/user/4021", Some(SELLER.token))).await;
    assert_eq!((&of_user["connected"], &of_user["connectionCount"]), (&json!(true), &json!(5)));
    assert_eq!(of_user["clientIds"][4], "user_4021_desktop1-4");
    assert_eq!(of_user["connectionDetails"][4]["clientId"], "user_4021_desktop1-4");
    assert!(of_user["timestamp"].is_string());
    // A goodbye frees the place at once.
    disconnect(&market, "user_4021_desktop1-2", None).await;
    Stream::open(&market, "user_4021_desktop1-5").await;
    let status = json_of(get(&market, "/sse/status", Some(ADMINISTRATOR.token))).await;
    assert_eq!(status["activeConnections"], 5);
}

#[tokio::test]
async fn a_client_is_meant_by_its_id_or_by_its_device_and_then_the_newest() {
    let market = market().await;
    let _older = Stream::open(&market, "user_4021_desktop1-zzzz").await;
    let mut newer = Stream::open(&market, "user_4021_desktop1-aaaa").await;
    let _other = Stream::open(&market, "user_4021_desktop11").await;
    newer.event().await;
    let found = market.wait_for_client("user_4021_desktop1", LIMIT).await.unwrap();
    assert_eq!(found.client_id, "user_4021_desktop1-aaaa");
    assert!(market.write_raw("user_4021_desktop1", ":\n\n"));
    assert_eq!(newer.event().await, ":\n\n");
    demo(&market, "/clients/user_4021_desktop1", json!({ "do": "zombie" })).await;
    assert!(market.wait_for_client_gone("user_4021_desktop1-aaaa", LIMIT).await);
    assert!(market.act("user_4021_desktop1", Action::Zombie));
    assert!(market.wait_for_client_gone("user_4021_desktop1", LIMIT).await);
    assert_eq!(market.clients()[0].client_id, "user_4021_desktop11");
}
