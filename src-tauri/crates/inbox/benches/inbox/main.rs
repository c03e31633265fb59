//! What the inbox costs with a thousand, a hundred thousand and a million alerts: on real files,
//! through the handle that the app uses. Prints a table and writes it into `docs/inbox.md`; fails
//! where the time of what people wait for grows with the inbox.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the table is the bench's result")]

mod file;
mod sample;
mod table;

use agora_inbox::search::{Search, SearchPage};
use agora_inbox::{Access, AlertId, Category, Filter, Inbox, Seek, StoreError, Which, key};
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use table::{Bound, Table};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SIZES: [u32; 3] = [1_000, 100_000, 1_000_000];
/// The rows of a page.
const PAGE: usize = 100;
/// How many counts are asked for at once.
const AT_ONCE: u32 = 64;
/// The alerts of a batch.
const BATCH: u32 = 64;

const MONEY: Filter = Filter { category: Some(Category::Money), ..Filter::ALL };
const UNREAD: Filter = Filter { unread: true, ..Filter::ALL };

/// The files that are measured, and what each holds.
struct File {
    count: u32,
    path: PathBuf,
    inbox: Inbox,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../bench");
    let mut all = Vec::new();
    for count in SIZES {
        eprintln!("preparing {count} alerts");
        let path = file::prepared(&folder, count).await?;
        all.push(File { count, inbox: Inbox::open(&path, Access::Write)?, path });
    }
    eprintln!("measuring");
    let mut table = Table::default();
    for File { count, path, .. } in &all {
        table.column(*count, path.metadata()?.len());
    }
    floor(&mut table, &all)?;
    lists(&mut table, &all).await?;
    searches(&mut table, &all).await?;
    changes(&mut table, all).await?;
    println!("{}", table.text());
    table.store()?;
    table.check()
}

/// What nothing can be faster than: SQLite alone, on this thread.
fn floor(table: &mut Table, all: &[File]) -> Result<()> {
    for File { path, .. } in all {
        let db = Connection::open(path)?;
        let ids: Vec<AlertId> = db
            .prepare("SELECT id FROM alert ORDER BY id DESC LIMIT 100")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut statement = db.prepare("SELECT * FROM alert WHERE id = ?1")?;
        let columns = statement.column_count();
        let values = |row: &Row<'_>| {
            (0..columns).map(|n| row.get(n)).collect::<rusqlite::Result<Vec<Value>>>()
        };
        let mut times = Vec::new();
        for _ in 0..200 {
            let started = Instant::now();
            for id in &ids {
                black_box(statement.query_row([id], values)?);
            }
            times.push(started.elapsed());
        }
        table.row("SQLite alone: 100 alerts by their keys", Bound::None, median(times));
    }
    Ok(())
}

async fn lists(table: &mut Table, all: &[File]) -> Result<()> {
    for (name, bound, filter, in_the_middle) in [
        ("first page", Bound::Flat, Filter::ALL, false),
        ("first page of a category", Bound::None, MONEY, false),
        ("first page of the unread", Bound::None, UNREAD, false),
        ("jump to a day in the middle", Bound::None, Filter::ALL, true),
    ] {
        let times = by_turns(all, async |inbox, count| {
            let middle = sample::NEWEST_MS - sample::EVERY_MS * i64::from(count / 2);
            let middle = Seek::OlderThan(key::first_at(middle));
            let seek = if in_the_middle { middle } else { Seek::Newest };
            let page = inbox.page(filter, seek, PAGE).await?;
            assert!(page.more || count == SIZES[0], "a full page");
            Ok(())
        });
        table.rows(name, bound, times.await?);
    }
    // So many at once that waking the inbox's thread, which takes longer, counts for nothing.
    let times = by_turns(all, async |inbox, count| {
        let mut asked = JoinSet::new();
        for _ in 0..AT_ONCE {
            let inbox = inbox.clone();
            asked.spawn(async move { inbox.counts().await });
        }
        while let Some(Ok(counts)) = asked.join_next().await {
            assert!(counts?.unread() >= count / file::UNREAD);
        }
        Ok(())
    });
    let times = times.await?.into_iter().map(|time| time / AT_ONCE).collect();
    table.rows("unread count", Bound::Flat, times);
    Ok(())
}

async fn searches(table: &mut Table, all: &[File]) -> Result<()> {
    let order = |count: u32| sample::order(count / 2).to_string();
    let last_digits = |count| order(count).split_off(2);
    for (name, text, filter) in [
        ("a common word, `order`", "order", Filter::ALL),
        ("the beginning of one, `or`", "or", Filter::ALL),
        ("the middle of one, `eapo`", "eapo", Filter::ALL),
        ("an order's number", "", Filter::ALL),
        ("its last six digits", "…", Filter::ALL),
        ("one Chinese letter, `茶`", "茶", Filter::ALL),
        ("two, `訂單`", "訂單", Filter::ALL),
        ("two terms, `shipped 茶壺`", "shipped 茶壺", Filter::ALL),
        ("`order` in a category", "order", MONEY),
        ("`order` among the unread", "order", UNREAD),
        ("a rare phrase of common letters, `單品茶`", sample::RARE_PHRASE, Filter::ALL),
        ("a word that isn't there, `zebra`", "zebra", Filter::ALL),
    ] {
        let times = by_turns(all, async |inbox, count| {
            let text = match text {
                "" => order(count),
                "…" => last_digits(count),
                text => text.into(),
            };
            inbox.search(Search { text, filter, before: None, limit: PAGE }).await.map(drop)
        });
        table.rows(&format!("search: {name}"), Bound::Search, times.await?);
    }
    // The worst for an index: what it has is common, and never comes together.
    for (name, text) in [
        ("a phrase that isn't there, `手工茶杯`", sample::ABSENT_PHRASE),
        ("two words that never meet, `refund shipped`", "refund shipped"),
    ] {
        let first = Search { text: text.into(), filter: Filter::ALL, before: None, limit: PAGE };
        let times =
            by_turns(all, async |inbox, _| inbox.search(first.clone()).await.map(drop)).await?;
        table.rows(&format!("search: {name}"), Bound::Search, times);
        let times = by_turns(all, async |inbox, _| {
            let mut search = first.clone();
            loop {
                let SearchPage { hits, next } = inbox.search(search.clone()).await?;
                assert!(hits.is_empty(), "it is nowhere");
                search.before = next;
                if next.is_none() {
                    return Ok(());
                }
            }
        });
        let name = format!("all its calls, until that is known, `{text}`");
        table.rows(&name, Bound::None, times.await?);
    }
    Ok(())
}

/// On copies that may be changed.
async fn changes(table: &mut Table, all: Vec<File>) -> Result<()> {
    for File { count, path, inbox } in all {
        drop(inbox);
        let copy = file::copied(&path)?;
        let inbox = Inbox::open(&copy, Access::Write)?;
        commits(table, &inbox, count).await?;
        mark_all(table, &inbox, &copy).await?;
        drop(inbox);
        file::remove(&copy);
    }
    Ok(())
}

async fn commits(table: &mut Table, inbox: &Inbox, count: u32) -> Result<()> {
    let mut times = Vec::new();
    for first in (0..100 * BATCH).step_by(BATCH as usize) {
        let mut alerts: Vec<_> = (first..first + BATCH).map(|n| sample::alert(n, count)).collect();
        for (alert, n) in alerts.iter_mut().zip(first..) {
            alert.at_ms = sample::NEWEST_MS + sample::EVERY_MS * i64::from(n);
        }
        let started = Instant::now();
        inbox.commit(file::batch(alerts)).await?;
        times.push(started.elapsed());
    }
    let slowest = times.iter().max().copied().unwrap_or_default();
    table.row("commit of 64 alerts", Bound::None, median(times));
    table.row("the slowest of 100 of these", Bound::None, slowest);
    Ok(())
}

async fn mark_all(table: &mut Table, inbox: &Inbox, path: &Path) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..3 {
        Connection::open(path)?.execute_batch(
            "BEGIN; INSERT OR IGNORE INTO unread SELECT id, category FROM alert;
             UPDATE counts SET unread = total; COMMIT",
        )?;
        let all = Which::Matching { filter: Filter::ALL, text: None, up_to: AlertId::MAX };
        let started = Instant::now();
        let marked = inbox.mark(all, true).await?;
        times.push(started.elapsed());
        assert_eq!(marked.counts.unread(), 0);
    }
    table.row("mark all read, all unread before", Bound::None, median(times));
    Ok(())
}

/// The median times of many runs, after some that nobody counts. The sizes take turns, so that
/// whatever else the machine does counts for all of them.
async fn by_turns(
    all: &[File],
    work: impl AsyncFn(&Inbox, u32) -> std::result::Result<(), StoreError>,
) -> Result<Vec<Duration>> {
    let mut times = vec![Vec::new(); all.len()];
    let begin = Instant::now();
    for round in 0..1_000 {
        if round > 20 && begin.elapsed() > Duration::from_secs(2) {
            break;
        }
        for (File { count, inbox, .. }, times) in all.iter().zip(&mut times) {
            let started = Instant::now();
            work(inbox, *count).await?;
            if round > 3 {
                times.push(started.elapsed());
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
