//! `agora send --csv` and `agora sent`: lists, as scripts send them, and what holds when the program is killed.

use crate::support::*;
use agora_demo_market::people::ADMINISTRATOR;
use agora_demo_market::{Call, DemoMarket, Fault};
use rand::RngExt;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::{sleep, timeout};

fn list(home: &Home, name: &str, text: &str) -> String {
    let file = home.folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// How often each user was written to.
fn sends(market: &DemoMarket) -> HashMap<String, usize> {
    let mut sends = HashMap::new();
    for request in market.requests() {
        if let Some(user) = request.path.strip_prefix("/api/sse/send/user/") {
            *sends.entry(user.to_owned()).or_default() += 1;
        }
    }
    sends
}

#[tokio::test]
async fn a_list_is_told_line_by_line_and_kept() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    let file = list(&home, "list.csv", "user_id,name\n7,林\n8,陳\n7,again\n");
    let message = ["--title", "{name} 您好", "--content", ""];
    let send = [&["send", "--csv", &file, "--rate", "50", "--at-once", "1"], &message[..]].concat();
    let dry = home.run(&[&send[..], &["--dry-run"]].concat()).await;
    assert_eq!(dry.code, Some(0), "{dry:#?}");
    assert_eq!((&dry.lines()[0]["count"], &dry.lines()[0]["duplicates"]), (&json!(2), &json!(1)));
    assert!(market.requests().is_empty());

    let refusal = Fault::Answer { status: 400, headers: [].into(), body: String::new() };
    market.fail_next_call(Call::Send, refusal, 1);
    let ran = home.run(&send).await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    let line = |user: &str, outcome: &str, status: u16| json!({ "user_id": user, "outcome": outcome, "status": status, "reason": null });
    assert_eq!(
        ran.lines(),
        [json!({ "id": 1 }), line("7", "refused", 400), line("8", "accepted", 200)]
    );
    assert!(ran.err.contains("agora send --retry-failed 1"), "{}", ran.err);
    let ran = home.run(&["send", "--retry-failed", "1"]).await;
    assert_eq!((ran.code, ran.lines().len()), (Some(0), 2), "{ran:#?}");
    let kept = home.run(&["sent"]).await.lines();
    assert_eq!((&kept[0]["state"], &kept[0]["counts"]["accepted"]), (&json!("done"), &json!(2)));
    assert_eq!(kept[0]["body"]["title"], "{name} 您好");
    let users = home.run(&["sent", "--list", "1"]).await.lines();
    let users: Vec<_> = users.iter().map(|line| &line["user_id"]).collect();
    assert_eq!(users, ["7", "8"]);
    assert_eq!(sends(&market), [("7".to_owned(), 2), ("8".to_owned(), 1)].into());
}

#[tokio::test]
async fn a_list_with_faults_is_refused_by_line() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    let file = list(&home, "list.csv", "user_id,name\n7,林\n..,陳\n");
    let send =
        |title| ["send", "--csv", &file, "--title", title, "--content", ""].map(str::to_owned);
    for (title, said) in [
        ("{name}", "line 3: \"..\" is no user id"),
        ("{nobody}", "there is no column nobody"),
        ("{", "a single brace"),
    ] {
        let arguments = send(title);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        home.run(&arguments).await.assert_refused(2, said);
    }
    home.run(&["send", "--resume", "9"]).await.assert_refused(2, "nothing of that number");
    home.run(&["send", "--csv", &file]).await.assert_refused(2, "--json");
    assert_eq!((market.requests().len(), home.run(&["sent"]).await.lines().len()), (0, 0));
}

#[tokio::test]
async fn a_signal_waits_for_what_is_under_way_and_leaves_the_rest() {
    let market = market().await;
    market.fail_next_call(Call::Send, Fault::Slow { delay_ms: 300 }, 3);
    let home = Home::of(&market, &ADMINISTRATOR);
    let file =
        list(&home, "ids.txt", &(1..=40).map(|id| id.to_string()).collect::<Vec<_>>().join("\n"));
    let send = ["send", "--csv", &file, "--rate", "20", "--at-once", "1", "--json", "{}"];
    let child = home.command(&send).spawn().unwrap();
    request_arrived(&market).await;
    let id = rustix::process::Pid::from_raw(child.id().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let output = timeout(LIMIT, child.wait_with_output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.lines().count() == sends(&market).len() + 1 && !out.contains("maybe"), "{out}");
    assert!(sends(&market).len() < 40);
    let ran = home.run(&["send", "--resume", "1"]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(sends(&market).len() == 40 && sends(&market).values().all(|times| *times == 1));
}

async fn request_arrived(market: &DemoMarket) {
    let sent = |request: &agora_demo_market::Recorded| request.method == "POST";
    market.wait_for_request(sent, LIMIT).await.unwrap();
}

/// Whatever the moment at which the program is killed: the market sees at most one request for each line, and
/// the ledger is right about each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_killed_a_hundred_times_reaches_nobody_twice() {
    const USERS: usize = 4_000;
    let market = market().await;
    market.fail_next_call(Call::Send, Fault::Slow { delay_ms: 15 }, u32::MAX);
    let home = Home::of(&market, &ADMINISTRATOR);
    let ids: Vec<_> = (1..=USERS).map(|id| id.to_string()).collect();
    let file = list(&home, "ids.txt", &ids.join("\n"));
    let fast = ["--rate", "50", "--at-once", "10"];
    let mut begins = [&["send", "--csv", &file, "--json", "{}"], &fast[..]].concat();
    for _ in 0..100 {
        let mut child = home.command(&begins).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The list's own line: it is written down by then.
        let first = timeout(LIMIT, lines.next_line()).await.unwrap().unwrap();
        assert_eq!(first.as_deref(), Some("{\"id\":1}"));
        let wait = rand::rng().random_range(0..250);
        sleep(Duration::from_millis(wait)).await;
        child.kill().await.unwrap();
        begins = vec!["send", "--resume", "1"];
    }
    let kept = home.run(&["sent", "--list", "1"]).await.lines();
    assert_eq!(kept.len(), USERS);
    // What was on its way to the market when the last was killed has arrived by now.
    sleep(Duration::from_millis(200)).await;
    let sends = sends(&market);
    assert!(sends.values().all(|times| *times == 1), "{sends:?}");
    let mut counts: HashMap<(&str, bool), usize> = HashMap::new();
    for line in &kept {
        let arrived = sends.contains_key(line["user_id"].as_str().unwrap());
        *counts.entry((line["outcome"].as_str().unwrap(), arrived)).or_default() += 1;
    }
    let of = |outcome, arrived| counts.get(&(outcome, arrived)).copied().unwrap_or_default();
    // Each is one of these.
    let right =
        of("accepted", true) + of("maybe", true) + of("maybe", false) + of("not_tried", false);
    assert_eq!(right, USERS, "{counts:?}");
    assert!(of("accepted", true) > 100 && of("maybe", true) > 10, "{counts:?}");
    let state: Value = home.run(&["sent"]).await.lines().remove(0);
    assert_eq!((&state["state"], &state["halt"]), (&json!("halted"), &json!("ended")));
}
