//! What waits for its time: nothing of it leaves before, and what is late asks.

use crate::support::*;
use agora_sending::{Halt, Progress, State, To};
use std::time::{Duration, SystemTime};
use tokio::time::sleep;

fn in_ms(later: i64) -> i64 {
    i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap() + later
}

#[tokio::test]
async fn nothing_leaves_before_its_time_and_then_exactly_one_request() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let due = in_ms(700);
    let id = sender.send_later(&To::Everyone, &message("{}"), due).await.unwrap();
    until(&sender, id, |now| now.sending.state == State::Waiting).await;
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.accepted), (State::Done, 1));
    let sent = sends(&market);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].time_ms >= due);
}

#[tokio::test]
async fn what_is_taken_back_never_leaves_and_is_gone() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let id = sender.send_later(&To::Everyone, &message("{}"), in_ms(500)).await.unwrap();
    assert!(sender.take_back(id).await.unwrap());
    sender.ended().await;
    sleep(Duration::from_millis(700)).await;
    assert_eq!(sends(&market).len(), 0);
    assert!(sender.ledger().await.unwrap().sending(id).await.is_err());
    assert!(sender.progress().borrow().is_empty());

    let id = sender.send_later(&To::Everyone, &message("{}"), in_ms(0)).await.unwrap();
    until(&sender, id, Progress::has_ended).await;
    assert!(!sender.take_back(id).await.unwrap());
    assert_eq!(sends(&market).len(), 1);
}

#[tokio::test]
async fn what_is_late_asks_and_goes_when_it_is_wished() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let id = sender.send_later(&To::Everyone, &message("{}"), in_ms(-61_000)).await.unwrap();
    let late = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((late.halt, sends(&market).len()), (Some(Halt::Missed), 0));

    // Its program ends meanwhile.
    let waits = sender.send_later(&To::Everyone, &message("{}"), in_ms(60_000)).await.unwrap();
    sender.shut_down().await;
    drop(sender);
    let sender = home.sender(&market);
    let found = sender.ledger().await.unwrap().sending(waits).await.unwrap();
    assert_eq!((found.state, found.halt), (State::Halted, Some(Halt::Ended)));
    sender.resume(id, None).await.unwrap();
    until(&sender, id, |now| now.sending.state == State::Done).await;
    assert_eq!(sends(&market).len(), 1);
}
