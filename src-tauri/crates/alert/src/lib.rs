//! From an event on the wire to what a person should see of it.
//!
//! It owns what an [`Alert`] is, and the words: [`Event`] reads what the stream brought once, and is
//! then an alert or nothing, by the table in [`kinds`], the table of [`fields`] and the wording in the
//! catalogues. Nothing of an event is trusted to be present or of the right type, and what can't be
//! worded is shown as it came. Pure: no clock, no file, no network.

mod alert;
pub mod catalogue;
pub mod dates;
mod fields;
mod kinds;
mod money;
mod notice;
mod orders;
mod origin;
mod raw;
mod read;
mod translated;
mod values;
mod wording;
mod words;

pub use agora_wire::text::shortened;
pub use alert::{Alert, AlertId, Category, NewAlert, Notice, Reminder};
pub use fields::{FIELDS, Field, Known, LONGEST_LINK};
pub use kinds::{KINDS, Kind, Presentation, kind};
pub use orders::Orders;
pub use origin::{OWN, Origin};
pub use read::{Event, fields_of, read, read_stored};
pub use words::Words;
