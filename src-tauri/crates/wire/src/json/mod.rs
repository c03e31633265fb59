//! JSON, read for what can be read of it.
//!
//! A value is its own text: nothing is parsed before it is asked for, so that a number is shown as it
//! was written, and a value that nobody asks for can be anything, as deep as it likes. A parser that
//! gives all or nothing (such as `serde_json`, which is strict) loses an alert to half an emoji, which
//! Java leaves at the end of a title that is too long, to `1e400`, or to a list in 200 others.

mod escapes;
mod forms;
mod layout;
mod scan;

use indexmap::IndexMap;
use std::borrow::Cow;

pub use layout::{compact, indented};

/// A value as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a> {
    written: &'a str,
    /// Whether it has its end. One without is the last thing in a text that was cut off.
    is_whole: bool,
}

/// An object's members in the order in which they came. Of those with the same name the last counts
/// that isn't null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<'a>(IndexMap<Cow<'a, str>, Json<'a>>);

/// An object's members as they stand there.
#[derive(Debug, Clone)]
pub struct Members<'a>(scan::Cursor<'a>);

impl<'a> Json<'a> {
    /// The one value that the text is; `None` where it is anything else, such as words. An object
    /// needn't have its end, if it has a member, and may have brackets that close nothing.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut cursor = scan::Cursor::of(text.trim_matches(scan::is_blank), true);
        let json = cursor.only_value()?;
        let is_json = match json.first() {
            b'{' if json.is_whole && json.inside().trim_matches(scan::is_blank).is_empty() => true,
            b'{' => json.members()?.next().is_some(),
            b'[' | b'"' => json.is_whole,
            _ => {
                forms::is_number(json.written) || matches!(json.written, "true" | "false" | "null")
            }
        };
        (is_json && cursor.is_at_end()).then_some(json)
    }

    /// Its text, quotes and escapes and all.
    pub fn written(self) -> &'a str {
        self.written
    }

    /// Whether it has its end. What is in a list that has none isn't all.
    pub fn is_whole(self) -> bool {
        self.is_whole
    }

    /// Whether it says that there is nothing.
    pub fn is_null(self) -> bool {
        self.written == "null"
    }

    /// An object's members by their names; `None` for anything else.
    pub fn object(self) -> Option<Object<'a>> {
        let mut object = Object::default();
        for (name, value) in self.members()? {
            if !(value.is_null() && object.0.contains_key(&name)) {
                object.0.insert(name, value);
            }
        }
        Some(object)
    }

    /// An object's members as they stand there; `None` for anything else.
    pub fn members(self) -> Option<Members<'a>> {
        (self.first() == b'{').then(|| Members(self.cursor()))
    }

    /// An array's elements; `None` for anything else.
    pub fn array(self) -> Option<impl Iterator<Item = Json<'a>>> {
        let mut cursor = self.cursor();
        (self.first() == b'[').then(|| std::iter::from_fn(move || cursor.element()))
    }

    /// Text that has its end; `None` for anything else. Half a surrogate pair and what is no escape
    /// become U+FFFD.
    pub fn text(self) -> Option<String> {
        if self.is_whole { self.beginning() } else { None }
    }

    /// Text, also where its end is missing.
    pub fn beginning(self) -> Option<String> {
        (self.first() == b'"').then(|| escapes::read(self.inside()).into_owned())
    }

    /// The same, of a text so long that only its beginning matters: as far as `most` bytes of what is
    /// written.
    pub fn beginning_of(self, most: usize) -> Option<Cow<'a, str>> {
        let inside = self.inside();
        let inside = &inside[..inside.floor_char_boundary(most)];
        (self.first() == b'"').then(|| escapes::read(inside))
    }

    fn cursor(self) -> scan::Cursor<'a> {
        scan::Cursor::of(self.inside(), self.is_whole)
    }

    /// Without its quotes or brackets.
    fn inside(self) -> &'a str {
        let end = self.written.len() - usize::from(self.is_whole);
        self.written.get(1..end).unwrap_or_default()
    }

    fn first(self) -> u8 {
        self.written.as_bytes().first().copied().unwrap_or_default()
    }
}

impl<'a> Object<'a> {
    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0.get(name).copied()
    }

    /// Every member, in the order in which they came first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.member()
    }
}

#[cfg(test)]
mod tests;
