//! Alerts, kept in one SQLite file.
//!
//! This crate owns the file: its schema and migrations, every SQL statement, and the one thread
//! that touches it. It knows nothing of the network, of what kinds of event there are, or of
//! windows. [`Inbox`] is the handle; [`Alert`] and [`NewAlert`] are what it keeps.

mod alert;
mod alerts;
mod counts;
mod cursor;
mod error;
mod inbox;
mod private;
mod schema;

pub use alert::{Alert, AlertId, Category, Filter, NewAlert, Page, Words};
pub use counts::{CategoryCount, Counts};
pub use cursor::Cursor;
pub use error::{OpenError, StoreError};
pub use inbox::{Access, Batch, Committed, Inbox, Marked};
