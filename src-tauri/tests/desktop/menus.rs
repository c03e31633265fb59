//! The page's own menus, and none of the webview's, in the real window: by a real pointer and real keys.

use agora_demo_market::people::SELLER;
use serde_json::Value;

use super::session::{Session, within};
use super::stage::Stage;
use super::window::App;

/// What WebKit and GTK put into menus of their own is a window.
async fn windows(session: &Session) -> usize {
    let mut xdotool = session.command("xdotool");
    let found = xdotool.args(["search", "--onlyvisible", "--class", "agora"]).output().await;
    found.expect("xdotool runs").stdout.split(|byte| *byte == b'\n').count()
}

async fn run(session: &Session, words: &[&str]) {
    let mut xdotool = session.command("xdotool");
    assert!(xdotool.args(words).status().await.unwrap().success(), "{words:?}");
}

/// Presses a button of the pointer on the first element of this name.
async fn press(stage: &Stage, app: &App, name: &str, button: &str) {
    app.find(name).await;
    app.wait_until_drawn().await;
    let place = format!(
        "const it = document.querySelector('[data-testid=\"{name}\"]').getBoundingClientRect();
        return [it.x + Math.min(it.width / 2, 60), it.y + it.height / 2];"
    );
    let [x, y]: [f64; 2] = app.evaluate(&place).await;
    let [x, y] = [format!("{x:.0}"), format!("{y:.0}")];
    let of_window = ["search", "--onlyvisible", "--name", "Agora$"];
    let there = ["mousemove", "--sync", "--window", "%1", &x, &y, "click", button];
    run(&stage.session, &[&of_window[..], &there[..]].concat()).await;
}

async fn focused(app: &App) -> Value {
    app.evaluate("return document.activeElement.dataset.testid ?? document.activeElement.role")
        .await
}

async fn until_closed(app: &App) {
    let closed = async { while !app.texts("menu").await.is_empty() {} };
    within("the menu's end", closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_is_the_pages_own_by_pointer_and_by_key() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"type":"ORDER_SHIPPED","orderNumber":"AG-7"}"#);
    app.find("alert-row").await;
    let before = windows(&stage.session).await;
    press(&stage, &app, "alert-row", "3").await;
    app.find("menu-copy-number-AG-7").await;
    assert_eq!(windows(&stage.session).await, before, "a menu of the webview's is there too");
    run(&stage.session, &["key", "Escape"]).await;
    until_closed(&app).await;
    assert_eq!(focused(&app).await, "listbox");
    for keys in ["Menu", "shift+F10"] {
        run(&stage.session, &["key", keys]).await;
        app.find("menu-open").await;
        assert_eq!(focused(&app).await, "menu-open", "{keys}");
        assert_eq!(windows(&stage.session).await, before, "{keys}");
        run(&stage.session, &["key", "Escape"]).await;
        until_closed(&app).await;
        assert_eq!(focused(&app).await, "listbox", "{keys}");
    }
    // What has no menu has none of anybody's.
    press(&stage, &app, "nav-inbox", "3").await;
    app.wait_until_drawn().await;
    assert_eq!((app.texts("menu").await.len(), windows(&stage.session).await), (0, before));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_copied_by_a_menu_is_pasted_by_one() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"type":"ORDER_SHIPPED","orderNumber":"AG-7"}"#);
    press(&stage, &app, "alert-row", "3").await;
    press(&stage, &app, "menu-copy-number-AG-7", "1").await;
    until_closed(&app).await;
    let before = windows(&stage.session).await;
    press(&stage, &app, "search", "1").await;
    press(&stage, &app, "search", "3").await;
    press(&stage, &app, "menu-paste", "1").await;
    app.wait_for("search", |text| text == "AG-7").await;
    press(&stage, &app, "search", "3").await;
    press(&stage, &app, "menu-select-all", "1").await;
    until_closed(&app).await;
    press(&stage, &app, "search", "3").await;
    press(&stage, &app, "menu-cut", "1").await;
    app.wait_for("search", str::is_empty).await;
    press(&stage, &app, "search", "3").await;
    press(&stage, &app, "menu-paste", "1").await;
    app.wait_for("search", |text| text == "AG-7").await;
    assert_eq!(windows(&stage.session).await, before);
    app.end().await;
}
