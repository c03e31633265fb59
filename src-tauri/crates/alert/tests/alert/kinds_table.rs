//! What every kind says: checked on an event with its usual fields and on one without any, and
//! written down in `docs/kinds.md`.

use agora_alert::catalogue::{self, Language};
use agora_alert::{KINDS, Kind, Known, NewAlert, Presentation};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::{env, fs};

/// An event of every kind that is shown, with the fields that the market gives it, one a line.
const SAMPLES: &str = include_str!("samples.jsonl");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/kinds.md");
/// The languages of the document's columns.
const SHOWN: [Language; 2] = [Language::EN, Language::ZH_TW];
/// The most characters of a sample's title: what toasts show in one line.
const TITLE: usize = 48;

/// The families in the order of [`KINDS`], each with its first kind.
const FAMILIES: [(&str, &str); 13] = [
    ("Plumbing", "SYSTEM_TIME"),
    ("Delivery", "NEW_DELIVERY_ORDER"),
    ("Money", "BALANCE_INCREASED"),
    ("Chat", "NEW_MESSAGE"),
    ("Orders", "ORDER_CREATED"),
    ("Security", "USER_LOGIN"),
    ("Products", "PRODUCT_LOW_STOCK"),
    ("Notifications", "NOTIFICATION_RECEIVED"),
    ("Cart", "CART_ITEM_ADDED"),
    ("Profile and store", "AVATAR_UPDATED"),
    ("Maintenance", "SYSTEM_MAINTENANCE_START"),
    ("Calls", "WEBRTC_OFFER"),
    ("Types of stored notifications", "SYSTEM"),
];

fn samples() -> HashMap<String, &'static str> {
    let kind_of = |line: &str| {
        let sample: Value = serde_json::from_str(line).unwrap();
        sample["type"].as_str().unwrap().to_owned()
    };
    SAMPLES.lines().map(|line| (kind_of(line), line)).collect()
}

/// What an event says that is vouched for.
fn read(kind: &Kind, data: &str) -> NewAlert {
    let bare = format!(r#"{{"type":"{}"}}"#, kind.name);
    agora_alert::read("message", if data == "{}" { &bare } else { data }, None, 0).unwrap()
}

fn shown() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(|kind| kind.presentation != Presentation::Nothing)
}

/// Names in capitals among an event's values, as no person should read them. A currency's code is one
/// that people do read.
fn raw_names(data: &Value, names: &mut Vec<String>) {
    match data {
        Value::Object(object) => {
            for (_, value) in object.iter().filter(|(key, _)| *key != "currency") {
                raw_names(value, names);
            }
        }
        Value::String(text) => {
            let in_capitals = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            if in_capitals && text.len() > 3 {
                names.push(text.clone());
            }
        }
        _ => {}
    }
}

#[test]
fn every_kind_that_is_shown_says_what_happened() {
    let samples = samples();
    assert_eq!(samples.len(), shown().count());
    for kind in shown() {
        let sample = samples[kind.name];
        let mut raw = vec![kind.name.to_owned()];
        raw_names(&serde_json::from_str(sample).unwrap(), &mut raw);
        let (with, without) = (read(kind, sample), read(kind, "{}"));
        for language in Language::ALL {
            for alert in [&with, &without] {
                let (title, content) = (language.of(&alert.title), language.of(&alert.content));
                assert!(!title.is_empty(), "{}: no title", kind.name);
                assert!(title.chars().count() <= TITLE, "{}: long: {title}", kind.name);
                for text in [title, content] {
                    assert!(!text.contains(['{', '}']), "{}: {text}", kind.name);
                    assert!(!raw.iter().any(|name| text.contains(name)), "{}: {text}", kind.name);
                }
            }
            for Known { field, value, .. } in agora_alert::fields_of(sample, language) {
                assert!(!raw.contains(&value), "{}: {}: {value}", kind.name, field.name);
            }
        }
        // Where there are fields, they are said; where a language has a wording, so has the other.
        let has_fields = !agora_alert::fields_of(sample, Language::EN).is_empty();
        let said = |alert: &NewAlert| (alert.title.clone(), alert.content.clone());
        assert_eq!(said(&with) != said(&without), has_fields, "{}", kind.name);
        for words in [&with.title, &with.content, &without.title, &without.content] {
            let english = words.english().is_empty();
            assert!(words.texts().all(|text| text.is_empty() == english), "{}", kind.name);
        }
    }
}

#[test]
fn every_kind_and_field_has_a_name_in_every_language() {
    let paths = KINDS.iter().map(|kind| format!("kind.{}.name", kind.name));
    let paths =
        paths.chain(agora_alert::FIELDS.iter().map(|field| format!("field.{}", field.name)));
    for path in paths {
        for language in Language::ALL {
            assert_ne!(catalogue::text(language, &path), path);
        }
    }
}

#[test]
fn the_table_is_what_the_app_says() {
    let table = table();
    if env::var_os("AGORA_WRITE_DOCS").is_some() {
        fs::write(TABLE, table).unwrap();
        return;
    }
    let committed = fs::read_to_string(TABLE).unwrap_or_default();
    assert!(committed == table, "docs/kinds.md is stale: its first lines say how to write it");
}

fn table() -> String {
    let samples = samples();
    let mut page = String::from(HEAD);
    for kind in KINDS {
        if let Some((family, _)) = FAMILIES.iter().find(|(_, first)| *first == kind.name) {
            write!(page, "\n## {family}\n\n{COLUMNS}").unwrap();
        }
        page.push_str(&row(kind, samples.get(kind.name).copied()));
    }
    page
}

const HEAD: &str = "\
# What every kind of event says

Written by `AGORA_WRITE_DOCS=1 ./dev test rust kinds_table`, from the events in
`src-tauri/crates/alert/tests/alert/samples.jsonl`; a test compares.

What the market says itself, a title or a content, goes before all of this. *With its fields* is an event as the market
usually sends it, *without* one that tells nothing but its kind. The table of kinds is `alert/kinds.rs` in the receiver, the
wording is in `ui/messages`. Of security it is said so of what the market stores and of what was sent to everyone. A message,
which anybody may have sent, is told as *A message says: …*, with the values that it brought and without advice.
What it has under `i18n`, by the tag of a language, it says to each person in theirs.

- **toast**: in the inbox and as a toast. **quiet**: in the inbox only. **never**: not shown; its name is what Compose calls it.
- **urgent**: passes what holds other toasts back, as far as the settings let it.
";

const COLUMNS: &str = "\
| kind | filed as | shown | with its fields | 有欄位時 | without | 沒有欄位時 |
| --- | --- | --- | --- | --- | --- | --- |
";

fn row(kind: &Kind, sample: Option<&str>) -> String {
    let path = format!("category.{}", format!("{:?}", kind.category).to_lowercase());
    let category = catalogue::text(Language::EN, &path);
    let shown = match kind.presentation {
        Presentation::Toast if kind.urgent => "toast, urgent",
        Presentation::Toast => "toast",
        Presentation::Quiet => "quiet",
        Presentation::Nothing => "never",
    };
    let cells = if let Some(sample) = sample {
        let cells = [cells(&read(kind, sample)), cells(&read(kind, "{}"))];
        format!("{} |", cells.concat().join(" | "))
    } else {
        let path = format!("kind.{}.name", kind.name);
        let [en, zh] = SHOWN.map(|language| catalogue::text(language, &path));
        format!("{en} | {zh} | | |")
    };
    format!("| `{}` | {category} | {shown} | {cells}\n", kind.name)
}

fn cells(alert: &NewAlert) -> Vec<String> {
    let cell = |title: &str, content: &str| {
        let content: String =
            content.lines().flat_map(|line| ["<br>".to_owned(), escaped(line)]).collect();
        format!("**{}**{content}", escaped(title))
    };
    let cells = SHOWN.map(|of| cell(of.of(&alert.title), of.of(&alert.content)));
    cells.to_vec()
}

/// For a table's cell.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('*', "\\*").replace('<', "&lt;")
}
