//! Lists: what arrives, how fast, and when it stops by itself.

use crate::support::*;
use agora_demo_market::people::{ADMINISTRATOR, BUYER};
use agora_demo_market::{Call, Fault};
use agora_sending::{Halt, Outcome, Progress, SendError, StartError, State};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;

const SECOND: i64 = 1_000;

#[tokio::test]
async fn each_gets_their_own_message_once() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let table = "user_id,name\n5,林\n7,\"a \"\"b\"\"\"\n5,again\n";
    let (told, mut outcomes) = mpsc::channel(1);
    let list = list(r#"{"title":"{name} 您好","content":""}"#, 50, 4);
    let id = sender.send_list(recipients(table), list, Some(told)).await.unwrap();
    let mut users = Vec::new();
    while let Some(told) = outcomes.recv().await {
        assert_eq!(told.ended.outcome, Outcome::Accepted);
        users.push(told.user.unwrap());
    }
    users.sort();
    assert_eq!(users, ["5", "7"]);
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.accepted, done.counts.total()), (State::Done, 2, 2));
    let mut sent: Vec<_> = sends(&market).into_iter().map(|sent| (sent.path, sent.body)).collect();
    sent.sort();
    assert_eq!(sent[0].0, "/api/sse/send/user/5");
    assert!(sent[0].1.starts_with(r#"{"title":"林 您好","content":"","agoraReference":""#));
    assert!(sent[1].1.starts_with(r#"{"title":"a \"b\" 您好","#));
    assert_ne!(sent[0].1[30..], sent[1].1[30..]);
}

/// Neither in any second nor at any time is there one more than there may be, by the market's own record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_are_never_exceeded_by_one() {
    const RATE: usize = 20;
    const AT_ONCE: usize = 3;
    let (market, home) = (market().await, Home::new());
    market.fail_next_call(Call::Send, Fault::Slow { delay_ms: 120 }, 100);
    let sender = home.sender(&market);
    let id = sender.send_list(recipients(&ids(70)), list("{}", 20, 3), None).await.unwrap();
    let mut most = 0;
    while !sender.progress().borrow().get(&id).is_some_and(Progress::has_ended) {
        most = most.max(sends(&market).iter().filter(|sent| sent.status.is_none()).count());
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(most, AT_ONCE);
    let times: Vec<_> = sends(&market).iter().map(|sent| sent.time_ms).collect();
    assert_eq!(times.len(), 70);
    // Their clock has whole milliseconds.
    let least = times.windows(RATE + 1).map(|some| some[RATE] - some[0]).min();
    assert!(least >= Some(SECOND - 1), "{least:?}: {times:?}");
}

#[tokio::test]
async fn a_market_that_asks_to_wait_is_waited_for() {
    let (market, home) = (market().await, Home::new());
    let headers = [("retry-after".to_owned(), "2".to_owned())].into();
    let busy = Fault::Answer { status: 429, headers, body: String::new() };
    let sender = home.sender(&market);
    market.fail_next_call(Call::Send, busy, 1);
    let id = sender.send_list(recipients(&ids(3)), list("{}", 50, 1), None).await.unwrap();
    until(&sender, id, |now| now.resumes.is_some()).await;
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.accepted), (State::Done, 3));
    let sent = sends(&market);
    let statuses: Vec<_> = sent.iter().map(|sent| sent.status).collect();
    assert_eq!(statuses, [Some(429), Some(200), Some(200), Some(200)]);
    assert_eq!(sent[0].path, sent[1].path);
    assert!(sent[1].time_ms - sent[0].time_ms >= 2 * SECOND);
}

#[tokio::test]
async fn five_failures_in_a_row_stop_it_and_the_refused_are_tried_again_alone() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let fail = |times| {
        let fault = Fault::Answer {
            status: 500,
            headers: [].into(),
            body: r#"{"message":"壞了"}"#.to_owned(),
        };
        market.fail_next_call(Call::Send, fault, times);
    };
    fail(4);
    let id = sender.send_list(recipients(&ids(12)), list("{}", 50, 1), None).await.unwrap();
    let done = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((done.state, done.counts.refused, done.counts.accepted), (State::Done, 4, 8));
    let ledger = sender.ledger().await.unwrap();
    let refused = ledger.lines(id, Some(Outcome::Refused), 0, 1).await.unwrap();
    assert_eq!(
        (refused.lines[0].status, refused.lines[0].why.as_deref()),
        (Some(500), Some("壞了"))
    );
    assert!(refused.more);

    market.forget_requests();
    sender.retry_refused(id, None).await.unwrap();
    let done = until(&sender, id, |now| now.has_ended() && now.sending.counts.refused == 0).await;
    assert_eq!(done.sending.counts.accepted, 12);
    assert_eq!(sends(&market).len(), 4);

    fail(6);
    let id = sender.send_list(recipients(&ids(12)), list("{}", 50, 1), None).await.unwrap();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.state, halted.halt), (State::Halted, Some(Halt::Failures)));
    assert_eq!((halted.counts.refused, halted.counts.not_tried), (5, 7));
}

#[tokio::test]
async fn a_paused_list_stands_and_goes_on_where_it_was() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let id = sender.send_list(recipients(&ids(40)), list("{}", 20, 2), None).await.unwrap();
    until(&sender, id, |now| now.sending.counts.accepted >= 3).await;
    assert!(sender.halt(id, Halt::Paused));
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.halt, halted.counts.under_way), (Some(Halt::Paused), 0));
    let before = sends(&market).len();
    sleep(Duration::from_millis(400)).await;
    assert_eq!(sends(&market).len(), before);
    assert!(before < 40);

    // As after a restart.
    drop(sender);
    let sender = home.sender(&market);
    sender.resume(id, None).await.unwrap();
    let twice = sender.resume(id, None).await;
    assert!(twice.is_err(), "it runs already");
    sender.woke();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!(halted.halt, Some(Halt::Slept));
    sender.resume(id, None).await.unwrap();
    let done = until(&sender, id, |now| now.sending.state == State::Done).await.sending;
    assert_eq!(done.counts.accepted, 40);
    let mut paths: Vec<_> = sends(&market).into_iter().map(|sent| sent.path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!((paths.len(), sends(&market).len()), (40, 40));
}

/// The other program has a lock; this one only its word.
#[tokio::test]
async fn two_programs_never_run_one_list() {
    let (market, home) = (market().await, Home::new());
    let (one, other) = (home.sender(&market), home.sender(&market));
    let id = one.send_list(recipients(&ids(10)), list("{}", 10, 1), None).await.unwrap();
    assert!(matches!(
        other.resume(id, None).await,
        Err(StartError::Send(SendError::Ledger(agora_sending::LedgerError::Taken)))
    ));
    assert!(other.retry_refused(id, None).await.is_err());
    let done = until(&one, id, Progress::has_ended).await.sending;
    assert_eq!((done.counts.accepted, sends(&market).len()), (10, 10));
}

#[tokio::test]
async fn a_market_that_wants_a_sign_in_stops_it_at_once() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender_as(&market, "unknown");
    let id = sender.send_list(recipients(&ids(9)), list("{}", 50, 1), None).await.unwrap();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.halt, halted.counts.left()), (Some(Halt::SignIn), 9));
    assert_eq!(sends(&market).len(), 1);
}

#[tokio::test]
async fn a_list_goes_on_only_as_who_began_it() {
    let (market, home) = (market().await, Home::new());
    let first = home.sender(&market);
    let id = first.send_list(recipients(&ids(1)), list("{}", 1, 1), None).await.unwrap();
    until(&first, id, Progress::has_ended).await;
    let elsewhere = crate::support::market().await;
    let other = home.sender_as(&elsewhere, ADMINISTRATOR.token);
    assert!(matches!(other.resume(id, None).await, Err(StartError::OtherAccount { .. })));
}

#[tokio::test]
async fn what_is_wrong_is_told_by_line_and_nothing_is_sent() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender(&market);
    let table = format!("user_id,name\n1,a\n,b\n2\n1.0E+05,c\n3,{}\n4,d\n", "長".repeat(99));
    let list_of = || list(r#"{"title":"{name}!!","content":""}"#, 5, 1);
    let refused = sender.send_list(recipients(&table), list_of(), None).await;
    let Err(StartError::Faults(checked)) = refused else { panic!("{refused:?}") };
    let lines: Vec<_> = checked.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "line 3: \"\" is no user id",
            "line 4: 1 cells, and the first line has 2",
            "line 5: \"1.0E+05\" is no user id",
            "line 6: The title must have at most 100 characters.",
        ]
    );
    let unknown = list(r#"{"title":"{名字}","content":""}"#, 5, 1);
    let refused = sender.send_list(recipients(&table), unknown, None).await;
    let Err(StartError::Faults(checked)) = refused else { panic!("{refused:?}") };
    assert_eq!(checked.faults[0].to_string(), "line 0: there is no column 名字");
    let ledger = sender.ledger().await.unwrap();
    let kept = ledger.sendings(String::new(), None, None, 10).await.unwrap();
    assert_eq!((kept.sendings.len(), sends(&market).len()), (0, 0));
}

#[tokio::test]
async fn a_member_is_refused_in_the_markets_words() {
    let (market, home) = (market().await, Home::new());
    let sender = home.sender_as(&market, BUYER.token);
    let id = sender.send_list(recipients(&ids(9)), list("{}", 50, 1), None).await.unwrap();
    let halted = until(&sender, id, Progress::has_ended).await.sending;
    assert_eq!((halted.halt, halted.counts.refused), (Some(Halt::Failures), 5));
    let ledger = sender.ledger().await.unwrap();
    let line = ledger.lines(id, Some(Outcome::Refused), 0, 1).await.unwrap().lines.remove(0);
    assert_eq!(line.status, Some(403));
    assert!(line.why.unwrap().contains("權限不足"));
}
