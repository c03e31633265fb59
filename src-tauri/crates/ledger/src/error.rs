//! What can go wrong with the ledger's file.

use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why something could not be read or written. What was asked was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A newer version of the program wrote it.
    #[error(
        "the record of what was sent was written by a newer version (its schema is {found}, this \
         program knows {known}); update the program"
    )]
    Newer {
        /// The file's version.
        found: u32,
        /// This program's.
        known: u32,
    },
    /// It is another program's database.
    #[error("{0} is another program's database; move it away")]
    Foreign(PathBuf),
    /// A file of it can't be made or opened.
    #[error("the record of what was sent can't be opened")]
    File(#[from] std::io::Error),
    /// No space is left.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// Another program holds the file.
    #[error("another program is using the record of what was sent")]
    Busy(#[source] rusqlite::Error),
    /// Anything else that SQLite says.
    #[error("the record of what was sent failed")]
    Other(#[source] rusqlite::Error),
    /// The thread that owns the file has ended.
    #[error("the record of what was sent is closed")]
    Closed,
    /// Another program has this sending, or it is not in the state that was asked for.
    #[error("this is being sent already, or was")]
    Taken,
    /// There is no such sending.
    #[error("nothing of that number was sent")]
    Unknown,
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(error),
            _ => Self::Other(error),
        }
    }
}
