//! The market's error answers: the JSON bodies of 400, 401, 403, 404 and 500, for who accepts JSON.
//!
//! A handler answers with a [`Refusal`]; [`write`] puts it into words, since only it sees the request.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::Shared;
use crate::clock::Clock;

/// Why a request is refused, as the market says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 400: a client id that doesn't fit the form.
    MalformedClientId(String),
    /// 401: no valid token, or someone else's client id.
    Unauthorized(&'static str),
    /// 403: signed in, but not allowed.
    Forbidden(&'static str),
    /// 404: no such path or thing.
    NotFound(String),
    /// 500: anything else, such as too many connections.
    Internal(String),
}

impl Refusal {
    fn parts(&self) -> (StatusCode, Value) {
        match self {
            Self::MalformedClientId(client_id) => (
                StatusCode::BAD_REQUEST,
                json!({
                    "error": "Bad Request",
                    "message": "ClientId 格式錯誤",
                    "clientId": client_id,
                    "expectedFormat": "user_{userId}_{deviceId}",
                    "formatDescription": "userId 為數字，deviceId 為 8 到 32 個英數字、連字號或底線",
                    "regex": r"^user_(\d+)_([a-zA-Z0-9\-_]{8,32})$",
                    "examples": ["user_123_web-a1b2c3d4", "user_4021_desktop_01"],
                    "rules": ["必須以 user_ 開頭", "userId 只能是數字", "deviceId 長度為 8 到 32"],
                }),
            ),
            Self::Unauthorized(message) => {
                (StatusCode::UNAUTHORIZED, json!({ "error": "Unauthorized", "message": message }))
            }
            Self::Forbidden(message) => {
                (StatusCode::FORBIDDEN, json!({ "error": "Forbidden", "message": message }))
            }
            Self::NotFound(message) => {
                (StatusCode::NOT_FOUND, json!({ "error": "Not Found", "message": message }))
            }
            Self::Internal(message) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                json!({ "error": "Internal Server Error", "message": message }),
            ),
        }
    }
}

impl Refusal {
    /// The whole answer. Spring can't write JSON for who accepts none, and what it was about to explain
    /// becomes a 500.
    pub(crate) fn written(&self, headers: &HeaderMap, clock: &Clock) -> Response {
        let (status, mut body) = self.parts();
        if !accepts_json(headers) {
            return match self {
                Self::MalformedClientId(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                _ => status.into_response(),
            };
        }
        body["timestamp"] = json!(clock.now());
        body["status"] = json!(status.as_u16());
        (status, Json(body)).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.parts().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The middleware that writes refusals out.
pub(crate) async fn write(State(market): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let response = next.run(request).await;
    match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.written(&headers, &market.clock),
        None => response,
    }
}

/// Whether an answer in JSON is acceptable; it is to who doesn't say.
fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|range| range.trim().to_ascii_lowercase())
        .filter(|range| !range.is_empty())
        .peekable();
    let says_nothing = ranges.peek().is_none();
    says_nothing
        || ranges.any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let admits = matches!(parts.next(), Some("*/*" | "application/*" | "application/json"));
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            admits && weight != Some(0.0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_for_who_accepts_it_or_says_nothing() {
        for (accept, wanted) in [
            (None, true),
            (Some(""), true),
            (Some("*/*"), true),
            (Some("text/event-stream"), false),
            (Some("text/event-stream, text/*;q=0.5"), false),
            (Some("text/event-stream, application/json;q=0.1"), true),
            (Some("text/event-stream,Application/JSON"), true),
            (Some("text/event-stream, application/*; q=0.2"), true),
            (Some("text/event-stream, application/json; q=0.0"), false),
        ] {
            let headers = accept.map(|value| (ACCEPT, value.parse().unwrap()));
            assert_eq!(accepts_json(&headers.into_iter().collect()), wanted, "{accept:?}");
        }
    }
}
