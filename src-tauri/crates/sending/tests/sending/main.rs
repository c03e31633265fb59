//! Sending to a real market over sockets, whose own record says what arrived.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

mod lists;
mod lost;
mod reading;
mod renewing;
mod support;
mod waiting;
