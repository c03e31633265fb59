//! A keyring that hangs, and what comes of what was asked of it meanwhile.

use super::fake::Fake;
use super::{Keyring, KeyringError};
use agora_client::{Token, Tokens};
use std::sync::Arc;

fn token(text: &str) -> Tokens {
    Token::parse(text).unwrap().into()
}

fn keyring(fake: Fake) -> (Arc<Fake>, Arc<Keyring>) {
    let fake = Arc::new(fake);
    (fake.clone(), Arc::new(Keyring::new(fake)))
}

/// What comes of asking a keyring that hangs, or whose turn it isn't: the limit passes at once.
async fn given_up<T>(asked: impl Future<Output = T>) -> T {
    tokio::time::pause();
    let answer = asked.await;
    tokio::time::resume();
    answer
}

/// The same, once the call that hangs has begun.
async fn given_up_in<T>(call: &'static str, fake: &Fake, asked: impl Future<Output = T>) -> T {
    let mut asked = std::pin::pin!(asked);
    fake.hang_on(call);
    tokio::select! {
        _ = &mut asked => panic!("{call} did not hang"),
        () = fake.begun(call) => given_up(asked).await,
    }
}

#[tokio::test]
async fn the_answer_that_came_too_late_is_had_by_who_waits_for_it_and_asked_for_once() {
    let (fake, keyring) = keyring(Fake::holding("a", "secret"));
    let answer = given_up_in("get a", &fake, keyring.get("a")).await;
    assert_eq!(answer, Err(KeyringError::Locked));
    let late = tokio::spawn({
        let keyring = keyring.clone();
        async move { keyring.get_when_unlocked("a").await }
    });
    // Dropped, and asked for again.
    let _ = given_up(tokio::time::timeout(super::LIMIT * 9, keyring.get_when_unlocked("a"))).await;
    assert!(!late.is_finished());
    fake.unlock();
    assert_eq!(late.await.unwrap(), Ok(Some(token("secret"))));
    assert_eq!(fake.calls(), ["get a"]);
}

#[tokio::test]
async fn who_waits_finds_the_answer_though_another_name_was_asked_for_since() {
    let (fake, keyring) = keyring(Fake::holding("a", "secret"));
    let _ = given_up_in("get a", &fake, keyring.get("a")).await;
    assert_eq!(given_up(keyring.get("probe")).await, Err(KeyringError::Locked));
    let mut late = Box::pin(keyring.get_when_unlocked("a"));
    tokio::select! {
        biased;
        _ = &mut late => panic!("it is locked"),
        () = std::future::ready(()) => fake.unlock(),
    }
    assert_eq!(late.await, Ok(Some(token("secret"))));
    assert_eq!(fake.calls(), ["get a"], "nobody waited for the probe any more");
}

#[tokio::test]
async fn a_keyring_that_was_unlocked_before_anybody_waited_is_read_anew() {
    let (fake, keyring) = keyring(Fake::holding("a", "secret"));
    let answer = given_up_in("get a", &fake, keyring.get("a")).await;
    assert_eq!(answer, Err(KeyringError::Locked));
    fake.unlock();
    assert_eq!(keyring.get("b").await, Ok(None));
    assert_eq!(keyring.get_when_unlocked("a").await, Ok(Some(token("secret"))));
}

#[tokio::test]
async fn who_dismissed_the_prompt_is_not_asked_again_and_what_is_unlocked_otherwise_is_read() {
    let (fake, keyring) = keyring(Fake::holding("a", "secret"));
    fake.refuse(KeyringError::Denied);
    assert_eq!(keyring.get("a").await, Err(KeyringError::Denied));
    let mut late = Box::pin(keyring.get_when_unlocked("a"));
    assert!(given_up(tokio::time::timeout(super::LIMIT * 9, &mut late)).await.is_err());
    let quiet = fake.calls().len();
    assert!(given_up(tokio::time::timeout(super::LIMIT * 9, &mut late)).await.is_err());
    assert_eq!(fake.calls().len(), quiet, "it waits to be told");
    fake.allow();
    assert_eq!(late.await, Ok(Some(token("secret"))));
}

#[tokio::test]
async fn a_change_that_was_given_up_before_its_turn_is_never_begun() {
    let (fake, keyring) = keyring(Fake::holding("b", "old"));
    let _ = given_up_in("get a", &fake, keyring.get("a")).await;
    for change in [Some(token("new")), None] {
        assert_eq!(given_up(keyring.replace("b", change)).await, Err(KeyringError::Locked));
    }
    fake.unlock();
    assert_eq!(keyring.get("c").await, Ok(None));
    assert_eq!(fake.calls(), ["get a", "get c"]);
}

#[tokio::test]
async fn a_change_that_hung_is_not_made_after_it_was_given_up() {
    for (hangs, change) in [
        ("get b", Some(token("new"))),
        ("get b", None),
        ("set b", Some(token("new"))),
        ("delete b", None),
    ] {
        let (fake, keyring) = keyring(Fake::holding("b", "old"));
        let answer = given_up_in(hangs, &fake, keyring.replace("b", change)).await;
        assert_eq!(answer, Err(KeyringError::Locked));
        fake.unlock();
        assert_eq!(keyring.get("b").await, Ok(Some(token("old"))), "{hangs}");
        if hangs == "get b" {
            assert_eq!(fake.calls(), ["get b", "get b"], "nothing was written to be undone");
        }
    }
}

#[tokio::test]
async fn more_than_the_queue_takes_are_given_up_and_do_no_harm() {
    let (fake, keyring) = keyring(Fake::holding("a", "secret"));
    let _ = given_up_in("get a", &fake, keyring.get("a")).await;
    for _ in 0..2 * super::thread::QUEUE {
        let change = given_up(keyring.replace("a", None)).await;
        assert_eq!(change, Err(KeyringError::Locked));
    }
    fake.unlock();
    assert_eq!(keyring.replace("a", Some(token("new"))).await, Ok(Some(token("secret"))));
    assert_eq!(fake.tokens(), [("a".to_owned(), "new".to_owned())]);
}

#[tokio::test]
async fn one_dismissed_prompt_answers_all_that_waited_behind_it_and_no_other() {
    let (fake, keyring) = keyring(Fake::default());
    fake.hang_on("get a");
    let ask = |name: &'static str| {
        let keyring = keyring.clone();
        tokio::spawn(async move { keyring.get(name).await })
    };
    let first = ask("a");
    fake.begun("get a").await;
    let others = [ask("b"), ask("c")];
    // Both stand behind the first.
    while keyring.reads.under_way("c").is_none() || keyring.reads.under_way("b").is_none() {
        tokio::task::yield_now().await;
    }
    fake.refuse(KeyringError::Denied);
    fake.unlock();
    for asked in [first].into_iter().chain(others) {
        assert_eq!(asked.await.unwrap(), Err(KeyringError::Denied));
    }
    assert_eq!(fake.calls(), ["get a"], "one prompt");
    // Somebody asks anew.
    assert_eq!(keyring.get("b").await, Err(KeyringError::Denied));
    assert_eq!(fake.calls(), ["get a", "get b"]);
}
