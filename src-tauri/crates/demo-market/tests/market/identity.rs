//! Client ids, tokens and sign-in.

use std::time::Duration;

use agora_demo_market::Config;
use agora_demo_market::people::{ADMINISTRATOR, BUYER, CAREFUL_BUYER, EMAIL_CODE, SELLER};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_malformed_client_id_gets_the_400_that_explains_the_form() {
    let market = market().await;
    let refused = get(&market, "/sse/connect/%E9%98%BF%E5%98%89", None).await;
    assert_eq!(refused.status(), 400);
    let body: Value = refused.json().await.unwrap();
    let keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = [
        "error",
        "message",
        "clientId",
        "expectedFormat",
        "formatDescription",
        "regex",
        "examples",
        "rules",
        "timestamp",
        "status",
    ];
    assert_eq!(keys, wanted);
    assert_eq!(body["clientId"], "阿嘉");
}

#[tokio::test]
async fn a_wrong_token_or_someone_elses_is_a_401_and_none_will_do() {
    let market = market().await;
    let path = stream_path(&device(&SELLER));
    for token in ["nonsense", BUYER.token, ADMINISTRATOR.token] {
        let refused = get(&market, &path, Some(token)).await;
        assert_eq!(refused.status(), 401, "{token}");
        let body: Value = refused.json().await.unwrap();
        assert_eq!((&body["error"], &body["status"]), (&json!("Unauthorized"), &json!(401)));
    }
    Stream::of(get(&market, &path, Some(SELLER.token)).await);
    Stream::of(get(&market, &path, None).await);
}

#[tokio::test]
async fn the_newer_host_wants_a_token_on_every_push_call() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    assert_eq!(get(&market, &stream_path(&device(&SELLER)), None).await.status(), 401);
    let goodbye = async |token| disconnect(&market, &device(&SELLER), token).await.status();
    assert_eq!(goodbye(None).await, 401);
    assert_eq!(goodbye(Some(SELLER.token)).await, 200);
}

#[tokio::test]
async fn a_sign_in_gives_tokens_that_work_and_can_be_refreshed_once() {
    let market = market().await;
    let login = json!({ "username": BUYER.username, "password": BUYER.password });
    let first = json_of(post(&market, "/auth/login", None, &login)).await;
    assert_eq!((&first["success"], &first["userId"]), (&json!(true), &json!(BUYER.id)));
    assert_eq!(first["defaultHomePage"], "BUYER");
    assert!(first["tokenExpiration"].as_str().unwrap().ends_with('Z'));
    let token = first["token"].as_str().unwrap();
    let me = json_of(get(&market, "/auth/me", Some(token))).await;
    assert_eq!((&me["id"], &me["username"]), (&json!(BUYER.id), &json!(BUYER.username)));

    market.expire_tokens(BUYER.id);
    assert_eq!(get(&market, "/auth/me", Some(token)).await.status(), 401);
    let refresh = first["refreshToken"].as_str();
    let second = json_of(post(&market, "/auth/refresh-token", refresh, &json!({}))).await;
    let renewed = second["token"].as_str();
    assert_eq!(get(&market, "/auth/me", renewed).await.status(), 200);
    assert_eq!(post(&market, "/auth/refresh-token", refresh, &json!({})).await.status(), 401);
    post(&market, "/auth/logout", renewed, &json!({})).await;
    assert_eq!(get(&market, "/auth/me", renewed).await.status(), 401);
}

#[tokio::test]
async fn tokens_from_a_sign_in_outlive_a_restart_and_end_with_their_time() {
    let config = Config { token_lifetime: Duration::ZERO, ..Config::default() };
    let login = json!({ "email": SELLER.email, "verificationCode": EMAIL_CODE });
    let (brief, lasting) = (market_with(config).await, market().await);
    let expired = json_of(post(&brief, "/auth/login", None, &login)).await;
    assert_eq!(get(&brief, "/auth/me", expired["token"].as_str()).await.status(), 401);
    let good = json_of(post(&lasting, "/auth/login", None, &login)).await;
    assert_eq!(get(&brief, "/auth/me", good["token"].as_str()).await.status(), 200);
}

#[tokio::test]
async fn a_failed_sign_in_says_why_and_a_second_factor_is_asked_for() {
    let market = market().await;
    let mut login = json!({ "username": CAREFUL_BUYER.username, "password": "wrong" });
    let say =
        async |login: &Value| -> Value { json_of(post(&market, "/auth/login", None, login)).await };
    assert_eq!(say(&login).await, json!({ "success": false, "message": "用戶名或密碼錯誤" }));
    login["password"] = json!(CAREFUL_BUYER.password);
    assert_eq!(say(&login).await, json!({ "success": false, "message": "請輸入雙因素驗證碼" }));
    login["twoFactorCode"] = json!("000000");
    assert_eq!(say(&login).await["message"], "雙因素驗證碼錯誤");
    login["twoFactorCode"] = json!(CAREFUL_BUYER.two_factor_code);
    assert_eq!(say(&login).await["success"], true);
}

#[tokio::test]
async fn five_wrong_passwords_in_a_row_lock_an_account() {
    let market = market().await;
    let mut login = json!({ "username": BUYER.username, "password": "wrong" });
    let say = async |login: &Value| json_of(post(&market, "/auth/login", None, login)).await;
    for _ in 0..4 {
        assert_eq!(say(&login).await["message"], "用戶名或密碼錯誤");
    }
    login["password"] = json!(BUYER.password);
    assert_eq!(say(&login).await["success"], true, "four are none in a row any more");
    login["password"] = json!("wrong");
    for _ in 0..5 {
        assert_eq!(say(&login).await["message"], "用戶名或密碼錯誤");
    }
    login["password"] = json!(BUYER.password);
    assert_eq!(say(&login).await["message"], "帳號已鎖定，請聯繫客服");
    let by_email = json!({ "email": BUYER.email, "verificationCode": EMAIL_CODE });
    assert_eq!(say(&by_email).await["success"], true);
    assert_eq!(say(&login).await["success"], true);
}

#[tokio::test]
async fn a_code_is_sent_to_any_address_and_a_captcha_wanted_of_passwords_only() {
    let market = market_with(Config { wants_captcha: true, ..Config::default() }).await;
    for (email, is_sent) in [(BUYER.email, true), ("nobody@agora.example", true), ("x", false)] {
        let to = json!({ "email": email });
        let sent = json_of(post(&market, "/auth/email-login/send-code", None, &to)).await;
        assert_eq!(sent["success"], is_sent, "{email}");
    }
    let login = json!({ "username": BUYER.username, "password": BUYER.password });
    let refused = json_of(post(&market, "/auth/login", None, &login)).await;
    assert_eq!(refused, json!({ "success": false, "message": "請完成人機驗證" }));
    let login = json!({ "email": BUYER.email, "verificationCode": EMAIL_CODE });
    assert_eq!(json_of(post(&market, "/auth/login", None, &login)).await["success"], true);
}

#[tokio::test]
async fn a_market_of_the_contract_alone_answers_404_to_everything_else() {
    let market = market_with(Config { push_only: true, ..Config::default() }).await;
    for path in ["/notifications/unread", "/auth/me", "/sse/status"] {
        let missing = get(&market, path, Some(SELLER.token)).await;
        assert_eq!(missing.status(), 404, "{path}");
        assert_eq!(missing.json::<Value>().await.unwrap()["status"], 404);
    }
    Stream::open(&market, &device(&SELLER)).await;
}
