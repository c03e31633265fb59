//! No stream, though calls are answered: what the market stored is found all the same, the status
//! says so, and when a stream comes nothing is doubled and nothing lost.

use crate::bench::{
    Bench, SELLER, SOON, answer, answered, calls, calm_market, eventually, later, market_with,
    notice, now_ms, send, sooner_or_later,
};
use agora_client::ReasonCode;
use agora_demo_market::{
    Action, Call, Config, DemoMarket, Fault, Notice, Status as There, To, local_time_ago, people,
};
use agora_inbox::{Alert, Which};
use agora_receiver::Status;
use agora_rules::Fate;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

const UNREAD: &str = "/notifications/unread";
const MINUTE: Duration = Duration::from_mins(1);

/// A market of which no stream comes through, with so many alerts stored.
async fn behind_a_buffer(stored: usize) -> DemoMarket {
    let market = calm_market().await;
    market.fail_next(Fault::HoldBack, 1_000);
    for number in 0..stored {
        let created_at = Some(local_time_ago(MINUTE));
        market.store_notification(Notice { created_at, ..notice(&format!("stored {number}")) });
    }
    market
}

/// Notes every status that is told, until it is dropped.
fn every_status(mut status: watch::Receiver<Status>) -> tokio::task::JoinHandle<Vec<Status>> {
    tokio::spawn(async move {
        let mut told = vec![status.borrow_and_update().clone()];
        while status.changed().await.is_ok() {
            told.push(status.borrow_and_update().clone());
        }
        told
    })
}

async fn checking(bench: &mut Bench, code: ReasonCode) -> Status {
    let is_it =
        |status: &Status| matches!(status, Status::Checking { reason, .. } if reason.code == code);
    bench.wait_for(is_it).await
}

#[tokio::test]
async fn what_is_stored_is_found_at_the_start_and_told_once_and_nobody_claims_a_connection() {
    let market = behind_a_buffer(3).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    let told = every_status(bench.told.status.clone());
    let found = bench.synced().await;
    assert_eq!((found.passed.len(), found.counts.unread()), (3, 3));
    assert_eq!(bench.titles().await, ["stored 0*", "stored 1*", "stored 2*"]);
    eventually(async || bench.alerts().await.iter().all(|one| fate(one) == Some(Fate::Away(3))))
        .await;
    // Some seconds without the head of an answer later that is what people are told.
    checking(&mut bench, ReasonCode::HeldBack).await;
    assert_eq!(calls(&market, "GET", SELLER), 1, "the first request is still out");
    assert!(bench.told_so_far().is_empty());
    bench.receiver.shut_down().await;
    drop(bench);
    let told = told.await.unwrap();
    assert!(told.iter().all(|status| !matches!(status, Status::Connected { .. })), "{told:?}");
}

fn fate(alert: &Alert) -> Option<Fate> {
    Fate::of_text(alert.body.toast.as_deref()?)
}

#[tokio::test]
async fn the_market_is_asked_every_two_minutes_and_the_reason_is_told_as_it_is() {
    let market = behind_a_buffer(0).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    answered(&market, "GET", UNREAD, 1).await;
    checking(&mut bench, ReasonCode::HeldBack).await;
    let looks = async |seconds| {
        let before = calls(&market, "GET", UNREAD);
        for _ in 0..seconds {
            later(1).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        calls(&market, "GET", UNREAD) - before
    };
    // Trying goes on: the head of the answer is waited for two minutes, then it is asked for anew.
    let looked = looks(600).await;
    assert!((3..=5).contains(&looked), "{looked} looks in ten minutes");
    assert!((4..=7).contains(&calls(&market, "GET", SELLER)));
    let status = bench.told.status.borrow().clone();
    assert_eq!(status.reason_code(), Some(ReasonCode::HeldBack), "{status:?}");
    // What comes meanwhile is found by the next look, and told.
    market.store_notification(notice("meanwhile"));
    sooner_or_later(async || bench.alerts().await.len() == 1).await;
    assert_eq!(bench.synced().await.passed.len(), 1);
}

#[tokio::test]
async fn a_stream_that_comes_at_last_doubles_nothing_of_what_was_found_without_it() {
    let market = behind_a_buffer(1).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    assert!(market.wait_for_client(SELLER, SOON).await.is_some());
    // Sent over the stream, which is held back, and stored.
    send(&market, "sent", "").await;
    assert_eq!(bench.synced().await.passed.len(), 2);
    checking(&mut bench, ReasonCode::HeldBack).await;
    let looked = calls(&market, "GET", UNREAD);
    // The stream ends, and all that was sent over it comes at once.
    market.clear_faults();
    assert!(market.act(SELLER, Action::End));
    answered(&market, "GET", UNREAD, looked + 1).await;
    answered(&market, "GET", SELLER, 2).await;
    bench.connected().await;
    market.emit(&To::Everyone, None, r#"{"title":"live"}"#);
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "live");
    assert_eq!(bench.titles().await, ["stored 0*", "sent*", "live*"]);
}

#[tokio::test]
async fn the_same_words_once_more_are_another_alert_also_where_the_first_came_without_a_stream() {
    let market = calm_market().await;
    market.fail_next(Fault::Stall, 1);
    let mut bench = Bench::start(&market, people::SELLER.token);
    send(&market, "twice", "").await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    later(10).await;
    bench.receiver.reconnect().await;
    bench.connected().await;
    answered(&market, "GET", UNREAD, 2).await;
    send(&market, "twice", "").await;
    eventually(async || bench.titles().await == ["twice*", "twice*"]).await;
}

#[tokio::test]
async fn what_is_read_here_is_told_while_only_calls_get_through() {
    let market = behind_a_buffer(2).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.synced().await;
    let ids = bench.alerts().await.iter().map(|alert| alert.id).collect();
    bench.receiver.mark(Which::Ids(ids), true).await.unwrap();
    let is_read = |status| status == There::Read;
    let all = || market.notifications_of(people::SELLER.id);
    eventually(async || all().iter().all(|one| is_read(one.status))).await;
    assert_eq!(calls(&market, "GET", SELLER), 1, "and there was no stream");
}

#[tokio::test]
async fn connections_that_are_all_taken_are_named_and_what_is_stored_is_found_meanwhile() {
    let market = calm_market().await;
    let mut taken = Vec::new();
    for number in 0..5 {
        let client = format!("user_4021_elsewhere{number}");
        let mut stream = TcpStream::connect(market.addr()).await.unwrap();
        let request = format!("GET /api/sse/connect/{client} HTTP/1.1\r\nhost: market\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        assert!(market.wait_for_client(&client, SOON).await.is_some());
        taken.push(stream);
    }
    market.store_notification(notice("stored"));
    let mut bench = Bench::start(&market, people::SELLER.token);
    assert_eq!(bench.synced().await.passed.len(), 1);
    let status = checking(&mut bench, ReasonCode::ConnectionsTaken).await;
    assert_eq!(status.reason_code(), Some(ReasonCode::ConnectionsTaken));
    assert_eq!(calls(&market, "GET", "/sse/status/user/4021"), 1);
    // It connects by itself when there is room again.
    taken.clear();
    sooner_or_later(async || matches!(*bench.told.status.borrow(), Status::Connected { .. })).await;
}

#[tokio::test]
async fn a_fault_of_the_markets_own_is_not_taken_for_taken_connections() {
    let market = calm_market().await;
    market.fail_next(answer(500, "{}"), 1_000);
    let mut bench = Bench::start(&market, people::SELLER.token);
    let Status::Checking { reason, .. } = checking(&mut bench, ReasonCode::ServerError).await
    else {
        panic!("not checking");
    };
    assert_eq!(reason.status, Some(500));
    assert_eq!(calls(&market, "GET", "/sse/status/user/4021"), 1, "it was asked");
}

/// A way to the market that passes a stream's head on at once, and what follows only when it is freed;
/// where it begins.
async fn way_that_holds_bodies(market: &DemoMarket, freed: &Arc<Notify>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (here, there, freed) = (listener.local_addr().unwrap(), market.addr(), freed.clone());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let freed = freed.clone();
            tokio::spawn(async move {
                let far = TcpStream::connect(there).await?;
                let (mut asks, mut answers) = near.into_split();
                let (mut answered, mut asked) = far.into_split();
                let mut first = [0; 4_096];
                let length = asks.read(&mut first).await?;
                let is_stream = first.starts_with(b"GET /api/sse/connect/");
                asked.write_all(&first[..length]).await?;
                tokio::spawn(async move { tokio::io::copy(&mut asks, &mut asked).await });
                let mut last = [0; 4];
                while is_stream && last != *b"\r\n\r\n" {
                    last.rotate_left(1);
                    last[3] = answered.read_u8().await?;
                    answers.write_u8(last[3]).await?;
                }
                if is_stream {
                    freed.notified().await;
                }
                tokio::io::copy(&mut answered, &mut answers).await?;
                std::io::Result::Ok(())
            });
        }
    });
    format!("http://{here}/api")
}

#[tokio::test]
async fn an_open_stream_over_which_nothing_comes_is_no_connection_while_calls_are_answered() {
    let (market, freed) = (calm_market().await, Arc::new(Notify::new()));
    let way = way_that_holds_bodies(&market, &freed).await;
    let mut bench = Bench::in_home(tempfile::tempdir().unwrap(), &way, people::SELLER.token);
    answered(&market, "GET", UNREAD, 1).await;
    checking(&mut bench, ReasonCode::HeldBack).await;
    send(&market, "sent", "").await;
    sooner_or_later(async || bench.alerts().await.len() == 1).await;
    assert_eq!(bench.synced().await.passed.len(), 1);
    // Its first byte proves it open, and what it brings is known.
    freed.notify_one();
    bench.connected().await;
    send(&market, "live", "").await;
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "live");
    assert_eq!(bench.titles().await, ["sent*", "live*"]);
    assert_eq!(calls(&market, "GET", SELLER), 1, "on one connection");
}

#[tokio::test]
async fn calls_that_are_not_answered_either_are_no_proof_of_anything() {
    let market = behind_a_buffer(1).await;
    market.fail_next_call(Call::Notifications, answer(502, "{}"), 1_000);
    let mut bench = Bench::start(&market, people::SELLER.token);
    answered(&market, "GET", UNREAD, 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    later(60).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(*bench.told.status.borrow(), Status::Connecting);
    let waiting = |status: &Status| matches!(status, Status::Waiting { .. });
    for _ in 0..70 {
        later(1).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // It may have set out again by now.
    if !waiting(&bench.told.status.borrow().clone()) {
        later(115).await;
        bench.wait_for(waiting).await;
    }
    assert_eq!(bench.told.status.borrow().reason_code(), Some(ReasonCode::Timeout));
}

#[tokio::test]
async fn a_market_that_stores_nothing_is_still_known_to_be_there() {
    let config = Config { notifications: false, ..Config::default() };
    let market = market_with(config).await;
    market.fail_next(Fault::Stall, 1_000);
    let mut bench = Bench::start(&market, people::SELLER.token);
    answered(&market, "GET", UNREAD, 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    later(118).await;
    let waiting = bench.wait_for(|status| matches!(status, Status::Waiting { .. })).await;
    assert_eq!(waiting.reason_code(), Some(ReasonCode::HeldBack));
    assert_eq!(calls(&market, "GET", UNREAD), 1, "and it isn't asked for what it hasn't");
}

#[tokio::test]
async fn a_stream_that_opens_as_it_should_costs_no_look_before_it() {
    let market = calm_market().await;
    let before = now_ms();
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(before).await;
    market.emit(&To::Everyone, None, r#"{"title":"live"}"#);
    bench.arrivals(1).await;
    later(600).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&market, "GET", UNREAD), 1);
    let order: Vec<_> = market.requests().into_iter().map(|one| one.path).collect();
    assert!(order[0].contains("/sse/connect/"), "{order:?}");
}

#[tokio::test]
async fn a_pause_ends_the_schedule() {
    let market = behind_a_buffer(1).await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.synced().await;
    checking(&mut bench, ReasonCode::HeldBack).await;
    bench.receiver.pause(None).await;
    bench.wait_for(|status| matches!(status, Status::Paused { .. })).await;
    answered(&market, "DELETE", SELLER, 1).await;
    market.forget_requests();
    later(600).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(market.requests().is_empty());
    // Whoever comes back doesn't claim what was true before.
    bench.receiver.resume().await;
    let status = bench.wait_for(|status| !matches!(status, Status::Paused { .. })).await;
    assert_eq!(status, Status::Connecting);
}
