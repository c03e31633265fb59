//! Kinds of keyrings, and what becomes of a session in each: the sign-in, the next start, a renewal of the
//! token, the end. The bus, the socket and the market are real; GNOME's keyring is too, `KeePassXC` is
//! stood in for.

use std::time::Duration;

use agora_demo_market::people::{ADMINISTRATOR, Person, SELLER};
use agora_demo_market::{Call, Fault};
use serde_json::{Value, json};
use tokio::time::sleep;
use zbus::fdo::DBusProxy;

use super::account::{files_with, keyring_holds};
use super::accounts::{Window, connected, end, start};
use super::keyring::{ask_for_another, locked, locked_with_token, type_password};
use super::secret_service::{Answer, SecretService, State};
use super::session::{Part, within};
use super::stage::{Stage, eventually};

/// Longer than the app takes to look at a keyring.
const A_WHILE: Duration = Duration::from_millis(700);

async fn sign_in(
    window: &mut Window,
    stage: &Stage,
    account: &str,
    person: &Person,
    keep_in: &str,
) -> Result<Value, Value> {
    let form = json!({
        "baseUrl": stage.market.base_url(), "by": "password", "name": person.username,
        "secret": person.password, "twoFactorCode": null, "keepIn": keep_in,
    });
    window.call(account, "sign_in", &json!({ "form": form })).await
}

/// That it is said so, nothing is written, and the session may last until the app quits.
async fn only_until_quit(window: &mut Window, stage: &Stage, code: &str) {
    let refused = sign_in(window, stage, "main", &SELLER, "keyring").await.unwrap_err();
    assert_eq!(refused["code"], code, "{refused}");
    sign_in(window, stage, "main", &SELLER, "memory").await.unwrap();
    connected(stage, &SELLER).await;
    let token = token(stage);
    assert_eq!(files_with(&stage.home(), &token), [] as [String; 0]);
}

/// The access token of the last stream.
fn token(stage: &Stage) -> String {
    let requests = stage.market.requests();
    let is_connect = |path: &str| path.starts_with("/api/sse/connect/");
    let last = requests.iter().rev().find(|request| is_connect(&request.path)).unwrap();
    last.header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

fn connects(stage: &Stage) -> usize {
    let is_connect = |path: &str| path.starts_with("/api/sse/connect/");
    let requests = stage.market.requests();
    requests.iter().filter(|it| is_connect(&it.path) && it.status == Some(200)).count()
}

/// Waits for one more connection than there were.
async fn connected_again(stage: &Stage, before: usize) {
    eventually("the connection", || connects(stage) > before).await;
}

/// What the window is told of a keyring.
fn notice(code: &str) -> impl Fn(&Value) -> bool + '_ {
    move |event| {
        let notices = event["notices"].as_array().or(event["snapshot"]["notices"].as_array());
        notices.is_some_and(|notices| notices.iter().any(|notice| notice["code"] == code))
    }
}

/// That the window is told of no notice about the keyring.
fn no_notice(event: &Value) -> bool {
    event["notices"].as_array().is_some_and(|notices| {
        !notices.iter().any(|notice| notice["code"].as_str().unwrap().contains("keyring"))
    })
}

/// A person has signed in, and the app has quit.
async fn signed_in(stage: &Stage) {
    let app = start(stage);
    let mut window = Window::open(stage).await;
    sign_in(&mut window, stage, "main", &SELLER, "keyring").await.unwrap();
    connected(stage, &SELLER).await;
    end(app).await;
}

/// Waits until the app has looked at the keyring and come to nothing: nobody was asked, and nothing sent.
async fn waits_quietly(stage: &Stage, keepass: &SecretService, sessions: usize, connects_: usize) {
    eventually("a look", || keepass.state().sessions > sessions).await;
    sleep(A_WHILE).await;
    assert_eq!((keepass.state().prompts, connects(stage)), (0, connects_));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_locked_at_a_hidden_start_asks_once_somebody_is_there() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    let bus = keepass.start(&stage.session.bus_address()).await;
    signed_in(&stage).await;
    assert!(keepass.holds(&token(&stage)));
    assert_eq!(files_with(&stage.home(), &token(&stage)), [] as [String; 0]);

    // Nobody is there: it waits, and goes on when the database is unlocked.
    let (before, sessions) = (connects(&stage), keepass.state().sessions);
    keepass.state().databases[0].locked = true;
    let app = start(&stage);
    waits_quietly(&stage, &keepass, sessions, before).await;
    keepass.unlock_by_hand(&bus).await;
    connected_again(&stage, before).await;
    assert_eq!(keepass.state().prompts, 0);
    end(app).await;

    // The window is opened: it asks, once. Who says no is asked again when they say so.
    let before = connects(&stage);
    keepass.state().databases[0].locked = true;
    keepass.state().answer = Answer::Dismisses;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    window.told("the notice", notice("keyring_denied")).await;
    drop(window);
    let mut window = Window::open(&stage).await;
    sleep(A_WHILE).await;
    assert_eq!((keepass.state().prompts, connects(&stage)), (1, before));
    keepass.state().answer = Answer::Allows;
    window.call("main", "reconnect", &json!({})).await.unwrap();
    connected_again(&stage, before).await;
    assert_eq!(keepass.state().prompts, 2);
    // Signing out leaves nothing.
    window.call("main", "forget_account", &json!({ "deletesInbox": false })).await.unwrap();
    assert!(keepass.state().databases[0].entry.is_none());
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_says_which_way_the_keyring_fails_and_memory_is_offered() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    // None.
    only_until_quit(&mut window, &stage, "keyring_unavailable").await;
    let bus = keepass.start(&stage.session.bus_address()).await;
    // One that has no database open.
    keepass.state().given_out = 0;
    only_until_quit(&mut window, &stage, "keyring_empty").await;
    // A locked one, whose prompt is dismissed, or never answered.
    *keepass.state() = all_locked(Answer::Dismisses);
    only_until_quit(&mut window, &stage, "keyring_denied").await;
    *keepass.state() = all_locked(Answer::Nothing);
    only_until_quit(&mut window, &stage, "keyring_locked").await;
    assert_eq!(keepass.state().prompts, 1);
    let again = sign_in(&mut window, &stage, "main", &SELLER, "keyring").await.unwrap_err();
    assert_eq!((&again["code"], keepass.state().prompts), (&json!("keyring_locked"), 1));
    // It ends with its prompt on the screen, and another comes.
    drop(bus);
    *keepass.state() = all_locked(Answer::Allows);
    let _bus = keepass.start(&stage.session.bus_address()).await;
    sign_in(&mut window, &stage, "main", &SELLER, "keyring").await.unwrap();
    assert!(keepass.state().databases[0].entry.is_some());
    end(app).await;
}

fn all_locked(answer: Answer) -> State {
    let mut state = State::default();
    state.answer = answer;
    state.databases[0].locked = true;
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_may_want_a_word_for_its_use_and_for_its_end_and_is_let_be_without_it() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    let _bus = keepass.start(&stage.session.bus_address()).await;
    signed_in(&stage).await;
    let (before, sessions) = (connects(&stage), keepass.state().sessions);
    keepass.state().confirms = true;
    keepass.state().confirms_deletion = true;
    keepass.state().answer = Answer::Allows;
    let app = start(&stage);
    waits_quietly(&stage, &keepass, sessions, before).await;
    let mut window = Window::open(&stage).await;
    connected_again(&stage, before).await;
    assert_eq!(keepass.state().prompts, 1);

    // What was allowed holds: a renewed token is written, and nobody is asked again.
    let (before, old) = (connects(&stage), token(&stage));
    stage.market.expire_tokens(SELLER.id);
    window.call("main", "reconnect", &json!({})).await.unwrap();
    connected_again(&stage, before).await;
    assert_ne!(token(&stage), old);
    assert!(keepass.holds(&token(&stage)) && !keepass.holds(&old));
    assert_eq!(keepass.state().prompts, 1);

    // Signing out is a deletion, which has its own word.
    keepass.state().answer = Answer::Dismisses;
    let forget = json!({ "deletesInbox": false });
    let refused = window.call("main", "forget_account", &forget).await.unwrap_err();
    assert_eq!(refused["code"], "keyring_denied");
    assert!(keepass.holds(&token(&stage)));
    keepass.state().answer = Answer::Allows;
    window.call("main", "forget_account", &forget).await.unwrap();
    assert!(keepass.state().databases[0].entry.is_none());
    assert_eq!(keepass.state().prompts, 3);
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_databases_the_one_with_the_entry_is_found() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    let _bus = keepass.start(&stage.session.bus_address()).await;
    signed_in(&stage).await;
    // The person has moved it into the other one, which is locked.
    let (before, sessions) = (connects(&stage), keepass.state().sessions);
    keepass.state().given_out = 2;
    keepass.state().databases.swap(0, 1);
    keepass.state().databases[1].locked = true;
    keepass.state().answer = Answer::Allows;
    let app = start(&stage);
    waits_quietly(&stage, &keepass, sessions, before).await;
    let mut window = Window::open(&stage).await;
    connected_again(&stage, before).await;
    assert_eq!(keepass.state().prompts, 1);
    // It stays where it is.
    let before = connects(&stage);
    stage.market.expire_tokens(SELLER.id);
    window.call("main", "reconnect", &json!({})).await.unwrap();
    connected_again(&stage, before).await;
    assert!(keepass.holds(&token(&stage)));
    assert!(keepass.state().databases[0].entry.is_none());
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_dies_and_comes_back_is_used_again_by_itself() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    let bus = keepass.start(&stage.session.bus_address()).await;
    signed_in(&stage).await;
    drop(bus);

    // It comes after the app.
    let before = connects(&stage);
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    window.told("the notice", notice("keyring_away")).await;
    assert_eq!(connects(&stage), before);
    let bus = keepass.start(&stage.session.bus_address()).await;
    connected_again(&stage, before).await;
    window.told("its end", no_notice).await;

    // It dies while the app runs, which wants to renew the token.
    let (before, old) = (connects(&stage), token(&stage));
    drop(bus);
    stage.market.expire_tokens(SELLER.id);
    window.call("main", "reconnect", &json!({})).await.unwrap();
    window.told("the notice", notice("keyring_away")).await;
    assert_eq!(connects(&stage), before);
    let bus = keepass.start(&stage.session.bus_address()).await;
    connected_again(&stage, before).await;
    window.told("its end", no_notice).await;
    assert!(token(&stage) != old && keepass.holds(&token(&stage)));

    // It does so while nobody looks.
    drop(bus);
    let _bus = keepass.start(&stage.session.bus_address()).await;
    window.call("main", "forget_account", &json!({ "deletesInbox": false })).await.unwrap();
    assert!(keepass.state().databases[0].entry.is_none());
    assert_eq!(keepass.state().prompts, 0);
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_keyring_never_answers_the_rest_goes_on_and_the_app_quits() {
    let stage = Stage::set(&[]).await;
    let keepass = SecretService::default();
    keepass.state().hangs = true;
    let _bus = keepass.start(&stage.session.bus_address()).await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    only_until_quit(&mut window, &stage, "keyring_unavailable").await;
    window.call("main", "add_account", &json!({})).await.unwrap();
    window.turned_to("2").await;
    sign_in(&mut window, &stage, "2", &ADMINISTRATOR, "memory").await.unwrap();
    connected(&stage, &ADMINISTRATOR).await;
    // The call that hangs never comes back: whoever waits for it doesn't end.
    end(app).await;
}

/// What asks for the keyring's password, as `xdotool` finds it.
const PROMPT: [&str; 4] = ["search", "--onlyvisible", "--class", "prompter"];

async fn is_prompt_shown(stage: &Stage) -> bool {
    let found = stage.session.command("xdotool").args(PROMPT).output().await.unwrap();
    !found.stdout.is_empty()
}

/// Waits for the prompt, and lets it go by a key. One that comes too early is not heard.
async fn dismiss(stage: &Stage) {
    let mut shown = stage.session.command("xdotool");
    shown.args(["search", "--sync", "--onlyvisible", "--class", "prompter"]);
    within("the prompt", shown.output()).await.unwrap();
    within("its end", async {
        while is_prompt_shown(stage).await {
            stage.session.command("xdotool").args(["key", "Escape"]).output().await.unwrap();
            sleep(Duration::from_millis(300)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_of_gnomes_that_is_dismissed_comes_back_when_somebody_asks_to_connect() {
    let (stage, _daemon) = locked_with_token().await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    dismiss(&stage).await;
    window.told("the notice", notice("keyring_denied")).await;
    drop(window);
    let mut window = Window::open(&stage).await;
    sleep(A_WHILE).await;
    assert!(!is_prompt_shown(&stage).await, "who said no is not asked for having come back");
    assert_eq!(connects(&stage), 0);

    window.call("main", "reconnect", &json!({})).await.unwrap();
    type_password(&stage).await;
    connected_again(&stage, 0).await;
    window.told("its end", no_notice).await;
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_that_the_keyring_refuses_is_written_once_it_is_unlocked() {
    let mut stage = Stage::set(&[Part::Keyring]).await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    sign_in(&mut window, &stage, "main", &SELLER, "keyring").await.unwrap();
    connected_again(&stage, 0).await;

    // The keyring is gone by the time the market answers.
    let (before, old) = (connects(&stage), token(&stage));
    stage.market.fail_next_call(Call::Refresh, Fault::Slow { delay_ms: 3_000 }, 1);
    stage.market.expire_tokens(SELLER.id);
    window.call("main", "reconnect", &json!({})).await.unwrap();
    stage.request(|request| request.path.ends_with("/auth/refresh-token")).await;
    let _daemon = locked(&mut stage).await;
    connected_again(&stage, before).await;
    let renewed = token(&stage);
    assert_ne!(renewed, old);
    window.told("the notice", notice("no_keyring")).await;
    assert_eq!(files_with(&stage.home(), &renewed), [] as [String; 0]);
    sleep(A_WHILE).await;
    let prompter = "org.gnome.keyring.SystemPrompter".try_into().unwrap();
    let bus = stage.session.bus().await;
    let is_asking = DBusProxy::new(&bus).await.unwrap().name_has_owner(prompter).await.unwrap();
    assert!(!is_asking, "nobody is asked for it");

    ask_for_another(&bus).await;
    type_password(&stage).await;
    window.told("its end", no_notice).await;
    assert!(keyring_holds(&stage.session, &renewed).await);
    end(app).await;
    // The next start has it.
    let before = connects(&stage);
    let app = start(&stage);
    connected_again(&stage, before).await;
    end(app).await;
}
