//! Finding alerts as one types, in both scripts, in the window and in the file.

use agora_demo_market::people::SELLER;
use agora_inbox::search::Search;
use agora_inbox::{Access, Filter, Inbox};

use super::session::{LIMIT, Part};
use super::stage::Stage;
use super::window::App;

const EVENTS: [&str; 5] = [
    r#"{"type":"ORDER_SHIPPED","orderNumber":"20418","productName":"手工茶壺"}"#,
    r#"{"type":"CHAT_MESSAGE","senderName":"林美華","content":"還有茶葉嗎？"}"#,
    r#"{"title":"ＡＢＣ商店開幕","content":"全館九折"}"#,
    r#"{"title":"Abc Café opens","content":"tea for two"}"#,
    r#"{"title":"維護公告","content":"今晚兩點"}"#,
];

/// A window with all of them, each arrived for itself so that their order is known.
async fn app(stage: &Stage) -> App {
    let app = stage.app(&SELLER).await;
    for (before, event) in EVENTS.iter().enumerate() {
        stage.emit(&SELLER, event);
        app.wait_for_texts("alert-row", |rows| rows.len() == before + 1).await;
    }
    app
}

/// Types a search and waits until this is marked in its rows, row by row.
async fn find(app: &App, text: &str, marked: &[&str]) {
    app.type_into("search", text).await;
    let script = "return [...document.querySelectorAll('[data-testid=alert-row]')]
        .map(row => [...row.querySelectorAll('mark')].map(mark => mark.innerText).join('|'));";
    let mut found = Vec::new();
    let wait = async {
        while found != marked {
            found = app.evaluate::<Vec<String>>(script).await;
        }
    };
    let in_time = tokio::time::timeout(LIMIT, wait).await.is_ok();
    assert!(in_time, "{text} marks {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn chinese_and_latin_are_found_as_they_are_typed_and_marked() {
    let stage = Stage::set(&[]).await;
    let app = app(&stage).await;
    // Newest first, as ever.
    find(&app, "茶", &["茶", "茶"]).await;
    find(&app, "茶壺", &["茶壺"]).await;
    // Neither case nor width matters, and one word may be in either script.
    find(&app, "abc", &["Abc", "ＡＢＣ"]).await;
    find(&app, "ａｂｃ商店", &["ＡＢＣ商店"]).await;
    find(&app, "20418", &["20418"]).await;
    find(&app, "20418 茶", &["20418|茶"]).await;
    app.type_into("search", "咖啡").await;
    app.wait_for("empty", |text| text.contains("咖啡")).await;
    app.click("search-clear").await;
    app.wait_for_texts("alert-row", |rows| rows.len() == EVENTS.len()).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_chinese_desktop_what_is_found_is_marked_in_chinese() {
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    let mut environment = stage.environment(&SELLER);
    environment.push(("LANG", "zh_TW.UTF-8".into()));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    let more = [
        r#"{"type":"PRODUCT_LOW_STOCK","productName":"宜興紫砂茶壺","stock":2}"#,
        r#"{"type":"BALANCE_INCREASED","amount":1280,"currency":"TWD","orderNumber":"20418"}"#,
        r#"{"type":"CHAT_MESSAGE","senderName":"陳怡君","content":"茶壺收到了，包裝很仔細，謝謝！"}"#,
        r#"{"type":"ORDER_CREATED","orderNumber":"20431","productName":"茶壺與茶杯組","amount":2560,"currency":"TWD"}"#,
    ];
    for (before, event) in EVENTS.iter().chain(&more).enumerate() {
        stage.emit(&SELLER, event);
        app.wait_for_texts("alert-row", |rows| rows.len() == before + 1).await;
    }
    find(&app, "茶壺", &["茶壺"; 4]).await;
    app.click_row("20431").await;
    app.wait_for("alert-detail", |text| text.contains("#20431")).await;
    app.picture("search-zh.png").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_together_with_what_is_shown_only_and_with_what_arrives() {
    let stage = Stage::set(&[]).await;
    let app = app(&stage).await;
    app.click_row("Message from").await;
    app.wait_for_texts("alert-row@data-read", |read| read.iter().any(|read| read == "true")).await;
    app.press("\u{e00c}").await;
    find(&app, "茶", &["茶", "茶"]).await;
    app.click("chip-unread").await;
    let rows = app.wait_for_texts("alert-row", |rows| rows.len() == 1).await;
    assert!(rows[0].contains("20418"), "{rows:?}");
    stage.emit(&SELLER, r#"{"title":"奶茶特賣"}"#);
    stage.emit(&SELLER, r#"{"title":"咖啡特賣"}"#);
    let rows = app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    assert!(rows[0].contains("奶茶特賣"), "{rows:?}");
    app.click("chip-unread").await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_finds_the_same_as_the_window() {
    let stage = Stage::set(&[]).await;
    let app = app(&stage).await;
    let inbox = Inbox::open(&stage.inbox(), Access::ReadOnly).unwrap();
    for (text, marked) in [
        ("茶", vec!["茶", "茶"]),
        ("茶葉", vec!["茶葉"]),
        ("ａｂｃ", vec!["Abc", "ＡＢＣ"]),
        ("tea", vec!["tea"]),
    ] {
        find(&app, text, &marked).await;
        let search = Search { text: text.into(), filter: Filter::ALL, before: None, limit: 100 };
        let hits = inbox.search(search).await.unwrap().hits;
        let ids: Vec<_> = hits.iter().map(|hit| hit.alert.id.to_string()).collect();
        assert_eq!(ids, app.texts("alert-row@data-id").await, "{text}");
    }
    app.end().await;
}
