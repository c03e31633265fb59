//! What every kind of event says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

mod kinds_table;
