//! What the tests share: a market to talk to, calls to it, and a reader of raw stream bytes.

use std::time::Duration;

use agora_demo_market::people::Person;
use agora_demo_market::{Config, DemoMarket, Notice};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

/// Longer than anything that is expected to happen; only a failing test waits that long.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// A heartbeat short enough to count several of.
pub(crate) const BEAT: Duration = Duration::from_millis(40);

pub(crate) async fn market() -> DemoMarket {
    market_with(Config::default()).await
}

pub(crate) async fn beating_market() -> DemoMarket {
    market_with(Config { heartbeat: BEAT, ..Config::default() }).await
}

pub(crate) async fn market_with(config: Config) -> DemoMarket {
    DemoMarket::start(config).await.unwrap()
}

/// A client without the system's certificates, which take long to load and nothing here needs.
pub(crate) fn client() -> Client {
    Client::builder().tls_built_in_root_certs(false).build().unwrap()
}

pub(crate) fn url(market: &DemoMarket, path: &str) -> String {
    format!("{}{path}", market.base_url())
}

/// The client id of a person's test device.
pub(crate) fn device(person: &Person) -> String {
    format!("user_{}_test-device", person.id)
}

/// The path of a client's stream.
pub(crate) fn stream_path(client_id: &str) -> String {
    format!("/sse/connect/{client_id}")
}

/// The path of messages to a person.
pub(crate) fn message_path(person: &Person) -> String {
    format!("/sse/send/user/{}", person.id)
}

/// Tells the market goodbye, as a client that leaves.
pub(crate) async fn disconnect(
    market: &DemoMarket,
    client_id: &str,
    token: Option<&str>,
) -> Response {
    let request = client().delete(url(market, &format!("/sse/disconnect/{client_id}")));
    signed(request, token).send().await.unwrap()
}

pub(crate) async fn get(market: &DemoMarket, path: &str, token: Option<&str>) -> Response {
    signed(client().get(url(market, path)), token).send().await.unwrap()
}

pub(crate) async fn post(
    market: &DemoMarket,
    path: &str,
    token: Option<&str>,
    body: &Value,
) -> Response {
    signed(client().post(url(market, path)).json(body), token).send().await.unwrap()
}

fn signed(request: RequestBuilder, token: Option<&str>) -> RequestBuilder {
    token.into_iter().fold(request, RequestBuilder::bearer_auth)
}

/// The JSON in the answer to a call.
pub(crate) async fn json_of(call: impl Future<Output = Response>) -> Value {
    call.await.json().await.unwrap()
}

/// What a person hasn't read, newest first.
pub(crate) async fn unread(market: &DemoMarket, person: &Person) -> Vec<Value> {
    let unread = get(market, "/notifications/unread", Some(person.token)).await;
    unread.json().await.unwrap()
}

/// Orders something of `/_demo`.
pub(crate) async fn demo(market: &DemoMarket, path: &str, body: Value) -> Response {
    client().post(format!("{}/_demo{path}", market.origin())).json(&body).send().await.unwrap()
}

/// An open stream, read as bytes.
pub(crate) struct Stream {
    response: Response,
    bytes: Vec<u8>,
}

/// How a stream came to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    Broken,
}

impl Stream {
    pub(crate) async fn open(market: &DemoMarket, client_id: &str) -> Self {
        Self::of(get(market, &stream_path(client_id), None).await)
    }

    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, bytes: Vec::new() }
    }

    /// The bytes of the next event with its empty line.
    pub(crate) async fn event(&mut self) -> String {
        let next = async {
            loop {
                if let Some(end) = self.bytes.windows(2).position(|pair| pair == b"\n\n") {
                    return String::from_utf8(self.bytes.drain(..end + 2).collect()).unwrap();
                }
                let chunk = self.response.chunk().await.unwrap();
                self.bytes.extend(chunk.expect("the stream ended"));
            }
        };
        timeout(LIMIT, next).await.expect("an event")
    }

    /// The data of the next event that has this name.
    pub(crate) async fn named(&mut self, name: &str) -> Value {
        let next = async {
            loop {
                let event = self.event().await;
                if event.contains(&format!("\nevent:{name}\n")) {
                    return data(&event);
                }
            }
        };
        timeout(LIMIT, next).await.expect("an event of that name")
    }

    /// Everything up to the end, and which end it was.
    pub(crate) async fn rest(mut self) -> (String, End) {
        let rest = async {
            loop {
                match self.response.chunk().await {
                    Ok(Some(chunk)) => self.bytes.extend(chunk),
                    Ok(None) => return End::Clean,
                    Err(_) => return End::Broken,
                }
            }
        };
        let end = timeout(LIMIT, rest).await.expect("the end");
        (String::from_utf8(self.bytes).unwrap(), end)
    }

    /// Waits until the open stream is without a byte for several heartbeats; what came before that.
    pub(crate) async fn fall_silent(&mut self) -> String {
        let silence = async {
            while let Ok(chunk) = timeout(BEAT * 5, self.response.chunk()).await {
                self.bytes.extend(chunk.unwrap().expect("the stream ended"));
            }
        };
        timeout(LIMIT, silence).await.expect("silence");
        String::from_utf8(std::mem::take(&mut self.bytes)).unwrap()
    }
}

/// The JSON in an event's one `data:` line.
pub(crate) fn data(event: &str) -> Value {
    let line = event.lines().find_map(|line| line.strip_prefix("data:")).unwrap();
    serde_json::from_str(line).unwrap()
}

/// Something to be stored for a person.
pub(crate) fn notice(person: &Person, title: &str) -> Notice {
    Notice { user_id: person.id, title: title.to_owned(), ..Notice::default() }
}

/// A body that an administrator may broadcast.
pub(crate) fn message(title: &str) -> Value {
    json!({ "type": "URGENT_NOTIFICATION", "title": title })
}
