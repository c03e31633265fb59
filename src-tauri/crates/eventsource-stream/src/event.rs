//! What comes out of the decoder.

use std::time::Duration;

/// An event as the standard dispatches it, or news of the stream that it doesn't dispatch.
///
/// The second kind has an empty [`event`](Event::event), which no dispatched event has. It stands
/// for an id or a reconnection time without data, a dropped event, or only for bytes that came
/// (a comment, half of a long event).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The event's type, `message` where the stream named none. Empty: nothing was dispatched.
    pub event: String,
    /// The data, its lines joined with LF.
    pub data: String,
    /// The last event ID in force: the one last committed by an empty line. Empty: none.
    pub id: String,
    /// A reconnection time (`retry:`) that came since the item before this one.
    pub retry: Option<Duration>,
    /// Whether the block that ended here had an `id` field of its own, an empty one included.
    /// Without it `id` is what an earlier block, or the decoder's first value, left in force.
    pub has_own_id: bool,
    /// How many events were dropped for their size since the item before this one.
    pub dropped: u32,
}

impl Event {
    /// Whether the standard dispatches this (HTML 9.2.6, "dispatch the event").
    #[must_use]
    pub fn is_dispatched(&self) -> bool {
        !self.event.is_empty()
    }
}
