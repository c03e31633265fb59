//! Answers that are lost: on each path there is one request, and the ledger says that it may have been
//! delivered, until our own stream brings it back.

use crate::support::*;
use agora_client::{CallError, UserId};
use agora_demo_market::people::ADMINISTRATOR;
use agora_demo_market::{Call, Fault};
use agora_sending::{Audience, Halt, Outcome, Progress, SendError, State, To};

#[tokio::test]
async fn a_single_whose_answer_is_lost_is_sent_once_on_each_path() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    for (to, audience) in [
        (To::Everyone, Audience::Everyone),
        (To::User(UserId::parse("7").unwrap()), Audience::User),
    ] {
        market.forget_requests();
        market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
        let sent = sender.send(&to, &message(r#"{"title":"t"}"#)).await;
        let lost = matches!(sent, Err(SendError::Call(CallError::MayHaveBeenDelivered { .. })));
        assert!(lost, "{sent:?}");
        assert_eq!(sends(&market).len(), 1);
        let ledger = sender.ledger().await.unwrap();
        let kept = ledger.sendings(String::new(), None, None, 1).await.unwrap().sendings.remove(0);
        assert_eq!((kept.new.audience, kept.state, kept.counts.maybe), (audience, State::Done, 1));
        // Going on sends nothing of it again.
        sender.resume(kept.id, None).await.unwrap();
        until(&sender, kept.id, Progress::has_ended).await;
        sender.retry_refused(kept.id, None).await.unwrap();
        until(&sender, kept.id, Progress::has_ended).await;
        assert_eq!(sends(&market).len(), 1);
    }
}

#[tokio::test]
async fn a_list_goes_on_behind_a_lost_answer_and_stops_behind_five() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 2);
    let id = sender.send_list(recipients(&ids(6)), list("{}", 50, 1), None).await.unwrap();
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.maybe, done.counts.accepted), (State::Done, 2, 4));
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 9);
    let id = sender.send_list(recipients(&ids(9)), list("{}", 50, 1), None).await.unwrap();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.halt, halted.counts.maybe), (Some(Halt::Failures), 5));
    assert_eq!(sends(&market).len(), 11);
}

#[tokio::test]
async fn what_never_left_can_go_later() {
    let (first, home) = (market().await, Home::new());
    let port = first.addr().port();
    let sender = home.sender(&first);
    first.stop().await;
    let id = sender.send_list(recipients(&ids(8)), list("{}", 50, 1), None).await.unwrap();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.halt, halted.counts.not_sent), (Some(Halt::Failures), 5));
    let config = agora_demo_market::Config { port, ..agora_demo_market::Config::default() };
    let market = agora_demo_market::DemoMarket::start(config).await.unwrap();
    sender.resume(id, None).await.unwrap();
    let done = until(&sender, id, |now| now.sending.state == State::Done).await.sending;
    assert_eq!((done.counts.accepted, sends(&market).len()), (8, 8));
}

#[tokio::test]
async fn what_comes_back_on_our_own_stream_is_seen() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
    let own = To::User(UserId::parse(&ADMINISTRATOR.id.to_string()).unwrap());
    assert!(sender.send(&own, &message(r#"{"title":"t"}"#)).await.is_err());
    let body = sends(&market).remove(0).body;
    // Another's, which guessed.
    sender.hears(r#"{"agoraReference":"00000000000000000000000000000000"}"#, 5).await;
    let ledger = sender.ledger().await.unwrap();
    let line = async || ledger.lines(1, None, 0, 1).await.unwrap().lines.remove(0);
    assert_eq!(line().await.seen, None);
    sender.hears(&body, 1_700_000_000_000).await;
    sender.hears(&body, 1_800_000_000_000).await;
    assert_eq!(
        (line().await.outcome, line().await.seen),
        (Outcome::Maybe, Some(1_700_000_000_000))
    );

    // A market that drops what it doesn't know.
    let seen = agora_client::Message::from_json(r#"{"title":"u"}"#).unwrap();
    sender.send(&To::Everyone, &seen).await.unwrap();
    sender.hears(seen.as_json(), agora_test_now()).await;
    let counts = ledger.counts(2).await.unwrap();
    assert_eq!((counts.accepted, counts.seen), (1, 1));
}

fn agora_test_now() -> i64 {
    i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}
