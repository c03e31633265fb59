//! The push calls: `/sse/connect`, `/sse/disconnect`, `/sse/broadcast`, `/sse/send/user` and the server's
//! numbers; and what the streams hear of stored notifications.

use axum::extract::{Extension, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::body::{Mishap, body};
use crate::notifications::{Notice, Status};
use crate::people::Role;
use crate::record::Remark;
use crate::refusals::Refusal;
use crate::server::Peer;
use crate::streams::{CONNECTIONS, CONNECTIONS_PER_USER, To};
use crate::{Market, Shared};

/// The four operations of the contract.
pub(crate) fn contract() -> Router<Shared> {
    Router::new()
        .route("/sse/connect/{client_id}", get(connect))
        .route("/sse/disconnect/{client_id}", delete(disconnect))
        .route("/sse/broadcast", post(broadcast))
        .route("/sse/send/user/{user_id}", post(send_to_user))
}

/// The calls that only some servers have.
pub(crate) fn status_calls() -> Router<Shared> {
    Router::new()
        .route("/sse/force-disconnect-all", post(force_disconnect_all))
        .route("/sse/status", get(status))
        .route("/sse/status/user/{user_id}", get(user_status))
}

impl Market {
    /// Stores a notification and pushes it to its user's streams, as the market does with its own; its id.
    pub(crate) fn notify(&self, notice: Notice) -> u64 {
        let stored = self.notifications.add_pushed(notice);
        let event = json!({
            "type": "NOTIFICATION_RECEIVED",
            "notificationId": stored.id,
            "notification": stored,
            "timestamp": self.clock.now(),
        });
        self.streams.send(&To::user(stored.user_id), None, &event.to_string());
        stored.id
    }

    /// Marks a notification of a user; their streams hear of a reading, whichever device it was on, and of
    /// nothing else. `false` when the user has no such notification.
    pub(crate) fn mark(&self, user_id: u64, id: u64, status: Status) -> bool {
        let known = self.notifications.mark(user_id, id, status);
        if known && status == Status::Read {
            self.tell_of_reading(user_id, json!({ "notificationId": id }));
        }
        known
    }

    /// Marks all notifications of a user read; their streams hear of it, once.
    pub(crate) fn read_all(&self, user_id: u64) {
        self.notifications.read_all(user_id);
        self.tell_of_reading(user_id, json!({ "all": true }));
    }

    fn tell_of_reading(&self, user_id: u64, mut event: Value) {
        event["type"] = json!("NOTIFICATION_READ");
        event["timestamp"] = json!(self.clock.now());
        self.streams.send(&To::user(user_id), None, &event.to_string());
    }
}

async fn connect(
    State(market): State<Shared>,
    Path(client_id): Path<String>,
    Extension(peer): Extension<Peer>,
    mishap: Option<Extension<Mishap>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let user = market.may_use(&client_id, &headers)?;
    let last_event_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let opened = market.streams.open(&client_id, user, last_event_id).map_err(Refusal::Internal)?;
    let hurried = opened.hurried;
    let mishap = mishap.map(|Extension(mishap)| mishap);
    let mut response = Response::new(body(market, client_id, opened, peer.switch, mishap));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, max-age=0, must-revalidate"),
    );
    if let Some(since) = hurried {
        let remark = format!("connected again after {} ms, within 5 s", since.as_millis());
        response.extensions_mut().insert(Remark(remark));
    }
    Ok(response)
}

async fn disconnect(
    State(market): State<Shared>,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Result<(), Refusal> {
    market.may_use(&client_id, &headers)?;
    market.streams.forget(&client_id);
    Ok(())
}

async fn broadcast(
    State(market): State<Shared>,
    headers: HeaderMap,
    message: Bytes,
) -> Result<(), Refusal> {
    market.administrator(&headers)?;
    let message = object(&headers, &message)?;
    market.streams.send(&To::Everyone, None, &message.to_string());
    Ok(())
}

async fn send_to_user(
    State(market): State<Shared>,
    Path(user_id): Path<String>,
    headers: HeaderMap,
    message: Bytes,
) -> Result<(), Refusal> {
    let sender = market.signed_in(&headers)?;
    let may = market.config.members_write || sender.role == Role::Administrator;
    if !may && sender.id.to_string() != user_id {
        return Err(Refusal::Forbidden("權限不足：只能發送給自己"));
    }
    let message = object(&headers, &message)?;
    market.notifications.keep_message(&user_id, Some(sender), &message);
    market.streams.send(&To::User(user_id), None, &message.to_string());
    Ok(())
}

/// The JSON object of a message, or the 500 that the market answers to anything else.
fn object(headers: &HeaderMap, message: &[u8]) -> Result<Value, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        return Err(Refusal::Internal(format!("Content-Type '{kind}' is not supported")));
    }
    match serde_json::from_slice(message) {
        Ok(object @ Value::Object(_)) => Ok(object),
        Ok(_) => {
            Err(Refusal::Internal("JSON parse error: the message must be an object".to_owned()))
        }
        Err(error) => Err(Refusal::Internal(format!("JSON parse error: {error}"))),
    }
}

async fn force_disconnect_all(
    State(market): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    market.administrator(&headers)?;
    let count = market.streams.forget_all();
    Ok(Json(
        json!({ "success": true, "message": "已斷開所有連接", "disconnectedCount": count, "timestamp": market.clock.now() }),
    ))
}

async fn status(State(market): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    market.administrator(&headers)?;
    Ok(Json(numbers(&market)))
}

fn numbers(market: &Market) -> Value {
    let connected = market.streams.connected();
    let totals = market.streams.totals();
    let mut users: Vec<_> = connected.iter().map(|client| &client.user_id).collect();
    users.sort_unstable();
    users.dedup();
    let average = totals.connected_time.as_secs().checked_div(totals.disconnections).unwrap_or(0);
    json!({
        "activeConnections": connected.len(),
        "totalConnections": totals.connections,
        "totalDisconnections": totals.disconnections,
        "totalMessagesSent": totals.messages,
        "totalErrors": totals.errors,
        "maxConnections": CONNECTIONS,
        "maxConnectionsPerUser": CONNECTIONS_PER_USER,
        "activeUsers": users.len(),
        "averageConnectionTime": average,
        "timestamp": market.clock.now(),
    })
}

async fn user_status(
    State(market): State<Shared>,
    Path(user_id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    market.signed_in(&headers)?;
    let mut connected = market.streams.connected();
    connected.retain(|client| client.user_id == user_id);
    let details = connected
        .iter()
        .map(|client| json!({ "clientId": client.client_id, "connectedAt": client.since }));
    Ok(Json(json!({
        "connected": !connected.is_empty(),
        "connectionCount": connected.len(),
        "clientIds": connected.iter().map(|client| &client.client_id).collect::<Vec<_>>(),
        "connectionDetails": details.collect::<Vec<_>>(),
        "timestamp": market.clock.now(),
    })))
}
