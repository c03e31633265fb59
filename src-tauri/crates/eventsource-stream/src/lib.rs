//! Server-sent events out of bytes, byte for byte as the WHATWG standard says (HTML 9.2.6).
//!
//! This crate stands in for the published `eventsource-stream` 0.2 under `reqwest-eventsource` 0.6,
//! by `[patch.crates-io]` in the workspace's manifest, and so has the public names that one uses:
//! [`Eventsource`], [`EventStream`], [`Event`], [`EventStreamError`]. The published decoder panics
//! on a byte order mark, falls silent at one invalid byte, loses an `id` or `retry` that comes
//! without data, hides comments, and has no size limit.
//!
//! [`Decoder`] does the work and knows no stream; [`EventStream`] feeds it from one. Beyond the
//! standard's events, every chunk that arrives yields at least one item, so that whoever reads can
//! judge liveness on bytes: see [`Event::is_dispatched`].

mod decoder;
mod event;
mod stream;

pub use decoder::{Decoder, MAX_EVENT_BYTES, MAX_ID_BYTES};
pub use event::Event;
pub use stream::{EventStream, EventStreamError, Eventsource};
