//! Version 3: what came over the stream and what the market stored are compared on the market's clock.

use crate::tables::{mailbox, twin};
use rusqlite::Connection;

pub(super) fn apply(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(twin::ON_THE_MARKETS_CLOCK)?;
    db.execute_batch(mailbox::WITH_CLOCKS)?;
    // The market's clock was not heard yet: until then it is taken to be on UTC. The upper bits of a key are
    // its time, see `key`.
    db.execute_batch("UPDATE twin SET at = alert >> 11")
}
