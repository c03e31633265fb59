//! The calls under `/_demo`, for whoever runs the demo: see the crate's page for what they take. They want
//! no token, and none of them is in the record.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Shared;
use crate::faults::{Action, Call, Fault};
use crate::notifications::Notice;
use crate::record::Recorded;
use crate::streams::{Connected, To};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_demo/requests", get(requests).delete(forget_requests))
        .route("/_demo/clients", get(clients))
        .route("/_demo/clients/{client_id}", post(act))
        .route("/_demo/faults", post(arm).delete(clear))
        .route("/_demo/emit", post(emit))
        .route("/_demo/notifications", post(store))
        .route("/_demo/expire", post(expire))
        .route("/_demo/zone", post(zone))
}

type Complaint = (StatusCode, Json<Value>);

fn complain(status: StatusCode, message: impl Into<String>) -> Complaint {
    (status, Json(json!({ "error": message.into() })))
}

async fn requests(State(market): State<Shared>) -> Json<Vec<Recorded>> {
    Json(market.record.all())
}

async fn forget_requests(State(market): State<Shared>) {
    market.record.clear();
}

async fn clients(State(market): State<Shared>) -> Json<Vec<Connected>> {
    Json(market.streams.connected())
}

/// `client_id` may be `*`: everyone who is connected; or a device, see [`crate::streams::Streams::find`].
async fn act(
    State(market): State<Shared>,
    Path(client_id): Path<String>,
    Json(action): Json<Action>,
) -> Result<Json<Value>, Complaint> {
    let targets = match client_id.as_str() {
        "*" => market.streams.connected(),
        name => market.streams.find(name).into_iter().collect(),
    };
    let done = targets
        .iter()
        .filter(|client| action.clone().apply(&market.streams, &client.client_id))
        .count();
    if done == 0 && client_id != "*" {
        return Err(complain(StatusCode::NOT_FOUND, "no such client, or not hexadecimal"));
    }
    Ok(Json(json!({ "clients": done })))
}

#[derive(Debug, Deserialize)]
struct Arm {
    #[serde(flatten)]
    fault: Fault,
    #[serde(default)]
    on: Call,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn arm(State(market): State<Shared>, Json(arm): Json<Arm>) -> Result<(), Complaint> {
    market
        .faults
        .arm(arm.on, arm.fault, arm.times)
        .map_err(|complaint| complain(StatusCode::BAD_REQUEST, complaint))
}

async fn clear(State(market): State<Shared>) {
    market.faults.clear();
}

#[derive(Debug, Deserialize)]
struct Emit {
    to: Value,
    event: Option<String>,
    data: Value,
}

/// `to` is `"everyone"` or a user id; `data` is sent as it is when it is a string, as JSON otherwise.
async fn emit(
    State(market): State<Shared>,
    Json(emit): Json<Emit>,
) -> Result<Json<Value>, Complaint> {
    let to = match &emit.to {
        Value::String(to) if to == "everyone" => To::Everyone,
        Value::String(user) => To::user(user),
        Value::Number(user) => To::user(user),
        _ => return Err(complain(StatusCode::BAD_REQUEST, "`to` is \"everyone\" or a user id")),
    };
    let data = emit.data.as_str().map_or_else(|| emit.data.to_string(), ToOwned::to_owned);
    let reached = market.streams.send(&to, emit.event.as_deref(), &data);
    Ok(Json(json!({ "clients": reached })))
}

#[derive(Debug, Deserialize)]
struct Store {
    #[serde(flatten)]
    notice: Notice,
    #[serde(default)]
    push: bool,
}

async fn store(State(market): State<Shared>, Json(store): Json<Store>) -> Json<Value> {
    let id = if store.push {
        market.notify(store.notice)
    } else {
        market.notifications.add(store.notice)
    };
    Json(json!({ "id": id }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expire {
    user_id: u64,
}

async fn expire(State(market): State<Shared>, Json(expire): Json<Expire>) {
    market.tokens.expire(expire.user_id);
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Zone {
    /// Minutes east of UTC; `null` for the zone of this machine.
    utc_offset: Option<i32>,
}

async fn zone(State(market): State<Shared>, Json(zone): Json<Zone>) -> Result<(), Complaint> {
    let set = market.clock.set(zone.utc_offset);
    set.then_some(())
        .ok_or_else(|| complain(StatusCode::BAD_REQUEST, "no zone is that far from UTC"))
}
