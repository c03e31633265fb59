//! The app behind a proxy that buffers: its alerts come all the same, and it says how.

use std::time::Duration;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Action, Fault, Notice, local_time_ago};

use super::session::Part;
use super::stage::{Stage, client_id};
use super::toasts::Recorder;
use super::tray::Item;

#[tokio::test(flavor = "multi_thread")]
async fn alerts_come_behind_a_proxy_that_buffers_and_the_app_says_that_it_only_checks() {
    let stage = Stage::set(&[Part::Tray, Part::Toasts]).await;
    stage.market.fail_next(Fault::HoldBack, 1_000);
    for number in 0..3 {
        stage.market.store_notification(Notice {
            user_id: SELLER.id,
            title: format!("stored {number}"),
            created_at: Some(local_time_ago(Duration::from_mins(4 - number))),
            ..Notice::default()
        });
    }
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.start(&stage.environment(&SELLER)).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    recorder.wait_for(|toast| toast.summary == "3 alerts while you were away").await;
    let says = |text: &str| {
        text.contains("Checking every two minutes") && text.contains("holds live alerts back")
    };
    app.wait_for("connection", says).await;
    let tray = Item::wait(&stage.session).await;
    tray.wait_until(|state| says(&state.tooltip.1)).await;

    // The way is free: it connects, and nothing comes twice.
    stage.market.clear_faults();
    assert!(stage.market.act(&client_id(&SELLER), Action::End));
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"live"}"#);
    recorder.wait_for(|toast| toast.summary == "live").await;
    let rows = app.wait_for_texts("alert-row", |rows| rows[0].contains("live")).await;
    assert_eq!(rows.len(), 4, "{rows:?}");
    let toasts: Vec<_> = recorder.toasts().into_iter().map(|toast| toast.summary).collect();
    assert_eq!(toasts, ["3 alerts while you were away", "live"]);
    app.end().await;
}
