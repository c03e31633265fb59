//! Sending: one message to everyone or to one user, or one to each user of a list.
//!
//! It owns the rules by which messages leave: each stands in the ledger before, none is sent a second time by
//! itself, limits on rate and on requests under way are never exceeded, a market that asks to wait is
//! waited for, and what fails several times in a row stops. What people call the parts is `agora_ledger`'s.
//! It knows no window and no terminal: the app and the command line use it alike.

mod check;
mod echo;
mod pace;
mod post;
mod progress;
mod recipients;
mod results;
mod run;
mod sender;
mod template;

pub use agora_ledger::{
    Audience, Counts, Ended, Halt, Ledger, LedgerError, Line, LinePage, NewLine, NewSending,
    Outcome, Sending, SendingId, SendingPage, State,
};
pub use check::{Checked, Fault, FaultKind, check};
pub use post::{REFERENCE, SendError};
pub use progress::Progress;
pub use recipients::{LineError, Recipient, Recipients, RecipientsError};
pub use results::{ResultsError, write_csv};
pub use run::Told;
pub use sender::{List, Sender, StartError, To};
pub use template::{Template, TemplateError};
