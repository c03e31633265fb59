//! The market's own words in an error: whichever way they come, they are cleaned and cut like an
//! alert's.

use agora_client::connection::Stop;
use agora_client::{CallError, Market, NotificationId};

use crate::listener::{Listener, endpoint, market};
use crate::server::Server;

/// What a server may write: directions, what can't be seen, orders to a terminal, half an emoji, and no end.
const HOSTILE: &str = r"no \u202egnp.\u200bexe\ud83d \u001b]0;x\u0007\n";
const CLEAN: &str = "no gnp.exe\u{FFFD} ]0;x xxxx";

fn body() -> String {
    format!(r#"{{"status":1e400,"message":"{HOSTILE}{}","x":["#, "x".repeat(3_000))
}

#[track_caller]
fn assert_clean(text: &str) {
    assert!(text.starts_with(CLEAN), "{text:?}");
    assert!(text.ends_with("x…") && text.chars().count() <= 201, "{text:?}");
}

async fn listening(status: &str, headers: &str, body: &str) -> Listener {
    let server = Server::start().await;
    let listener = Listener::start(market(&server));
    server.accept().await.answer(status, headers, body).await;
    listener
}

#[tokio::test]
async fn the_words_of_a_refused_stream_are_cleaned() {
    for status in ["500 Internal Server Error", "404 Not Found", "429 Too Many Requests"] {
        let wait = listening(status, "", &body()).await.waiting().await;
        assert_clean(&wait.reason.detail.unwrap());
    }
    let stop = listening("403 Forbidden", "", &body()).await.stopped().await;
    let Stop::SignedOut { message: Some(message), .. } = stop else { panic!("{stop:?}") };
    assert_clean(&message);
    let stop = listening("410 Gone", "", &body()).await.stopped().await;
    let Stop::Gone { message: Some(message) } = stop else { panic!("{stop:?}") };
    assert_clean(&message);
}

#[tokio::test]
async fn the_words_of_a_refused_call_are_cleaned() {
    let server = Server::start().await;
    let endpoint = endpoint(&server);
    let market = Market::new(endpoint.base, endpoint.token).unwrap();
    let (result, ()) = tokio::join!(market.mark_notification_read(NotificationId(1)), async {
        server.accept().await.answer("409 Conflict", "", &body()).await;
    });
    let CallError::Refused(refusal) = result.unwrap_err() else { panic!() };
    assert_clean(&refusal.message.unwrap());
}

#[tokio::test]
async fn the_headers_that_a_reason_shows_are_cleaned() {
    let hostile = format!("no \u{202e}gnp.\u{200b}exe\u{feff} {}", "x".repeat(3_000));
    for header in ["Content-Type", "Content-Encoding"] {
        let wait =
            listening("200 OK", &format!("{header}: {hostile}\r\n"), "").await.waiting().await;
        let detail = wait.reason.detail.unwrap();
        assert!(detail.starts_with("no gnp.exe xxxx"), "{detail:?}");
        assert!(detail.ends_with("x…") && detail.chars().count() <= 101, "{detail:?}");
    }
}
