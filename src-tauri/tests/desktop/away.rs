//! What was sent while the app was closed: there afterwards, once, in its place, told as one.

use std::time::Duration;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Action, Notice, Recorded, local_time_ago};

use super::session::Part;
use super::stage::{SOON, Stage, client_id};
use super::toasts::Recorder;

fn is_sync(request: &Recorded) -> bool {
    request.path == "/api/notifications/unread" && request.status.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_meanwhile_is_there_once_and_told_as_one() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let both_ways = Notice { user_id: SELLER.id, title: "both ways".into(), ..Notice::default() };
    stage.market.push_notification(both_ways);
    app.wait_for("alert-row", |row| row.contains("both ways")).await;
    app.end().await;
    assert!(stage.market.wait_for_client_gone(&client_id(&SELLER), SOON).await);

    for number in 0..4 {
        stage.market.store_notification(Notice {
            user_id: SELLER.id,
            title: format!("missed {number}"),
            kind: "ORDER".into(),
            // Some of them before what had come over the stream.
            created_at: Some(local_time_ago(Duration::from_secs(120 * (4 - number)))),
            ..Notice::default()
        });
    }
    let app = stage.app(&SELLER).await;
    let rows = app.wait_for_texts("alert-row", |rows| rows.len() == 5).await;
    let order = ["both ways", "missed 3", "missed 2", "missed 1", "missed 0"];
    for (row, title) in rows.iter().zip(order) {
        assert!(row.contains(title), "not in order: {rows:?}");
    }
    recorder.wait_for(|toast| toast.summary == "4 alerts while you were away").await;

    // A stream that ends brings the same again, which adds nothing.
    let last = stage.market.requests().last().unwrap().number;
    assert!(stage.market.act(&client_id(&SELLER), Action::End));
    stage.request(|request| is_sync(request) && request.number > last).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"the last one"}"#);
    let rows = app.wait_for_texts("alert-row", |rows| rows[0].contains("the last one")).await;
    assert_eq!(rows.len(), 6, "{rows:?}");
    recorder.wait_for(|toast| toast.summary == "the last one").await;
    let toasts: Vec<_> = recorder.toasts().into_iter().map(|toast| toast.summary).collect();
    assert_eq!(toasts, ["both ways", "4 alerts while you were away", "the last one"]);
    let mut kept = stage.kept();
    assert_eq!(kept.pop().as_deref(), Some("the last one"));
    assert_eq!(kept.iter().map(String::as_str).rev().collect::<Vec<_>>(), order);
    app.end().await;
}
