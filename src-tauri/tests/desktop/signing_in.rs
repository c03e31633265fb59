//! Signing in by name and password in the window, and what a person sees when the session is over.

use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use agora_demo_market::people::{CAREFUL_BUYER, SELLER};
use agora_demo_market::{Call, Fault, Recorded};

use super::account::{files_with, keyring_holds};
use super::keyring::{holds, holds_anywhere};
use super::own_daemon::OwnDaemon;
use super::session::{Part, signal, within};
use super::stage::{APP, Stage, eventually};
use super::window::App;

/// Fills the first page in as a person does, and presses the button.
pub(crate) async fn sign_in(app: &App, base_url: &str, name: &str, password: &str) {
    app.unfold("sign-in-market").await;
    app.type_into("sign-in-base-url", base_url).await;
    app.type_into("sign-in-name", name).await;
    app.type_into("sign-in-password", password).await;
    app.click("sign-in-submit").await;
}

/// The access token that the market last heard.
fn token(stage: &Stage) -> String {
    let requests = stage.market.requests();
    let heard = requests.iter().rev().find_map(|request| request.header("authorization"));
    heard.unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// What is telling of the refresh token that was handed out with an access token, by the demo market's rule.
fn refresh_token(token: &str) -> String {
    token.replace("-token", "-refresh").rsplit_once('.').unwrap().0.to_owned()
}

fn nowhere_in(home: &Path, secrets: &[&str]) {
    for secret in secrets {
        assert_eq!(files_with(home, secret), [] as [String; 0], "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_second_step_and_stays_so() {
    let stage = Stage::set(&[Part::Keyring, Part::Toasts]).await;
    let app = stage.bare_app().await;
    app.wait_for("first-start", |_| true).await;
    let (name, password) = (CAREFUL_BUYER.username, CAREFUL_BUYER.password);
    sign_in(&app, &stage.market.base_url(), name, "wrong").await;
    app.wait_for("field-error", |text| text.contains("don't fit together")).await;
    app.type_into("sign-in-password", password).await;
    app.click("sign-in-submit").await;
    app.type_into("two-factor-code", "000000").await;
    app.click("sign-in-submit").await;
    app.wait_for("field-error", |text| text.contains("code isn't right")).await;
    let code = CAREFUL_BUYER.two_factor_code.unwrap();
    app.type_into("two-factor-code", code).await;
    app.click("sign-in-submit").await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.request(|request| request.path.starts_with("/api/sse/connect/user_1002_")).await;
    let token = token(&stage);
    assert!(keyring_holds(&stage.session, &token).await);
    nowhere_in(&stage.home(), &[&token, password, code]);
    app.end().await;

    // The next start needs nobody.
    eventually("the end of the connection", || stage.market.clients().is_empty()).await;
    let again = stage.bare_app().await;
    again.wait_for("connection", |text| text.contains("Connected")).await;
    again.end().await;
    nowhere_in(&stage.home(), &[&token, password, code]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_said_in_one_toast_and_signing_in_again_loses_nothing() {
    let stage = Stage::set(&[Part::Keyring]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.bare_app().await;
    app.wait_for("first-start", |_| true).await;
    sign_in(&app, &stage.market.base_url(), SELLER.username, SELLER.password).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    daemon.wait_for("before").await;

    let no = r#"{"error":"Unauthorized","message":"gone"}"#.to_owned();
    let no = Fault::Answer { status: 401, headers: [].into(), body: no };
    stage.market.fail_next_call(Call::Refresh, no, 9);
    stage.market.expire_tokens(SELLER.id);
    app.click("reconnect").await;
    daemon.wait_for("Sign in again").await;
    app.wait_for("connection", |text| text.contains("Signed out")).await;
    app.wait_for_texts("alert-row", |rows| rows.iter().any(|row| row.contains("before"))).await;

    app.click("nav-settings").await;
    app.type_into("sign-in-name", SELLER.username).await;
    app.type_into("sign-in-password", SELLER.password).await;
    app.click("sign-in-submit").await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    daemon.expect(&["before", "Sign in again", "after"]).await;
    assert!(stage.kept().contains(&"before".to_owned()));
    app.end().await;
}

/// What a program was started with, and in.
fn started_with(process: u32) -> String {
    let read = |name| std::fs::read(format!("/proc/{process}/{name}")).unwrap();
    String::from_utf8_lossy(&[read("cmdline"), read("environ")].concat()).into_owned()
}

/// Everything that the page can reach: what it shows, what was typed, what it keeps.
const REACHED: &str = "
    const typed = [...document.querySelectorAll('input, textarea')].map(({ value }) => value);
    const kept = [localStorage, sessionStorage].map(store => JSON.stringify({ ...store }));
    return [document.documentElement.outerHTML, location.href, ...typed, ...kept].join(' ')";

/// Does what there is to do: alerts are read, found, deleted, brought back and written out, a message is
/// refused, choices are kept, the connection is tested, ended and begun anew, and the token renewed.
async fn use_everything(stage: &Stage, app: &App) {
    app.click("send-test").await;
    app.wait_for("test-steps", |_| true).await;
    stage.emit(&SELLER, r#"{"title":"an alert","link":"/orders/20418"}"#);
    app.wait_for_texts("alert-row", |rows| rows.iter().any(|row| row.contains("alert"))).await;
    app.click("alert-row").await;
    app.find("alert-detail").await;
    app.press("\u{e00c}").await;
    app.type_into("search", "alert").await;
    app.find("alert-row").await;
    app.click("search-clear").await;
    app.click("mark-all-read").await;
    app.click("export").await;
    app.click("export-csv").await;

    app.click("nav-settings").await;
    app.click("composes").await;
    app.click("nav-compose").await;
    app.click("compose-user").await;
    app.type_into("compose-user-id", "1001").await;
    app.type_into("compose-title", "refused").await;
    app.click("compose-send").await;
    app.wait_for("compose-outcome", |text| !text.is_empty()).await;
    app.click("nav-settings").await;
    app.type_into("account-label", "the shop").await;
    app.click("account-rename").await;
    app.click("settings-appearance").await;
    app.click("theme-dark").await;
    app.click("settings-about").await;
    app.click("nav-inbox").await;

    stage.market.expire_tokens(SELLER.id);
    let renewed = stage.market.requests().len();
    app.click("reconnect").await;
    let connects =
        |request: &Recorded| request.path.contains("/sse/connect/") && request.status == Some(200);
    eventually("a stream with a new token", || {
        stage.market.requests()[renewed..].iter().any(connects)
    })
    .await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
}

/// What the command line says in the same home, at its most talkative.
async fn command_lines(stage: &Stage) -> String {
    let mut said = String::new();
    for arguments in [
        &["account", "show"][..],
        &["account", "list"],
        &["doctor"],
        &["inbox", "list"],
        &["send", "1001", "--json", "{}"],
        &["broadcast", "--yes", "--json", "{}"],
    ] {
        let program = Path::new(APP).with_file_name("agora");
        let mut agora = stage.session.command(program);
        agora.args(arguments).env("AGORA_HOME", stage.home()).env("AGORA_LOG", "trace");
        let output = within("the end of agora", agora.output()).await.unwrap();
        said += &String::from_utf8_lossy(&[output.stdout, output.stderr].concat());
    }
    assert!(said.contains("4021") && said.len() > 2_000, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_anywhere_but_in_the_keyring_and_in_the_resident() {
    let stage = Stage::set(&[Part::Keyring, Part::Toasts]).await;
    let home = [("AGORA_HOME", stage.home().into()), ("AGORA_LOG", "trace".into())];
    let app = stage.start(&home).await;
    app.wait_for("first-start", |_| true).await;
    sign_in(&app, &stage.market.base_url(), SELLER.username, SELLER.password).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let answer = stage.request(|request| request.path.ends_with("/auth/login")).await;
    assert!(answer.body.contains(SELLER.password), "it was sent");
    let mut token = token(&stage);

    use_everything(&stage, &app).await;
    // Renewed beside the stream, because a call was refused.
    let renewed = self::token(&stage);
    assert!(renewed != token, "it was renewed");
    let said = command_lines(&stage).await;
    let before = std::mem::replace(&mut token, renewed);

    let [number_before, number] = [&before, &token].map(|token| refresh_token(token));
    let secrets = [SELLER.password, &*before, &*token, &*number_before, &*number];
    let (window, page) = (app.window_process().await, app.webview_process().await);
    for secret in secrets {
        // Home, logs, caches, the page's own storage, the keyring's file, which is encrypted.
        assert_eq!(files_with(stage.session.folder(), secret), [] as [String; 0], "{secret}");
        for process in [app.process, window, page] {
            assert!(!started_with(process).contains(secret), "{process} {secret}");
        }
        assert!(!said.contains(secret), "{secret}");
        let reached: String = app.evaluate(REACHED).await;
        assert!(reached.len() > 10_000 && !reached.contains(secret), "{secret}");
    }
    if holds_anywhere(app.process, &token).is_none() {
        let _ = writeln!(stderr(), "SKIPPED the memory: no other program's can be read");
        return app.end().await;
    }
    assert!(holds_anywhere(app.process, &token) > Some(0), "it is in use");
    for process in [window, page] {
        for secret in &secrets[1..] {
            assert_eq!(holds_anywhere(process, secret), Some(0), "{secret}");
        }
    }
    eventually("the password's end", || holds(app.process, SELLER.password) == Some(0)).await;
    assert_eq!(holds(app.process, &number), Some(0), "it is looked up when it is needed");
    app.end().await;
}

/// A shell's command that starts a program where a crash leaves a dump in the session's folder.
const WITH_DUMPS: &str = "cd \"$0\" && ulimit -c unlimited && exec \"$@\"";

/// The dumps in the session's folder.
fn dumps(stage: &Stage) -> Vec<PathBuf> {
    let files = std::fs::read_dir(stage.session.folder()).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("core")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_left_by_a_crash_of_any_of_the_apps_programs() {
    let stage = Stage::set(&[Part::Keyring, Part::Toasts]).await;
    let folder = stage.session.folder().to_str().unwrap().to_owned();
    let crash = async |process: u32| {
        // The first one is taken for an overflow of the stack, and looked into.
        eventually("the crash", || {
            let ended = std::fs::read_to_string(format!("/proc/{process}/stat"))
                .map_or(true, |stat| stat.contains(") Z "));
            if !ended {
                signal(process, "SEGV");
            }
            ended
        })
        .await;
    };
    let mut control = stage.session.logged("sh");
    let mut control = control.args(["-c", WITH_DUMPS, &folder, "sleep", "600"]).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    signal(control.id().unwrap(), "SEGV");
    control.wait().await.unwrap();
    if dumps(&stage).is_empty() {
        let _ = writeln!(stderr(), "SKIPPED the dumps: nothing is dumped here");
        return;
    }
    for dump in dumps(&stage) {
        std::fs::remove_file(dump).unwrap();
    }

    let home = stage.home();
    let app = App::start(
        &stage.session,
        Path::new("sh"),
        &["-c", WITH_DUMPS, &folder, APP],
        &[("AGORA_HOME", home.as_os_str()), ("AGORA_LOG", "trace".as_ref())],
    )
    .await;
    app.wait_for("first-start", |_| true).await;
    sign_in(&app, &stage.market.base_url(), SELLER.username, SELLER.password).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let token = token(&stage);
    let number = refresh_token(&token);

    // The page's process, the window's, and in the end the resident, which outlives both.
    let (window, page) = (app.window_process().await, app.webview_process().await);
    crash(page).await;
    crash(window).await;
    assert!(Path::new(&format!("/proc/{}", app.process)).exists());
    crash(app.process).await;
    assert_eq!(dumps(&stage), [] as [PathBuf; 0]);
    for secret in [SELLER.password, &*token, &*number] {
        assert_eq!(files_with(stage.session.folder(), secret), [] as [String; 0], "{secret}");
    }
}
