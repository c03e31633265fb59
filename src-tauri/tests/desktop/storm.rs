//! Many alerts at once: few toasts, none lost, and those that can't wait come through.

use std::time::{Duration, Instant};

use agora_demo_market::people::SELLER;
use agora_demo_market::{Notice, local_time_ago};
use fantoccini::Locator;

use super::fates::{wait_for_count, wait_for_fates};
use super::own_daemon::OwnDaemon;
use super::session::{Part, signal, within};
use super::stage::{APP, Stage};
use super::toasts::{Notify, Recorder, counted};

const SHIPPED: &str = r#"{"type":"ORDER_SHIPPED","orderNumber":"20418"}"#;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the count is worth seeing")]
async fn ten_thousand_at_once_are_a_handful_of_toasts_and_none_is_lost() {
    const ALL: u32 = 10_000;
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    let begun = Instant::now();
    for number in 0..ALL {
        let event = if number % 4_000 == 2_000 {
            format!(r#"{{"title":"urgent {number}","isUrgent":true}}"#)
        } else if number % 4 == 0 {
            format!(r#"{{"type":"CHAT_MESSAGE","senderName":"林美華","content":"{number}"}}"#)
        } else {
            format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":"{number}"}}"#)
        };
        stage.emit(&SELLER, &event);
    }
    wait_for_count(&stage, ALL).await;
    // Three have toasts of their own, and so have the two that are urgent.
    let sum = recorder.wait_for(|toast| toast.summary == "9995 new alerts").await;
    assert!(sum.body.starts_with("Orders 749") && sum.body.contains(", Chat 249"), "{}", sum.body);
    assert_eq!(stage.kept().len(), 10_000);
    let toasts = recorder.toasts();
    let urgent = toasts.iter().filter(|toast| toast.is_urgent()).map(|toast| &*toast.summary);
    assert_eq!(urgent.collect::<Vec<_>>(), ["urgent 2000", "urgent 6000"]);
    let sums: Vec<_> = toasts.iter().filter(|toast| toast.summary.contains("new alert")).collect();
    for sum in &sums[1..] {
        assert_eq!(Some(sum.replaces_id), sums[0].id, "it is one toast");
    }
    let loud = sums.iter().filter(|sum| sum.hints.contains_key("sound-name")).count();
    assert!(loud <= 1, "it sounds once, not {loud} times");
    // A sum that goes on growing is told anew every eight seconds in the end.
    let (count, took) = (recorder.count(), begun.elapsed());
    println!("{ALL} alerts at once: {count} calls of Notify in {took:?}");
    let most = 12 + took.as_secs() / 8;
    assert!(count as u64 <= most, "{count} toasts in {took:?}");
    signal(app.id().unwrap(), "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_sum_shows_the_list_of_what_it_counts() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    for _ in 0..3 {
        stage.emit(&SELLER, r#"{"title":"a notice"}"#);
    }
    for _ in 0..4 {
        stage.emit(&SELLER, SHIPPED);
    }
    let sum = daemon.wait_for("4 new alerts").await;
    wait_for_fates(&stage, &[("Shipped: order #20418", r#"{"summed_up":4}"#)]).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 7).await;
    daemon.act(&sum, "default").await;
    let rows = app.wait_for_texts("alert-row", |rows| rows.len() == 4).await;
    assert!(rows.iter().all(|row| row.contains("20418")), "{rows:?}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_growing_sum_counts_say_how_many_it_told_of_in_the_end() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let emit = |number: u32| stage.emit(&SELLER, &format!(r#"{{"title":"number {number}"}}"#));
    let begun = Instant::now();
    (1..=4).for_each(emit);
    let first = daemon.wait_for("number 4").await;
    (5..=9).for_each(emit);
    daemon.wait_for_count(5).await;
    if begun.elapsed() > Duration::from_secs(5) {
        // The storm is over after that, and a machine that takes so long has none to show.
        return app.end().await;
    }
    assert_eq!(daemon.wait_for("6 new alerts").await.id, first.id, "it grew in place");
    let fate = r#"{"summed_up":6}"#;
    wait_for_fates(&stage, &[("number 3", r#""shown""#), ("number 4", fate), ("number 9", fate)])
        .await;
    app.click_row("number 4").await;
    app.wait_for("toast", |text| text == "Summed up: one toast told of 6 alerts.").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_before_its_toast_comes_says_so() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"the first"}"#);
    daemon.expect(&["the first"]).await;
    stage.emit(&SELLER, r#"{"title":"soon read"}"#);
    app.click_row("soon read").await;
    wait_for_fates(&stage, &[("soon read", r#"{"muted":"read"}"#)]).await;
    daemon.answers.add_permits(1);
    wait_for_fates(&stage, &[("the first", r#""shown""#)]).await;
    daemon.expect(&["the first"]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_that_was_closed_counts_anew_and_one_that_was_read_goes() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"type":"CHAT_MESSAGE","senderName":"林美華","content":"?"}"#);
    for _ in 0..4 {
        stage.emit(&SELLER, SHIPPED);
    }
    let sum = daemon.wait_for("2 new alerts").await;
    wait_for_fates(&stage, &[("Shipped: order #20418", r#"{"summed_up":2}"#)]).await;
    daemon.close(&sum).await;
    for _ in 0..5 {
        stage.emit(&SELLER, SHIPPED);
    }
    // Of the five those that came within the storm, or two where it was over; none of before.
    let is_anew = |toast: &Notify| toast.summary.contains("new alerts") && toast.id != Some(sum.id);
    let anew = recorder.wait_for(is_anew).await;
    assert_eq!(anew.replaces_id, 0);
    assert!((2..=5).contains(&counted(&anew.summary)), "{}", anew.summary);
    app.wait_for("unread-count", |count| count == "10").await;
    // Of all that is unread, only the orders are read.
    let orders = app.client.find(Locator::Css(".dot[data-category=orders]")).await.unwrap();
    orders.click().await.unwrap();
    app.wait_for_texts("alert-row", |rows| rows.iter().all(|row| row.contains("20418"))).await;
    app.click("mark-all-read").await;
    recorder.wait_until_closed(anew.id.unwrap()).await;
    app.wait_for("unread-count", |count| count == "1").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_one_summary_of_its_own() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    for number in 0..5 {
        stage.market.store_notification(Notice {
            user_id: SELLER.id,
            title: format!("missed {number}"),
            kind: "ORDER".to_owned(),
            created_at: Some(local_time_ago(Duration::from_secs(600 - number))),
            ..Notice::default()
        });
    }
    let app = stage.app(&SELLER).await;
    daemon.expect(&["5 alerts while you were away"]).await;
    let fate = r#"{"away":5}"#;
    wait_for_fates(&stage, &[("missed 0", fate), ("missed 4", fate)]).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 5).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_content_is_in_no_toast() {
    let stage = Stage::set(&[Part::Toasts]).await;
    std::fs::create_dir_all(stage.home()).unwrap();
    let settings = r#"{"preferences":{"rules":{"hideContent":true}}}"#;
    std::fs::write(stage.home().join("settings.json"), settings).unwrap();
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let secret = r#"{"type":"CHAT_MESSAGE","senderName":"林美華","content":"secret"}"#;
    for _ in 0..5 {
        stage.emit(&SELLER, secret);
    }
    let toast = recorder.wait_for(|toast| toast.summary == "New alert: Chat").await;
    assert_eq!(toast.body, "");
    let sum = recorder.wait_for(|toast| toast.summary == "2 new alerts").await;
    assert_eq!(sum.body, "Chat 2");
    let said = format!("{:?}", recorder.toasts());
    assert!(!said.contains("林美華") && !said.contains("secret"), "{said}");
    app.end().await;
}
