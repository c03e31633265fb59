//! The demo market as a client meets it: over real sockets, and as a program.

#![expect(clippy::unwrap_used, reason = "what the tests share fails as they do, by a panic")]

mod emitters;
mod faults;
mod held_back;
mod identity;
mod program;
mod push;
mod refusals;
mod replay;
mod scenario;
mod stored;
mod support;
mod zones;
