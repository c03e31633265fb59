//! Alerts' links: the market's open, others after a question, and some never.

use agora_demo_market::people::SELLER;

use super::opener::Opener;
use super::stage::Stage;
use super::window::App;

const ENTER: &str = "\u{e007}";

const LINKS: [(&str, &str); 4] = [
    ("relative", "/orders/20418"),
    ("elsewhere", "https://elsewhere.example/a?b=1"),
    ("script", "javascript:alert(1)"),
    ("look-alike", "https://xn--gora-53d.example/"),
];

async fn app_with_links(stage: &Stage, opener: &Opener) -> App {
    let mut environment = stage.environment(&SELLER);
    environment.push(opener.variable());
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    for (title, link) in LINKS {
        stage.emit(&SELLER, &format!(r#"{{"title":"{title}","link":"{link}"}}"#));
    }
    app.wait_for_texts("alert-row", |rows| rows.len() == LINKS.len()).await;
    app
}

/// Opens the alert of a link.
async fn show(app: &App, title: &str) -> String {
    app.click_row(title).await;
    app.wait_for("alert-detail", |text| text.contains(title)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_markets_link_opens_and_another_one_only_after_the_person_was_asked() {
    let stage = Stage::set(&[]).await;
    let opener = Opener::install(&stage.session);
    let app = app_with_links(&stage, &opener).await;
    let detail = show(&app, "relative").await;
    let origin = stage.market.origin();
    assert!(detail.contains(origin.strip_prefix("http://").unwrap()), "it says where: {detail}");
    app.click("open-link").await;
    assert_eq!(opener.wait_for(1).await, [format!("{origin}/orders/20418")]);

    show(&app, "elsewhere").await;
    app.click("open-link").await;
    app.wait_for("alert-detail", |text| text.contains("away from the market")).await;
    // Who presses Enter once too often stays.
    let focus: String = app.evaluate("return document.activeElement.dataset.testid").await;
    assert_eq!(focus, "stay");
    app.press(ENTER).await;
    app.click("open-link").await;
    app.find("open-away").await;
    assert_eq!(opener.opened().len(), 1, "it was only asked about: {:?}", opener.opened());
    app.click("open-away").await;
    assert_eq!(opener.wait_for(2).await[1], "https://elsewhere.example/a?b=1");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_open_says_why_and_stays_closed_whoever_asks() {
    let stage = Stage::set(&[]).await;
    let opener = Opener::install(&stage.session);
    let app = app_with_links(&stage, &opener).await;
    for (title, why) in [("script", "neither https"), ("look-alike", "imitate others")] {
        let detail = show(&app, title).await;
        assert!(detail.contains(why), "{detail}");
        let open = app.find("open-link").await;
        assert!(!open.is_enabled().await.unwrap());
    }
    // A page that was taken over can't have it opened either, nor leave its own place.
    for (title, asked, opens) in [
        ("script", true, false),
        ("look-alike", true, false),
        ("elsewhere", false, false),
        ("relative", false, true),
    ] {
        let ids = app.texts("alert-row@data-id").await;
        let rows = app.texts("alert-row").await;
        let at = rows.iter().position(|row| row.contains(title)).unwrap();
        let id = &ids[at];
        let script = format!(
            "const done = arguments[0];
             window.__TAURI_INTERNALS__.invoke('call', {{
                 call: {{ account: 'main', name: 'open_link', arguments: {{ id: {id}, asked: {asked} }} }}
             }})
                .then(() => done(''), (problem) => done(problem.code));"
        );
        let code = app.client.execute_async(&script, vec![]).await.unwrap();
        assert_eq!(code, if opens { "" } else { "link_refused" }, "{title}");
    }
    assert_eq!(opener.wait_for(1).await, [format!("{}/orders/20418", stage.market.origin())]);
    app.end().await;
}
