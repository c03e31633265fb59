//! Faults on demand: what goes wrong with the next calls, and with the streams that are open.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, Fuse, unfold};
use serde::{Deserialize, Serialize};

use crate::Shared;
use crate::body::Mishap;
use crate::config::Config;
use crate::io::Break;
use crate::server::Peer;
use crate::streams::{Frame, Streams};
use crate::wire;

/// Faults that may wait at the same time; arming one more drops the oldest.
const ARMED: usize = 1_000;

/// What a buffering proxy fills before it passes it on, in bytes: a page, as nginx does by default.
const PAGE: usize = 4096;

/// The page that a captive portal or a session that ran out shows where an event stream should be.
const LOGIN_PAGE: &str = "<!doctype html><html lang=\"zh-Hant\"><title>登入</title><body><form>請先登入</form></body></html>\n";

/// What goes wrong with a call. In JSON: `{"fault":"answer","status":503}`, names in `snake_case`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// This answer in place of the market's.
    Answer {
        /// The HTTP status, 200 to 999.
        status: u16,
        /// Headers, by name.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// 200 with an HTML page in place of what was asked for.
    LoginPage,
    /// No answer at all; the connection stays open.
    Stall,
    /// The market's own answer, late.
    Slow {
        /// How late, in milliseconds.
        delay_ms: u64,
    },
    /// The call does its work, then the connection is closed without an answer.
    LoseAnswer,
    /// Bytes that are not HTTP, then the end of the connection.
    Garbage {
        /// The bytes, as text.
        #[serde(default)]
        text: String,
    },
    /// Connects only: the head of the answer, then silence; not even the first event comes.
    Silent,
    /// Connects only: the first event, half of another one, then a TCP reset.
    Reset,
    /// Connects only: the first event, half of another one, then the end of the connection in the middle of
    /// the chunked body.
    Cut,
    /// Connects only: the first event, then a clean end.
    End,
    /// Connects only: the first event, then the client is forgotten and its stream stays silent.
    Zombie,
    /// Connects only: head, events and all come when 4 KiB of them are there or the stream ends, as through
    /// nginx with its default buffering.
    HoldBack,
}

impl Fault {
    fn mishap(&self) -> Option<Mishap> {
        match self {
            Self::Silent => Some(Mishap::Silent),
            Self::Reset => Some(Mishap::Break(Break::Reset)),
            Self::Cut => Some(Mishap::Break(Break::Close)),
            Self::End => Some(Mishap::End),
            Self::Zombie => Some(Mishap::Zombie),
            _ => None,
        }
    }

    fn complaint(&self, on: Call) -> Option<String> {
        if on != Call::Connect && (self.mishap().is_some() || *self == Self::HoldBack) {
            return Some("this fault is one of connects only".to_owned());
        }
        let Self::Answer { status, headers, .. } = self else {
            return None;
        };
        let status_fits = (200..=999).contains(status);
        let bad_header = headers.iter().find(|(name, value)| {
            HeaderName::try_from(*name).is_err() || HeaderValue::try_from(*value).is_err()
        });
        match bad_header {
            Some((name, _)) => Some(format!("not a header: {name}")),
            None => (!status_fits).then(|| format!("not a status of an answer: {status}")),
        }
    }
}

/// Which calls a fault waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `GET /sse/connect/…`.
    #[default]
    Connect,
    /// `DELETE /sse/disconnect/…`.
    Disconnect,
    /// `POST /sse/broadcast` and `POST /sse/send/user/…`.
    Send,
    /// `POST /auth/login`.
    SignIn,
    /// `POST /auth/refresh-token`.
    Refresh,
    /// Every call under `/notifications`.
    Notifications,
    /// `POST /notifications/…/read` and `POST /notifications/read-all`.
    MarkRead,
    /// Every call to the market.
    Any,
}

impl Call {
    fn includes(self, path: &str) -> bool {
        let path = path.strip_prefix("/api/").unwrap_or_default();
        let of_notifications = path.strip_prefix("notifications/");
        match self {
            Self::Connect => path.starts_with("sse/connect/"),
            Self::Disconnect => path.starts_with("sse/disconnect/"),
            Self::Send => path == "sse/broadcast" || path.starts_with("sse/send/user/"),
            Self::SignIn => path == "auth/login",
            Self::Refresh => path == "auth/refresh-token",
            Self::Notifications => of_notifications.is_some(),
            Self::MarkRead => {
                of_notifications.is_some_and(|call| call == "read-all" || call.ends_with("/read"))
            }
            Self::Any => true,
        }
    }
}

/// What is done to an open stream. In JSON: `{"do":"zombie"}`, names in `snake_case`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Forget the client; the stream stays open and silent.
    Zombie,
    /// Half an event, then a TCP reset.
    Reset,
    /// Half an event, then the end of the connection in the middle of the chunked body.
    Cut,
    /// A clean end.
    End,
    /// These bytes on the stream as they are.
    Raw {
        /// The bytes, as text.
        text: String,
    },
    /// These bytes on the stream as they are.
    Hex {
        /// The bytes, two hexadecimal digits each.
        hex: String,
    },
    /// No more heartbeats and no `SYSTEM_TIME`; other events still come.
    PauseHeartbeat,
    /// Heartbeats and `SYSTEM_TIME` again.
    ResumeHeartbeat,
}

impl Action {
    /// Does it to the stream of `client_id`; `false` when no such client is connected or the hexadecimal
    /// digits are none.
    pub(crate) fn apply(self, streams: &Streams, client_id: &str) -> bool {
        let frame = match self {
            Self::Zombie => {
                let known = streams.connected().iter().any(|client| client.client_id == client_id);
                streams.forget(client_id);
                return known;
            }
            Self::Reset => Frame::Break(wire::half_event(), Break::Reset),
            Self::Cut => Frame::Break(wire::half_event(), Break::Close),
            Self::End => Frame::End,
            Self::Raw { text } => Frame::Bytes(Bytes::from(text)),
            Self::Hex { hex } => match from_hex(&hex) {
                Some(bytes) => Frame::Bytes(Bytes::from(bytes)),
                None => return false,
            },
            Self::PauseHeartbeat => Frame::Heartbeats(false),
            Self::ResumeHeartbeat => Frame::Heartbeats(true),
        };
        streams.tell(client_id, frame)
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = hex.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}

/// The faults that wait for their calls.
#[derive(Debug)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

#[derive(Debug)]
struct Armed {
    on: Call,
    fault: Fault,
    times: u32,
}

impl Faults {
    /// None, but the one that the market is set up with.
    pub(crate) fn new(config: &Config) -> Self {
        let fault = Fault::HoldBack;
        let held = config.holds_back.then_some(Armed { on: Call::Connect, fault, times: u32::MAX });
        Self(Mutex::new(held.into_iter().collect()))
    }

    /// Lets the next `times` calls fail, after those armed before; says what is wrong with the fault if
    /// it can't be.
    pub(crate) fn arm(&self, on: Call, fault: Fault, times: u32) -> Result<(), String> {
        if let Some(complaint) = fault.complaint(on) {
            return Err(complaint);
        }
        let mut armed = self.lock();
        if armed.len() == ARMED {
            armed.remove(0);
        }
        armed.push(Armed { on, fault, times });
        armed.retain(|armed| armed.times > 0);
        Ok(())
    }

    /// Lets everything go right again.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn take(&self, path: &str) -> Option<Fault> {
        let mut armed = self.lock();
        let place = armed.iter().position(|armed| armed.on.includes(path))?;
        armed[place].times -= 1;
        if armed[place].times == 0 {
            Some(armed.remove(place).fault)
        } else {
            Some(armed[place].fault.clone())
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The middleware that lets calls fail.
pub(crate) async fn apply(
    State(market): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(fault) = market.faults.take(request.uri().path()) else {
        return next.run(request).await;
    };
    let peer = request.extensions().get::<Peer>().cloned();
    let order = |how| {
        if let Some(peer) = &peer {
            peer.switch.order(how);
        }
    };
    match fault {
        Fault::Answer { status, headers, body } => answer(status, &headers, body),
        Fault::LoginPage => {
            let html =
                BTreeMap::from([("content-type".to_owned(), "text/html;charset=UTF-8".to_owned())]);
            answer(200, &html, LOGIN_PAGE.to_owned())
        }
        Fault::Stall => pending().await,
        Fault::Slow { delay_ms } => {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            next.run(request).await
        }
        Fault::LoseAnswer => {
            let response = next.run(request).await;
            order(Break::Garbage(Bytes::new()));
            response
        }
        Fault::Garbage { text } => {
            order(Break::Garbage(Bytes::from(text)));
            Response::default()
        }
        Fault::Silent | Fault::Reset | Fault::Cut | Fault::End | Fault::Zombie => {
            if let Some(mishap) = fault.mishap() {
                request.extensions_mut().insert(mishap);
            }
            next.run(request).await
        }
        Fault::HoldBack => held_back(next.run(request).await).await,
    }
}

/// The answer, once there is a page of it or the last byte; the rest follows in pages too.
async fn held_back(response: Response) -> Response {
    let (head, body) = response.into_parts();
    let mut body = body.into_data_stream().fuse();
    let first = page(&mut body).await;
    let rest = unfold(body, async |mut body| Some((page(&mut body).await?, body)));
    let all = stream::iter(first).chain(rest).map(Ok::<_, Infallible>);
    Response::from_parts(head, Body::from_stream(all))
}

/// The next bytes that pass, `None` at the end.
async fn page(body: &mut Fuse<BodyDataStream>) -> Option<Bytes> {
    let mut page = Vec::new();
    while page.len() < PAGE
        && let Some(Ok(bytes)) = body.next().await
    {
        page.extend_from_slice(&bytes);
    }
    (!page.is_empty()).then(|| page.into())
}

fn answer(status: u16, headers: &BTreeMap<String, String>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
