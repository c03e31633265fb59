//! From the first version's file to this one's.

use crate::sample::{Place, beside};
use agora_inbox::{Category, Filter, Inbox, Seek, Which, backups};
use rusqlite::{Connection, params};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ALERTS: i64 = 4_000;
const FIRST_MS: i64 = 1_795_000_000_000;

/// What the first version of the program made.
const FIRST_VERSION: &str = "
    CREATE TABLE alert (
        id INTEGER PRIMARY KEY AUTOINCREMENT, received_ms INTEGER NOT NULL, source TEXT NOT NULL,
        event_id TEXT, event TEXT NOT NULL, kind TEXT NOT NULL, category TEXT NOT NULL,
        title_en TEXT NOT NULL, title_zh TEXT NOT NULL, content_en TEXT NOT NULL,
        content_zh TEXT NOT NULL, link TEXT, urgent INTEGER NOT NULL,
        read INTEGER NOT NULL DEFAULT 0, raw TEXT NOT NULL) STRICT;
    CREATE UNIQUE INDEX alert_replay ON alert (source, event_id, event, raw)
        WHERE event_id IS NOT NULL;
    CREATE INDEX alert_category ON alert (category, id);
    CREATE INDEX alert_unread ON alert (id) WHERE read = 0;
    CREATE INDEX alert_unread_category ON alert (category, id) WHERE read = 0;
    CREATE INDEX alert_urgent ON alert (id) WHERE urgent = 1;
    CREATE TRIGGER alert_inserted AFTER INSERT ON alert BEGIN
        INSERT INTO counts VALUES (NEW.category, 1, NEW.read = 0)
        ON CONFLICT (category) DO UPDATE SET total = total + 1, unread = unread + (NEW.read = 0);
    END;
    CREATE TRIGGER alert_deleted AFTER DELETE ON alert BEGIN
        UPDATE counts SET total = total - 1, unread = unread - (OLD.read = 0)
        WHERE category = OLD.category;
    END;
    CREATE TRIGGER alert_marked AFTER UPDATE OF read ON alert WHEN NEW.read <> OLD.read BEGIN
        UPDATE counts SET unread = unread + (OLD.read - NEW.read) WHERE category = NEW.category;
    END;
    CREATE TABLE counts (category TEXT PRIMARY KEY, total INTEGER NOT NULL,
        unread INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE cursor (source TEXT PRIMARY KEY, last_event_id TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
    PRAGMA application_id = 0x41475241;
    PRAGMA user_version = 1;";

/// Makes a first version's inbox: an alert's time goes back by a minute with every tenth, three at a
/// time share a millisecond, and every third is read.
pub(crate) fn first_inbox(file: &Path, alerts: i64) {
    let db = Connection::open(file).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; BEGIN;").unwrap();
    db.execute_batch(FIRST_VERSION).unwrap();
    for n in 0..alerts {
        let category = if n % 4 == 0 { "money" } else { "orders" };
        db.execute(
            "INSERT INTO alert (received_ms, source, event_id, event, kind, category, title_en,
                 title_zh, content_en, content_zh, link, urgent, read, raw)
             VALUES (?1, 'market', ?2, 'message', 'ORDER_SHIPPED', ?3, ?4, ?5, 'a content',
                 '內容', '/orders', ?6, ?7, ?8)",
            params![
                time(n),
                (n % 2 == 0).then(|| n.to_string()),
                category,
                format!("Order {n}"),
                format!("訂單 {n}"),
                n % 50 == 0,
                n % 3 == 0,
                format!("{{\"n\":{n}}}"),
            ],
        )
        .unwrap();
    }
    db.execute_batch("INSERT INTO cursor VALUES ('market', '3998'); COMMIT;").unwrap();
}

fn time(n: i64) -> i64 {
    FIRST_MS + n / 3 - if n % 10 == 0 { 60_000 } else { 0 }
}

fn version(file: &Path) -> u32 {
    let db = Connection::open(file).unwrap();
    let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// The version that a new inbox has.
pub(crate) fn newest() -> u32 {
    let place = Place::new();
    drop(place.open());
    version(&place.file())
}

/// Every alert as (number, time, category, whether it is read), newest first.
async fn everything(inbox: &Inbox) -> Vec<(i64, i64, Category, bool)> {
    let (mut all, mut seek) = (Vec::new(), Seek::Newest);
    loop {
        let page = inbox.page(Filter::ALL, seek, 500).await.unwrap();
        seek = Seek::OlderThan(page.alerts.last().unwrap().id);
        for alert in page.alerts {
            let n: i64 = alert.body.title.en.strip_prefix("Order ").unwrap().parse().unwrap();
            assert_eq!(alert.body.title.zh_tw, format!("訂單 {n}"));
            assert_eq!(alert.body.raw, format!("{{\"n\":{n}}}"));
            assert_eq!(alert.body.event_id, (n % 2 == 0).then(|| n.to_string()));
            assert_eq!(alert.body.urgent, n % 50 == 0);
            all.push((n, alert.body.at_ms, alert.body.category, alert.read));
        }
        if !page.more {
            return all;
        }
    }
}

fn expected(alerts: i64) -> Vec<(i64, i64, Category, bool)> {
    let category = |n| if n % 4 == 0 { Category::Money } else { Category::Orders };
    let mut all: Vec<_> = (0..alerts).map(|n| (n, time(n), category(n), n % 3 == 0)).collect();
    all.sort_by_key(|(n, time, ..)| std::cmp::Reverse((*time, *n)));
    all
}

#[tokio::test]
async fn the_first_versions_alerts_are_all_there_and_a_backup_of_before() {
    let place = Place::new();
    first_inbox(&place.file(), ALERTS);
    // What a backup that was cut off has left.
    let backup = place.folder.path().join(format!("inbox.before-v{}.sqlite", newest()));
    fs::write(beside(&backup, ".part"), "half of a backup").unwrap();
    let inbox = place.open();
    assert_eq!(everything(&inbox).await, expected(ALERTS));
    let counts = inbox.counts().await.unwrap();
    let unread = expected(ALERTS).iter().filter(|(.., read)| !read).count();
    assert_eq!((counts.total() as usize, counts.unread() as usize), (4_000, unread));
    assert_eq!(counts.categories[&Category::Money].total, 1_000);
    assert_eq!(inbox.last_event_id("market".into()).await.unwrap().as_deref(), Some("3998"));
    let all = Which::Matching { filter: Filter::ALL, text: None, up_to: i64::MAX };
    assert_eq!(inbox.mark(all, true).await.unwrap().counts.unread(), 0);
    drop(inbox);
    assert_eq!(version(&place.file()), newest());

    assert_eq!(backups(&place.file()), [backup.as_path()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(version(&backup), 1);
    let kept: (i64, i64) = Connection::open(&backup)
        .unwrap()
        .query_row("SELECT count(*), sum(read) FROM alert", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(kept, (ALERTS, (ALERTS + 2) / 3));
    assert!(!beside(&backup, ".part").exists());
    // As a person would who wants to go back.
    let back = Place::new();
    fs::copy(&backup, back.file()).unwrap();
    assert_eq!(everything(&back.open()).await, expected(ALERTS));
}

#[tokio::test]
async fn only_the_two_newest_backups_are_kept_and_an_empty_inbox_needs_none() {
    let place = Place::new();
    first_inbox(&place.file(), 0);
    drop(place.open());
    assert!(backups(&place.file()).is_empty());

    let place = Place::new();
    first_inbox(&place.file(), 10);
    let [oldest, newer, other] = ["inbox.before-v1.sqlite", "inbox.before-v0.sqlite", "other"]
        .map(|name| place.folder.path().join(name));
    for file in [&oldest, &newer, &other] {
        fs::write(file, "a backup").unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    let inbox = place.open();
    assert_eq!(inbox.counts().await.unwrap().total(), 10);
    let made = place.folder.path().join(format!("inbox.before-v{}.sqlite", newest()));
    assert_eq!(backups(&place.file()), [made, newer]);
    assert!(!oldest.exists() && other.exists());
}

/// Says to this test's own program which file to open until it is killed.
const KILLED: &str = "AGORA_TEST_KILLED";

#[test]
fn killed_while_migrating() {
    if let Some(file) = std::env::var_os(KILLED) {
        drop(Inbox::open(Path::new(&file), agora_inbox::Access::Write));
        std::thread::sleep(Duration::from_secs(20));
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_leaves_the_first_version_whole() {
    // More is changed than SQLite holds in memory: some of it is in the log before the end.
    let alerts = 3 * ALERTS;
    let mut in_the_middle = 0;
    for (log_begun, wait_ms) in [(false, 0), (false, 100), (true, 0), (true, 20), (true, 60)] {
        let place = Place::new();
        first_inbox(&place.file(), alerts);
        let log = || fs::metadata(beside(&place.file(), "-wal")).map_or(0, |log| log.len());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "migration::killed_while_migrating"])
            .env(KILLED, place.file())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while backups(&place.file()).is_empty() || (log_begun && log() == 0) {
            assert!(begun.elapsed() < Duration::from_secs(90), "there is never a backup");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(wait_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = log();
        let left = version(&place.file());
        writeln!(io::stdout(), "killed with {bytes} bytes of log: version {left}").unwrap();
        in_the_middle += u32::from(left == 1 && bytes > 4096);
        assert_eq!(everything(&place.open()).await, expected(alerts));
        assert_eq!(version(&place.file()), newest());
    }
    assert!(in_the_middle > 0, "every kill came too early or too late");
}
