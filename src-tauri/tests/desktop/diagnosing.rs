//! The diagnostics in the window: what they say of the parts that are really there, what follows while they
//! are looked at, and the report that leaves by the clipboard.

use std::collections::HashMap;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Action, Call, Fault};
use fantoccini::Locator;

use super::session::{LIMIT, Part};
use super::stage::{Stage, client_id};
use super::window::App;

/// What was found of each part.
async fn verdicts(app: &App) -> HashMap<String, String> {
    app.evaluate(
        "return Object.fromEntries([...document.querySelectorAll('[data-testid=check]')].map(
            row => [row.dataset.part, row.dataset.verdict ?? '']));",
    )
    .await
}

async fn seen(app: &App, selector: &str) {
    let wait = app.client.wait().at_most(LIMIT);
    let found = wait.for_element(Locator::Css(selector)).await;
    found.unwrap_or_else(|error| panic!("{selector}: {error}"));
}

/// Waits until this is found of a part.
async fn found(app: &App, part: &str, verdict: &str) {
    seen(app, &format!("[data-testid=check][data-part={part}][data-verdict={verdict}]")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_diagnostics_say_what_is_there_follow_what_happens_and_are_copied_without_secrets() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let app = stage.app(&SELLER).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    app.click("nav-settings").await;
    app.click("settings-diagnostics").await;
    let good =
        ["market", "sign_in", "clock", "stream", "toasts", "do_not_disturb", "inbox", "disk"];
    for part in good {
        found(&app, part, "good").await;
    }
    let found_of = verdicts(&app).await;
    assert_eq!(found_of.len(), 10, "{found_of:?}");
    assert_eq!((&*found_of["tray"], &*found_of["keyring"]), ("bad", "bad"), "{found_of:?}");
    app.wait_for("versions", |text| text.contains("dunst") && text.contains("WebKit")).await;

    // It follows what happens: the market is away.
    let away = Fault::Answer { status: 503, headers: [].into(), body: String::new() };
    stage.market.fail_next_call(Call::Connect, away, u32::MAX);
    stage.market.act(&client_id(&SELLER), Action::End);
    app.wait_for("connection", |text| text.contains("Reconnecting")).await;
    seen(&app, ".band[data-look=open] ~ .band[data-look=coming]").await;
    // And a part that goes is found missing when it is looked for again.
    stage.session.end(Part::Toasts).await;
    app.click("check-again").await;
    found(&app, "toasts", "bad").await;

    app.click("report").await;
    let report = app.wait_for("report-text", |text| text.contains("Agora")).await;
    for private in [SELLER.token, SELLER.username, "4021", &*stage.market.base_url()] {
        assert!(!report.contains(private), "{private} in {report}");
    }
    app.click("report-copy").await;
    app.wait_for("report-said", |text| text.contains("Copied")).await;
    app.click("report-close").await;
    app.wait_until_drawn().await;
    app.click("nav-inbox").await;
    app.click("search").await;
    let mut paste = stage.session.command("xdotool");
    assert!(paste.args(["key", "ctrl+v"]).status().await.unwrap().success());
    let first = report.lines().next().unwrap();
    app.wait_for("search", |text| text.contains(first)).await;
    app.end().await;
}
