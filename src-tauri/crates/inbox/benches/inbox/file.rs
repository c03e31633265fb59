//! The files that are measured: made through the inbox itself, and kept in the target folder.

use crate::sample::{self, alert};
use agora_inbox::{Access, Batch, Cursor, Inbox, NewAlert, Which};
use rusqlite::Connection;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// How many alerts are committed at once.
const CHUNK: u32 = 10_000;
/// Of so many alerts one is left unread.
pub(crate) const UNREAD: u32 = 20;

/// The inbox with `count` alerts.
pub(crate) async fn prepared(folder: &Path, count: u32) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let empty = Path::new(folder).join("empty.sqlite");
    remove(&empty);
    drop(Inbox::open(&empty, Access::Write)?);
    // A file of another schema is no good, even where its version is the same.
    let name = format!("inbox-{count}-{}-{:016x}.sqlite", sample::EDITION, schema(&empty)?);
    let path = folder.join(name);
    if !path.exists() {
        let unfinished = folder.join("unfinished.sqlite");
        remove(&unfinished);
        fill(&unfinished, count).await?;
        fs::rename(&unfinished, &path)?;
    }
    Ok(path)
}

/// A copy that may be changed.
pub(crate) fn copied(path: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let copy = path.with_file_name("changed.sqlite");
    remove(&copy);
    fs::copy(path, &copy)?;
    // Otherwise the first commit that waits for the disk waits for the whole copy.
    fs::File::open(&copy)?.sync_all()?;
    Ok(copy)
}

/// Removes a database, with what SQLite keeps beside it.
pub(crate) fn remove(path: &Path) {
    for beside in ["", "-wal", "-shm"] {
        // It may not be there.
        let _ = fs::remove_file(format!("{}{beside}", path.display()));
    }
}

pub(crate) fn batch(alerts: Vec<NewAlert>) -> Batch {
    Batch {
        alerts,
        cursor: Cursor { source: "bench".into(), last_event_id: None },
        mailbox: "bench".into(),
    }
}

async fn fill(path: &Path, count: u32) -> Result<(), Box<dyn Error>> {
    let inbox = Inbox::open(path, Access::Write)?;
    for first in (0..count).step_by(CHUNK as usize) {
        let numbers = first..count.min(first + CHUNK);
        let kept = inbox.commit(batch(numbers.map(|n| alert(n, count)).collect())).await?.new;
        let (_, read): (Vec<_>, Vec<_>) =
            kept.iter().map(|alert| alert.id).zip(0..).partition(|(_, n)| n % UNREAD == 0);
        inbox.mark(Which::Ids(read.into_iter().map(|(id, _)| id).collect()), true).await?;
    }
    drop(inbox);
    // The last of the log goes into the file, which is then whole by itself.
    let db = Connection::open(path)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// A fingerprint (FNV-1a) of a database's schema.
fn schema(path: &Path) -> Result<u64, Box<dyn Error>> {
    let all: String = Connection::open(path)?.query_row(
        "SELECT group_concat(sql, ';' ORDER BY name) FROM sqlite_schema",
        [],
        |row| row.get(0),
    )?;
    Ok(all.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}
