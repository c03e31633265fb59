//! The decoder over a stream of byte chunks, under the names that reqwest-eventsource uses. It
//! owns the chunk in hand; it leaves decoding to [`Decoder`].

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::string::FromUtf8Error;
use std::task::{Context, Poll, ready};

use futures_core::stream::Stream;
use pin_project_lite::pin_project;

use crate::decoder::KEPT_CAPACITY;
use crate::{Decoder, Event};

/// How a body begins that was compressed although nobody asked: gzip, zstd, and zlib's headers at its
/// four levels. None of them is the start of any field or comment.
const COMPRESSED: [&[u8]; 6] =
    [b"\x1F\x8B", b"\x28\xB5\x2F\xFD", b"\x78\x01", b"\x78\x5E", b"\x78\x9C", b"\x78\xDA"];

/// How a brotli body begins, which has no mark of its own: the window's size in the low bits, of 256
/// KiB and the larger ones that are in use. Each is a control character or no start of a character.
const BROTLI: &[u8] = b"\x03\x05\x07\x0B\x0F\x1B\x83\x85\x87\x89\x8B\x8D\x8F";

/// Turns a stream of byte chunks into a stream of events.
pub trait Eventsource: Sized {
    /// The events of this stream of bytes.
    fn eventsource(self) -> EventStream<Self>;
}

impl<S, B, E> Eventsource for S
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    fn eventsource(self) -> EventStream<Self> {
        EventStream::new(self)
    }
}

pin_project! {
    /// The events of a stream of byte chunks.
    ///
    /// Each chunk with a byte in it yields at least one item: the events that end in it, or one
    /// that [isn't dispatched](Event::is_dispatched). A block that the end of the stream cuts off
    /// yields nothing. The stream ends at its first error.
    pub struct EventStream<S> {
        #[pin]
        chunks: S,
        decoder: Decoder,
        // What is left of the last chunk, and how much of that was taken.
        chunk: Vec<u8>,
        taken: usize,
        phase: Phase,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte came yet.
    Start,
    /// The chunk in hand yielded no item so far.
    Owing,
    /// It did.
    Yielded,
    Finished,
}

impl<S> EventStream<S> {
    /// The events of `chunks`, which stand at the stream's first byte.
    pub fn new(chunks: S) -> Self {
        Self { chunks, decoder: Decoder::new(), chunk: Vec::new(), taken: 0, phase: Phase::Start }
    }

    /// Sets the last event ID, as it stands before the stream says anything.
    pub fn set_last_event_id(&mut self, id: impl Into<String>) {
        self.decoder.set_last_event_id(id.into());
    }

    /// The last event ID that an empty line committed.
    pub fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }
}

impl<S, B, E> Stream for EventStream<S>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
{
    type Item = Result<Event, EventStreamError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        if *this.phase == Phase::Finished {
            return Poll::Ready(None);
        }
        let mut rest = &this.chunk[*this.taken..];
        if let Some(item) = next_item(this.decoder, this.phase, &mut rest) {
            *this.taken = this.chunk.len() - rest.len();
            return Poll::Ready(Some(Ok(item)));
        }
        this.chunk.clear();
        this.chunk.shrink_to(KEPT_CAPACITY);
        *this.taken = 0;
        loop {
            match ready!(this.chunks.as_mut().poll_next(context)) {
                Some(Ok(chunk)) => {
                    let mut rest = chunk.as_ref();
                    if *this.phase == Phase::Start
                        && let Some(error) = compressed(rest)
                    {
                        *this.phase = Phase::Finished;
                        return Poll::Ready(Some(Err(EventStreamError::Utf8(error))));
                    }
                    if rest.is_empty() {
                        continue;
                    }
                    *this.phase = Phase::Owing;
                    if let Some(item) = next_item(this.decoder, this.phase, &mut rest) {
                        this.chunk.extend_from_slice(rest);
                        return Poll::Ready(Some(Ok(item)));
                    }
                }
                Some(Err(error)) => {
                    *this.phase = Phase::Finished;
                    return Poll::Ready(Some(Err(EventStreamError::Transport(error))));
                }
                None => {
                    *this.phase = Phase::Finished;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// The next item that these bytes have, and what is left of them.
fn next_item(decoder: &mut Decoder, phase: &mut Phase, rest: &mut &[u8]) -> Option<Event> {
    if rest.is_empty() {
        return None;
    }
    let found = decoder.decode(rest);
    let is_owed = *phase == Phase::Owing || decoder.has_news();
    *phase = Phase::Yielded;
    found.or_else(|| is_owed.then(|| decoder.news()))
}

/// The error of a stream whose first bytes are those of a compressed body. A reader above
/// reqwest-eventsource can't see the response's headers, so this is where it shows.
fn compressed(first: &[u8]) -> Option<FromUtf8Error> {
    let is_compressed = COMPRESSED.iter().any(|mark| first.starts_with(mark))
        || first.first().is_some_and(|byte| BROTLI.contains(byte));
    // The error's type is reqwest-eventsource's choice; a byte that is no text makes one.
    is_compressed.then(|| String::from_utf8(vec![0xFF]).err()).flatten()
}

/// What ends a stream early.
#[derive(Debug, PartialEq)]
pub enum EventStreamError<E> {
    /// The body is compressed, so no event stream. (An invalid byte within a stream is no error:
    /// it becomes U+FFFD.)
    Utf8(FromUtf8Error),
    /// Never made: the standard gives every line a meaning. reqwest-eventsource names it.
    Parser(nom::error::Error<String>),
    /// The stream of bytes failed.
    Transport(E),
}

impl<E: fmt::Display> fmt::Display for EventStreamError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8(_) => formatter.write_str("the body is compressed, not text"),
            Self::Parser(error) => write!(formatter, "not an event stream: {error}"),
            Self::Transport(error) => write!(formatter, "the stream broke: {error}"),
        }
    }
}

impl<E: Error + 'static> Error for EventStreamError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Utf8(error) => Some(error),
            Self::Parser(_) => None,
            Self::Transport(error) => Some(error),
        }
    }
}
