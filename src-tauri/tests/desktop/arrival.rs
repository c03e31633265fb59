//! From an event on the wire to a toast, a row in the window and a row in the file, once each.

use std::ffi::OsString;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Notice, To};

use super::session::Part;
use super::stage::{Stage, eventually};
use super::toasts::{Recorder, click_toast};

const SHIPPED: &str =
    r#"{"type":"ORDER_SHIPPED","orderNumber":"20418","productName":"手工茶壺 <1 & 2>"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_becomes_one_toast_one_row_and_one_alert_in_the_file() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, SHIPPED);
    stage.emit(&SELLER, r#"{"type":"HEARTBEAT"}"#);
    stage.emit(&SELLER, r#"{"title":"the last one"}"#);
    let toast = recorder.wait_for(|toast| toast.summary == "Shipped: order #20418").await;
    assert_eq!(toast.body, "手工茶壺 &lt;1 &amp; 2&gt;", "the daemon takes markup");
    assert_eq!((&*toast.app_name, toast.replaces_id), ("Agora", 0));
    assert_eq!(toast.actions[0], "default", "a click opens it");
    assert!(toast.hints.contains_key("image-data"), "its category's icon is in it");
    recorder.wait_for(|toast| toast.summary == "the last one").await;
    let rows = app
        .wait_for_texts("alert-row", |rows| rows.iter().any(|row| row.contains("the last one")))
        .await;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("the last one"), "newest first: {rows:?}");
    assert!(rows[1].contains("Shipped: order #20418") && rows[1].contains("手工茶壺 <1 & 2>"));
    assert_eq!(stage.kept(), ["Shipped: order #20418", "the last one"]);
    let summaries: Vec<_> = recorder.toasts().into_iter().map(|toast| toast.summary).collect();
    assert_eq!(summaries, ["Shipped: order #20418", "the last one"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_toast_opens_its_alert_even_after_the_window_was_closed() {
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.app(&SELLER).await;
    stage.emit(&SELLER, SHIPPED);
    recorder.wait_for(|toast| toast.summary.contains("20418")).await;
    click_toast(&stage.session).await;
    let detail = app.wait_for("alert-detail", |text| text.contains("20418")).await;
    assert!(detail.contains("手工茶壺"));

    app.close(&stage.session).await;
    stage.emit(&SELLER, r#"{"type":"CHAT_MESSAGE","senderName":"林美華","content":"還有嗎？"}"#);
    recorder.wait_for(|toast| toast.summary.contains("林美華")).await;
    click_toast(&stage.session).await;
    app.wait_until_open().await;
    app.wait_for("alert-detail", |text| text.contains("還有嗎？")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_chinese_desktop_everything_is_chinese() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut environment = stage.environment(&SELLER);
    environment.push(("LANG", OsString::from("zh_TW.UTF-8")));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, SHIPPED);
    recorder.wait_for(|toast| toast.summary == "已出貨：訂單 #20418").await;
    app.wait_for("alert-row", |row| row.contains("已出貨：訂單 #20418")).await;
    app.wait_for("connection", |text| text.contains("已連線")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_an_alert_marks_it_read_in_the_file() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, SHIPPED);
    app.wait_for("unread-count", |count| count == "1").await;
    app.click("alert-row").await;
    app.wait_for_texts("unread-count", |counts| counts.iter().all(|count| count != "1")).await;
    eventually("the file", || stage.unread().is_empty()).await;
    assert_eq!(stage.kept(), ["Shipped: order #20418"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_says_which_way_it_came_and_a_message_is_no_word_of_the_markets() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    let locked = r#"{"type":"ACCOUNT_LOCKED"}"#;
    stage.market.emit(&To::Everyone, None, locked);
    app.wait_for_texts("alert-row", |rows| rows.len() == 1).await;
    // What the market lists itself is the market's; the stream only brings the hint to look.
    let stored = Notice { user_id: SELLER.id, title: "kept there".into(), ..Notice::default() };
    stage.market.store_notification(stored);
    stage.emit(&SELLER, r#"{"type":"NOTIFICATION_READ"}"#);
    app.wait_for("alert-row", |row| row.contains("kept there")).await;
    stage.emit(&SELLER, locked);
    let says = "A message says: Your account was locked";
    app.wait_for("alert-row", |row| row.contains(says)).await;
    for (row, source) in [
        (says, "Came live, sent to you; the market doesn’t say by whom"),
        ("kept there", "Stored by the market"),
    ] {
        app.click_row(row).await;
        app.wait_for("source", |text| text == source).await;
    }
    let rows = app.texts("alert-row").await;
    let at = rows.iter().position(|row| row.contains("Your account") && !row.contains("says"));
    let id =
        &app.texts("alert-row@data-id").await[at.expect("the broadcast is in the app's words")];
    let row = format!("[data-testid=alert-row][data-id='{id}']");
    app.client.find(fantoccini::Locator::Css(&row)).await.unwrap().click().await.unwrap();
    app.wait_for("source", |text| text.contains("sent to everyone")).await;
    app.end().await;
}
