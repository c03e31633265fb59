//! The test that people send to themselves: each place it comes through, or why it got no further.

use agora_demo_market::people::SELLER;
use agora_demo_market::{Call, Fault};

use super::session::Part;
use super::stage::Stage;
use super::toasts::Recorder;
use super::window::App;

const TITLE: &str = "Test from Agora";

/// Sends a test from the settings and waits until it has ended; gives what it says.
async fn test(app: &App) -> String {
    app.click("nav-settings").await;
    app.click("settings-alerts").await;
    app.click("send-test").await;
    app.find("test-steps").await;
    app.wait_for("test-verdict", |text| !text.contains("on its way")).await
}

/// Each place, what became of the test there, and what is said of it.
async fn hops(app: &App) -> Vec<(String, String, String)> {
    app.evaluate(
        "return [...document.querySelectorAll('[data-testid=test-steps] li')].map(
            li => [li.dataset.hop, li.dataset.state, li.querySelector('.when').innerText]);",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_through_the_market_and_says_when_it_was_where() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let verdict = test(&app).await;
    assert!(verdict.contains("It works"), "{verdict}");
    let hops = hops(&app).await;
    let names: Vec<_> = hops.iter().map(|(name, state, _)| (&**name, &**state)).collect();
    let all = ["accepted", "received", "committed", "shown"];
    assert_eq!(names, all.map(|name| (name, "passed")));
    assert!(hops.iter().all(|(_, _, when)| when.ends_with(" ms")), "{hops:?}");
    recorder.wait_for(|toast| toast.summary == TITLE).await;
    let sent = stage.request(|request| request.path == "/api/sse/send/user/4021").await;
    assert_eq!(sent.method, "POST");
    app.click("nav-inbox").await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 1 && rows[0].contains(TITLE)).await;
    assert_eq!(stage.kept(), [TITLE]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_market_refuses_a_local_test_is_shown_and_says_so() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let refusal = Fault::Answer { status: 403, headers: [].into(), body: "{}".into() };
    stage.market.fail_next_call(Call::Send, refusal, 1);
    let verdict = test(&app).await;
    assert!(verdict.contains("didn't go through the market"), "{verdict}");
    let states: Vec<_> = hops(&app).await.into_iter().map(|(_, state, _)| state).collect();
    assert_eq!(states, ["failed", "waiting", "passed", "passed"]);
    app.wait_for("settings-pane", |text| text.contains("The market didn't take it")).await;
    recorder.wait_for(|toast| toast.summary == TITLE).await;
    assert_eq!(stage.kept(), [TITLE]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_daemon_a_test_ends_where_it_should_have_been_shown() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&SELLER).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    let verdict = test(&app).await;
    assert!(verdict.contains("no toast was shown"), "{verdict}");
    let states: Vec<_> = hops(&app).await.into_iter().map(|(_, state, _)| state).collect();
    assert_eq!(states, ["passed", "passed", "passed", "failed"]);
    app.wait_for("settings-pane", |text| text.contains("nothing that shows them")).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_comes_though_the_markets_answer_was_lost_is_no_second_one() {
    let stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    app.wait_for("connection", |text| text.contains("Connected")).await;
    stage.market.fail_next_call(Call::Send, Fault::LoseAnswer, 1);
    let verdict = test(&app).await;
    assert!(verdict.contains("It works"), "{verdict}");
    let states: Vec<_> = hops(&app).await.into_iter().map(|(_, state, _)| state).collect();
    assert_eq!(states, ["passed", "passed", "passed", "passed"]);
    recorder.wait_for(|toast| toast.summary == TITLE).await;
    assert_eq!((stage.kept(), recorder.count()), (vec![TITLE.to_owned()], 1));
    app.end().await;
}
