//! The record of requests: what was asked, with which headers, when, and how it was answered, so that a
//! test can ask the market instead of trusting the client. Calls to `/_demo` are not in it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use tokio::sync::watch;

use crate::Shared;
use crate::refusals::Refusal;
use crate::server::Peer;

/// How many requests are kept; the oldest go first.
const KEPT: usize = 10_000;

/// The longest request body that the market reads, in bytes.
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// One request to the market and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// Counts the requests from 1, since the market started.
    pub number: u64,
    /// When the head had arrived: milliseconds since 1970.
    pub time_ms: i64,
    /// The client's socket address.
    pub peer: SocketAddr,
    /// The HTTP method, upper case.
    pub method: String,
    /// Path and query as sent, percent-encoding included.
    pub path: String,
    /// The headers in order, names in lower case, `authorization` included; bytes that are not UTF-8 are
    /// replaced.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The status of the answer; `None` while there is none, also when the connection broke before it.
    pub status: Option<u16>,
    /// What was wrong with the client's behaviour although it was served, such as a hurried reconnect.
    pub remark: Option<String>,
}

impl Recorded {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A handler's note about the request it served; it becomes [`Recorded::remark`].
#[derive(Clone, Debug)]
pub(crate) struct Remark(pub(crate) String);

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Record {
    kept: Mutex<Kept>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    count: u64,
    requests: VecDeque<Recorded>,
}

impl Record {
    /// Everything kept, oldest first.
    pub(crate) fn all(&self) -> Vec<Recorded> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Forgets everything; the numbers go on.
    pub(crate) fn clear(&self) {
        self.lock().requests.clear();
    }

    /// Ticks whenever a request arrives or is answered.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn begin(&self, mut request: Recorded) -> u64 {
        let number = {
            let mut kept = self.lock();
            kept.count += 1;
            request.number = kept.count;
            if kept.requests.len() == KEPT {
                kept.requests.pop_front();
            }
            kept.requests.push_back(request);
            kept.count
        };
        self.changed.send_replace(());
        number
    }

    fn answered(&self, number: u64, response: &Response) {
        if let Some(request) =
            self.lock().requests.iter_mut().rev().find(|request| request.number == number)
        {
            request.status = Some(response.status().as_u16());
            request.remark = response.extensions().get::<Remark>().map(|remark| remark.0.clone());
        }
        self.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The middleware that keeps the record.
pub(crate) async fn keep(State(market): State<Shared>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = match to_bytes(body, LONGEST_BODY).await {
        Ok(body) => body,
        Err(error) => {
            return Refusal::Internal(error.to_string()).written(&head.headers, &market.clock);
        }
    };
    let peer = head
        .extensions
        .get::<Peer>()
        .map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), |peer| peer.address);
    let headers = head.headers.iter();
    let number = market.record.begin(Recorded {
        number: 0,
        time_ms: jiff::Timestamp::now().as_millisecond(),
        peer,
        method: head.method.to_string(),
        path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: headers
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
        status: None,
        remark: None,
    });
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    market.record.answered(number, &response);
    response
}
