//! The end of quiet: one toast tells what came meanwhile, and opens exactly that, whatever became of the app
//! in between.

use agora_demo_market::people::SELLER;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::fates::{wait_for_fates, wait_for_told};
use super::own_daemon::OwnDaemon;
use super::session::Part;
use super::stage::{Stage, eventually};
use super::tray::Item;

const FIRST: &str =
    r#"{"type":"ORDER_CREATED","orderNumber":"1","totalAmount":1300,"currency":"TWD"}"#;
const SECOND: &str =
    r#"{"type":"ORDER_CREATED","orderNumber":"2","totalAmount":5000,"currency":"TWD"}"#;
const CHAT: &str = r#"{"type":"CHAT_MESSAGE","title":"a question","senderName":"Mei"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_snooze_is_told_once_and_opens_what_came() {
    let stage = Stage::set(&[Part::Tray]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let tray = Item::wait(&stage.session).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    daemon.wait_for("before").await;
    tray.click("Snooze for 2 hours").await;
    app.wait_for("snoozed", |text| !text.is_empty()).await;
    for event in [FIRST, SECOND, CHAT, r#"{"title":"read meanwhile"}"#] {
        stage.emit(&SELLER, event);
    }
    app.wait_for("alert-row", |row| row.contains("read meanwhile")).await;
    app.click_row("read meanwhile").await;
    app.wait_for("unread-count", |count| count == "4").await;
    tray.click("Show notifications again").await;
    let toast = daemon.wait_for("3 while you were quiet").await;
    assert_eq!(toast.body, "2 orders NT$6,300, 1 message, nothing urgent");
    wait_for_told(&stage, 3).await;
    daemon.act(&toast, "default").await;
    app.wait_for("after-quiet", |text| text.contains("While you were quiet")).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    app.click_row("a question").await;
    app.wait_for("toast", |text| text.contains("one notification told of 3")).await;
    // Nothing is told twice.
    tray.click("Snooze for 2 hours").await;
    app.wait_for("snoozed", |text| !text.is_empty()).await;
    tray.click("Show notifications again").await;
    app.wait_for_texts("snoozed", <[String]>::is_empty).await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    daemon.expect(&["before", "3 while you were quiet", "after"]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desktop_kept_is_told_when_it_shows_toasts_again() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"before"}"#);
    daemon.wait_for("before").await;
    daemon.inhibit(true).await;
    eventually("do-not-disturb", || stage.log().contains("do-not-disturb now=On")).await;
    stage.emit(&SELLER, FIRST);
    stage.emit(&SELLER, CHAT);
    wait_for_fates(&stage, &[("a question", r#""kept""#)]).await;
    daemon.inhibit(false).await;
    let toast = daemon.wait_for("2 while you were quiet").await;
    assert_eq!(toast.body, "1 order NT$1,300, 1 message, nothing urgent");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_that_ended_while_the_app_was_not_running_is_told_at_its_start() {
    let stage = Stage::set(&[]).await;
    let until = Timestamp::now().saturating_add(1.hours()).unwrap().as_millisecond();
    stage.choose(&json!({ "snoozedUntilMs": until }));
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, FIRST);
    stage.emit(&SELLER, CHAT);
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    app.end().await;
    let over = Timestamp::now().saturating_sub(1.hours()).unwrap().as_millisecond();
    stage.choose(&json!({ "snoozedUntilMs": over }));
    for after in ["after", "once more"] {
        let app = stage.app(&SELLER).await;
        daemon.wait_for("2 while you were quiet").await;
        wait_for_told(&stage, 2).await;
        stage.emit(&SELLER, &format!(r#"{{"title":"{after}"}}"#));
        daemon.wait_for(after).await;
        app.end().await;
    }
    daemon.expect(&["2 while you were quiet", "after", "once more"]).await;
}
