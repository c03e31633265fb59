//! A token whose time is over is renewed once, and what was refused with it as a whole goes then.

use crate::support::*;
use agora_client::{CallError, UserId};
use agora_demo_market::people::ADMINISTRATOR;
use agora_demo_market::{Call, Fault};
use agora_sending::{Progress, SendError, State, To};

fn to() -> To {
    To::User(UserId::parse("4021").unwrap())
}

#[tokio::test]
async fn a_single_goes_with_a_renewed_token_or_not_at_all() {
    let (market, home) = (market().await, Home::new());
    let sender = home.signed_in(&market).await;
    let statuses = || sends(&market).iter().map(|sent| sent.status.unwrap()).collect::<Vec<_>>();
    let message = message(r#"{"title":"hello"}"#);
    market.expire_tokens(ADMINISTRATOR.id);
    sender.send(&to(), &message).await.unwrap();
    assert_eq!(statuses(), [401, 200]);

    let answers = |status| Fault::Answer {
        status,
        headers: [].into(),
        body: r#"{"message":"gone"}"#.to_owned(),
    };
    market.expire_tokens(ADMINISTRATOR.id);
    market.fail_next_call(Call::Refresh, answers(503), 1);
    let later = sender.send(&to(), &message).await;
    assert!(matches!(later, Err(SendError::Call(CallError::NotSent { .. }))), "{later:?}");
    market.fail_next_call(Call::Refresh, answers(401), 1);
    let over = sender.send(&to(), &message).await;
    assert!(matches!(over, Err(SendError::Call(CallError::Refused(_)))), "{over:?}");
    assert_eq!(statuses()[2..], [401, 401]);
    let ledger = sender.ledger().await.unwrap();
    let kept = ledger.sendings(String::new(), None, None, 9).await.unwrap().sendings;
    let counts: Vec<_> = kept.iter().map(|one| one.counts).collect();
    assert_eq!((counts[0].refused, counts[1].not_sent, counts[2].accepted), (1, 1, 1));
    assert!(kept.iter().all(|one| one.state == State::Done));
}

#[tokio::test]
async fn a_list_goes_on_with_a_renewed_token_whatever_is_under_way() {
    let (market, home) = (market().await, Home::new());
    let sender = home.signed_in(&market).await;
    market.expire_tokens(ADMINISTRATOR.id);
    market.fail_next_call(Call::Send, Fault::Slow { delay_ms: 200 }, 3);
    let id = sender.send_list(recipients(&ids(12)), list("{}", 50, 8), None).await.unwrap();
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.accepted), (State::Done, 12));
    let refreshes =
        market.requests().iter().filter(|asked| asked.path.ends_with("refresh-token")).count();
    assert_eq!(refreshes, 1);
}
