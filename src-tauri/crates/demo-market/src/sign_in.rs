//! Signing in: `/auth/login`, `/auth/refresh-token`, `/auth/me`, `/auth/logout`.
//!
//! A sign-in that fails is a 200 with `success: false` and the reason, as `LoginResult` says it; only a
//! refresh token that is not good gets a 401.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::people::{self, EMAIL_CODE, Person};
use crate::refusals::Refusal;
use crate::tokens::Issued;
use crate::{Shared, access, wire};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/auth/login", post(login))
        .route("/auth/refresh-token", post(refresh))
        .route("/auth/me", get(me))
        .route("/auth/logout", post(logout))
}

/// The document's `LoginParam`, without what the demo market doesn't look at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoginParam {
    username: Option<String>,
    password: Option<String>,
    email: Option<String>,
    verification_code: Option<String>,
    two_factor_code: Option<String>,
}

async fn login(State(market): State<Shared>, Json(param): Json<LoginParam>) -> Json<Value> {
    let by_password = |person: &&Person| {
        param.username.as_deref() == Some(person.username)
            && param.password.as_deref() == Some(person.password)
    };
    let by_email = |person: &&Person| {
        param.email.as_deref() == Some(person.email)
            && param.verification_code.as_deref() == Some(EMAIL_CODE)
    };
    let Some(person) = people::ALL.iter().find(|person| by_password(person) || by_email(person))
    else {
        return Json(refused("用戶名或密碼錯誤"));
    };
    let code = param.two_factor_code.as_deref().filter(|code| !code.is_empty());
    match (person.two_factor_code, code) {
        (Some(_), None) => Json(refused("請輸入雙因素驗證碼")),
        (Some(wanted), Some(given)) if wanted != given => Json(refused("雙因素驗證碼錯誤")),
        _ => Json(welcome(person, &market.tokens.issue(person), "登入成功")),
    }
}

async fn refresh(State(market): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let renewed = access::bearer(&headers).and_then(|token| market.tokens.renew(token));
    let (person, issued) = renewed.ok_or(Refusal::Unauthorized("刷新令牌無效或已過期"))?;
    Ok(Json(welcome(person, &issued, "令牌已刷新")))
}

async fn me(State(market): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let person = market.signed_in(&headers)?;
    let mut info = user_info(person);
    info["unreadMessageCount"] = json!(market.notifications.unread(person.id).len());
    Ok(Json(info))
}

async fn logout(State(market): State<Shared>, headers: HeaderMap) {
    if let Some(token) = access::bearer(&headers) {
        market.tokens.spend(token);
    }
}

fn refused(message: &str) -> Value {
    json!({ "success": false, "message": message })
}

fn welcome(person: &Person, issued: &Issued, message: &str) -> Value {
    json!({
        "success": true,
        "message": message,
        "token": issued.token,
        "refreshToken": issued.refresh_token,
        "tokenIssuedAt": wire::utc(issued.at),
        "tokenExpiration": wire::utc(issued.expires),
        "refreshTokenExpiration": wire::utc(issued.refresh_expires),
        "userId": person.id,
        "username": person.username,
        "defaultHomePage": person.role.home_page(),
        "homePageInMaintenance": false,
        "userInfo": user_info(person),
    })
}

fn user_info(person: &Person) -> Value {
    json!({
        "id": person.id,
        "username": person.username,
        "email": person.email,
        "role": person.role.home_page(),
        "enabled": true,
        "defaultHomePage": person.role.home_page(),
    })
}
