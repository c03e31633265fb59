//! The calls to stored notifications, `/notifications/…`, each for the signed-in user alone.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::notifications::{Status, Stored};
use crate::refusals::Refusal;
use crate::{Config, Shared};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/notifications/unread", get(unread))
        .route("/notifications/list", get(list))
        .route("/notifications/search", post(search))
        .route("/notifications/stats", get(stats))
        .route("/notifications/read-all", post(read_all))
        .route("/notifications/{id}", get(one))
        .route("/notifications/{id}/read", post(read))
}

/// Which page, counted from 1, and how many a page; and, in a search, of what.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wanted {
    page: usize,
    size: usize,
    keyword: Option<String>,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<Status>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { page: 1, size: 20, keyword: None, title: None, kind: None, status: None }
    }
}

impl Wanted {
    fn includes(&self, stored: &Stored) -> bool {
        let words = [&self.keyword, &self.title];
        words.into_iter().flatten().all(|word| stored.mentions(word))
            && self.kind.as_ref().is_none_or(|kind| *kind == stored.kind)
            && self.status.is_none_or(|status| status == stored.status)
    }

    /// The page in Spring's form: `number`, where there is one, counts from 0, though `page` counts from 1.
    fn page_of(&self, all: &[Stored], config: &Config) -> Value {
        let size = self.size.max(1);
        let number = self.page.max(1) - 1;
        let offset = number.saturating_mul(size).min(all.len());
        let content = &all[offset..offset.saturating_add(size).min(all.len())];
        let content: Vec<_> = content.iter().map(|one| written(one.clone(), config)).collect();
        let pages = all.len().div_ceil(size);
        let mut page = json!({
            "totalElements": all.len(),
            "totalPages": pages,
            "size": size,
            "content": content,
            "numberOfElements": content.len(),
            "first": number == 0,
            "last": number + 1 >= pages,
            "empty": content.is_empty(),
        });
        if config.numbered_pages {
            page["number"] = json!(number);
        }
        page
    }
}

/// A notification as these calls write it.
fn written(stored: Stored, config: &Config) -> Stored {
    if config.fixed_zone { stored.in_fixed_zone() } else { stored }
}

async fn unread(
    State(market): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Vec<Stored>>, Refusal> {
    let person = market.signed_in(&headers)?;
    let unread = market.notifications.unread(person.id).into_iter();
    Ok(Json(unread.map(|one| written(one, &market.config)).collect()))
}

async fn list(
    State(market): State<Shared>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>, Refusal> {
    let person = market.signed_in(&headers)?;
    let all = market.notifications.select(person.id, |_| true);
    Ok(Json(wanted.page_of(&all, &market.config)))
}

async fn search(
    State(market): State<Shared>,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Value>, Refusal> {
    let person = market.signed_in(&headers)?;
    let found = market.notifications.select(person.id, |stored| wanted.includes(stored));
    Ok(Json(wanted.page_of(&found, &market.config)))
}

async fn stats(State(market): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let person = market.signed_in(&headers)?;
    let all = market.notifications.select(person.id, |_| true);
    let mut by_type = Map::new();
    for stored in &all {
        let count = by_type.get(&stored.kind).and_then(Value::as_u64).unwrap_or(0);
        by_type.insert(stored.kind.clone(), json!(count + 1));
    }
    let unread = all.iter().filter(|stored| stored.status == Status::Unread);
    Ok(Json(json!({
        "totalCount": all.len(),
        "unreadCount": unread.clone().count(),
        "urgentCount": unread.filter(|stored| stored.is_urgent).count(),
        "countByType": by_type,
    })))
}

async fn one(
    State(market): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<u64>,
) -> Result<Json<Stored>, Refusal> {
    let person = market.signed_in(&headers)?;
    let found = market.notifications.select(person.id, |stored| stored.id == id).pop();
    found.map(|one| Json(written(one, &market.config))).ok_or_else(|| missing(id))
}

async fn read(
    State(market): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<u64>,
) -> Result<(), Refusal> {
    let person = market.signed_in(&headers)?;
    if market.mark(person.id, id, Status::Read) { Ok(()) } else { Err(missing(id)) }
}

async fn read_all(State(market): State<Shared>, headers: HeaderMap) -> Result<(), Refusal> {
    let person = market.signed_in(&headers)?;
    market.read_all(person.id);
    Ok(())
}

fn missing(id: u64) -> Refusal {
    Refusal::NotFound(format!("通知不存在：{id}"))
}
