//! `agora account sign-in`, with a real keyring and a real terminal.

use crate::bus::Bus;
use crate::support::*;
use agora_demo_market::people::{ADMINISTRATOR, BUYER, CAREFUL_BUYER, EMAIL_CODE, SELLER};
use agora_demo_market::{Action, Call, Config, Fault, To};
use serde_json::{Value, json};
use std::fs;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

fn home(bus: &Bus) -> Home {
    Home::new().with("DBUS_SESSION_BUS_ADDRESS", &bus.address)
}

/// Its arguments, and what stands behind them.
fn arguments<'a>(base: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["account", "sign-in", "--base-url", base], more].concat()
}

#[tokio::test]
async fn whoever_signs_in_has_the_account_and_no_secret_is_written_anywhere() {
    let (bus, market) = (Bus::start().await, market_with(Config::true_to_life()).await);
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    let base = market.base_url();
    let name = arguments(&base, &["--name", ADMINISTRATOR.username, "--password-stdin"]);
    let ran = home.run_with(&name, &format!("{}\n", ADMINISTRATOR.password)).await;
    let shown = home.run(&["account", "show"]).await.lines().remove(0);
    let line = json!({
        "base_url": base, "client_id": shown["client_id"], "user_id": "1", "role": "ADMIN"
    });
    assert_eq!((ran.code, ran.lines()), (Some(0), vec![line]), "{ran:#?}");
    assert_eq!(shown["token"], "keyring");
    let sent = home.run(&["broadcast", "--yes", "--json", "{}"]).await;
    assert_eq!(sent.code, Some(0), "{sent:#?}");
    let answer = |part: &str| {
        let requests = market.requests();
        requests.into_iter().rev().find(|it| it.path.ends_with(part)).unwrap()
    };
    let token = answer("/broadcast").header("authorization").unwrap().to_owned();
    let token = token.strip_prefix("Bearer ").unwrap();
    for secret in [token, ADMINISTRATOR.password] {
        assert!(!home.holds(secret) && !format!("{ran:?}{sent:?}").contains(secret));
    }
    assert_eq!(answer("/login").header("user-agent"), answer("/broadcast").header("user-agent"));
}

#[tokio::test]
async fn each_refusal_has_its_code_and_says_what_to_do() {
    let (bus, market) = (Bus::start().await, market().await);
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    let base = market.base_url();
    let sign_in = async |more: &[&str], input: &str| -> Ran {
        home.run_with(&arguments(&base, more), input).await
    };
    let by_name = ["--name", SELLER.username, "--password-stdin"];
    sign_in(&by_name, "wrong\n").await.assert_refused(3, "check the name and the password");
    sign_in(&["--name", "lin-tea"], "").await.assert_refused(2, "--password-stdin");
    sign_in(&[], "").await.assert_refused(2, "--name");
    sign_in(&["--name", "a", "--email", "b"], "").await.assert_refused(2, "cannot be used with");

    let careful = ["--name", CAREFUL_BUYER.username, "--password-stdin"];
    let password = CAREFUL_BUYER.password;
    sign_in(&careful, password).await.assert_refused(5, "give it with --code CODE");
    let wrong = [&careful[..], &["--code", "0"]].concat();
    sign_in(&wrong, password).await.assert_refused(3, "take the code that is shown now");
    let right = [&careful[..], &["--code", CAREFUL_BUYER.two_factor_code.unwrap()]].concat();
    assert_eq!(sign_in(&right, password).await.lines()[0]["user_id"], "1002");

    sign_in(&["--email", BUYER.email], "").await.assert_refused(5, "sent a code to that address");
    let by_email = ["--email", BUYER.email, "--code", EMAIL_CODE];
    assert_eq!(sign_in(&by_email, "").await.lines()[0]["role"], "BUYER");

    let busy = Fault::Answer {
        status: 429,
        headers: [("retry-after".to_owned(), "30".to_owned())].into(),
        body: r#"{"message":"too many"}"#.to_owned(),
    };
    market.fail_next_call(Call::SignIn, busy, 1);
    sign_in(&by_name, SELLER.password).await.assert_refused(3, "try again in 30 s");
    for (fault, code) in [
        (Fault::Answer { status: 500, headers: [].into(), body: String::new() }, 3),
        (Fault::LoginPage, 1),
        (Fault::LoseAnswer, 1),
    ] {
        market.fail_next_call(Call::SignIn, fault, 1);
        sign_in(&by_name, SELLER.password).await.assert_refused(code, "");
    }
    for _ in 0..5 {
        sign_in(&by_name, "wrong").await;
    }
    sign_in(&by_name, SELLER.password).await.assert_refused(3, "the account is locked");
    let shown = home.run(&["account", "show"]).await.lines().remove(0);
    assert_eq!(shown["user_id"], "1001", "the last who was let in");

    let pushes = market_with(Config { push_only: true, ..Config::default() }).await;
    let ran = home.run_with(&arguments(&pushes.base_url(), &by_name), "x").await;
    ran.assert_refused(3, "this market has no sign-in");
}

#[tokio::test]
async fn where_a_session_could_not_be_kept_none_is_begun() {
    let market = market().await;
    let base = market.base_url();
    let name = arguments(&base, &["--name", SELLER.username, "--password-stdin"]);
    let ran = Home::new().run_with(&name, SELLER.password).await;
    ran.assert_refused(1, "you were not signed in");
    assert_eq!(market.requests(), []);
}

/// What stood on a terminal, with answers typed behind their prompts.
async fn on_a_terminal(home: &Home, arguments: &[&str], typed: &[(&str, &str)]) -> String {
    let command = home.command(arguments);
    let command = command.as_std();
    let line = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<_> = line.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    let mut script = Command::new("script");
    script
        .args(["-q", "-e", "-c", &line.join(" "), "/dev/null"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut script = script.spawn().expect("script is installed");
    let (mut input, mut output) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let mut shown = String::new();
    let mut read = async |shown: &mut String| -> bool {
        let mut bytes = [0; 4096];
        let count = timeout(LIMIT, output.read(&mut bytes)).await.expect("it goes on").unwrap_or(0);
        shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        count > 0
    };
    for (prompt, answer) in typed {
        while !shown.contains(prompt) {
            assert!(read(&mut shown).await, "{prompt:?} is not in {shown}");
        }
        timeout(LIMIT, until_echo_is_off(script.id().unwrap())).await.expect("it hides the answer");
        input.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
    }
    while read(&mut shown).await {}
    shown
}

/// The prompt stands there a moment before the terminal hides what is typed, which is sooner than a
/// person types, and later than a test does.
async fn until_echo_is_off(script: u32) {
    let children = fs::read_to_string(format!("/proc/{script}/task/{script}/children")).unwrap();
    let agora = children.split_whitespace().next().expect("it runs");
    loop {
        let mut stty = Command::new("stty");
        let read = stty.args(["-a", "-F", &format!("/proc/{agora}/fd/0")]).output().await.unwrap();
        if String::from_utf8_lossy(&read.stdout).contains(" -echo ") {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_typed_on_a_terminal_is_not_shown() {
    let (bus, market) = (Bus::start().await, market().await);
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    let base = market.base_url();
    let code = CAREFUL_BUYER.two_factor_code.unwrap();
    let shown = on_a_terminal(
        &home,
        &arguments(&base, &["--name", CAREFUL_BUYER.username]),
        &[("password (it isn't shown):", CAREFUL_BUYER.password), ("two-factor code:", code)],
    )
    .await;
    let last = shown.trim().lines().next_back().unwrap();
    let line: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{shown}"));
    assert_eq!(line["user_id"], "1002");
    assert!(!shown.contains(CAREFUL_BUYER.password) && !shown.contains(code), "{shown}");

    let shown = on_a_terminal(
        &home,
        &arguments(&base, &["--email", SELLER.email]),
        &[("has sent a code to that address", EMAIL_CODE)],
    )
    .await;
    assert!(shown.contains("4021") && !shown.contains(EMAIL_CODE), "{shown}");

    let token = "token-that-is-typed";
    let by_hand = ["account", "set", "--user-id", "7", "--token-stdin"];
    let shown = on_a_terminal(&home, &by_hand, &[("token (it isn't shown):", token)]).await;
    assert!(!shown.contains(token), "{shown}");
    assert_eq!(home.run(&["account", "show"]).await.lines()[0]["token"], "keyring");
}

#[tokio::test]
async fn a_token_whose_time_is_over_is_renewed_on_the_way() {
    let bus = Bus::start().await;
    let market = market().await;
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    let base = market.base_url();
    let name = arguments(&base, &["--name", ADMINISTRATOR.username, "--password-stdin"]);
    home.run_with(&name, ADMINISTRATOR.password).await;
    market.expire_tokens(ADMINISTRATOR.id);
    let sent = home.run(&["send", "4021", "--json", "{}"]).await;
    assert_eq!(sent.code, Some(0), "{sent:#?}");
    let sends = |path: &str| {
        let requests = market.requests().into_iter().filter(|it| it.path.contains(path));
        requests.map(|it| it.status.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((sends("/send/"), sends("refresh-token")), (vec![401, 200], vec![200]));
    // The renewed one is what the next command finds.
    let sent = home.run(&["send", "4021", "--json", "{}"]).await;
    assert_eq!((sent.code, sends("refresh-token").len()), (Some(0), 1));
}

#[tokio::test]
async fn a_stream_whose_token_is_refused_goes_on_with_a_renewed_one_and_asks_once_for_it() {
    let bus = Bus::start().await;
    // Without a token no stream is open to anybody.
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    let base = market.base_url();
    let name = arguments(&base, &["--name", SELLER.username, "--password-stdin"]);
    home.run_with(&name, SELLER.password).await;
    let answers = |path: &str| {
        let requests = market.requests().into_iter();
        requests.filter(|it| it.path.contains(path)).map(|it| it.status).collect::<Vec<_>>()
    };

    let shown = home.run(&["account", "show"]).await.lines().remove(0);
    let end = || assert!(market.act(shown["client_id"].as_str().unwrap(), Action::End));

    // At the start, and while a stream was open: as after a sleep that outlasted it.
    market.expire_tokens(SELLER.id);
    let mut listen = home.start(&["listen", "--status"]);
    for _ in 0..2 {
        listen.line_with("status", "connected").await;
        market.emit(&To::user(SELLER.id), None, r#"{"title":"still here"}"#);
        listen.line_with("data", r#"{"title":"still here"}"#).await;
        market.expire_tokens(SELLER.id);
        end();
    }
    listen.line_with("status", "connected").await;
    assert_eq!(answers("/refresh-token"), [Some(200); 3]);

    // A market that refuses the new one too, and one that ends the session.
    let body = r#"{"message":"the session was revoked"}"#;
    let no = || Fault::Answer { status: 401, headers: [].into(), body: body.to_owned() };
    market.fail_next_call(Call::Connect, no(), 2);
    end();
    let ran = listen.end().await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    let stopped = json!({ "status": "stopped", "reason": "signed_out", "delay_ms": null, "http_status": 401 });
    assert_eq!(ran.lines().iter().filter(|line| line["status"] == "stopped").count(), 1);
    assert_eq!(ran.lines().last(), Some(&stopped));
    assert_eq!(answers("/refresh-token").len(), 4);
    market.expire_tokens(SELLER.id);
    market.fail_next_call(Call::Refresh, no(), 1);
    home.run(&["listen"]).await.assert_refused(3, "doesn't accept the token");
}
