//! What became of alerts' toasts, as the inbox's file has it.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::session::LIMIT;
use super::stage::{Stage, TITLE};

/// Waits until each alert of a title has this fate, as it is kept.
pub(crate) async fn wait_for_fates(stage: &Stage, wanted: &[(&str, &str)]) {
    let all = format!("SELECT {TITLE}, fate FROM alert JOIN toast ON toast.alert = alert.id");
    let there = |db: &Connection| {
        let mut query = db.prepare(&all).unwrap();
        let kept = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let kept: Vec<(String, String)> = kept.map(Result::unwrap).collect();
        let has =
            |(title, fate): &(&str, &str)| kept.iter().any(|(of, is)| of == title && is == fate);
        if wanted.iter().all(has) { Ok(()) } else { Err(format!("{kept:?}")) }
    };
    wait_for(stage, LIMIT, there).await;
}

/// Waits until so many alerts have any fate, which takes them a minute at the most.
pub(crate) async fn wait_for_count(stage: &Stage, count: u32) {
    let there = |db: &Connection| {
        let kept: u32 = db.query_row("SELECT count(*) FROM toast", [], |row| row.get(0)).unwrap();
        if count == kept { Ok(()) } else { Err(kept.to_string()) }
    };
    wait_for(stage, LIMIT * 4, there).await;
}

/// Waits until one toast after quiet is known to have told of so many alerts.
pub(crate) async fn wait_for_told(stage: &Stage, count: u32) {
    let told = "SELECT count(*) FROM toast WHERE fate ->> '$.after_quiet.count' = ?1";
    let there = |db: &Connection| {
        let kept: u32 = db.query_row(told, [count], |row| row.get(0)).unwrap();
        if count == kept { Ok(()) } else { Err(kept.to_string()) }
    };
    wait_for(stage, LIMIT, there).await;
}

/// Waits until nothing is unread.
pub(crate) async fn wait_until_read(stage: &Stage) {
    let there = |db: &Connection| {
        let unread: u32 =
            db.query_row("SELECT count(*) FROM unread", [], |row| row.get(0)).unwrap();
        if unread == 0 { Ok(()) } else { Err(format!("{unread} unread")) }
    };
    wait_for(stage, LIMIT, there).await;
}

/// The file tells nobody when it changes: looks until it is as wanted.
async fn wait_for(
    stage: &Stage,
    limit: Duration,
    there: impl Fn(&Connection) -> Result<(), String>,
) {
    let file = stage.home().join("inbox.sqlite");
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut last = String::new();
    let wait = async {
        while let Err(kept) = there(&db) {
            last = kept;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let in_time = tokio::time::timeout(limit, wait).await;
    assert!(in_time.is_ok(), "the file has {last}");
}
