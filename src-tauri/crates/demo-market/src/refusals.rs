//! The market's error answers: the JSON bodies of 400, 401, 403, 404 and 500.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::wire;

/// Why a request is refused, as the market says it.
#[derive(Debug, PartialEq, Eq)]
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

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, mut body) = self.parts();
        body["timestamp"] = json!(wire::now());
        body["status"] = json!(status.as_u16());
        (status, Json(body)).into_response()
    }
}
