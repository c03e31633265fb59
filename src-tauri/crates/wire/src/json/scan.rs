//! Where a value ends: at its quote or its bracket, whatever stands in between. It keeps no more than
//! a count of the brackets, so that no depth is too deep.

use super::{Json, escapes};
use std::borrow::Cow;

/// A place between values.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    /// Whether the text ends where it was meant to.
    is_whole: bool,
}

/// What may stand between values: white space, a byte order mark, and what is no character at all.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{FEFF}'
}

impl<'a> Cursor<'a> {
    pub(super) fn of(rest: &'a str, is_whole: bool) -> Self {
        Self { rest, is_whole }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next member. What is none, or has no value, is passed over.
    pub(super) fn member(&mut self) -> Option<(Cow<'a, str>, Json<'a>)> {
        loop {
            let name = self.element()?;
            self.skip(is_blank);
            if name.first() != b'"' || !self.rest.starts_with(':') {
                continue;
            }
            self.rest = &self.rest[1..];
            self.skip(is_blank);
            if let Some(value) = self.value() {
                return Some((escapes::read(name.inside()), value));
            }
        }
    }

    /// The next value, after commas and strays.
    pub(super) fn element(&mut self) -> Option<Json<'a>> {
        loop {
            self.skip(|c| is_blank(c) || matches!(c, ',' | ':' | '}' | ']'));
            if self.rest.is_empty() {
                return None;
            }
            if let Some(value) = self.value() {
                return Some(value);
            }
        }
    }

    /// The value that begins here, if one does.
    pub(super) fn value(&mut self) -> Option<Json<'a>> {
        let (end, is_whole) = match self.rest.as_bytes().first()? {
            b'"' => string_end(self.rest.as_bytes()),
            b'{' | b'[' => nest_end(self.rest, ends),
            _ => return self.word(),
        };
        Some(Json { written: self.take(end), is_whole })
    }

    /// The one value that all the rest is. An object goes on behind a bracket that would close it too
    /// early, as long as members follow.
    pub(super) fn only_value(&mut self) -> Option<Json<'a>> {
        if !self.rest.starts_with('{') {
            return self.value();
        }
        let (end, is_whole) = nest_end(self.rest, outermost_ends);
        Some(Json { written: self.take(end), is_whole })
    }

    /// A number, or whatever else stands there for itself. Of one that was cut off nobody knows how it
    /// goes on.
    fn word(&mut self) -> Option<Json<'a>> {
        let end = self.rest.find([',', '}', ']', '"', '{', '[']).unwrap_or(self.rest.len());
        let is_whole = self.is_whole || end < self.rest.len();
        let written = self.take(end).trim_end_matches(is_blank);
        (is_whole && !written.is_empty()).then_some(Json { written, is_whole })
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(what);
    }
}

/// Behind the quote that ends the string, and whether there is one.
pub(super) fn string_end(bytes: &[u8]) -> (usize, bool) {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (at + 1, true),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    (bytes.len(), false)
}

/// What a bracket that may be an object's or an array's last one is.
enum Last {
    /// It is, and here is the end; whether one of its kind stands there.
    End(usize, bool),
    /// A stray, of which there are more: here it goes on.
    GoesOn(usize),
}

/// The bracket at this place ends what another opened.
fn ends(text: &str, at: usize) -> Last {
    Last::End(at + 1, closes(text, at))
}

/// The same of an object that is all that there is of the text. What is behind its end can't be another
/// value's: brackets alone are strays, and so are those before a name and a colon.
fn outermost_ends(text: &str, at: usize) -> Last {
    let behind = text[at..].trim_start_matches(|c| is_blank(c) || matches!(c, ',' | '}' | ']'));
    let next = text.len() - behind.len();
    if behind.is_empty() {
        Last::End(next, text[at..].contains('}'))
    } else if begins_member(behind) {
        Last::GoesOn(next)
    } else {
        ends(text, at)
    }
}

fn begins_member(text: &str) -> bool {
    if !text.starts_with('"') {
        return false;
    }
    let (end, is_whole) = string_end(text.as_bytes());
    is_whole && text[end..].trim_start_matches(is_blank).starts_with(':')
}

/// Whether the bracket at this place is of the kind of the first.
fn closes(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    bytes[at] == if bytes[0] == b'{' { b'}' } else { b']' }
}

/// Behind the bracket that ends the object or the array, and whether there is one of its kind.
fn nest_end(text: &str, last: impl Fn(&str, usize) -> Last) -> (usize, bool) {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += string_end(&bytes[at..]).0;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => match last(text, at) {
                Last::End(end, is_whole) => return (end, is_whole),
                Last::GoesOn(next) => {
                    at = next;
                    continue;
                }
            },
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), false)
}
