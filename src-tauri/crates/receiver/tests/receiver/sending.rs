//! Sends go out once, and their end is told as it was.

use crate::bench::{Bench, SOON, market};
use agora_account::{Account, Accounts, Environment, Files, TokenChange};
use agora_client::{BaseUrl, ClientId, Message, Token, UserId};
use agora_demo_market::{Call, Fault, people};
use agora_receiver::{Choices, Receiver, Recipient, SendOutcome, SignedOut, Status};
use std::sync::Arc;
use tokio::time::timeout;

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
    assert_eq!(seller.arrivals(1).await[0].body.title.english(), "今晚維護");
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

#[tokio::test]
async fn a_message_is_not_sent_without_the_token_that_was_given_for_it() {
    let market = market().await;
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    let account = Account {
        base: BaseUrl::parse(&market.base_url()).unwrap(),
        client_id: ClientId::parse("user_1_receiver1").unwrap(),
    };
    let token = TokenChange::Memory(Token::parse(people::ADMINISTRATOR.token).unwrap().into());
    // The program that held the token has ended.
    Accounts::new(files.clone(), Environment::default()).save(account, token).await.unwrap();
    let accounts = Arc::new(Accounts::new(files.clone(), Environment::default()));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut told = receiver.subscribe();
    let signed_out = |status: &Status| *status == Status::SignedOut(SignedOut::NoToken);
    timeout(SOON, told.status.wait_for(signed_out)).await.unwrap().unwrap();
    let sent = receiver.send(Recipient::Everyone, message()).await;
    assert!(matches!(sent, SendOutcome::NotSent(_)), "{sent:?}");
    assert!(market.requests().is_empty());
}
