//! Alerts in a language that is a file and nothing else, which `./dev test languages` makes up: each of its
//! texts is the English one in brackets, and it writes months, digits and counts as Slovenian does.

#![expect(clippy::unwrap_used, reason = "what the tests share fails as they do, by a panic")]

use agora_alert::catalogue::{Language, text_with};
use agora_inbox::{Access, Batch, Cursor, Inbox, NewAlert};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const SHIPPED: &str = r#"{"type":"ORDER_SHIPPED","orderNumber":7,"productName":"茶壺","estimatedArrival":"2026-11-26"}"#;
const PLACED: &str =
    r#"{"type":"ORDER_CREATED","orderNumber":8,"totalAmount":"1250.5","currency":"EUR"}"#;
const OWN: &str = r#"{"title":"今晚維護","content":"{02:00}"}"#;

fn made_up() -> Language {
    Language::of_tag("qaa").expect("the build takes the made-up language")
}

/// A home whose inbox has these events, each a millisecond after the other.
async fn home(events: &[&str]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let read = |(at, data): (i64, _)| agora_alert::read("message", data, None, at).unwrap();
    let alerts: Vec<NewAlert> = (1..).zip(events.iter().copied()).map(read).collect();
    let inbox = Inbox::open(&file(&home), Access::Write).unwrap();
    let cursor = Cursor { source: "market".into(), last_event_id: None };
    inbox.commit(Batch { alerts, cursor, mailbox: "mailbox".into() }).await.unwrap();
    home
}

fn file(home: &TempDir) -> std::path::PathBuf {
    home.path().join("inbox.sqlite")
}

fn agora(home: &Path, arguments: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_agora"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("AGORA_HOME", home)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// The titles and contents that are exported in a language.
fn exported(home: &TempDir, language: &str) -> Vec<(String, String)> {
    let text = agora(home.path(), &["inbox", "export", "--language", language]);
    let mut lines = text.trim_end().split("\r\n").skip(1);
    let cells = |line: &str| line.trim_matches('"').split("\",\"").map(str::to_owned).collect();
    let of_line = |line: &str| {
        let cells: Vec<String> = cells(line);
        (cells[4].clone(), cells[5].clone())
    };
    lines.by_ref().map(of_line).collect()
}

#[tokio::test]
async fn alerts_are_worded_in_it_and_what_the_market_wrote_stays() {
    let home = home(&[SHIPPED, PLACED, OWN]).await;
    let said = exported(&home, "qaa");
    assert_eq!(said[0].0, "⟦Shipped: order #7⟧");
    assert_eq!(said[0].1, "⟦茶壺⟧ · ⟦Expected ⟦26 ⟦Nov⟧⟧⟧");
    assert_eq!(said[1].0, "⟦New order for €1.250,50: #8⟧");
    assert_eq!(said[2], ("今晚維護".to_owned(), "{02:00}".to_owned()));
    assert_eq!(exported(&home, "en")[1].0, "New order for €1,250.50: #8");
    assert_eq!(exported(&home, "zh-TW")[0].0, "已出貨：訂單 #7");
}

#[tokio::test]
async fn programs_get_it_beside_the_others_and_its_words_are_found() {
    let home = home(&[SHIPPED, OWN]).await;
    let found = agora(home.path(), &["inbox", "search", "shipped", "訂單", "--json"]);
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["title"]["qaa"], "⟦Shipped: order #7⟧");
    assert_eq!(found[0]["title"]["zh-TW"], "已出貨：訂單 #7");
    let help = agora(home.path(), &["inbox", "export", "--help"]);
    assert!(help.contains("qaa: ") && help.contains("Made up"), "{help}");
}

#[tokio::test]
async fn an_alert_from_before_it_came_is_said_in_english() {
    let home = home(&[SHIPPED]).await;
    let before = r#"{"en":"Shipped: order #7","zh-TW":"已出貨：訂單 #7"}"#;
    let changed = rusqlite::Connection::open(file(&home))
        .unwrap()
        .execute("UPDATE alert SET title = ?1", [before])
        .unwrap();
    assert_eq!(changed, 1);
    assert_eq!(exported(&home, "qaa")[0].0, "Shipped: order #7");
    assert_eq!(exported(&home, "zh-TW")[0].0, "已出貨：訂單 #7");
}

#[test]
fn its_locale_is_answered_and_its_forms_are_its_own() {
    assert_eq!(Language::of_locales(["qaa_XX.UTF-8", "en"]), made_up());
    for (count, said) in [
        ("1", "⟦one: 1 new alerts⟧"),
        ("2", "⟦two: 2 new alerts⟧"),
        ("3", "⟦few: 3 new alerts⟧"),
        ("100", "⟦other: 100 new alerts⟧"),
    ] {
        assert_eq!(text_with(made_up(), "toast.many", &[("count", count)]), said);
    }
}
