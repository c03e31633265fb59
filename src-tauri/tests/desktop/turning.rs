//! Several accounts in one window, turned between with the pointer; and the demo, one press away.

use agora_demo_market::people::{ADMINISTRATOR, SELLER};

use super::session::Part;
use super::signing_in::sign_in;
use super::stage::{Stage, eventually};
use super::window::App;

/// Waits until the window shows an account, and says so in its title.
async fn shows(app: &App, label: &str) {
    app.wait_for("owner", |text| text.contains(label)).await;
    assert!(app.client.title().await.unwrap().contains(label));
}

/// Waits until the list has alerts of these titles, newest first.
async fn lists(app: &App, titles: &[&str]) {
    let are_they = |rows: &[String]| {
        rows.len() == titles.len() && rows.iter().zip(titles).all(|(row, it)| row.contains(it))
    };
    app.wait_for_texts("alert-row", are_they).await;
}

/// Waits until the other account is said to have so many unread alerts.
async fn other_has(app: &App, label: &str, unread: u32) {
    let says = format!("{unread} unread");
    app.wait_for("account-turn", |text| text.contains(label) && text.contains(&says)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_are_in_one_window_and_a_press_turns_it_to_the_other() {
    let stage = Stage::set(&[Part::Keyring]).await;
    let app = stage.bare_app().await;
    app.wait_for("first-start", |_| true).await;
    sign_in(&app, &stage.market.base_url(), SELLER.username, SELLER.password).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.emit(&SELLER, r#"{"title":"for the seller"}"#);
    lists(&app, &["for the seller"]).await;

    // One who thinks better of it is back where they were.
    app.click("nav-settings").await;
    app.click("account-add").await;
    app.wait_for("account-back", |text| text.contains(SELLER.username)).await;
    app.click("account-back").await;
    app.wait_for("owner", |text| text.contains(SELLER.username)).await;
    assert_eq!(app.texts("account-turn").await, [""; 0]);

    app.click("nav-settings").await;
    app.click("account-add").await;
    app.wait_for("account-back", |_| true).await;
    sign_in(&app, &stage.market.base_url(), ADMINISTRATOR.username, ADMINISTRATOR.password).await;
    shows(&app, ADMINISTRATOR.username).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    lists(&app, &[]).await;

    // What comes for the other is counted there, and is nowhere else.
    stage.emit(&SELLER, r#"{"title":"later"}"#);
    other_has(&app, SELLER.username, 2).await;
    stage.emit(&ADMINISTRATOR, r#"{"title":"for the administrator"}"#);
    lists(&app, &["for the administrator"]).await;
    app.wait_for("unread-count", |count| count == "1").await;

    app.click("account-turn").await;
    shows(&app, SELLER.username).await;
    lists(&app, &["later", "for the seller"]).await;
    app.wait_for("unread-count", |count| count == "2").await;
    app.click_row("later").await;
    app.wait_for("alert-detail", |text| text.contains("later")).await;
    app.wait_for("unread-count", |count| count == "1").await;
    other_has(&app, ADMINISTRATOR.username, 1).await;

    app.click("account-turn").await;
    shows(&app, ADMINISTRATOR.username).await;
    lists(&app, &["for the administrator"]).await;
    other_has(&app, SELLER.username, 1).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_played_with_one_press_and_nothing_is_left_of_it() {
    let stage = Stage::set(&[]).await;
    let app = stage.bare_app().await;
    app.click("play-demo").await;
    app.wait_for("owner", |text| text.contains("Demo")).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    app.wait_for_texts("alert-row", |rows| !rows.is_empty()).await;

    app.click("nav-settings").await;
    app.click("demo-leave").await;
    app.wait_for("first-start", |_| true).await;
    let accounts = stage.home().join("accounts");
    eventually("an empty home", || {
        std::fs::read_dir(&accounts).map_or(true, |mut left| left.next().is_none())
    })
    .await;
    app.end().await;
}
