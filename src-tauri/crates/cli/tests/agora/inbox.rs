//! `agora inbox list`, on an inbox that the app's own crate wrote.

use crate::support::*;
use agora_inbox::{Access, Batch, Category, Cursor, Inbox, NewAlert, Words};
use serde_json::json;

fn alert(number: usize) -> NewAlert {
    NewAlert {
        received_ms: 1_795_000_000_123,
        event: "message".into(),
        kind: "ORDER_SHIPPED".into(),
        category: Category::Orders,
        title: Words { en: format!("Order #{number}"), zh_tw: format!("訂單 #{number}") },
        content: Words::same("第一行\nsecond"),
        link: Some("/orders/1".into()),
        urgent: true,
        raw: r#"{"type":"ORDER_SHIPPED"}"#.into(),
        event_id: (number == 1).then(|| "e1".into()),
    }
}

/// The inbox of a home with so many alerts; it stays open beside the command, as the app's does.
async fn inbox(home: &Home, count: usize) -> Inbox {
    let file = home.folder.path().join("agora/inbox.sqlite");
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    let cursor = Cursor { source: "market".into(), last_event_id: None };
    let alerts = (1..=count).map(alert).collect();
    inbox.commit(Batch { alerts, cursor }).await.unwrap();
    inbox
}

#[tokio::test]
async fn an_alert_is_a_line_with_all_that_is_kept_of_it() {
    let home = Home::new();
    let inbox = inbox(&home, 1).await;
    inbox.mark(vec![1], true).await.unwrap();
    let ran = home.run(&["inbox", "list", "--json"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let expected = json!({
        "id": 1,
        "received": "2026-11-18T11:06:40.123Z",
        "received_ms": 1_795_000_000_123_i64,
        "kind": "ORDER_SHIPPED",
        "category": "orders",
        "title": { "en": "Order #1", "zh-TW": "訂單 #1" },
        "content": { "en": "第一行\nsecond", "zh-TW": "第一行\nsecond" },
        "urgent": true,
        "read": true,
        "link": "/orders/1",
        "event": "message",
        "data": r#"{"type":"ORDER_SHIPPED"}"#,
        "event_id": "e1",
    });
    assert_eq!(ran.lines(), [expected]);
}

#[tokio::test]
async fn the_newest_come_first_and_the_limit_holds_over_pages() {
    let home = Home::new();
    let _inbox = inbox(&home, 250).await;
    for (arguments, count) in
        [(&[][..], 20), (&["--limit", "230"], 230), (&["--limit", "1000"], 250)]
    {
        let ran = home.run(&[&["inbox", "list"], arguments].concat()).await;
        let ids: Vec<_> = ran.lines().iter().map(|line| line["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, (251 - count..=250).rev().collect::<Vec<_>>());
    }
    for limit in ["0", "1001", "x"] {
        home.run(&["inbox", "list", "--limit", limit]).await.assert_refused(2, "--limit");
    }
}

#[tokio::test]
async fn where_there_is_no_inbox_there_are_no_lines_and_none_is_made() {
    let home = Home::new();
    home.run(&["inbox", "list"]).await.assert_refused(0, "no inbox yet");
    assert!(!home.folder.path().join("agora").exists());
}

#[tokio::test]
async fn a_file_that_is_no_inbox_is_a_failure() {
    let home = Home::new();
    let folder = home.folder.path().join("agora");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("inbox.sqlite"),
        "this is no database, but long enough for one".repeat(50),
    )
    .unwrap();
    home.run(&["inbox", "list"]).await.assert_refused(1, "the inbox is damaged");
}
