//! From an event on the wire to what a person should see of it.
//!
//! Pure functions: [`read`] turns an event into an alert or into nothing, by the table in [`kinds`],
//! the fields in [`fields`] and the wording in the catalogues. Nothing of an event is trusted to be
//! present or of the right type, and what can't be worded is shown as it came.

mod fields;
mod kinds;
mod read;
mod text;

pub use fields::Field;
pub use kinds::{KINDS, Kind, Presentation, kind};
pub use read::{fields_of, read};
