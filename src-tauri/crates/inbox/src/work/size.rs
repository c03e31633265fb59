//! How much room the file takes, and making room in it.

use super::gone::{self, Gone};
use crate::tables::alert;
use crate::{AlertId, key};
use rusqlite::Connection;

/// The file is made smaller where it has at least so much unused room, in bytes, and more of that than
/// of what is in use: it takes as long as writing what is in use.
const WORTH_IT: u64 = 16 << 20;

/// So many alerts go before it is looked again whether there is room: each may be large.
const MOST: usize = 50;

/// Which alerts go to make room, one kind after the other; of each the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Going {
    /// Those that were read.
    Read,
    /// All but the unread ones that are urgent.
    NotPressing,
    /// All but those that are followed up, which never go by themselves.
    Any,
}

impl Going {
    pub(crate) const IN_ORDER: [Self; 3] = [Self::Read, Self::NotPressing, Self::Any];
}

/// What is in use of the file, in bytes.
pub(crate) fn used(db: &Connection) -> rusqlite::Result<u64> {
    Ok((pages(db, "page_count")? - pages(db, "freelist_count")?) * pages(db, "page_size")?)
}

/// Looks at no more than `limit` alerts from a key on and lets go for good of those that are to go,
/// unless no more than `bytes` are in use. `None` then: there is room.
pub(crate) fn make_room(
    db: &mut Connection,
    bytes: u64,
    going: Going,
    from: AlertId,
    limit: usize,
) -> rusqlite::Result<Option<Gone>> {
    if used(db)? <= bytes {
        return Ok(None);
    }
    let goes = |aged: &alert::Aged| match going {
        _ if aged.followed => false,
        Going::Read => !aged.unread,
        Going::NotPressing => !(aged.unread && aged.urgent),
        Going::Any => true,
    };
    gone::let_go(db, (from, key::END), limit, MOST, goes).map(Some)
}

/// Gives unused room back to the disk, where it is worth it.
pub(crate) fn give_back(db: &mut Connection) -> rusqlite::Result<()> {
    let unused = pages(db, "freelist_count")? * pages(db, "page_size")?;
    if unused < WORTH_IT || unused < used(db)? {
        return Ok(());
    }
    db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
}

fn pages(db: &Connection, what: &str) -> rusqlite::Result<u64> {
    db.query_row(&format!("PRAGMA {what}"), [], |row| row.get::<_, u32>(0)).map(u64::from)
}
