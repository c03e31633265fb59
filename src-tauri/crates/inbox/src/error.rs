//! What can go wrong with the file, in the terms in which people are told.

use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why the inbox could not be opened. The file is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of the program wrote it.
    #[error(
        "the inbox was written by a newer version (its schema is {found}, this program knows {known}); update the program"
    )]
    Newer {
        /// The file's version.
        found: u32,
        /// This program's.
        known: u32,
    },
    /// It is a SQLite file, but another program's.
    #[error("the file is another program's database, not an inbox; move it away")]
    NotAnInbox,
    /// There is no file to read from, or an empty one: the app makes the inbox when it starts.
    #[error("there is no inbox yet")]
    NotMade,
    /// Its folder could not be made.
    #[error("the folder {0} can't be made")]
    Folder(PathBuf, #[source] std::io::Error),
    /// The thread that owns the file could not be started.
    #[error("the inbox's thread can't be started")]
    Thread(#[source] std::io::Error),
    /// Anything that SQLite says.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Why something could not be read or kept. What was asked was not done, not even in part.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space is left.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// The file or its folder may not be written.
    #[error(
        "the inbox can't be written: check the permissions of its folder and whether the disk is read-only"
    )]
    ReadOnly(#[source] rusqlite::Error),
    /// The file may not be opened at all.
    #[error("the inbox can't be opened: check the permissions of its folder")]
    CannotOpen(#[source] rusqlite::Error),
    /// Another process holds the file.
    #[error("another program is using the inbox")]
    Busy(#[source] rusqlite::Error),
    /// The bytes are not those of a SQLite file, or not as SQLite wrote them.
    #[error("the inbox is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// The inbox was closed.
    #[error("the inbox is closed")]
    Closed,
    /// Anything else.
    #[error("the inbox failed")]
    Other(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(error),
            Some(ErrorCode::CannotOpen) => Self::CannotOpen(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Other(error),
        }
    }
}
