//! The one event stream, kept open: connect, read, notice when it is dead, wait, connect again.
//!
//! [`run`] is the whole of it, a future that the caller spawns and joins. What it finds out leaves
//! through a bounded [`queue`] of [`Update`]s; a reader that is slow slows the stream down and loses
//! nothing. It keeps no event and writes nothing down: the last event ID comes in with the
//! [`Config`] and goes out with the updates.

mod ancestors;
mod attempt;
mod backoff;
mod config;
mod journal;
mod liveness;
mod names;
mod queue;
mod run;
mod target;
mod timing;
mod update;

pub use backoff::{Backoff, Delay, Heard, Outcome};
pub use config::{Config, Control, Ended};
pub use queue::{Teller, Updates, queue, queue_of};
pub use run::run;
pub use target::Target;
pub use timing::Timing;
pub use update::{ConnectionStatus, Stop, StreamEvent, Update};
