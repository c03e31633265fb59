//! The inbox over a real file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

mod closing;
mod disk;
mod export;
mod files;
mod follow;
mod list;
mod many;
mod marking;
mod merging;
mod mounted;
mod odd;
mod parts;
mod retention;
mod running;
mod sample;
mod search;
mod size;
mod zones;
