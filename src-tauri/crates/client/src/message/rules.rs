//! What may stand in a message's fields, however it is written.

use serde_json::Value;
use url::Url;

use crate::input::{Field, InvalidInput, Rule};

/// The most characters of a title, as the market counts and cuts them: in UTF-16 units, of which most
/// emoji take two.
pub const MAX_TITLE: usize = 100;
/// The most characters of a content, counted in the same way.
pub const MAX_CONTENT: usize = 1000;
const MAX_KIND: usize = 64;

pub(super) fn kind(kind: &str) -> Option<InvalidInput> {
    let fits = !kind.is_empty()
        && kind.len() <= MAX_KIND
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (!fits).then(|| InvalidInput::new(Field::Kind, Rule::KindForm))
}

pub(super) fn title(title: &str) -> Option<InvalidInput> {
    if title.trim().is_empty() {
        return Some(InvalidInput::new(Field::Title, Rule::Required));
    }
    at_most(MAX_TITLE, Field::Title, title)
}

pub(super) fn content(content: &str) -> Option<InvalidInput> {
    at_most(MAX_CONTENT, Field::Content, content)
}

pub(super) fn link(link: &str) -> Option<InvalidInput> {
    // A browser takes `//host` and `/\host` for another host, and drops tabs and line breaks.
    let is_path = link.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    let is_url = link.starts_with("https://") && Url::parse(link).is_ok();
    let fits = (is_path || is_url) && !link.chars().any(|c| c.is_control() || c.is_whitespace());
    (!fits).then(|| InvalidInput::new(Field::Link, Rule::LinkForm))
}

/// Of the words in another language.
pub(super) fn translation(title: &str, content: &str) -> Option<InvalidInput> {
    at_most(MAX_TITLE, Field::I18n, title).or_else(|| at_most(MAX_CONTENT, Field::I18n, content))
}

/// Of a value that is written as JSON.
pub(super) fn member(value: &str) -> Option<InvalidInput> {
    let is_json = serde_json::from_str::<Value>(value).is_ok();
    (!is_json).then(|| InvalidInput::new(Field::More, Rule::Json))
}

fn at_most(most: usize, field: Field, text: &str) -> Option<InvalidInput> {
    (text.encode_utf16().count() > most).then(|| InvalidInput::new(field, Rule::AtMost(most)))
}
