//! Signing in and renewing: against the demo market what a person sees, against a scripted server what each
//! answer comes to.

use agora_client::{
    BaseUrl, CallError, CallLimits, Market, PlainHttp, Proof, RefreshError, Secret, SignInError,
    SignedIn, Token, Tokens, refresh,
};
use agora_demo_market::people::{ADMINISTRATOR, BUYER, CAREFUL_BUYER, EMAIL_CODE, Person, SELLER};
use agora_demo_market::{Call, Config, DemoMarket, Fault};
use jiff::{SignedDuration, Timestamp};

use crate::listener::endpoint;
use crate::server::Server;

fn calls(market: &DemoMarket) -> Market {
    Market::new(BaseUrl::parse(&market.base_url()).unwrap(), None).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn password_of(username: &str, password: &str) -> Proof {
    Proof::Password { username: username.to_owned(), password: secret(password) }
}

async fn by_password(
    market: &DemoMarket,
    person: &Person,
    password: &str,
    code: Option<&str>,
) -> Result<SignedIn, SignInError> {
    let proof = password_of(person.username, password);
    calls(market).sign_in(&proof, code.map(secret).as_ref()).await
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Fault::Answer { status, headers: headers.iter().map(own).collect(), body: body.to_owned() }
}

async fn renewed(market: &DemoMarket, refresh_token: &Token) -> Result<Tokens, RefreshError> {
    let base = BaseUrl::parse(&market.base_url()).unwrap();
    refresh(base, refresh_token.clone(), CallLimits::default()).await
}

#[tokio::test]
async fn a_person_is_let_in_by_password_or_by_a_code_and_told_who_they_are() {
    let market = DemoMarket::start(Config::true_to_life()).await.unwrap();
    let before = Timestamp::now();
    for (person, role) in [(&SELLER, "SELLER"), (&ADMINISTRATOR, "ADMIN")] {
        let signed_in = by_password(&market, person, person.password, None).await.unwrap();
        assert_eq!(signed_in.user_id.as_str(), person.id.to_string());
        assert_eq!(signed_in.role.as_deref(), Some(role));
        let lasts = signed_in.tokens.expires.unwrap().duration_since(before);
        assert!((lasts - SignedDuration::from_hours(2)).abs() < SignedDuration::from_mins(1));
    }
    let signed_in = {
        calls(&market).send_code(BUYER.email).await.unwrap();
        let asked = market.requests().pop().unwrap();
        assert!(asked.path.ends_with("/send-code") && asked.body.contains(BUYER.email));
        let email = BUYER.email.to_owned();
        let proof = Proof::EmailCode { email, code: secret(EMAIL_CODE) };
        calls(&market).sign_in(&proof, None).await.unwrap()
    };
    // The token is good for calls by the same client, which this market binds it to.
    let base = BaseUrl::parse(&market.base_url()).unwrap();
    let token = Some(signed_in.tokens.access.clone());
    Market::new(base, token).unwrap().unread_notifications().await.unwrap();
    let renewed = renewed(&market, signed_in.tokens.refresh.as_ref().unwrap()).await.unwrap();
    assert_ne!(renewed.access, signed_in.tokens.access);
}

#[tokio::test]
async fn a_refused_sign_in_says_what_to_do() {
    let market = DemoMarket::start(Config::default()).await.unwrap();
    let refused = async |person, password, code| {
        by_password(&market, person, password, code).await.unwrap_err()
    };
    let error = refused(&SELLER, "hunter2", None).await;
    assert_eq!(error, SignInError::Wrong(Some("用戶名或密碼錯誤".to_owned())));
    let careful = CAREFUL_BUYER.password;
    let error = refused(&CAREFUL_BUYER, careful, None).await;
    assert!(matches!(error, SignInError::TwoFactorWanted(Some(_))), "{error:?}");
    let error = refused(&CAREFUL_BUYER, careful, Some("000000")).await;
    assert!(matches!(error, SignInError::TwoFactorWrong(Some(_))), "{error:?}");
    let code = CAREFUL_BUYER.two_factor_code;
    by_password(&market, &CAREFUL_BUYER, careful, code).await.unwrap();

    let later = answer(429, &[("retry-after", "30")], r#"{"message":"Too many requests"}"#);
    market.fail_next_call(Call::SignIn, later, 1);
    let error = refused(&SELLER, SELLER.password, None).await;
    let SignInError::TooMany { retry_after: Some(wait), .. } = error else { panic!("{error:?}") };
    assert_eq!(wait.as_secs(), 30);
    for fault in [answer(503, &[], ""), Fault::LoginPage, Fault::LoseAnswer] {
        market.fail_next_call(Call::SignIn, fault.clone(), 1);
        let error = refused(&SELLER, SELLER.password, None).await;
        assert!(matches!(error, SignInError::Call(_)), "{fault:?}: {error:?}");
    }
    let echo = r#"{"success":false,"message":"no such password: dongding-4021"}"#;
    market.fail_next_call(Call::SignIn, answer(200, &[], echo), 1);
    let error = refused(&SELLER, SELLER.password, None).await;
    assert_eq!(error.message(), Some("no such password: …"));

    let bare = DemoMarket::start(Config { push_only: true, ..Config::default() }).await.unwrap();
    let error = by_password(&bare, &SELLER, SELLER.password, None).await.unwrap_err();
    assert_eq!(error, SignInError::NoSignIn);
    let captcha = Config { wants_captcha: true, ..Config::default() };
    let captcha = DemoMarket::start(captcha).await.unwrap();
    let error = by_password(&captcha, &SELLER, SELLER.password, None).await.unwrap_err();
    assert!(matches!(error, SignInError::CaptchaWanted(Some(_))), "{error:?}");
}

#[tokio::test]
async fn a_password_goes_over_https_or_to_this_machine_only_and_is_not_longer_than_one() {
    let base = BaseUrl::parse_with("http://10.0.0.1/api", PlainHttp::Anywhere).unwrap();
    let market = Market::new(base, None).unwrap();
    let refused = market.sign_in(&password_of("mei", "secret"), None).await.unwrap_err();
    assert!(matches!(refused, SignInError::Call(CallError::NotSent { .. })), "{refused:?}");

    let server = Server::start().await;
    let market = Market::new(endpoint(&server).base, None).unwrap();
    let refused = market.sign_in(&password_of("mei", &"x".repeat(20_000)), None).await.unwrap_err();
    assert!(matches!(refused, SignInError::Call(CallError::NotSent { .. })), "{refused:?}");
    server.assert_no_request().await;
}

#[tokio::test]
async fn an_answer_that_is_no_sign_ins_lets_nobody_in() {
    for body in [
        "",
        "[]",
        "true",
        r#"{"success":true}"#,
        r#"{"success":true,"userId":7}"#,
        r#"{"success":true,"token":"a.b.c"}"#,
        r#"{"success":true,"token":"a b","userId":7}"#,
        r#"{"success":true,"token":7,"userId":7}"#,
        r#"{"success":true,"token":"a.b.c","userId":"me"}"#,
        r#"{"success":true,"token":"a.b.c","userId":7"#,
    ] {
        let server = Server::start().await;
        let market = Market::new(endpoint(&server).base, None).unwrap();
        let proof = password_of("mei", "secret");
        let (result, ()) = tokio::join!(market.sign_in(&proof, None), async {
            let exchange = server.accept().await;
            assert_eq!(exchange.request(), "POST /api/auth/login");
            assert_eq!(exchange.header("authorization"), None);
            exchange.answer("200 OK", "", body).await;
        });
        let refused = result.unwrap_err();
        assert!(matches!(refused, SignInError::Call(CallError::NoAnswer { .. })), "{body}");
    }
}

/// Only what can be nobody else's answer ends a session: after anything else the pair may still be good.
#[tokio::test]
async fn only_a_well_formed_refusal_ends_a_session() {
    let market = DemoMarket::start(Config::default()).await.unwrap();
    let good = by_password(&market, &SELLER, SELLER.password, None).await.unwrap().tokens;
    let good = good.refresh.unwrap();
    let no = r#"{"error":"Unauthorized","message":"刷新令牌無效或已過期"}"#;
    for (fault, is_over) in [
        (answer(401, &[], no), true),
        (answer(403, &[], no), true),
        (answer(400, &[], no), true),
        (answer(200, &[], r#"{"success":false,"message":"invalid"}"#), true),
        (answer(200, &[], r#"{"success":false}"#), true),
        (answer(401, &[], ""), false),
        (answer(401, &[("content-type", "text/html")], "<h1>Sign in to the hotel</h1>"), false),
        (answer(403, &[("content-type", "text/html")], "<h1>Attention required</h1>"), false),
        (answer(404, &[], no), false),
        (answer(407, &[], no), false),
        (answer(408, &[], no), false),
        (answer(429, &[("retry-after", "9")], no), false),
        (answer(500, &[], no), false),
        (answer(502, &[], ""), false),
        (answer(200, &[], ""), false),
        (answer(200, &[], r#"{"success":false,"mess"#), false),
        (answer(200, &[], r#"{"success":true}"#), false),
        (answer(302, &[("location", "/login")], ""), false),
        (Fault::LoginPage, false),
        (Fault::Garbage { text: "x".to_owned() }, false),
    ] {
        market.fail_next_call(Call::Refresh, fault.clone(), 1);
        let error = renewed(&market, &good).await.unwrap_err();
        assert_eq!(matches!(error, RefreshError::Refused { .. }), is_over, "{fault:?}: {error:?}");
        assert!(!error.to_string().contains(good.expose()));
    }
    renewed(&market, &good).await.unwrap();
    let error = renewed(&market, &good).await.unwrap_err();
    assert!(matches!(error, RefreshError::Refused { .. }), "it is good for one time: {error:?}");
}
