//! Killed at any moment, a receiver loses nothing that it announced, and keeps nothing twice.
//!
//! A real process receives from a market that sends without a pause, and is killed with SIGKILL again
//! and again. `./dev soak` does the same with more kills: `AGORA_SOAK` says how many.

use crate::bench::{SELLER, SOON, eventually, market_with};
use agora_demo_market::{Config, DemoMarket, To, people};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;
use std::collections::HashSet;
use std::fs::DirEntry;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// How often, unless `AGORA_SOAK` says so.
const KILLS: u32 = 10;
/// How long the process lives at the longest: long enough to open the inbox, connect, and be amidst
/// what it missed.
const LONGEST_MS: u64 = 400;
/// The time between two bursts of events, and the most events in one.
const PAUSE: Duration = Duration::from_millis(2);
const BURST: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_announced_is_lost_and_nothing_doubled_where_events_have_ids() {
    let config = Config { ids: true, backlog: 1_000_000, ..Config::default() };
    let end = killed_often(config, "with ids", 1).await;
    let expected: Vec<u32> = (0..end.sent).collect();
    assert_eq!(end.kept, expected, "every event, once, in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_announced_is_lost_and_nothing_doubled_where_events_have_no_ids() {
    let config = Config { notifications: false, ..Config::default() };
    let end = killed_often(config, "without ids", 2).await;
    assert!(end.kept.is_sorted_by(|one, next| one < next), "each once, in order");
}

/// How it ended.
struct End {
    /// How many events the market sent.
    sent: u32,
    /// The numbers of those in the inbox, in its order.
    kept: Vec<u32>,
}

#[expect(clippy::print_stdout, reason = "what each kill left is told")]
async fn killed_often(config: Config, name: &str, seed: u64) -> End {
    let kills = std::env::var("AGORA_SOAK").map_or(KILLS, |count| count.parse().unwrap());
    let has_ids = config.ids;
    let market = market_with(config).await;
    let home = tempfile::tempdir().unwrap();
    let look = || Look::at(home.path());
    let mut random = StdRng::seed_from_u64(seed);
    let mut announced = HashSet::new();
    let mut sent = 0;

    // The first is kept in peace: without a cursor there is no place to go on from.
    let first = Process::start(home.path(), &market);
    assert!(market.wait_for_client(SELLER, SOON).await.is_some());
    send(&market, &mut sent);
    eventually(async || look().count() == 1).await;
    announced.extend(first.kill());

    let begun = Instant::now();
    for kill in 1..=kills {
        let lives_ms = random.random_range(0..LONGEST_MS);
        let process = Process::start(home.path(), &market);
        let end = Instant::now() + Duration::from_millis(lives_ms);
        while Instant::now() < end {
            for _ in 0..random.random_range(1..=BURST) {
                send(&market, &mut sent);
            }
            tokio::time::sleep(PAUSE).await;
        }
        let now = process.kill();
        let count = now.len();
        announced.extend(now);
        let kept = look().check(&announced);
        println!(
            "kill {kill} of {kills} {name}: after {lives_ms} ms and {count} announced; \
             {sent} sent, {kept} in the inbox, it is whole and has all that was announced"
        );
    }

    let last = Process::start(home.path(), &market);
    if has_ids {
        eventually(async || look().count() == sent).await;
    } else {
        assert!(market.wait_for_client(SELLER, SOON).await.is_some());
    }
    announced.extend(last.kill());
    let kept = look().numbers();
    assert_eq!(look().check(&announced) as usize, kept.len());
    println!(
        "after {kills} kills {name}, in {} s with seed {seed}: {sent} sent, {} announced, \
         {} in the inbox, none announced missing, integrity_check ok",
        begun.elapsed().as_secs(),
        announced.len(),
        kept.len(),
    );
    End { sent, kept }
}

fn send(market: &DemoMarket, sent: &mut u32) {
    let data = format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":{sent}}}"#);
    market.emit(&To::user(people::SELLER.id), None, &data);
    *sent += 1;
}

/// The example program `receive`, as it runs.
struct Process {
    child: Child,
    printed: Option<JoinHandle<Vec<i64>>>,
}

impl Process {
    fn start(home: &Path, market: &DemoMarket) -> Self {
        let mut child = Command::new(program())
            .env("AGORA_HOME", home)
            .env("AGORA_BASE_URL", market.base_url())
            .env("AGORA_CLIENT_ID", SELLER)
            .env("AGORA_TOKEN", people::SELLER.token)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        Self { child, printed: Some(thread::spawn(move || keys(output))) }
    }

    /// Kills it with SIGKILL, and gives the keys that it had printed.
    fn kill(mut self) -> Vec<i64> {
        self.end();
        self.printed.take().unwrap().join().unwrap()
    }

    fn end(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// No test that fails leaves it behind.
impl Drop for Process {
    fn drop(&mut self) {
        if self.printed.is_some() {
            self.end();
        }
    }
}

/// `cargo test` builds a package's examples too, beside the tests; not so where it is told which tests
/// to build, and an old program would show nothing.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().with_file_name("examples").join("receive");
    let built = program.metadata().and_then(|file| file.modified()).ok();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let parts = ["account/src", "client/src", "inbox/src", "receiver/src", "receiver/examples"];
    let written = parts.iter().map(|part| newest(&crates.join(part))).max();
    assert!(built > written, "{} is out of date: cargo build --examples", program.display());
    program
}

/// When the newest file under a folder was written.
fn newest(folder: &Path) -> SystemTime {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    // A crate's own tests are no part of the program.
    let is_test = |entry: &DirEntry| entry.file_name().to_string_lossy().ends_with("tests.rs");
    let times =
        entries.filter(|entry| !is_test(entry)).map(|entry| match entry.metadata().unwrap() {
            of if of.is_dir() => newest(&entry.path()),
            of => of.modified().unwrap(),
        });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn keys(output: ChildStdout) -> Vec<i64> {
    let mut output = BufReader::new(output);
    let mut keys = Vec::new();
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        // What has no end was cut off, and says nothing.
        if let Some(key) = line.strip_suffix('\n') {
            keys.push(key.parse().unwrap());
        }
        line.clear();
    }
    keys
}

/// A look at a copy of the inbox, so that the next process is the first to open what the one before
/// left behind.
struct Look {
    db: Connection,
    _copy: TempDir,
}

impl Look {
    fn at(home: &Path) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for name in ["inbox.sqlite-wal", "inbox.sqlite"] {
            // A process that is killed at once has made none.
            let _ = std::fs::copy(home.join(name), copy.path().join(name));
        }
        Self { db: Connection::open(copy.path().join("inbox.sqlite")).unwrap(), _copy: copy }
    }

    fn count(&self) -> u32 {
        // Copied while it was being written, it may be anything.
        self.db.query_row("SELECT count(*) FROM alert", [], |row| row.get(0)).unwrap_or(0)
    }

    /// Asserts that the file is whole and has all of these; how many it has.
    fn check(&self, announced: &HashSet<i64>) -> u32 {
        let whole: String =
            self.db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        let mut query = self.db.prepare("SELECT id FROM alert").unwrap();
        let there: HashSet<i64> =
            query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let missing = announced.difference(&there).count();
        assert_eq!(missing, 0, "of {} announced, with {} there", announced.len(), there.len());
        u32::try_from(there.len()).unwrap()
    }

    /// The numbers of the events in the inbox, in its order.
    fn numbers(&self) -> Vec<u32> {
        let sql = "SELECT json_extract(raw, '$.orderNumber') FROM alert ORDER BY id";
        let mut query = self.db.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}
