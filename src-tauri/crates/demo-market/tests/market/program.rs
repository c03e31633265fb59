//! The program: what it prints, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tokio::time::timeout;

use crate::support::{LIMIT, client};

/// The program while a test needs it; killed when it is dropped, so that a failing test leaves nothing.
struct Program {
    child: Child,
    lines: Vec<String>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Program {
    /// What a client is configured with.
    fn base_url(&self) -> &str {
        self.lines[0].strip_prefix("listening on ").unwrap()
    }
}

fn start(arguments: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agora-demo-market"));
    let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let people = if arguments.contains(&"--quiet") { 0 } else { 5 };
    let lines = out.lines().take(1 + people).map(Result::unwrap).collect();
    Program { child, lines }
}

#[test]
fn it_says_where_it_listens_and_whom_it_knows() {
    let program = start(&[]);
    let address = program.base_url().strip_prefix("http://127.0.0.1:").unwrap();
    let port = address.strip_suffix("/api").unwrap();
    assert!(port.parse::<u16>().unwrap() > 0);
    assert!(program.lines[3].contains("林記茶行"), "{:?}", program.lines);
    assert!(program.lines[5].contains("demo-admin-token"), "{:?}", program.lines);
}

#[tokio::test]
async fn it_can_be_without_stored_notifications() {
    for (arguments, status) in
        [(&["--quiet"][..], 200), (&["--quiet", "--without-notifications"], 404)]
    {
        let program = start(arguments);
        let base = program.base_url();
        let call = client().get(format!("{base}/notifications/unread"));
        let answer = call.bearer_auth("demo-buyer-token").send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn it_takes_every_surprise_one_by_one_or_all_at_once() {
    let each = "--quiet --emitter-timeout 0.2 --timeout-text --late-to-notice --require-token \
                --forbid-without-token --members-write --utc-offset -03:30 --fixed-zone \
                --without-page-numbers --hold-back --bind-tokens";
    let each: Vec<_> = each.split_whitespace().collect();
    let at_once = ["--quiet", "--true-to-life", "--emitter-timeout", "0.2"];
    for (arguments, stored) in [(&each[..], "+08:00"), (&at_once[..], "+08:00")] {
        let program = start(arguments);
        let base = program.base_url();
        let call = |path: &str| client().get(format!("{base}{path}"));
        assert_eq!(call("/notifications/unread").send().await.unwrap().status(), 403);
        let list =
            call("/notifications/list").bearer_auth("demo-buyer-token").send().await.unwrap();
        let list: serde_json::Value = list.json().await.unwrap();
        assert!(list["content"][0]["createdAt"].as_str().unwrap().ends_with(stored));
        assert!(list.get("number").is_none(), "{list}");
        let stream = call("/sse/connect/user_1001_test-device").bearer_auth("demo-buyer-token");
        let text = timeout(LIMIT, stream.send().await.unwrap().text()).await.unwrap().unwrap();
        assert!(text.ends_with("SSE connection timed out"), "{text}");
        let forged = client().post(format!("{base}/sse/send/user/4021"));
        let forged = forged.bearer_auth("demo-buyer-token").json(&serde_json::json!({}));
        assert_eq!(forged.send().await.unwrap().status(), 200);
    }
}

#[test]
fn wrong_use_is_refused() {
    for arguments in [
        ["--rate", "-1"],
        ["--heartbeat", "0"],
        ["--port", "70000"],
        ["--emitter-timeout", "-1"],
        ["--utc-offset", "8"],
        ["--utc-offset", "+19:00"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agora-demo-market"));
        let output = command.args(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[tokio::test]
async fn for_the_app_it_names_a_guest_and_ends_with_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agora-demo-market"));
    let piped = command.arg("--for-app").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let input = child.stdin.take();
    let mut program = Program { child, lines: Vec::new() };

    let guest: serde_json::Value = serde_json::from_str(&line).unwrap();
    let base = guest["baseUrl"].as_str().unwrap();
    let proof = serde_json::json!({ "username": guest["username"], "password": guest["password"] });
    let answer = client().post(format!("{base}/auth/login")).json(&proof).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(answer["success"], true, "{answer}");
    assert!(program.child.try_wait().unwrap().is_none());

    drop(input);
    let exited = tokio::task::spawn_blocking(move || program.child.wait());
    assert!(timeout(LIMIT, exited).await.unwrap().unwrap().unwrap().success());
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_ends_it_at_once_with_streams_open() {
    for signal in ["-TERM", "-INT"] {
        let mut program = start(&["--quiet"]);
        let base = program.base_url();
        let mut stream =
            client().get(format!("{base}/sse/connect/user_1_test-device")).send().await.unwrap();
        assert!(stream.chunk().await.unwrap().is_some());
        assert!(
            Command::new("kill")
                .args([signal, &program.child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let broken =
            timeout(LIMIT, stream.chunk()).await.expect("the stream ends with the program");
        assert!(broken.is_err());
        let exited =
            tokio::task::spawn_blocking(move || program.child.wait().map(|status| status.code()));
        assert_eq!(timeout(LIMIT, exited).await.unwrap().unwrap().unwrap(), Some(0), "{signal}");
    }
}
