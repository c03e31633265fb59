//! Setting the account up in the window; the token goes to the keyring and nowhere else.

use std::path::Path;

use agora_demo_market::people::SELLER;

use super::session::{Part, Session, within};
use super::stage::{Stage, eventually};
use super::window::{App, children};

/// Fills the first page in for who has a token, and saves it.
pub(crate) async fn connect(app: &App, base_url: &str, user: &str, token: &str) {
    app.wait_for("first-start", |_| true).await;
    app.unfold("other-ways").await;
    app.type_into("account-base-url", base_url).await;
    app.type_into("account-user-id", user).await;
    app.type_into("account-token", token).await;
    app.click("account-save").await;
}

/// Every file below a folder that holds the text.
pub(crate) fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.windows(text.len()).any(|window| window == text.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

pub(crate) async fn keyring_holds(session: &Session, token: &str) -> bool {
    let mut search = session.command("secret-tool");
    search.args(["search", "--all", "service", "market.agora.notifier"]);
    let found = within("the keyring's answer", search.output()).await.unwrap();
    String::from_utf8_lossy(&found.stdout).contains(token)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_in_the_keyring_and_in_no_file() {
    let stage = Stage::set(&[Part::Keyring, Part::Toasts]).await;
    let app = stage.bare_app().await;
    connect(&app, &stage.market.base_url(), "4021", SELLER.token).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let connect =
        stage.request(|request| request.path.starts_with("/api/sse/connect/user_4021_")).await;
    let bearer = format!("Bearer {}", SELLER.token);
    assert_eq!(connect.header("authorization"), Some(bearer.as_str()));
    assert!(keyring_holds(&stage.session, SELLER.token).await);
    assert_eq!(files_with(&stage.home(), SELLER.token), [] as [String; 0]);
    app.end().await;

    // The next start needs nobody.
    eventually("the end of the connection", || stage.market.clients().is_empty()).await;
    let again = stage.bare_app().await;
    again.wait_for("connection", |text| text.contains("Connected")).await;
    again.end().await;
    assert_eq!(files_with(&stage.home(), SELLER.token), [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_token_stays_in_memory_only_when_the_person_agrees() {
    let stage = Stage::set(&[]).await;
    let app = stage.bare_app().await;
    connect(&app, &stage.market.base_url(), "4021", SELLER.token).await;
    app.wait_for("account-memory", |_| true).await;
    assert!(stage.market.requests().is_empty(), "nothing is sent before the person agrees");
    app.click("account-memory").await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    app.wait_for_texts("notice", |notices| notices.iter().any(|text| text.contains("token"))).await;
    assert_eq!(files_with(&stage.home(), SELLER.token), [] as [String; 0]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_refused_by_field_before_anything_is_sent() {
    let stage = Stage::set(&[]).await;
    let app = stage.bare_app().await;
    connect(&app, "http://market.example/api", "not a number", "a token").await;
    let errors = app.wait_for_texts("field-error", |errors| errors.len() == 3).await;
    assert!(errors.iter().all(|error| !error.is_empty()), "{errors:?}");
    assert!(stage.market.requests().is_empty());
    assert!(!stage.home().join("settings.json").exists());
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_that_the_app_starts_has_the_token_in_its_environment() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    let window = app.window_process().await;
    let mut started = children(app.process).await;
    started.extend(children(window).await);
    for name in ["agora-notifier-", "WebKitWebProces"] {
        assert!(started.iter().any(|(_, started)| started.starts_with(name)), "{started:?}");
    }
    for (child, name) in started {
        let environment = std::fs::read(format!("/proc/{child}/environ")).unwrap();
        let environment = String::from_utf8_lossy(&environment);
        assert!(environment.contains("AGORA_HOME="), "it is read: {name}");
        assert!(!environment.contains("AGORA_TOKEN"), "{name}");
    }
    app.end().await;
}
