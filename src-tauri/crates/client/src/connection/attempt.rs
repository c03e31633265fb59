//! One connection over reqwest-eventsource: the request, what each answer means, and the body as
//! decoded items. It owns the table of answers; when to try again is the schedule's.

use std::time::Duration;

use agora_wire::text;
use eventsource_stream::{Event, Eventsource};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, HeaderMap, HeaderValue, LOCATION,
};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use reqwest_eventsource::retry::Never;
use reqwest_eventsource::{Error, Event as SourceEvent, EventSource};
use tokio::time::timeout;
use url::Url;

use super::timing::Timing;
use super::update::Stop;
use crate::reason::is_proxy_sign_in;
use crate::{Reason, ReasonCode, Refusal, Token, http};

/// The longest last event ID that is sent, in bytes.
const MAX_SENT_ID_BYTES: usize = 1024;

/// A stream; of a refusal, its words. With the stream alone Spring can't write any, and answers even
/// a malformed client id with an empty 500.
const ACCEPTED: HeaderValue = HeaderValue::from_static("text/event-stream, application/json;q=0.1");

/// As much of a header as a reason shows, in characters.
const SHOWN_HEADER: usize = 100;

/// The statuses by which whoever stands before the market says that nobody answers there: the
/// standard's, and Cloudflare's.
const AWAY: [u16; 11] = [502, 503, 504, 520, 521, 522, 523, 524, 525, 527, 530];

/// Those by which it says that it waited for the market, which had the request.
const GATEWAY_TIMEOUTS: [u16; 2] = [504, 524];

/// The items of an open stream, and at last what ended it.
pub(super) type Body = BoxStream<'static, Result<Event, End>>;

/// What ended an open stream.
#[derive(Debug)]
pub(super) enum End {
    /// The market, in good order.
    Clean,
    /// A fault, for this reason.
    Fault(Reason),
}

/// What a request is made of.
pub(super) struct Attempt<'a> {
    pub(super) client: &'a Client,
    pub(super) url: &'a Url,
    pub(super) token: Option<&'a Token>,
    pub(super) last_event_id: Option<&'a str>,
    pub(super) timing: &'a Timing,
}

/// Why there is no open stream.
#[derive(Debug)]
pub(super) enum Failure {
    /// It may work in a moment.
    Retry(Reason, Option<Duration>),
    /// The market serves as many connections of this user as it may.
    NoRoom(Reason),
    /// It seldom passes by itself.
    Slow(Reason, Option<Duration>),
    /// A 400 that the last event ID may be to blame for.
    LastEventIdRefused,
    /// No retry can cure it.
    Stop(Stop),
}

impl Failure {
    /// Whether the market may count the connection all the same: the request was out, and nobody
    /// knows what became of it.
    pub(super) fn may_be_taken(&self) -> bool {
        match self {
            Self::Retry(Reason { code, status: None, .. }, _) => {
                matches!(code, ReasonCode::Timeout | ReasonCode::Cut)
            }
            Self::Retry(Reason { status: Some(status), .. }, _) => {
                GATEWAY_TIMEOUTS.contains(status)
            }
            _ => false,
        }
    }

    /// Whether the market itself answered, or may yet: to one that is away nothing need be said.
    pub(super) fn is_of_the_market(&self) -> bool {
        match self {
            Self::Retry(reason, _) => {
                self.may_be_taken() || reason.status.is_some() && reason.code != ReasonCode::Away
            }
            Self::Slow(reason, _) => reason.status.is_some(),
            Self::NoRoom(_) | Self::LastEventIdRefused | Self::Stop(_) => true,
        }
    }
}

impl Attempt<'_> {
    /// Makes the request, and waits for an answer's headers.
    pub(super) async fn open(&self) -> Result<Body, Failure> {
        let setup =
            |detail: String| Failure::Slow(Reason::with_detail(ReasonCode::Setup, detail), None);
        let mut source =
            EventSource::new(self.request()).map_err(|error| setup(error.to_string()))?;
        source.set_retry_policy(Box::new(Never));
        match timeout(self.timing.headers, source.next()).await {
            Err(_) => Err(Failure::Retry(Reason::of(ReasonCode::Timeout), None)),
            Ok(Some(Ok(_))) => Ok(messages(source)),
            Ok(Some(Err(Error::InvalidStatusCode(_, response)))) => {
                Err(self.judge_status(response).await)
            }
            Ok(Some(Err(Error::InvalidContentType(_, response)))) => judge_type(response),
            Ok(Some(Err(Error::Transport(error)))) => Err(judge_transport(&error)),
            // Not reached: a request that is just made has one of the results above.
            Ok(Some(Err(error))) => Err(setup(error.to_string())),
            Ok(None) => Err(setup("no request was made".to_owned())),
        }
    }

    fn request(&self) -> RequestBuilder {
        // reqwest-eventsource adds an `Accept` of its own, as a second line: what a reader of the
        // first line alone has to see comes before it.
        let mut request = self
            .client
            .get(self.url.clone())
            .header(ACCEPT, ACCEPTED)
            .header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(id) = self.sent_id() {
            request = request.header("last-event-id", id);
        }
        http::authorize(request, self.url, self.token)
    }

    /// The last event ID as a header, its UTF-8 bytes as they are.
    fn sent_id(&self) -> Option<HeaderValue> {
        let id = self.last_event_id?;
        let fits =
            !id.is_empty() && id.len() <= MAX_SENT_ID_BYTES && !id.chars().any(char::is_control);
        fits.then(|| HeaderValue::from_bytes(id.as_bytes()).ok()).flatten()
    }

    async fn judge_status(&self, response: Response) -> Failure {
        let status = response.status();
        let location = header_text(response.headers(), LOCATION.as_str());
        let refusal = Refusal::read(response, self.timing.refusal_body).await;
        let reason =
            |code| Reason { code, status: Some(refusal.status), detail: refusal.message.clone() };
        let retry = |code| Failure::Retry(reason(code), refusal.retry_after);
        let slow = |code| Failure::Slow(reason(code), refusal.retry_after);
        match status {
            StatusCode::NO_CONTENT => Failure::Stop(Stop::NoContent),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let had_token = self.token.is_some();
                let (status, message) = (refusal.status, refusal.message);
                Failure::Stop(Stop::SignedOut { status, message, had_token })
            }
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => Failure::Stop(Stop::ProxySignIn),
            StatusCode::GONE => Failure::Stop(Stop::Gone { message: refusal.message }),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
                retry(ReasonCode::Busy)
            }
            StatusCode::BAD_REQUEST if self.sent_id().is_some() => Failure::LastEventIdRefused,
            StatusCode::BAD_REQUEST => slow(ReasonCode::BadRequest),
            _ if status.is_client_error() => slow(ReasonCode::Rejected),
            StatusCode::INTERNAL_SERVER_ERROR if is_full(refusal.message.as_deref()) => {
                Failure::NoRoom(reason(ReasonCode::ServerError))
            }
            _ if AWAY.contains(&refusal.status) => retry(ReasonCode::Away),
            _ if status.is_server_error() => retry(ReasonCode::ServerError),
            _ if status.is_redirection() => {
                let detail = location.map(|to| format!("to {}", redirect_host(self.url, &to)));
                let reason = Reason { detail, ..reason(ReasonCode::Redirect) };
                Failure::Slow(reason, refusal.retry_after)
            }
            _ => slow(ReasonCode::UnexpectedStatus),
        }
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        let reason = match error {
            Error::StreamEnded => return Self::Clean,
            Error::Transport(error) => {
                Reason { code: ReasonCode::Cut, ..Reason::of_transport(&error) }
            }
            Error::Utf8(_) => Reason::of(ReasonCode::Encoding),
            error => Reason::with_detail(ReasonCode::Cut, error.to_string()),
        };
        Self::Fault(reason)
    }
}

fn messages(source: EventSource) -> Body {
    let items = source.filter_map(async |item| match item {
        Ok(SourceEvent::Message(event)) => Some(Ok(event)),
        Ok(SourceEvent::Open) => None,
        Err(error) => Some(Err(error.into())),
    });
    Box::pin(items)
}

/// reqwest-eventsource is strict about parameters, and the standard about the type alone.
fn judge_type(response: Response) -> Result<Body, Failure> {
    let headers = response.headers();
    let slow = |code, header: &str| {
        let detail = header_text(headers, header);
        Failure::Slow(Reason { code, status: Some(200), detail }, None)
    };
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(slow(ReasonCode::Encoding, CONTENT_ENCODING.as_str()));
    }
    let content_type = header_text(headers, "content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("text/event-stream") {
        return Err(slow(ReasonCode::NotEventStream, "content-type"));
    }
    let items = response.bytes_stream().eventsource();
    Ok(Box::pin(items.map(|item| item.map_err(|error| Error::from(error).into()))))
}

fn judge_transport(error: &reqwest::Error) -> Failure {
    if is_proxy_sign_in(error) {
        return Failure::Stop(Stop::ProxySignIn);
    }
    let reason = Reason::of_transport(error);
    if reason.code.is_tls() || reason.code == ReasonCode::Setup {
        Failure::Slow(reason, None)
    } else {
        Failure::Retry(reason, None)
    }
}

/// Whether an error's words say that there are too many connections: the market has no status for it.
fn is_full(message: Option<&str>) -> bool {
    let message = message.unwrap_or_default().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    says(&["connection", "連接", "連線", "连接"])
        && says(&["max", "limit", "exceed", "too many", "最大", "上限", "超過", "超过"])
}

/// A header's value as far as it can be shown.
fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes());
    Some(text::shortened(text::one_line(&value)?, SHOWN_HEADER))
}

/// Where a redirect leads: no more than scheme and host, since the rest may hold the client id.
fn redirect_host(from: &Url, location: &str) -> String {
    from.join(location).map_or_else(
        |_| "nowhere".to_owned(),
        |to| format!("{}://{}", to.scheme(), to.host_str().unwrap_or_default()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_connections_are_told_from_other_errors_by_their_words() {
        for full in [
            "Maximum connections per user exceeded: 5",
            "maximum connections",
            "Too many SSE connections",
            "超過最大連接數",
            "連線數已達上限",
        ] {
            assert!(is_full(Some(full)), "{full}");
        }
        for other in ["Connection refused", "maximum upload size exceeded", "資料庫連線失敗", ""]
        {
            assert!(!is_full(Some(other)), "{other}");
        }
        assert!(!is_full(None));
    }
}
