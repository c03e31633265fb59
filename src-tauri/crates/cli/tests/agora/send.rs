//! `agora send` and `agora broadcast`: what leaves, what doesn't, and how each end is told.

use crate::support::*;
use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use agora_demo_market::{Call, Fault};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

fn sent() -> Value {
    json!({ "sent": true, "status": 200 })
}

#[tokio::test]
async fn a_form_becomes_a_message_to_one_user() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    let form = [
        "--title",
        "出貨",
        "--content",
        "明天到",
        "--kind",
        "ORDER_SHIPPED",
        "--link",
        "/orders/1",
        "--urgent",
    ];
    let ran = home.run(&[&["send", "4021"], &form[..]].concat()).await;
    assert_eq!((ran.code, ran.lines()), (Some(0), vec![sent()]), "{ran:#?}");
    let request = request(&market, "POST", "/sse/send/user/4021").await;
    assert_eq!(
        given(&request.body),
        r#"{"type":"ORDER_SHIPPED","title":"出貨","content":"明天到","link":"/orders/1","isUrgent":true}"#
    );
    assert_eq!(request.header("authorization"), Some("Bearer demo-admin-token"));
}

#[tokio::test]
async fn json_comes_from_the_command_line_a_file_or_standard_input() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    let body = r#"{"z":1,"a":{"商":[]}}"#;
    let file = home.folder.path().join("message.json");
    std::fs::write(&file, body).unwrap();
    let file = format!("@{}", file.display());
    for (source, input) in [(body, ""), (file.as_str(), ""), ("-", body)] {
        market.forget_requests();
        let ran = home.run_with(&["send", "a b", "--json", source], input).await;
        assert_eq!((ran.code, ran.lines()), (Some(0), vec![sent()]), "{ran:#?}");
        let sent = request(&market, "POST", "/sse/send/user/a%20b").await;
        assert_eq!(given(&sent.body), body);
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_markets_words() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    let ran = home.run(&["broadcast", "--yes", "--json", "{}"]).await;
    ran.assert_refused(3, "the market refused (403): ");
    home.run(&["send", "1", "--json", "{}"]).await.assert_refused(3, "權限不足");
}

#[tokio::test]
async fn a_refusal_says_whether_waiting_can_help_and_how_long() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    for (status, wait, said) in [
        (403, None, "(403)\nhint: waiting can't help\n"),
        (500, None, "(500)\nhint: waiting can help\n"),
        (429, Some("120"), "(429)\nhint: waiting can help: the market asks to wait 120 s\n"),
    ] {
        let headers = wait.map(|wait| ("retry-after".to_owned(), wait.to_owned()));
        let headers = headers.into_iter().collect();
        let fault = Fault::Answer { status, headers, body: String::new() };
        market.fail_next_call(Call::Send, fault, 1);
        home.run(&["send", "1", "--json", "{}"]).await.assert_refused(3, said);
    }
}

#[tokio::test]
async fn what_was_sent_is_done_even_when_the_output_cannot_be_written() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    for arguments in [&["send", "1", "--json", "{}"][..], &["broadcast", "--yes", "--json", "{}"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = home.command(arguments).stdout(full).spawn().unwrap();
        let output = output.wait_with_output().await.unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{err}");
        assert!(err.contains("it was sent, but the standard output can't be written"), "{err}");
    }
    assert_eq!(count(&market, "POST"), 2);
}

#[tokio::test]
async fn a_lost_answer_may_have_been_delivered_and_is_not_repeated() {
    let market = market().await;
    market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
    let ran = Home::of(&market, &ADMINISTRATOR).run(&["send", "4021", "--json", "{}"]).await;
    ran.assert_refused(4, "may have been delivered");
    assert_eq!(count(&market, "POST"), 1);
}

#[tokio::test]
async fn a_market_that_cannot_be_reached_is_a_failure() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    market.stop().await;
    home.run(&["send", "4021", "--json", "{}"]).await.assert_refused(1, "nothing was sent");
}

#[tokio::test]
async fn wrong_input_is_refused_before_anything_is_sent() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    for (arguments, said) in [
        (&["send", "..", "--json", "{}"][..], "The user id must not be"),
        (&["send", "", "--json", "{}"], "The user id must not be empty"),
        (&["send", " 1", "--json", "{}"], "must not begin or end with white space"),
        (&["send", "1\u{3000}", "--json", "{}"], "must not begin or end with white space"),
        (&["send", "1", "--json", "{\n  \"a\": 1,\n}"], "--json: line 3, column 1: trailing comma"),
        (&["send", "1", "--json", "[1]"], "must be a JSON object"),
        (&["send", "1", "--json", "@/nowhere/at-all"], "--json @/nowhere/at-all can't be read"),
        (&["send", "1", "--json", "-"], "--json: line 1, column 1"),
        (
            &["send", "1", "--title", " ", "--content", "c", "--link", "x"],
            "The title must not be empty. The link must",
        ),
        (&["send", "1", "--title", "t"], "--content"),
        (&["send", "1", "--urgent"], "--title"),
        (&["send", "1", "--json", "{}", "--title", "t", "--content", "c"], "cannot be used with"),
        (&["send", "1"], "--json"),
        (&["broadcast", "--json", "{}"], "it needs --yes"),
        (&["broadcast", "--yes", "--json", "oops"], "--json: line 1, column 1"),
    ] {
        home.run(arguments).await.assert_refused(2, said);
    }
    assert_eq!(market.requests(), []);
}

#[tokio::test]
async fn json_that_every_receiver_would_drop_is_refused() {
    let market = market().await;
    let input = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024));
    let ran =
        Home::of(&market, &ADMINISTRATOR).run_with(&["send", "1", "--json", "-"], &input).await;
    ran.assert_refused(2, "at most 1 MiB");
    assert_eq!(market.requests(), []);
}

/// A broadcast on a terminal of its own, with an answer typed ahead: exit code, what the terminal
/// showed, and standard output.
async fn broadcast_on_a_terminal(home: &Home, answer: &str) -> (Option<i32>, String, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let screen = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut keyboard = File::from(terminal);
    keyboard.write_all(answer.as_bytes()).unwrap();
    let mut command = home.command(&["broadcast", "--json", r#"{"title":"停機"}"#]);
    command.stdin(Stdio::from(screen.try_clone().unwrap())).stderr(Stdio::from(screen));
    let child = command.spawn().unwrap();
    drop(command);
    let output = tokio::time::timeout(LIMIT, child.wait_with_output()).await.unwrap().unwrap();
    let mut shown = Vec::new();
    // With nobody on its other side, a terminal ends with an error.
    let _ = keyboard.read_to_end(&mut shown);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(shown), text(output.stdout))
}

#[tokio::test]
async fn on_a_terminal_a_broadcast_is_shown_and_goes_when_everyone_is_typed() {
    let market = market().await;
    let home = Home::of(&market, &ADMINISTRATOR);
    let (code, shown, out) = broadcast_on_a_terminal(&home, "everyone\n").await;
    assert_eq!((code, out), (Some(0), format!("{}\n", sent())), "{shown}");
    assert!(shown.contains(&market.base_url()) && shown.contains("\"title\": \"停機\""), "{shown}");
    let sent = request(&market, "POST", "/sse/broadcast").await;
    assert_eq!(given(&sent.body), r#"{"title":"停機"}"#);
}

#[tokio::test]
async fn on_a_terminal_a_broadcast_stays_when_something_else_is_typed() {
    let market = market().await;
    for answer in ["yes\n", "\n", "\u{4}"] {
        let home = Home::of(&market, &ADMINISTRATOR);
        let (code, shown, out) = broadcast_on_a_terminal(&home, answer).await;
        assert_eq!((code, out.as_str()), (Some(1), ""), "{shown}");
        assert!(shown.contains("it was not confirmed"), "{shown}");
    }
    assert_eq!(market.requests(), []);
}

#[tokio::test]
async fn without_an_account_nothing_is_sent() {
    let ran = Home::new().run(&["send", &BUYER.id.to_string(), "--json", "{}"]).await;
    ran.assert_refused(2, "there is no account");
}
