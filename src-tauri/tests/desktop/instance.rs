//! Only one instance runs.

use agora_demo_market::people::SELLER;

use super::session::Part;
use super::stage::{APP, SOON, Stage, client_id};

/// How often the stream was asked for. The running app asks for other things when it likes.
fn connects(stage: &Stage) -> usize {
    stage.market.requests().iter().filter(|request| request.path.contains("/connect/")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_shows_the_first_ones_window_and_connects_nothing() {
    let stage = Stage::set(&[Part::Tray]).await;
    let mut app = stage.app(&SELLER).await;
    app.close(&stage.session).await;
    let before = connects(&stage);
    let mut second = stage.session.logged(APP);
    second.arg("--show").envs(stage.environment(&SELLER));
    assert!(second.status().await.unwrap().success());
    app.wait_until_open().await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    assert_eq!(connects(&stage), before);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnect_from_the_command_line_connects_the_running_one_anew() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    let first = stage.request(|request| request.path.contains("/connect/")).await;
    let mut second = stage.session.logged(APP);
    second.arg("--reconnect").envs(stage.environment(&SELLER));
    assert!(second.status().await.unwrap().success());
    stage
        .request(|request| request.path.contains("/connect/") && request.number > first.number)
        .await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quit_from_the_command_line_ends_the_running_one() {
    let stage = Stage::set(&[]).await;
    let mut app = stage.app(&SELLER).await;
    let mut second = stage.session.logged(APP);
    second.arg("--quit").envs(stage.environment(&SELLER));
    assert!(second.status().await.unwrap().success());
    app.ended().await;
    assert!(stage.market.wait_for_client_gone(&client_id(&SELLER), SOON).await);
    // With nothing running there is nothing to end, and nothing is started for it.
    let mut third = stage.session.logged(APP);
    third.arg("--quit").envs(stage.environment(&SELLER));
    let connects = stage.market.requests().len();
    assert!(third.status().await.unwrap().success());
    assert_eq!(stage.market.requests().len(), connects);
}
