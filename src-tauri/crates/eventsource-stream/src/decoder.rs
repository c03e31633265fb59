//! The decoder: bytes in, events out. It owns the standard's buffers and their limits; it does no
//! input, and holds no more than the event it is in the middle of.

use std::time::Duration;

use crate::Event;

/// The largest data that one event may have, in bytes of UTF-8. A larger event is dropped and
/// counted, and the stream goes on.
pub const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// The longest last event ID that is kept, in bytes. A longer one counts as empty: no request
/// header could carry it back, and each item has a copy.
pub const MAX_ID_BYTES: usize = 8 * 1024;

/// Room for a line that carries data of the largest size.
const MAX_LINE_BYTES: usize = MAX_EVENT_BYTES + b"data: ".len();

/// A buffer that grew beyond this is given back after its event, so that one large event doesn't
/// cost its size for as long as the stream lasts.
pub(crate) const KEPT_CAPACITY: usize = 64 * 1024;

/// What a line that grows beyond that gets at once: more than any event has in the end. The usual
/// allocators keep for later what is like what was freed before; larger than all of that, it is a
/// mapping of its own each time, and goes back to the system with its event.
const LONG_LINE: usize = MAX_LINE_BYTES + KEPT_CAPACITY;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An event-stream decoder (HTML 9.2.6, "interpreting an event stream").
///
/// Time is linear in the bytes fed, and memory bounded by a small multiple of
/// [`MAX_EVENT_BYTES`], however the bytes are cut and whether or not a line ever ends.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The bytes of the line that isn't ended yet.
    line: Vec<u8>,
    line_kind: LineKind,
    /// Whether the stream's first line has been taken: only that may begin with a mark.
    past_first_line: bool,
    /// The last byte was CR, so that LF is the rest of the same line ending.
    after_cr: bool,
    block: Block,
    last_event_id: String,
    retry: Option<Duration>,
    dropped: u32,
}

/// What is known of the line that isn't ended yet.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    /// Its bytes are kept.
    #[default]
    Kept,
    /// A comment: none of its bytes are.
    Comment,
    /// Longer than any line of an event that is small enough.
    TooLong,
}

/// The standard's buffers between two empty lines.
#[derive(Debug, Default)]
struct Block {
    event: String,
    data: String,
    /// An empty data line counts as data too, and `data` doesn't show it.
    has_data: bool,
    id: Option<String>,
    too_large: bool,
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the last event ID, as it stands before the stream says anything.
    pub fn set_last_event_id(&mut self, id: String) {
        self.last_event_id = id;
    }

    /// The last event ID that an empty line committed. What a reconnect should send.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Decodes from the front of `bytes` up to the end of the next item, and leaves the rest there.
    ///
    /// `None` says that all of `bytes` was taken and no item ended in it. An event is returned at
    /// the byte that ends it, which with CR line endings is the CR.
    pub fn decode(&mut self, bytes: &mut &[u8]) -> Option<Event> {
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            if bytes[0] == b'\n' {
                *bytes = &bytes[1..];
            }
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.extend_line(&bytes[..end]);
            let is_cr = bytes[end] == b'\r';
            *bytes = &bytes[end + 1..];
            if is_cr {
                match bytes.first() {
                    Some(b'\n') => *bytes = &bytes[1..],
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
            if let Some(event) = self.end_line() {
                return Some(event);
            }
        }
        self.extend_line(bytes);
        *bytes = &[];
        None
    }

    /// How much memory the buffers hold, in bytes: the line and the block that aren't ended yet, and
    /// the last event ID.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        let id = self.block.id.as_ref().map_or(0, String::capacity);
        self.line.capacity()
            + self.block.data.capacity()
            + self.block.event.capacity()
            + id
            + self.last_event_id.capacity()
    }

    /// Whether [`news`](Self::news) would tell more than that bytes came.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.retry.is_some() || self.dropped > 0
    }

    /// An item of what has come without one: the reconnection time and the count of dropped
    /// events since the last item. Its own being there says that bytes came.
    pub fn news(&mut self) -> Event {
        Event {
            id: self.last_event_id.clone(),
            retry: self.retry.take(),
            dropped: std::mem::take(&mut self.dropped),
            ..Event::default()
        }
    }

    fn extend_line(&mut self, bytes: &[u8]) {
        if self.line_kind != LineKind::Kept || bytes.is_empty() {
            return;
        }
        if self.line.is_empty() && bytes[0] == b':' {
            self.line_kind = LineKind::Comment;
        } else if self.line.len() + bytes.len() > MAX_LINE_BYTES {
            self.line_kind = LineKind::TooLong;
            self.block.drop_content();
            release(&mut self.line);
        } else {
            if self.line.len() + bytes.len() > KEPT_CAPACITY {
                self.line.reserve_exact(LONG_LINE - self.line.len());
            }
            self.line.extend_from_slice(bytes);
        }
    }

    fn end_line(&mut self) -> Option<Event> {
        let kind = std::mem::take(&mut self.line_kind);
        let is_first = !std::mem::replace(&mut self.past_first_line, true);
        if kind != LineKind::Kept {
            return None;
        }
        let mut line = std::mem::take(&mut self.line);
        let content = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            _ => line.as_slice(),
        };
        let event = match data_of(content) {
            _ if content.is_empty() => self.end_block(),
            Some(data) if data.len() > KEPT_CAPACITY && !self.block.has_data => {
                let from = line.len() - data.len();
                line.drain(..from);
                self.block.take_data(line);
                return None;
            }
            _ => {
                self.read_field(content);
                None
            }
        };
        release(&mut line);
        self.line = line;
        event
    }

    /// A line that isn't empty. One that begins with a colon has an empty name, which is unknown:
    /// that is a comment (after a byte order mark; others are never kept).
    fn read_field(&mut self, line: &[u8]) {
        let (name, value) = field_of(line);
        match name {
            b"event" => self.block.event = text(value),
            b"data" => self.block.push_data(value),
            b"id" if value.len() > MAX_ID_BYTES => self.block.id = Some(String::new()),
            b"id" if !value.contains(&0) => self.block.id = Some(text(value)),
            b"retry" => {
                if let Some(time) = reconnection_time(value) {
                    self.retry = Some(time);
                }
            }
            _ => {}
        }
    }

    fn end_block(&mut self) -> Option<Event> {
        let block = std::mem::take(&mut self.block);
        let has_own_id = block.id.is_some();
        if let Some(id) = block.id {
            self.last_event_id = id;
        }
        if block.too_large {
            self.dropped = self.dropped.saturating_add(1);
        }
        let dispatched = block.has_data && !block.too_large;
        if !dispatched && !has_own_id && !self.has_news() {
            return None;
        }
        let mut item = self.news();
        item.has_own_id = has_own_id;
        if dispatched {
            item.data = block.data;
            item.event = if block.event.is_empty() { "message".to_owned() } else { block.event };
        }
        Some(item)
    }
}

impl Block {
    /// Appends a line of data. The standard puts an LF behind each and takes the last away; an LF
    /// before each but the first is the same.
    fn push_data(&mut self, value: &[u8]) {
        if self.too_large {
            return;
        }
        // Checked again behind the decoding, where an invalid byte becomes three.
        if self.data.len() + value.len() > MAX_EVENT_BYTES {
            return self.drop_content();
        }
        if self.has_data {
            self.data.push('\n');
        }
        self.has_data = true;
        self.data.push_str(&String::from_utf8_lossy(value));
        if self.data.len() > MAX_EVENT_BYTES {
            self.drop_content();
        }
    }

    /// Takes a long line of data, the first of its event, without a copy of it.
    fn take_data(&mut self, value: Vec<u8>) {
        if self.too_large {
            return;
        }
        self.has_data = true;
        self.data = String::from_utf8(value)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        self.data.shrink_to_fit();
        if self.data.len() > MAX_EVENT_BYTES {
            self.drop_content();
        }
    }

    /// Lets go of an event that is too large. Its id still counts: a server that replays from the
    /// last event ID would otherwise send the same event for ever.
    fn drop_content(&mut self) {
        self.too_large = true;
        self.data = String::new();
        self.event = String::new();
    }
}

/// A line's name, and its value.
fn field_of(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|&byte| byte == b':') {
        Some(colon) => {
            let value = &line[colon + 1..];
            (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
        }
        None => (line, b""),
    }
}

/// The value of a line of data.
fn data_of(line: &[u8]) -> Option<&[u8]> {
    match field_of(line) {
        (b"data", value) => Some(value),
        _ => None,
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

/// The value of a `retry` field: milliseconds, ASCII digits and nothing else. A number beyond what
/// fits is as good as the largest that does.
fn reconnection_time(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let milliseconds = value
        .iter()
        .fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    Some(Duration::from_millis(milliseconds))
}

fn release(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.shrink_to(KEPT_CAPACITY);
}
