//! What can go wrong with the file, in the terms in which people are told.

use rusqlite::{ErrorCode, ffi};
use std::ffi::c_int;
use std::fmt::Debug;
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
    /// It is no file at all.
    #[error("in the inbox's place is a folder or a device, not a file; move it away")]
    NotAFile,
    /// There is no file to read from, or an empty one: the app makes the inbox when it starts.
    #[error("there is no inbox yet")]
    NotMade,
    /// Its folder could not be made.
    #[error("the folder {0} can't be made")]
    Folder(PathBuf, #[source] std::io::Error),
    /// It is damaged and could not be set aside.
    #[error("the inbox is damaged, and {0} can't be renamed")]
    SetAside(PathBuf, #[source] std::io::Error),
    /// A backup, which was to have this name, could not be made before the file is brought to this
    /// program's version.
    #[error(
        "before the inbox is updated a backup is made, and {0} can't be written; nothing was changed"
    )]
    Backup(PathBuf, #[source] StoreError),
    /// The thread that owns the file could not be started.
    #[error("the inbox's thread can't be started")]
    Thread(#[source] std::io::Error),
    /// Anything that SQLite says.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OpenError {
    /// What SQLite says of a file whose bytes are not as it wrote them.
    pub(crate) fn damage(&self) -> Option<&rusqlite::Error> {
        match self {
            Self::Store(StoreError::Damaged(error))
            | Self::Backup(_, StoreError::Damaged(error)) => Some(error),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Why something could not be read or kept. What was asked was not done, not even in part, unless it
/// comes with what was: see [`Partly`].
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
    /// The inbox could not be opened anew after it was damaged, deleted or replaced; why. It is
    /// tried again with the next alert that is to be kept.
    #[error("the inbox is not open: {0}")]
    NotOpen(String),
    /// The inbox was closed.
    #[error("the inbox is closed")]
    Closed,
    /// Anything else.
    #[error("the inbox failed")]
    Other(#[source] rusqlite::Error),
}

/// What came of work that is done a part at a time and failed in between: what was done stays done.
#[derive(Debug, thiserror::Error)]
#[error("not all of it could be done")]
pub struct Partly<T: Debug> {
    /// What was done.
    pub done: T,
    /// What stopped it.
    #[source]
    pub error: StoreError,
}

impl<T: Debug + Default> From<StoreError> for Partly<T> {
    fn from(error: StoreError) -> Self {
        Self { done: T::default(), error }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // On a full disk there is no room even for the index of the log.
        let is_full = error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE);
        match error.sqlite_error_code() {
            _ if is_full => Self::Full(error),
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(error),
            Some(ErrorCode::CannotOpen) => Self::CannotOpen(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Other(error),
        }
    }
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) | OpenError::Backup(_, error) => error,
            other => Self::NotOpen(other.to_string()),
        }
    }
}

/// A failure that SQLite didn't find itself, by its own code.
pub(crate) fn failure(code: c_int, words: &str) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(words.to_owned()))
}
