//! Sends go out once, and their end is told as it was.

use crate::bench::{Bench, market};
use agora_client::{Message, UserId};
use agora_demo_market::{Call, Fault, people};
use agora_receiver::{Recipient, SendOutcome};

fn message() -> Message {
    Message::from_json(r#"{"title":"今晚維護","content":"02:00"}"#).unwrap()
}

#[tokio::test]
async fn an_administrators_broadcast_is_accepted_and_arrives() {
    let market = market().await;
    let mut seller = Bench::start(&market, people::SELLER.token);
    seller.connected().await;
    let administrator = Bench::start(&market, people::ADMINISTRATOR.token);
    let sent = administrator.receiver.send(Recipient::Everyone, message()).await;
    assert_eq!(sent, SendOutcome::Accepted);
    assert_eq!(seller.arrivals(1).await[0].body.title.zh_tw, "今晚維護");
}

#[tokio::test]
async fn a_members_broadcast_is_refused_in_the_markets_words() {
    let market = market().await;
    let bench = Bench::start(&market, people::SELLER.token);
    let sent = bench.receiver.send(Recipient::Everyone, message()).await;
    let SendOutcome::Refused { status: 401 | 403, message: Some(words) } = sent else {
        panic!("{sent:?}");
    };
    assert!(!words.is_empty());
}

#[tokio::test]
async fn a_lost_answer_may_have_been_delivered_and_is_not_sent_again() {
    let market = market().await;
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
    let bench = Bench::start(&market, people::ADMINISTRATOR.token);
    let user = Recipient::User(UserId::parse("4021").unwrap());
    let sent = bench.receiver.send(user, message()).await;
    assert!(matches!(sent, SendOutcome::MayHaveBeenDelivered(_)), "{sent:?}");
    let posts = market.requests().into_iter().filter(|request| request.method == "POST").count();
    assert_eq!(posts, 1);
}

#[tokio::test]
async fn what_never_left_was_not_sent() {
    let market = market().await;
    let bench = Bench::start(&market, people::ADMINISTRATOR.token);
    market.stop().await;
    let sent = bench.receiver.send(Recipient::Everyone, message()).await;
    assert!(matches!(sent, SendOutcome::NotSent(_)), "{sent:?}");
}
