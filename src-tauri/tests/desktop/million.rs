//! An inbox of very many alerts in the window: only the rows in view exist, and it is soon there,
//! wherever one goes in it.
//!
//! Normally it is fifty thousand, made once by the test itself. With `AGORA_MILLION` set it is the
//! million that `./dev bench inbox` has made, and with `AGORA_WRITE_DOCS=1` the docs get a picture of
//! that.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use agora_demo_market::people::SELLER;
use agora_inbox::{Access, Batch, Cursor, Inbox};
use rusqlite::Connection;
use serde_json::json;

use super::session::Part;
use super::stage::{Stage, eventually};
use super::window::App;

// What the file is made of is the bench's, so that both have the same.
#[path = "../../crates/inbox/benches/inbox/sample.rs"]
#[expect(dead_code, reason = "the bench uses all of it")]
mod sample;

pub(crate) const SOME: u32 = 50_000;
const MILLION: u32 = 1_000_000;
/// The rows that may exist at a time.
const MOST_ROWS: usize = 60;
const END: &str = "\u{e010}";

/// The file of an inbox of so many, made anew only where there is none of this edition.
pub(crate) async fn prepared(count: u32) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if count == MILLION {
        let begin = format!("inbox-{MILLION}-{}-", sample::EDITION);
        let files = std::fs::read_dir(target.join("../bench")).into_iter().flatten().flatten();
        let file = files.filter(|file| file.file_name().to_string_lossy().starts_with(&begin));
        let newest = file.max_by_key(|file| file.metadata().unwrap().modified().unwrap());
        return newest.expect("first run ./dev bench inbox").path();
    }
    let file = target.join(format!("inbox-{count}-{}.sqlite", sample::EDITION));
    if !file.exists() {
        let folder = tempfile::tempdir_in(target).unwrap();
        let unfinished = folder.path().join("inbox.sqlite");
        let inbox = Inbox::open(&unfinished, Access::Write).unwrap();
        for first in (0..count).step_by(5_000) {
            let cursor = Cursor { source: "test".into(), last_event_id: None };
            let alerts = (first..first + 5_000).map(|n| sample::alert(n, count)).collect();
            inbox.commit(Batch { alerts, cursor, mailbox: "test".into() }).await.unwrap();
        }
        drop(inbox);
        let db = Connection::open(&unfinished).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(db);
        std::fs::rename(&unfinished, &file).unwrap();
    }
    file
}

/// What can be seen of the list.
#[derive(Debug, serde::Deserialize)]
struct Seen {
    /// Rows in the page.
    rows: usize,
    /// The part of the list's height, from 0 to 1, that shows rows or headings of days.
    filled: f64,
    /// The key of the first row in view.
    first: Option<i64>,
}

async fn seen(app: &App) -> Seen {
    app.evaluate(
        "const list = document.querySelector('[role=listbox]').getBoundingClientRect();
         const within = [...document.querySelectorAll('[role=listbox] .entry')]
            .map(e => e.getBoundingClientRect())
            .map(r => Math.min(r.bottom, list.bottom) - Math.max(r.top, list.top))
            .filter(height => height > 0);
         const rows = [...document.querySelectorAll('[data-testid=alert-row]')];
         const first = rows.filter(e => e.getBoundingClientRect().bottom > list.top + 1)
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
         return { rows: rows.length, first: first ? Number(first.dataset.id) : null,
            filled: within.reduce((sum, height) => sum + height, 0) / list.height };",
    )
    .await
}

/// Scrolls down a screen at a time, at each of which there must be rows; gives the slowest.
async fn scroll(app: &App, screens: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..screens {
        let begun = Instant::now();
        app.client
            .execute_async(
                "const [done] = arguments; const list = document.querySelector('[role=listbox]');
                 list.scrollTop += list.clientHeight;
                 requestAnimationFrame(() => requestAnimationFrame(() => done()));",
                vec![],
            )
            .await
            .unwrap();
        let now = seen(app).await;
        slowest = slowest.max(begun.elapsed());
        assert!(now.rows <= MOST_ROWS, "{now:?}");
        assert!(now.filled > 0.99, "a blank: {now:?}");
    }
    slowest
}

/// Memory of a process that only it has, and with its share of what others have too, in MB.
fn memory(process: u32) -> (u64, u64) {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap();
    let sum = |names: [&str; 2]| -> u64 {
        let lines = rollup.lines().filter(|line| names.iter().any(|name| line.starts_with(name)));
        lines.map(|line| line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()).sum()
    };
    (sum(["Private_Clean:", "Private_Dirty:"]) / 1_024, sum(["Pss:", "-"]) / 1_024)
}

/// The time that a process has computed so far, in hundredths of a second.
fn computed(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "what was measured is worth reading")]
async fn of_very_many_alerts_only_those_in_view_are_in_the_page() {
    let count = if std::env::var_os("AGORA_MILLION").is_some() { MILLION } else { SOME };
    let file = prepared(count).await;
    let stage = Stage::set(&[Part::Toasts, Part::Tray]).await;
    // They are of three years.
    stage.choose(&json!({ "keepDays": null }));
    std::fs::copy(&file, stage.inbox()).unwrap();

    let begun = Instant::now();
    let app = stage.app(&SELLER).await;
    app.find("alert-row").await;
    let first_rows = begun.elapsed();
    let top = seen(&app).await;
    assert!(top.rows <= MOST_ROWS && top.filled > 0.99, "{top:?}");
    let slowest_screen = scroll(&app, 60).await;

    // The day of the alert in the middle, in the zone of the app, which is the session's.
    let middle = sample::NEWEST_MS - sample::EVERY_MS * i64::from(count / 2);
    let day: String =
        app.evaluate(&format!("return new Date({middle}).toLocaleDateString('sv-SE')")).await;
    let begun = Instant::now();
    app.click("go-to-day").await;
    app.type_into("day", &day).await;
    app.click("day-go").await;
    app.wait_for_texts("day-panel", <[String]>::is_empty).await;
    let jump = begun.elapsed();
    app.wait_until_drawn().await;
    let there = seen(&app).await;
    let at_ms = agora_inbox::key::time_of(there.first.unwrap());
    assert!((at_ms - middle).abs() <= 24 * 3_600_000, "{day}: {there:?}");
    assert!(there.rows <= MOST_ROWS && there.filled > 0.99, "{there:?}");
    scroll(&app, 20).await;
    app.click("go-to-day").await;
    app.type_into("day", &day).await;
    app.click("day-go").await;
    app.wait_for_texts("day-panel", <[String]>::is_empty).await;
    app.click_row("").await;
    app.wait_for("alert-detail", |text| !text.is_empty()).await;
    if count == MILLION {
        app.picture("million.png").await;
    }

    let begun = Instant::now();
    app.type_into("search", "手工茶壺").await;
    app.wait_for_texts("alert-row", |rows| {
        !rows.is_empty() && rows.iter().all(|row| row.contains("teapot") || row.contains("茶壺"))
    })
    .await;
    let search = begun.elapsed();
    scroll(&app, 10).await;
    app.click("search-clear").await;
    app.wait_for_texts("alert-row", |rows| rows.iter().any(|row| !row.contains("茶壺"))).await;
    app.press(&format!("\u{e004}{END}")).await;

    let (window, page) = (app.window_process().await, app.webview_process().await);
    let (own, shared) = memory(app.process);
    let (page_own, page_shared) = memory(page);
    println!(
        "{count} alerts: first rows after {first_rows:?} from the start of the app; the slowest \
        of 60 screens {slowest_screen:?}; jump to a day {jump:?}; search {search:?}"
    );
    println!(
        "memory: app {own} MB of its own ({shared} with its share of libraries), \
        page {page_own} MB ({page_shared})"
    );
    assert!(own < 150, "the app holds {own} MB");
    assert!(page_own < 300, "the page holds {page_own} MB");

    // Once the engine has tidied up after that, nothing goes on when nobody does anything.
    let mut spent = Vec::new();
    while spent.last().is_none_or(|last| *last > 25) {
        assert!(spent.len() < 12, "{spent:?} hundredths of a second in each 5 s");
        let before = computed(app.process) + computed(window) + computed(page);
        tokio::time::sleep(Duration::from_secs(5)).await;
        spent.push(computed(app.process) + computed(window) + computed(page) - before);
    }
    println!("idle: {spent:?} hundredths of a second computed in each 5 s");

    eventually("all of it", || stage.kept().len() == count as usize).await;
    app.end().await;
}
