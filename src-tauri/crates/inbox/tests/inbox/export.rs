//! Exports, read back by other programs' rules.

use crate::sample::{Place, alert, batch};
use agora_alert::catalogue::Language;
use agora_inbox::{
    Access, Category, Export, ExportError, Filter, Format, Inbox, NewAlert, OpenError, Which,
    Words, export, export_to_file, json, json_line,
};
use jiff::tz::{Offset, TimeZone};
use std::cell::Cell;
use std::fs;
use std::io::{self, Write};

fn csv(language: Language) -> Export {
    let zone = TimeZone::fixed(Offset::constant(8));
    Export { filter: Filter::ALL, text: None, format: Format::Csv { language, zone } }
}

fn json_lines() -> Export {
    Export { filter: Filter::ALL, text: None, format: Format::JsonLines }
}

fn written(place: &Place, what: &Export) -> (u64, Vec<u8>) {
    let mut bytes = Vec::new();
    (export(&place.file(), what, &mut bytes).unwrap(), bytes)
}

/// The records after the header.
fn records(bytes: &[u8]) -> Vec<csv::StringRecord> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    csv::Reader::from_reader(text).records().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn csv_is_what_rfc_4180_and_spreadsheets_want_oldest_first() {
    let place = Place::new();
    let inbox = place.open();
    let hostile = NewAlert {
        at_ms: 1_795_000_000_123,
        title: Words::by_tag("=HYPERLINK(\"http://x\")", [("zh-TW", "手工茶壺，已出貨")]),
        content: Words::same("two\nlines, \"quoted\""),
        kind: "@SUM(A1)".into(),
        category: Category::Money,
        link: Some("+1".into()),
        urgent: true,
        raw: "\t{}".into(),
        ..alert("")
    };
    let plain = NewAlert { at_ms: 1_795_000_001_000, link: None, ..alert("-1") };
    let kept = inbox.commit(batch(vec![plain, hostile], None)).await.unwrap().new;
    inbox.mark(Which::Ids(vec![kept[1].id]), true).await.unwrap();

    let (count, bytes) = written(&place, &csv(Language::EN));
    let first = format!(
        "\u{feff}id,time,category,kind,title,content,link,urgent,read,raw\r\n\"{}\",\
         \"2026-11-18T19:06:40.123+08:00\",\"money\",\"'@SUM(A1)\",\
         \"'=HYPERLINK(\"\"http://x\"\")\",\"two\nlines, \"\"quoted\"\"\",\"'+1\",\
         \"true\",\"true\",\"'\t{{}}\"\r\n",
        kept[1].id
    );
    assert!(bytes.starts_with(first.as_bytes()), "{}", String::from_utf8_lossy(&bytes));
    assert!(bytes.ends_with(b"\r\n"));
    let all = records(&bytes);
    assert_eq!((count, all.len()), (2, 2));
    assert_eq!(&all[1][4], "'-1");
    assert_eq!((&all[1][6], &all[1][7], &all[1][8]), ("", "false", "false"));

    let (_, bytes) = written(&place, &csv(Language::ZH_TW));
    assert_eq!(&records(&bytes)[0][4], "手工茶壺，已出貨");
}

/// A reader that takes something else for the separator of cells than was meant, as a spreadsheet does
/// where commas are in numbers; one that knows quotes only at a cell's beginning.
fn cells(text: &str, separator: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(separator);
    let mut reader = reader.from_reader(text.as_bytes());
    reader
        .records()
        .flat_map(|record| record.unwrap().iter().map(Into::into).collect::<Vec<_>>())
        .collect()
}

#[tokio::test]
async fn whatever_is_taken_for_the_separator_no_cell_is_a_formula_and_nothing_steers_a_terminal() {
    let place = Place::new();
    let inbox = place.open();
    let attacks = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", "\t=1", "\r\n=1"];
    let before = ["", ";", "a;", ";\"", "a; ", "a\n", "a\r", "a\t", "\";", "\u{200B}", "x|"];
    let texts: Vec<String> = before
        .iter()
        .flat_map(|before| attacks.map(|attack| format!("{before}{attack}\u{1b}[2J\u{9b}1m")))
        .collect();
    let alerts = texts.iter().map(|text| NewAlert {
        title: Words::same(text.clone()),
        content: Words::same(text),
        kind: text.clone(),
        link: Some(text.clone()),
        raw: text.clone(),
        ..alert("")
    });
    inbox.commit(batch(alerts.collect(), None)).await.unwrap();
    let steers = |char: char| char.is_control() && !matches!(char, '\n' | '\r' | '\t');
    let (_, bytes) = written(&place, &csv(Language::EN));
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains(steers));
    for separator in [b',', b';', b'\t', b'|'] {
        let all = cells(text.trim_start_matches('\u{feff}'), separator);
        assert!(all.len() >= texts.len());
        for cell in &all {
            let cell = cell.trim_start_matches([' ', '"', '\u{200B}', '\n', '\r']);
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝']), "{separator}: {cell:?}");
        }
    }
    let (_, bytes) = written(&place, &json_lines());
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains(|char| steers(char) || char == '\t' || char == '\r'));
    assert!(text.contains("\\u001b[2J\\u009b1m"));
    for (line, expected) in text.lines().zip(&texts) {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["title"]["en"], expected.as_str(), "it says the same");
    }
}

#[tokio::test]
async fn an_export_has_just_what_the_filter_and_the_search_leave_over_many_pages() {
    let place = Place::new();
    let inbox = place.open();
    let alerts = (0..1_234).map(|n| NewAlert {
        at_ms: 1_795_000_000_000 + n,
        category: if n % 2 == 0 { Category::Chat } else { Category::Orders },
        urgent: n % 3 == 0,
        ..alert(&format!("n{n}"))
    });
    let kept = inbox.commit(batch(alerts.collect(), None)).await.unwrap().new;
    let lines = |what: &Export| -> Vec<i64> {
        let (count, bytes) = written(&place, what);
        let text = String::from_utf8(bytes).unwrap();
        let ids: Vec<_> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_i64())
            .map(Option::unwrap)
            .collect();
        assert_eq!(ids.len() as u64, count);
        ids
    };
    let ids = |wanted: &dyn Fn(usize) -> bool| -> Vec<i64> {
        (0..kept.len()).filter(|n| wanted(*n)).map(|n| kept[n].id).collect()
    };
    assert_eq!(lines(&json_lines()), ids(&|_| true));
    let urgent_chat = Filter { category: Some(Category::Chat), urgent: true, ..Filter::ALL };
    let of =
        |filter, text: Option<&str>| Export { filter, text: text.map(Into::into), ..json_lines() };
    assert_eq!(lines(&of(urgent_chat, None)), ids(&|n| n % 6 == 0));
    let times =
        Filter { from_ms: Some(1_795_000_000_100), to_ms: Some(1_795_000_000_900), ..Filter::ALL };
    assert_eq!(lines(&of(times, None)), ids(&|n| (100..900).contains(&n)));
    let found = |n: usize| n == 77 || (770..780).contains(&n);
    assert_eq!(lines(&of(Filter::ALL, Some("Ｎ77"))), ids(&found));
    assert_eq!(lines(&of(urgent_chat, Some("N77"))), ids(&|n| found(n) && n % 6 == 0));
    assert!(lines(&of(Filter::ALL, Some("nowhere"))).is_empty());
    let (_, bytes) = written(&place, &json_lines());
    let first = inbox.get(kept[0].id).await.unwrap().unwrap();
    assert!(bytes.starts_with(format!("{}\n", json_line(&json(&first))).as_bytes()));
}

/// Takes so many bytes, then fails as a full disk or a closed pipe does; `meanwhile` runs at the
/// first byte.
struct Reader<F: FnMut()> {
    room: usize,
    end: io::ErrorKind,
    meanwhile: Option<F>,
}

impl<F: FnMut()> Write for Reader<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(mut meanwhile) = self.meanwhile.take() {
            meanwhile();
        }
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        if taken == 0 { Err(self.end.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_slow_reader_holds_up_neither_what_arrives_nor_the_log() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..2_000).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let meanwhile = || {
        let beside = rusqlite::Connection::open(place.file()).unwrap();
        beside.execute_batch("UPDATE counts SET total = total").unwrap();
        let busy: i64 =
            beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
        assert_eq!(busy, 0, "the export holds the log");
    };
    let to = Reader { room: usize::MAX, end: io::ErrorKind::Other, meanwhile: Some(meanwhile) };
    assert_eq!(export(&place.file(), &csv(Language::EN), to).unwrap(), 2_000);
}

#[tokio::test]
async fn a_failure_in_the_middle_is_told_as_what_it_is() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..2_000).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    for what in [csv(Language::EN), json_lines()] {
        for end in [io::ErrorKind::StorageFull, io::ErrorKind::BrokenPipe] {
            let to = Reader { room: 100_000, end, meanwhile: None::<fn()> };
            let error = export(&place.file(), &what, to).unwrap_err();
            assert!(matches!(&error, ExportError::Write(why) if why.kind() == end), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_file_is_there_only_when_it_is_complete_and_overwrites_none() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..300).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("alerts.csv");
    for number in ["alerts.csv", "alerts (2).csv", "alerts (3).csv"] {
        let (path, count) =
            export_to_file(&place.file(), &csv(Language::EN), &name, || false).unwrap();
        assert_eq!((path.file_name().unwrap().to_str(), count), (Some(number), 300));
        assert_eq!(records(&fs::read(path).unwrap()).len(), 300);
    }
    // Pages of the inbox that are reached after some are written.
    let beside = rusqlite::Connection::open(place.file()).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let length = fs::metadata(place.file()).unwrap().len();
    let mut bytes = fs::read(place.file()).unwrap();
    let half = usize::try_from(length).unwrap() / 8192 * 4096;
    bytes[half..].fill(0xa5);
    fs::write(place.file(), bytes).unwrap();
    let error = export_to_file(&place.file(), &json_lines(), &name, || false).unwrap_err();
    assert!(matches!(error, ExportError::Read(_)), "{error:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is left of it");
}

#[tokio::test]
async fn one_that_is_stopped_leaves_nothing_and_tells_so() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch((0..2_000).map(|n| alert(&n.to_string())).collect(), None)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("alerts.csv");
    let asked = Cell::new(0);
    let in_the_middle = || {
        asked.set(asked.get() + 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "it is being written");
        asked.get() == 3
    };
    let error = export_to_file(&place.file(), &json_lines(), &name, in_the_middle).unwrap_err();
    assert!(matches!(error, ExportError::Stopped), "{error:?}");
    assert_eq!(asked.get(), 3, "it is asked again and again, and not after that");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left of it");
}

#[tokio::test]
async fn the_next_export_removes_what_a_killed_one_left_and_nothing_else() {
    let place = Place::new();
    place.open().commit(batch(vec![alert("one")], None)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, "half a line").unwrap();
        path
    };
    let left = file(".agora-killed.part");
    let other = [file(".agora.part"), file("alerts.part"), file(".agora-notes")];
    let going_on = file(".agora-going-on.part");
    let writer = fs::File::open(&going_on).unwrap();
    writer.lock().unwrap();
    let name = folder.path().join("alerts.jsonl");
    // Of two at the same time the second sees the first one's.
    let second = || export_to_file(&place.file(), &json_lines(), &name, || false).is_err();
    let (first, _) = export_to_file(&place.file(), &json_lines(), &name, second).unwrap();
    assert!(first.ends_with("alerts (2).jsonl") && first.exists() && name.exists());
    assert!(!left.exists() && going_on.exists());
    assert!(other.iter().all(|path| path.exists()));
    drop(writer);
    export_to_file(&place.file(), &json_lines(), &name, || false).unwrap();
    assert!(!going_on.exists());
}

#[test]
fn without_an_inbox_no_file_is_made_and_an_empty_one_has_a_header() {
    let place = Place::new();
    let file = place.folder.path().join("alerts.csv");
    let error = export_to_file(&place.file(), &json_lines(), &file, || false).unwrap_err();
    assert!(matches!(error, ExportError::Open(OpenError::NotMade)), "{error:?}");
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
    let _inbox = Inbox::open(&place.file(), Access::Write).unwrap();
    let (count, bytes) = written(&place, &csv(Language::EN));
    assert_eq!((count, records(&bytes).len()), (0, 0));
    assert!(bytes.ends_with(b",raw\r\n"));
}
