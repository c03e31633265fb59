//! Version 4: when an alert was received here is known beside its own time, and the market's
//! notifications whose alerts are gone know since when.

use crate::tables::look;
use rusqlite::Connection;

/// Of what is there nobody knows when it came: as if it had come just now.
pub(super) fn apply(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(look::CREATE)?;
    db.execute_batch(
        "ALTER TABLE alert ADD COLUMN received INTEGER NOT NULL DEFAULT 0; -- a look, see `look`
         ALTER TABLE trash ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE stored ADD COLUMN gone INTEGER; -- the look before the alert went; NULL: it is there
         UPDATE stored SET gone = 0 WHERE alert IS NULL;
         CREATE INDEX stored_gone ON stored (tell, gone) WHERE gone IS NOT NULL;",
    )
}
