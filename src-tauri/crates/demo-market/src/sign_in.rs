//! Signing in: `/auth/login`, `/auth/email-login/send-code`, `/auth/refresh-token`, `/auth/me`,
//! `/auth/logout`.
//!
//! A sign-in that fails is a 200 with `success: false` and the reason, as `LoginResult` says it; only a
//! refresh token that is not good gets a 401. Five wrong passwords in a row lock an account, as long as the
//! market runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
        .route("/auth/email-login/send-code", post(send_code))
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
    turnstile_token: Option<String>,
}

#[derive(Debug, Deserialize)]
struct EmailParam {
    email: String,
}

/// How many wrong passwords in a row lock an account.
const TRIES: u32 = 5;

/// The wrong passwords in a row, by user.
#[derive(Debug, Default)]
pub(crate) struct Tries(Mutex<HashMap<u64, u32>>);

impl Tries {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn are_too_many(&self, person: &Person) -> bool {
        self.lock().get(&person.id).is_some_and(|tries| *tries >= TRIES)
    }
}

async fn login(
    State(market): State<Shared>,
    headers: HeaderMap,
    Json(param): Json<LoginParam>,
) -> Json<Value> {
    if market.config.wants_captcha && param.password.is_some() && param.turnstile_token.is_none() {
        return Json(refused("請完成人機驗證"));
    }
    let named = people::ALL.iter().find(|it| param.username.as_deref() == Some(it.username));
    if named.is_some_and(|person| market.tries.are_too_many(person)) {
        return Json(refused("帳號已鎖定，請聯繫客服"));
    }
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
        if let Some(person) = named {
            *market.tries.lock().entry(person.id).or_default() += 1;
        }
        let by_email = param.email.is_some();
        return Json(refused(if by_email {
            "驗證碼錯誤"
        } else {
            "用戶名或密碼錯誤"
        }));
    };
    market.tries.lock().remove(&person.id);
    let code = param.two_factor_code.as_deref().filter(|code| !code.is_empty());
    match (person.two_factor_code, code) {
        (Some(_), None) => Json(refused("請輸入雙因素驗證碼")),
        (Some(wanted), Some(given)) if wanted != given => Json(refused("雙因素驗證碼錯誤")),
        _ => {
            let issued = market.tokens.issue(person, market.client_of(&headers));
            Json(welcome(person, &issued, "登入成功"))
        }
    }
}

/// Says yes to any address, so that nobody learns who has an account.
async fn send_code(Json(param): Json<EmailParam>) -> Json<Value> {
    if param.email.contains('@') {
        Json(json!({ "success": true, "message": "驗證碼已發送" }))
    } else {
        Json(refused("郵箱格式錯誤"))
    }
}

async fn refresh(State(market): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let client = market.client_of(&headers);
    let renewed = access::bearer(&headers).and_then(|token| market.tokens.renew(token, client));
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
