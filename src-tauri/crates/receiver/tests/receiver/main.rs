//! The receiver against the demo market, over real sockets and a real file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

mod arrivals;
mod bad_values;
mod bench;
mod clock_ahead;
mod following;
mod forged;
mod held_back;
mod hints;
#[cfg(target_os = "linux")]
mod keyring;
mod killed;
mod made_up_for;
mod markets;
mod read_receipts;
mod reading;
mod refreshing;
mod retention;
mod state;
mod storm;
mod sync;
mod trouble;
mod twins;
mod vouched;
mod zones;
