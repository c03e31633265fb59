//! Alerts, kept in one SQLite file.
//!
//! This crate owns the file: its schema and migrations, every SQL statement, and the one thread
//! that touches it. It knows nothing of the network, of what kinds of event there are, or of
//! windows. [`Inbox`] is the handle; [`Alert`] and [`NewAlert`] are what it keeps.

pub mod key;
pub mod search;

mod aside;
mod backup;
mod error;
mod export;
mod held;
mod inbox;
mod limits;
mod list;
mod open;
mod plain;
mod schema;
mod tables;
mod twins;
mod work;

#[cfg(test)]
#[path = "../tests/inbox/mounted.rs"]
mod mounted;

pub use agora_alert::{Alert, AlertId, Category, NewAlert, Notice, Reminder, Words};
pub use aside::{SetAside, kept_aside, set_aside};
pub use backup::backups;
pub use error::{OpenError, Partly, StoreError};
pub use export::{Export, ExportError, Format, export, export_to_file, json};
pub use inbox::{Inbox, Room};
pub use list::{Filter, Page, Seek, Which};
pub use open::{Access, writable};
pub use plain::{json_line, shown};
pub use tables::counts::{CategoryCount, Counts};
pub use tables::cursor::Cursor;
pub use tables::mailbox::Mailbox;
pub use tables::marking::Marking;
pub use tables::trash::Deletion;
pub use twins::Written;
pub use work::{
    Batch, Committed, Deleted, Due, Followed, Limits, Listing, Marked, Merged, StoredNotice,
};

/// The version of SQLite that keeps it.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
