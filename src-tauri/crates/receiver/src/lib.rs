//! The one owner of the truth: what the connection's state is, what arrived, what was sent.
//!
//! `market -> client stream -> Actor -> inbox commit -> Change -> {toasts, tray, window}`. What
//! people do comes back as a [`Command`](command::Command) to the actor, through the
//! [`Receiver`] handle. The actor announces an alert only after the inbox has it, and its state is
//! read from channels that never touch the connection.
//!
//! The crate knows no window, tray or toast: whoever shows something subscribes.

mod account;
mod actor;
mod change;
mod choices;
mod command;
mod handle;
mod ingest;
mod outputs;
mod pulse;
mod refresh;
pub mod self_test;
mod send;
mod status;
mod stored;
mod stream;

pub use account::{AccountState, TokenState};
pub use actor::UNDO;
pub use change::Change;
pub use choices::{Choices, KEEP_DAYS, KEEP_MIB};
pub use handle::Receiver;
pub use ingest::{MadeRoom, Trouble};
pub use outputs::Subscription;
pub use pulse::{Beat, Pulse};
pub use refresh::{Refresh, Refreshing};
pub use self_test::SelfTest;
pub use send::SendOutcome;
pub use status::{SignedOut, Status};
