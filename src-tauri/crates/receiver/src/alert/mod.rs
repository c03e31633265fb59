//! From an event on the wire to what a person should see of it.
//!
//! Pure functions: [`read`] turns an event into an alert or into nothing, by the table in [`kinds`],
//! the table of [`fields`] and the wording in the catalogues. Nothing of an event is trusted to be
//! present or of the right type, and what can't be worded is shown as it came.

mod fields;
mod kinds;
mod money;
mod notice;
mod origin;
mod raw;
mod read;
mod values;
mod wording;

pub use agora_wire::text::shortened;
pub use fields::{FIELDS, Field};
pub use kinds::{KINDS, Kind, Presentation, kind};
pub(crate) use origin::OWN;
pub use origin::Origin;
pub(crate) use read::kind_of_event;
pub use read::{fields_of, read, read_stored};
