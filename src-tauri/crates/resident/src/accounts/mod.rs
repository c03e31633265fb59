//! The home's accounts as they run: each has its own connection, inbox, rules and toasts, beside the
//! others'. [`Roster`] is which there are; how each is set going is [`Running`].
//!
//! It owns neither window nor tray: those show one account, or all in short ([`Summaries`]).
//!
//! [`Summaries`]: crate::desk::Summaries

mod demo;
mod roster;
mod running;

pub(crate) use demo::is_there as can_play_demo;
pub(crate) use roster::Roster;
pub(crate) use running::{Running, Shared, pause};
