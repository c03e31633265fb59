//! The ledger: what was to be sent, and how that ended, in one SQLite file of its own.
//!
//! It owns the promise that nothing is sent twice by itself: that a message is about to leave is on the
//! disk before it does, and a program that ended in between leaves *may have been delivered* behind. It
//! sends nothing, and knows no network and no wording. The app and the command line write to one file at
//! the same time; which of them has a sending is said by a file that its program holds locked ([`Runner`]).

mod error;
mod ledger;
mod lines;
mod open;
mod runner;
mod schema;
mod sendings;
mod terms;

pub use error::LedgerError;
pub use ledger::Ledger;
pub use lines::{Line, LinePage, NewLine};
pub use runner::Runner;
pub use sendings::{Counts, NewSending, Sending, SendingId, SendingPage};
pub use terms::{Audience, Ended, Halt, Outcome, State};
