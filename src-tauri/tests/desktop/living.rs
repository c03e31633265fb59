//! What people do with what was kept: read it, delete it and think better of it, take it elsewhere.

use agora_demo_market::people::SELLER;
use agora_demo_market::{Call, Fault, Notice, Status};

use super::stage::{Stage, client_id, eventually};
use super::window::App;

const CONTROL: &str = "\u{e009}";
const ESCAPE: &str = "\u{e00c}";
const DELETE: &str = "\u{e017}";

const NONE: [String; 0] = [];

async fn app_with(stage: &Stage, titles: &[&str]) -> App {
    let app = stage.app(&SELLER).await;
    for (before, title) in titles.iter().enumerate() {
        stage.emit(&SELLER, &format!(r#"{{"title":"{title}"}}"#));
        app.wait_for_texts("alert-row", |rows| rows.len() == before + 1).await;
    }
    app
}

/// Waits until all rows are read, or none is.
async fn all_read(app: &App, read: bool) {
    let wanted = read.to_string();
    app.wait_for_texts("alert-row@data-read", |all| all.iter().all(|read| *read == wanted)).await;
}

fn statuses(stage: &Stage) -> Vec<Status> {
    stage.market.notifications_of(SELLER.id).into_iter().map(|stored| stored.status).collect()
}

fn notice(title: &str) -> Notice {
    Notice { user_id: SELLER.id, title: title.to_owned(), ..Notice::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_gone_and_comes_back_as_it_was() {
    let stage = Stage::set(&[]).await;
    let app = app_with(&stage, &["甲", "乙", "丙"]).await;
    app.click_row("乙").await;
    app.wait_for("unread-count", |count| count == "2").await;
    app.press(DELETE).await;
    app.wait_for("undo-bar", |text| text.contains("Deleted")).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    eventually("the file", || stage.kept() == ["甲", "丙"]).await;
    app.click("undo").await;
    let rows = app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    assert!(rows[1].contains("乙"), "in its old place: {rows:?}");
    eventually("the file", || stage.kept() == ["甲", "乙", "丙"]).await;
    assert_eq!(stage.unread(), ["甲", "丙"], "it was read, and is");
    app.wait_for("unread-count", |count| count == "2").await;

    // What nobody brings back stays away.
    app.click_row("甲").await;
    app.click("delete").await;
    eventually("the file", || stage.kept() == ["乙", "丙"]).await;
    app.end().await;
    let app = stage.app(&SELLER).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    assert_eq!(stage.kept(), ["乙", "丙"]);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_can_be_selected_marked_and_deleted_at_once_and_brought_back() {
    let stage = Stage::set(&[]).await;
    let app = app_with(&stage, &["甲", "乙", "丙"]).await;
    app.press(&format!("{CONTROL}a")).await;
    app.wait_for("selection-bar", |text| text.contains('3')).await;
    app.click("selection-read").await;
    all_read(&app, true).await;
    eventually("the file", || stage.unread() == NONE).await;
    app.press(&format!("{CONTROL}a")).await;
    app.find("selection-bar").await;
    app.click("selection-unread").await;
    all_read(&app, false).await;
    app.press(&format!("{CONTROL}a")).await;
    app.find("selection-bar").await;
    app.press(DELETE).await;
    app.wait_for_texts("alert-row", <[String]>::is_empty).await;
    eventually("the file", || stage.kept() == NONE).await;
    app.press(&format!("{CONTROL}z")).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    eventually("the file", || stage.unread().len() == 3).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mark_all_read_is_about_what_the_list_shows() {
    let stage = Stage::set(&[]).await;
    let app = app_with(&stage, &["茶壺", "咖啡", "茶杯"]).await;
    app.type_into("search", "茶").await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    app.click("mark-all-read").await;
    all_read(&app, true).await;
    eventually("the file", || stage.unread() == ["咖啡"]).await;
    app.wait_for("unread-count", |count| count == "1").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_here_is_read_at_the_market_even_if_it_was_out_of_reach_first() {
    let stage = Stage::set(&[]).await;
    for title in ["一", "二", "三"] {
        stage.market.store_notification(notice(title));
    }
    let app = stage.app(&SELLER).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    app.click_row("二").await;
    eventually("the market", || statuses(&stage)[1] == Status::Read).await;
    assert_eq!(statuses(&stage), [Status::Unread, Status::Read, Status::Unread]);

    let away = Fault::Answer { status: 503, headers: [].into(), body: String::new() };
    stage.market.fail_next_call(Call::MarkRead, away, 100);
    app.press(ESCAPE).await;
    app.click("mark-all-read").await;
    all_read(&app, true).await;
    stage.request(|request| request.status == Some(503)).await;
    assert_eq!(statuses(&stage).iter().filter(|status| **status == Status::Unread).count(), 2);
    stage.market.clear_faults();
    app.click("reconnect").await;
    eventually("the market", || !statuses(&stage).contains(&Status::Unread)).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_another_device_is_read_here() {
    let stage = Stage::set(&[]).await;
    let stored = ["一", "二"].map(|title| stage.market.store_notification(notice(title)));
    let app = stage.app(&SELLER).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    let pushed = stage.market.push_notification(notice("三"));
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    all_read(&app, false).await;
    for id in [stored[0], pushed] {
        assert!(stage.market.mark_notification(SELLER.id, id, Status::Read));
    }
    let read = |read: &[String]| read == ["true", "false", "true"];
    app.wait_for_texts("alert-row@data-read", read).await;
    assert_eq!(stage.unread(), ["二"]);

    // While nobody was there, too.
    app.end().await;
    assert!(stage.market.wait_for_client_gone(&client_id(&SELLER), super::stage::SOON).await);
    stage.market.mark_all_notifications_read(SELLER.id);
    let app = stage.app(&SELLER).await;
    all_read(&app, true).await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 3).await;
    eventually("the file", || stage.unread() == NONE).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_in_the_persons_own_folder_of_downloads() {
    let stage = Stage::set(&[]).await;
    let downloads = stage.session.folder().join("home/下載");
    std::fs::create_dir_all(&downloads).unwrap();
    let folders = "XDG_DOWNLOAD_DIR=\"$HOME/下載\"\n";
    std::fs::write(stage.session.folder().join("config/user-dirs.dirs"), folders).unwrap();
    let app = app_with(&stage, &["手工茶壺，\\\"小\\\"", "咖啡", "茶杯"]).await;
    app.type_into("search", "茶").await;
    app.wait_for_texts("alert-row", |rows| rows.len() == 2).await;
    let mut written = Vec::new();
    for form in ["export-json", "export-csv"] {
        app.click("export").await;
        app.click(form).await;
        let ending = if form == "export-csv" { ".csv" } else { ".jsonl" };
        app.wait_for("exported", |text| text.contains("2 alerts") && text.contains(ending)).await;
        let files = std::fs::read_dir(&downloads).unwrap().map(|entry| entry.unwrap().path());
        let file = files.into_iter().find(|file| file.to_str().unwrap().ends_with(ending));
        written.push(std::fs::read_to_string(file.unwrap()).unwrap());
    }
    let lines = written[0].lines().map(|line| serde_json::from_str(line).unwrap());
    let titles: Vec<String> = lines
        .map(|line: serde_json::Value| line["title"]["zh-TW"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(titles, ["手工茶壺，\"小\"", "茶杯"], "oldest first");
    assert!(written[1].starts_with('\u{feff}'), "by which spreadsheets know that it is UTF-8");
    assert!(written[1].contains(r#""手工茶壺，""小""""#) && !written[1].contains("咖啡"));
    app.end().await;
}
