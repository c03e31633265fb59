//! What the market says when it refuses: the status, its own message, and when to come again. It
//! owns the limits on reading an error's body.

use std::time::{Duration, SystemTime};

use agora_wire::{Json, text};
use reqwest::Response;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use tokio::time::{Instant, timeout_at};

use crate::token::redact;
use crate::{Reason, ReasonCode, Token};

/// As much of an error's body as is read, in bytes.
const MAX_BODY_BYTES: usize = 4 * 1024;

/// An answer that isn't the one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The market's own message: `message` or `error` of a JSON body within the first 4 KiB.
    pub message: Option<String>,
    /// How long the market asks to wait (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// Reads a refusal for at most `limit`, then lets go of the connection.
    pub(crate) async fn read(mut response: Response, limit: Duration) -> Self {
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers(), SystemTime::now());
        let deadline = Instant::now() + limit;
        let mut body = Vec::new();
        while let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await {
            let room = MAX_BODY_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_BODY_BYTES {
                break;
            }
        }
        Self { status, message: own_message(&body), retry_after }
    }

    /// The same, without the token: a server may quote one that it doesn't like.
    pub(crate) fn without(self, token: Option<&Token>) -> Self {
        Self { message: redact(self.message, token), ..self }
    }

    /// Why, in the terms of a connection.
    pub(crate) fn reason(&self) -> Reason {
        let code = match self.status {
            400 => ReasonCode::BadRequest,
            401 => ReasonCode::Unauthorized,
            403 => ReasonCode::Forbidden,
            408 | 425 | 429 => ReasonCode::Busy,
            402..=499 => ReasonCode::Rejected,
            502..=504 => ReasonCode::Away,
            500..=599 => ReasonCode::ServerError,
            300..=399 => ReasonCode::Redirect,
            _ => ReasonCode::UnexpectedStatus,
        };
        Reason { code, status: Some(self.status), detail: self.message.clone() }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn can_wait(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..=599)
    }
}

/// The market's own words, even where the rest of the body is missing.
fn own_message(body: &[u8]) -> Option<String> {
    let body = String::from_utf8_lossy(body);
    let body = Json::read(&body)?.object()?;
    ["message", "error"].iter().find_map(|key| text::line(&body.get(key)?.beginning()?))
}

/// RFC 9110 10.2.3: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are as good as the most that do.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry_after_of(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        retry_after(&headers, now)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after_of("120"), Some(Duration::from_mins(2)));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after_of("soon"), None);
        assert_eq!(retry_after_of("-1"), None);
        assert_eq!(retry_after_of("+1"), None);
        assert_eq!(retry_after_of(""), None);
        assert_eq!(retry_after_of("99999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn the_markets_message_comes_before_its_error() {
        let text = |body: &str| own_message(body.as_bytes());
        assert_eq!(text(r#"{"error":"e","message":"m"}"#).unwrap(), "m");
        assert_eq!(text(r#"{"error":"e","message":" "}"#).unwrap(), "e");
        assert_eq!(text(r#"{"error":"e","message":5}"#).unwrap(), "e");
        assert_eq!(text(r#"["message"]"#), None);
        assert_eq!(text(r#"{"message":"a\nb\u0000"}"#).unwrap(), "a b");
        assert_eq!(
            text(r#"{"message":"\u202egnp.\u200bexe\ud83d","status":1e400}"#).unwrap(),
            "gnp.exe\u{FFFD}"
        );
        assert_eq!(text(r#"{"message":"the rest is miss"#).unwrap(), "the rest is miss");
        assert_eq!(text("<html>"), None);
    }
}
