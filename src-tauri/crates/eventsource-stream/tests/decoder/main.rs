//! The decoder against the published cases, against a second implementation, and at its limits.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod beyond_the_table;
mod properties;
mod published_cases;
mod simple;
