//! `agora inbox`, on an inbox that the app's own crate wrote.

use crate::support::*;
use agora_inbox::{
    Access, AlertId, Batch, Category, Cursor, Inbox, NewAlert, Notice, Which, Words, key,
};
use serde_json::{Value, json};
use std::fs;

/// The first alert's time.
const FIRST_MS: i64 = 1_795_000_000_123;
/// How long after one comes the next.
const STEP_MS: i64 = 3_600_000;

/// The alerts count from 1, an hour apart.
fn alert(number: usize) -> NewAlert {
    NewAlert {
        at_ms: FIRST_MS + STEP_MS * (i64::try_from(number).unwrap() - 1),
        event: "message".into(),
        kind: "ORDER_SHIPPED".into(),
        category: if number % 2 == 1 { Category::Orders } else { Category::Money },
        title: Words::by_tag(format!("Order #{number}"), [("zh-TW", format!("訂單 #{number}"))]),
        content: Words::same("第一行\nsecond"),
        fields: String::new(),
        link: Some("/orders/1".into()),
        urgent: number % 5 == 1,
        raw: r#"{"type":"ORDER_SHIPPED"}"#.into(),
        event_id: (number == 1).then(|| "e1".into()),
        notice: Notice::None,
        toast: None,
    }
}

fn id(number: usize) -> AlertId {
    key::first_at(alert(number).at_ms)
}

/// The inbox of a home with so many alerts; it stays open beside the command, as the app's does.
pub(crate) async fn inbox(home: &Home, count: usize) -> Inbox {
    let file = home.folder.path().join("agora/inbox.sqlite");
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    let cursor = Cursor { source: "market".into(), last_event_id: None };
    let alerts = (1..=count).map(alert).collect();
    inbox.commit(Batch { alerts, cursor, mailbox: "mailbox".into() }).await.unwrap();
    inbox
}

/// The numbers of the alerts that a command prints, as they come.
async fn numbers(home: &Home, arguments: &[&str]) -> Vec<usize> {
    let ran = home.run(&[&["inbox"], arguments].concat()).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:#?}");
    ran.lines().iter().map(number).collect()
}

fn number(line: &Value) -> usize {
    line["title"]["en"].as_str().unwrap().strip_prefix("Order #").unwrap().parse().unwrap()
}

#[tokio::test]
async fn each_time_has_the_same_number_of_digits() {
    let home = Home::new();
    let file = home.folder.path().join("agora/inbox.sqlite");
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    let cursor = Cursor { source: "market".into(), last_event_id: None };
    let at = |at_ms| NewAlert { at_ms, ..alert(2) };
    let alerts = [1_795_000_000_000, 1_795_000_000_100, 1_795_000_000_120].map(at).into();
    inbox.commit(Batch { alerts, cursor, mailbox: "mailbox".into() }).await.unwrap();
    let lines = home.run(&["inbox", "list"]).await.lines();
    assert_eq!(lines.len(), 3);
    for line in lines {
        assert_eq!(line["at"].as_str().unwrap().len(), "2026-11-18T11:06:40.000Z".len(), "{line}");
    }
}

#[tokio::test]
async fn an_alert_is_a_line_with_all_that_is_kept_of_it() {
    let home = Home::new();
    let inbox = inbox(&home, 1).await;
    inbox.mark(Which::Ids(vec![id(1)]), true).await.unwrap();
    inbox.star(vec![id(1)], true).await.unwrap();
    inbox.remind(id(1), Some(1_795_000_000_123)).await.unwrap();
    let expected = json!({
        "id": id(1),
        "at": "2026-11-18T11:06:40.123Z",
        "at_ms": 1_795_000_000_123_i64,
        "kind": "ORDER_SHIPPED",
        "category": "orders",
        "title": { "en": "Order #1", "zh-TW": "訂單 #1" },
        "content": { "en": "第一行\nsecond", "zh-TW": "第一行\nsecond" },
        "urgent": true,
        "read": true,
        "starred": true,
        "remind_at": "2026-11-18T11:06:40.123Z",
        "link": "/orders/1",
        "event": "message",
        "data": r#"{"type":"ORDER_SHIPPED"}"#,
        "event_id": "e1",
    });
    for arguments in
        [&["list", "--json"][..], &["search", "order"], &["export", "--format", "jsonl"]]
    {
        let ran = home.run(&[&["inbox"], arguments].concat()).await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        assert_eq!(ran.lines(), std::slice::from_ref(&expected));
    }
}

const STEERING: &str = "Order \u{1b}[31m \u{9b}31m \u{7f} \u{202e} \u{8}";

/// Adds an alert each of whose texts would steer a terminal.
pub(crate) async fn add_hostile(inbox: &Inbox) {
    let hostile = NewAlert {
        title: Words::same(STEERING),
        content: Words::same(format!("{STEERING}\r\n=1+1")),
        raw: STEERING.into(),
        event: STEERING.into(),
        kind: STEERING.into(),
        link: Some(STEERING.into()),
        event_id: Some(STEERING.into()),
        ..alert(1)
    };
    let cursor = Cursor { source: "market".into(), last_event_id: None };
    let batch = Batch { alerts: vec![hostile], cursor, mailbox: "mailbox".into() };
    inbox.commit(batch).await.unwrap();
}

#[tokio::test]
async fn nothing_that_came_steers_the_terminal_it_is_printed_on() {
    let home = Home::new().with("TZ", "CST-8");
    let inbox = inbox(&home, 0).await;
    let steering = STEERING;
    add_hostile(&inbox).await;
    let steers = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
    for arguments in
        [&["list"][..], &["search", "order"], &["export", "--format", "jsonl"], &["export"]]
    {
        let ran = home.run(&[&["inbox"], arguments].concat()).await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        if arguments == ["export"] {
            let controls: Vec<char> = ran.out.chars().filter(|c| c.is_control()).collect();
            assert!(controls.iter().all(|c| matches!(c, '\n' | '\r')), "{controls:?}");
            // Lines end with both; within a cell there is the line feed alone.
            assert!(!ran.out.replace("\r\n", "").contains('\r'));
            assert!(ran.out.contains("T19:06:40.123+08:00") && ran.out.contains("\n'=1+1"));
            continue;
        }
        assert!(!ran.out.contains(steers), "{}", ran.out);
        assert_eq!(ran.lines()[0]["title"]["en"], steering, "it says the same");
    }
}

#[tokio::test]
async fn the_newest_come_first_and_the_limit_holds_over_pages() {
    let home = Home::new();
    let _inbox = inbox(&home, 250).await;
    for (arguments, count) in
        [(&[][..], 20), (&["--limit", "230"], 230), (&["--limit", "1000"], 250)]
    {
        for command in [&["list"][..], &["search", "訂單"]] {
            let numbers = numbers(&home, &[command, arguments].concat()).await;
            assert_eq!(numbers, (251 - count..=250).rev().collect::<Vec<_>>());
        }
    }
    for limit in ["0", "1001", "x"] {
        home.run(&["inbox", "list", "--limit", limit]).await.assert_refused(2, "--limit");
    }
}

/// Options, and which alerts they leave.
type Case<'a> = (&'a [&'a str], &'a dyn Fn(usize) -> bool);

#[tokio::test]
async fn filters_hold_for_every_command_and_combine() {
    let home = Home::new().with("TZ", "Asia/Taipei");
    let inbox = inbox(&home, 60).await;
    inbox.mark(Which::Ids(vec![id(1), id(11)]), true).await.unwrap();
    // The first is of 19:06 on the 18th in Taipei: the 6th is the first of the 19th.
    let cases: &[Case] = &[
        (&["--category", "money"], &|n| n % 2 == 0),
        (&["--urgent"], &|n| n % 5 == 1),
        (&["--urgent", "--unread"], &|n| n % 5 == 1 && n != 1 && n != 11),
        (&["--since", "2026-11-19", "--until", "2026-11-19"], &|n| (6..30).contains(&n)),
        (&["--since", "2026-11-18T12:06:40.123Z", "--category", "orders"], &|n| {
            n > 1 && n % 2 == 1
        }),
        (&["--until", "2026-11-18T20:06:40.123+08:00"], &|n| n == 1),
    ];
    for (filter, wanted) in cases {
        let expected: Vec<_> = (1..=60).filter(|n| wanted(*n)).collect();
        let newest_first: Vec<_> = expected.iter().rev().copied().collect();
        let limit = &["--limit", "100"][..];
        assert_eq!(numbers(&home, &[&["list"], limit, *filter].concat()).await, newest_first);
        let search = [&["search", "Order", "second"], limit, *filter].concat();
        assert_eq!(numbers(&home, &search).await, newest_first);
        let export = &["export", "--format", "jsonl"][..];
        assert_eq!(numbers(&home, &[export, *filter].concat()).await, expected);
        let export = [export, &["--search", "#1"], *filter].concat();
        let found = |n: usize| n == 1 || (10..20).contains(&n);
        let expected: Vec<_> = expected.into_iter().filter(|n| found(*n)).collect();
        assert_eq!(numbers(&home, &export).await, expected);
    }
    for wrong in [&["--since", "yesterday"][..], &["--until", "7"], &["--category", "gifts"]] {
        home.run(&[&["inbox", "list"], wrong].concat()).await.assert_refused(2, wrong[0]);
    }
    home.run(&["inbox", "search", "  "]).await.assert_refused(2, "nothing");
    for command in [&["list"][..], &["search", "Order"], &["export"]] {
        let swapped = &["--since", "2026-11-20", "--until", "2026-11-19"][..];
        let ran = home.run(&[&["inbox"], command, swapped].concat()).await;
        ran.assert_refused(2, "--since is not before --until");
    }
    let beyond = home.run(&["inbox", "list", "--until", "9999-12-31"]).await;
    beyond.assert_refused(2, "that day is too far away");
}

#[tokio::test]
async fn an_export_is_csv_in_the_persons_time_and_language_and_a_file_of_its_own() {
    let home = Home::new().with("TZ", "Asia/Taipei");
    let _inbox = inbox(&home, 300).await;
    let ran = home.run(&["inbox", "export", "--language", "zh-TW"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let mut records = ran.out.split("\r\n");
    let header = "\u{feff}id,time,category,kind,title,content,link,urgent,read,raw";
    assert_eq!(records.next(), Some(header));
    let first = format!(
        "\"{}\",\"2026-11-18T19:06:40.123+08:00\",\"orders\",\"ORDER_SHIPPED\",\"訂單 #1\",\
         \"第一行\nsecond\",\"/orders/1\",\"true\",\"false\",\"{{\"\"type\"\":\"\"ORDER_SHIPPED\"\"}}\"",
        id(1)
    );
    assert_eq!(records.next(), Some(first.as_str()));
    assert_eq!(records.count(), 300, "299 more and the end");

    let file = home.folder.path().join("alerts.jsonl");
    for name in ["alerts.jsonl", "alerts (2).jsonl"] {
        let ran = home.run(&["inbox", "export", "--output", file.to_str().unwrap()]).await;
        let made = home.folder.path().join(name);
        assert_eq!(ran.lines(), [json!({ "file": made.to_str().unwrap(), "alerts": 300 })]);
        let text = fs::read_to_string(made).unwrap();
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.iter().map(number).collect::<Vec<_>>(), (1..=300).collect::<Vec<_>>());
    }
    let output = home.run(&["inbox", "export", "--output", "-"]).await;
    let without = home.run(&["inbox", "export"]).await;
    assert_eq!((output.code, &output.out), (Some(0), &without.out));
    let folder = home.folder.path().to_str().unwrap();
    let ran = home.run(&["inbox", "export", "--output", folder]).await;
    ran.assert_refused(2, "is a folder: name a file in it");
    let nowhere = home.folder.path().join("nowhere/alerts.csv");
    let ran = home.run(&["inbox", "export", "--output", nowhere.to_str().unwrap()]).await;
    ran.assert_refused(1, "the export can't be written");
}

#[tokio::test]
async fn a_reader_who_has_seen_enough_ends_an_export_quietly_and_a_full_disk_does_not() {
    let home = Home::new();
    let _inbox = inbox(&home, 3_000).await;
    for format in ["csv", "jsonl"] {
        let mut export = home.start(&["inbox", "export", "--format", format]);
        export.beginning().await;
        export.close_output();
        let ran = export.end().await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let command = &["inbox", "export", "--format", format];
        let child = home.command(command).stdout(full).spawn().unwrap();
        let output = child.wait_with_output().await.unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(err.contains("standard output can't be written"), "{err}");
    }
}

#[tokio::test]
async fn where_there_is_no_inbox_there_are_no_lines_and_none_is_made() {
    let home = Home::new();
    for command in [&["list"][..], &["search", "tea"], &["export"]] {
        home.run(&[&["inbox"], command].concat()).await.assert_refused(0, "no inbox yet");
    }
    assert!(!home.folder.path().join("agora").exists());
}

#[tokio::test]
async fn a_file_that_is_no_inbox_is_a_failure() {
    let home = Home::new();
    let folder = home.folder.path().join("agora");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("inbox.sqlite"),
        "this is no database, but long enough for one".repeat(50),
    )
    .unwrap();
    for command in [&["list"][..], &["search", "tea"], &["export"]] {
        let ran = home.run(&[&["inbox"], command].concat()).await;
        ran.assert_refused(1, "the inbox is damaged");
    }
}
