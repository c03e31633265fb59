//! What a screen reader has of the real window: the tree that the webview gives to AT-SPI.
//!
//! Reads it by the system's own client library, over an accessibility bus that belongs to the test's
//! session. What a screen reader then says isn't known here.

use std::path::Path;

use agora_demo_market::people::SELLER;
use serde::Deserialize;

use super::session::{LIMIT, Session};
use super::stage::Stage;
use super::window::pause;

/// An element of the tree, in the order in which it is read.
#[derive(Debug, Deserialize)]
struct Element {
    role: String,
    name: String,
    states: Vec<String>,
    live: Option<String>,
}

impl Element {
    fn is(&self, role: &str, name: &str) -> bool {
        self.role == role && self.name == name
    }

    fn has(&self, state: &str) -> bool {
        self.states.iter().any(|its| its == state)
    }
}

async fn tree(session: &Session) -> Vec<Element> {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/tests/desktop/spoken-tree.py");
    let ran = session.command("/usr/bin/python3").arg(script).output().await.unwrap();
    String::from_utf8(ran.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The tree, once it has what is wanted: the webview tells of changes after it has drawn them.
async fn tree_with(
    session: &Session,
    what: &str,
    wanted: impl Fn(&Element) -> bool,
) -> Vec<Element> {
    let mut last = Vec::new();
    let found = async {
        while !last.iter().any(&wanted) {
            pause().await;
            last = tree(session).await;
        }
    };
    let in_time = tokio::time::timeout(LIMIT, found).await.is_ok();
    assert!(in_time, "no {what} in {last:#?}");
    last
}

/// Says that everything which can be acted on has a name.
fn assert_named(view: &str, tree: &[Element]) {
    const ACTED_ON: [&str; 9] = [
        "push button",
        "toggle button",
        "check box",
        "radio button",
        "entry",
        "combo box",
        "link",
        "list box",
        "toggle switch",
    ];
    let acts = |element: &&Element| ACTED_ON.contains(&&*element.role);
    assert!(tree.iter().filter(acts).count() > 5, "{view}: {tree:#?}");
    let nameless: Vec<_> =
        tree.iter().filter(acts).filter(|it| it.name.trim().is_empty()).collect();
    assert!(nameless.is_empty(), "{view}: {nameless:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_reader_has_every_view_by_roles_and_names() {
    let mut stage = Stage::set(&[]).await;
    stage.session.begin_accessibility().await;
    let app = stage.app(&SELLER).await;
    let session = &stage.session;

    stage.emit(&SELLER, r#"{"type":"ORDER_CREATED","orderId":7}"#);
    let inbox = tree_with(session, "row", |it| {
        it.role == "list item" && it.name.starts_with("Unread New order: #7 Orders · Today")
    });
    let inbox = inbox.await;
    assert_named("inbox", &inbox);
    for (role, name) in [
        ("heading", "Inbox"),
        ("entry", "Search alerts"),
        ("toggle button", "Unread"),
        ("list box", "Alerts"),
    ] {
        assert!(inbox.iter().any(|it| it.is(role, name)), "no {role} {name:?} in {inbox:#?}");
    }
    app.click("chip-unread").await;
    tree_with(session, "pressed filter", |it| {
        it.is("toggle button", "Unread") && it.has("pressed")
    })
    .await;
    app.click("chip-unread").await;

    app.click_row("#7").await;
    let open = tree_with(session, "alert", |it| it.is("heading", "New order: #7")).await;
    assert_named("an open alert", &open);
    assert!(open.iter().any(|it| it.role == "list item" && it.has("selected")), "{open:#?}");

    app.click("nav-settings").await;
    for section in ["account", "alerts", "appearance", "data", "about"] {
        app.click(&format!("settings-{section}")).await;
        app.wait_until_drawn().await;
        let tree = tree_with(session, "settings", |it| it.is("heading", "Settings")).await;
        assert_named(section, &tree);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_alert_waits_its_turn_and_an_error_does_not() {
    let mut stage = Stage::set(&[]).await;
    stage.session.begin_accessibility().await;
    let app = stage.app(&SELLER).await;
    let session = &stage.session;

    stage.emit(&SELLER, r#"{"type":"ORDER_CREATED","orderId":7}"#);
    app.click_row("#7").await;
    stage.emit(&SELLER, r#"{"type":"ORDER_CREATED","orderId":8}"#);
    app.find("new-alerts").await;
    let told = tree_with(session, "new alert", |it| it.is("push button", "1 new alert")).await;
    let button = told.iter().find(|it| it.is("push button", "1 new alert")).unwrap();
    assert_eq!(button.live.as_deref(), Some("polite"));

    app.click("go-to-day").await;
    app.type_into("day", "no day").await;
    app.click("day-go").await;
    let error = tree_with(session, "error", |it| it.live.as_deref() == Some("assertive")).await;
    let error = error.iter().find(|it| it.live.as_deref() == Some("assertive")).unwrap();
    assert!(matches!(&*error.role, "alert" | "notification"), "{error:?}");
    app.end().await;
}
