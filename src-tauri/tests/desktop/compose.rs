//! An administrator writes; the people it is meant for get it, and nobody else.

use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use serde_json::json;

use super::session::{Part, Session};
use super::stage::{APP, Stage, client_id};
use super::toasts::Recorder;
use super::window::App;

/// A receiver on a desktop of its own, without a window.
async fn receiver(
    stage: &Stage,
    person: &agora_demo_market::people::Person,
) -> (Session, Recorder) {
    let session = Session::start(&[Part::Toasts]).await;
    let recorder = Recorder::start(&session).await;
    let home = session.folder().join("agora");
    let mut app = session.logged(APP);
    app.arg("--hidden")
        .env("AGORA_HOME", home)
        .env("AGORA_BASE_URL", stage.market.base_url())
        .env("AGORA_CLIENT_ID", client_id(person))
        .env("AGORA_TOKEN", person.token);
    app.spawn().unwrap();
    stage.connected(person).await;
    (session, recorder)
}

async fn write(app: &App, title: &str, content: &str) {
    app.click("nav-compose").await;
    app.wait_for("compose-title", |_| true).await;
    app.type_into("compose-title", title).await;
    if !content.is_empty() {
        app.type_into("compose-content", content).await;
    }
}

/// Sends to everyone, through the confirmation by the word shown.
async fn confirm(app: &App) {
    app.click("compose-send").await;
    let word = app.wait_for("everyone-word", |word| !word.is_empty()).await;
    app.type_into("everyone-input", &word).await;
    app.click("everyone-confirm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broadcast_reaches_everyone_and_a_direct_message_only_its_user() {
    let stage = Stage::set(&[]).await;
    let (_seller_desk, seller) = receiver(&stage, &SELLER).await;
    let (_buyer_desk, buyer) = receiver(&stage, &BUYER).await;
    let app = stage.app(&ADMINISTRATOR).await;

    write(&app, "今晚維護", "02:00 到 03:00").await;
    confirm(&app).await;
    app.wait_for("compose-outcome", |text| !text.is_empty()).await;
    for recorder in [&seller, &buyer] {
        let toast = recorder.wait_for(|toast| toast.summary == "今晚維護").await;
        assert_eq!(toast.body, "02:00 到 03:00");
    }

    app.click("compose-new").await;
    app.click("compose-user").await;
    app.wait_for("compose-user-id", |_| true).await;
    app.type_into("compose-user-id", "4021").await;
    app.type_into("compose-title", "只給您").await;
    app.click("compose-send").await;
    seller.wait_for(|toast| toast.summary == "只給您").await;
    // What comes after it to everyone shows that the buyer was not sent it before.
    stage.market.emit(&agora_demo_market::To::Everyone, None, r#"{"title":"the end"}"#);
    buyer.wait_for(|toast| toast.summary == "the end").await;
    assert!(buyer.toasts().iter().all(|toast| toast.summary != "只給您"));
    let posts: Vec<_> =
        stage.market.requests().into_iter().filter(|request| request.method == "POST").collect();
    assert_eq!(posts.len(), 2, "each message left once: {posts:?}");
    assert_eq!(posts[1].path, "/api/sse/send/user/4021");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_broadcast_is_refused_and_the_page_says_so_in_the_markets_words() {
    let stage = Stage::set(&[]).await;
    // Nobody said that this is an administrator's account, and they aren't one.
    stage.choose(&json!({ "composes": true }));
    let app = stage.app(&SELLER).await;
    write(&app, "hello", "").await;
    confirm(&app).await;
    let refusal = stage.request(|request| request.path == "/api/sse/broadcast").await;
    let refusal =
        stage.request(|request| request.number == refusal.number && request.status.is_some()).await;
    let outcome = app.wait_for("compose-outcome", |text| !text.is_empty()).await;
    assert!(outcome.contains(&refusal.status.unwrap().to_string()), "{outcome}");
    app.click("nav-inbox").await;
    app.wait_for_texts("nav-compose", <[String]>::is_empty).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_leaves() {
    let stage = Stage::set(&[]).await;
    let app = stage.app(&ADMINISTRATOR).await;
    write(&app, "hello", "").await;
    app.type_into("compose-link", "htp://agora.example").await;
    app.click("compose-send").await;
    app.wait_for("field-error", |text| !text.is_empty()).await;
    app.click("compose-user").await;
    app.click("compose-send").await;
    app.wait_for_texts("field-error", |errors| errors.len() == 2).await;
    let posts = stage.market.requests().into_iter().filter(|request| request.method == "POST");
    assert_eq!(posts.count(), 0);
    app.end().await;
}
