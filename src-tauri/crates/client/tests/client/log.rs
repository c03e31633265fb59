//! The log: one line for each change, with its reason, and without what it must not hold.
//!
//! Each test runs in a process of its own, which is this program once more. Beside other tests lines
//! get lost: whether a line is wanted is remembered for the whole process when any thread first
//! comes by it, and the others want none.

use std::io;
use std::process::Command;
use std::sync::{Arc, Mutex};

use agora_client::ReasonCode;
use agora_client::connection::Control;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::listener::{Listener, market};
use crate::server::Server;

/// Set where a test is alone.
const ALONE: &str = "CLIENT_TEST_ALONE";

/// Whether this process has only this one test to run; otherwise one that has has just run it.
fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    let output = command.args(["--exact", test]).env(ALONE, "yes").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    false
}

/// All that is logged on this test's thread, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .without_time()
            .with_writer(log.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The client's own lines for people, without level and target.
    fn changes(&self) -> Vec<String> {
        let own = |line: &str| {
            let (level, rest) = line.trim().split_once(' ')?;
            let (target, message) = rest.split_once(": ")?;
            (target.starts_with("agora_client") && level != "DEBUG" && level != "TRACE")
                .then(|| message.to_owned())
        };
        self.text().lines().filter_map(own).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn each_change_is_one_line_with_the_reason_and_without_token_or_user() {
    if !is_alone("log::each_change_is_one_line_with_the_reason_and_without_token_or_user") {
        return;
    }
    let (log, _guard) = Log::start();
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));

    let exchange = server.accept_stream().await;
    listener.connected().await;
    exchange.reset();
    assert_eq!(listener.waiting().await.reason.code, ReasonCode::Cut);

    // An answer may quote who asked.
    let body = r#"{"message":"no user_7_device-01 with secret-token"}"#;
    server.accept_connect().await.answer("503 Busy", "", body).await;
    listener.waiting().await;
    server
        .accept_connect()
        .await
        .answer("302 Found", "Location: https://other.test/user_7_x\r\n", "")
        .await;
    listener.waiting().await;
    server.accept_connect().await.answer("401 Unauthorized", "", body).await;
    assert_eq!(listener.stopped().await.status(), 401);

    let changes = log.changes();
    let expected = [
        "connecting",
        "connected",
        "waiting client=\"user_…_device-01\" reason=the connection was cut",
        "connecting",
        "waiting client=\"user_…_device-01\" reason=the market is away (503) ",
        "connecting",
        "waiting client=\"user_…_device-01\" reason=the market redirects to where this is not followed (302): to https://other.test ",
        "connecting",
        "stopped client=\"user_…_device-01\" status=401",
    ];
    assert_eq!(changes.len(), expected.len(), "{changes:#?}");
    for (change, expected) in changes.iter().zip(expected) {
        assert!(change.starts_with(expected), "{change}\n{expected}");
    }
    let text = log.text();
    assert!(!text.contains("secret-token") && !text.contains("user_7"), "{text}");
}

#[tokio::test]
async fn a_token_that_an_answer_quotes_is_in_no_reason_and_no_log() {
    if !is_alone("log::a_token_that_an_answer_quotes_is_in_no_reason_and_no_log") {
        return;
    }
    let (log, _guard) = Log::start();
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let message = r#"{"message":"no SECRET-Token, no s\u200be\u202ecret-\ntoken"}"#;
    let mut told = Vec::new();
    for (status, header, body) in [
        ("200 OK", "Content-Type: text/secret-token; x=SECRET-TOKEN\r\n", ""),
        ("200 OK", "Content-Type: text/event-stream; x\r\nContent-Encoding: Secret-token\r\n", ""),
        ("302 Found", "Location: https://SECRET-token.evil.test/secret-token\r\n", ""),
        ("302 Found", "Location: Secret-Token://x\r\n", ""),
        ("503 Busy", "", message),
        ("404 Not Found", "", message),
    ] {
        server.accept().await.answer(status, header, body).await;
        told.push(listener.waiting().await.reason);
    }
    server.accept().await.answer("403 Forbidden", "", message).await;
    let stop = format!("{:?}", listener.stopped().await);
    assert!(stop.contains("no …, no …"), "{stop}");
    let lines = told.iter().map(|reason| format!("{reason} {reason:?}")).chain([stop, log.text()]);
    for line in lines {
        assert!(!line.to_lowercase().contains("secret"), "{line}");
    }
    for reason in told {
        assert!(reason.detail.as_ref().is_some_and(|detail| detail.contains('…')), "{reason:?}");
    }
}

#[tokio::test]
async fn leaving_is_a_line_too_and_a_goodbye_that_fails_quotes_nobody() {
    if !is_alone("log::leaving_is_a_line_too_and_a_goodbye_that_fails_quotes_nobody") {
        return;
    }
    let (log, _guard) = Log::start();
    let server = Server::start().await;
    let mut listener = Listener::start(market(&server));
    let _open = server.accept_stream().await;
    listener.connected().await;
    listener.cancel.cancel();
    let body = r#"{"message":"no user_7_device-01 with secret-token"}"#;
    server.accept().await.answer("500 Oops", "", body).await;
    listener.ended().await;
    assert_eq!(log.changes()[2], "leaving client=\"user_…_device-01\"");
    let text = log.text();
    assert!(text.contains("the goodbye failed status=500"), "{text}");
    assert!(!text.contains("secret-token") && !text.contains("user_7"), "{text}");
}

#[tokio::test]
async fn the_fuse_is_logged_when_it_trips() {
    if !is_alone("log::the_fuse_is_logged_when_it_trips") {
        return;
    }
    let (log, _guard) = Log::start();
    let server = Server::start().await;
    let mut config = market(&server);
    config.timing.fuse_count = 1;
    let mut listener = Listener::start(config);
    server.accept_stream().await.end().await;
    assert!(listener.waiting().await.slow);
    assert!(log.text().contains("WARN agora_client"), "{}", log.text());
    assert!(log.text().contains("the fuse tripped"), "{}", log.text());
    listener.control.send(Control::ReconnectNow).await.unwrap();
    server.accept().await;
}
