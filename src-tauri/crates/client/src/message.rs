//! What an administrator sends: a JSON object, typed as JSON or made from a form. It owns the
//! form's rules and the keys; it leaves the sending to the market's calls.

use agora_wire::{compact, indented};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::input::{Field, InvalidInput, Rule};

/// The most characters of a title, as the market counts and cuts them: in UTF-16 units, of which most
/// emoji take two.
pub const MAX_TITLE: usize = 100;
/// The most characters of a content, counted in the same way.
pub const MAX_CONTENT: usize = 1000;
const MAX_KIND: usize = 64;

/// A message to send: any JSON object, its keys and its numbers as they were given. A number of many
/// digits, such as an order's, would be another one after a round trip through a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(String);

/// Text that isn't a JSON object, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct InvalidJson {
    /// Counted from 1.
    pub line: usize,
    /// In bytes, counted from 1.
    pub column: usize,
    /// What is wrong there, in English.
    pub message: String,
    /// Whether it is JSON, and only no object.
    pub is_other_json: bool,
}

/// A message as a form asks for it. An empty kind or link is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MessageForm {
    /// The kind, `type` on the wire: 1 to 64 of `A-Z 0-9 _`.
    pub kind: Option<String>,
    /// At most [`MAX_TITLE`] characters, and not blank.
    pub title: String,
    /// At most [`MAX_CONTENT`] characters.
    pub content: String,
    /// A path of the market's web site (`/orders/1`) or an https URL.
    pub link: Option<String>,
    /// Whether it is urgent, `isUrgent` on the wire.
    pub urgent: bool,
}

impl Message {
    /// Reads a message from JSON text.
    pub fn from_json(text: &str) -> Result<Self, InvalidJson> {
        match serde_json::from_str(text) {
            Ok(Value::Object(_)) => Ok(Self(compact(text.trim()))),
            Ok(_) => Err(InvalidJson {
                line: 1,
                column: 1,
                message: "a message must be a JSON object, in braces".to_owned(),
                is_other_json: true,
            }),
            Err(error) => Err(InvalidJson {
                line: error.line().max(1),
                column: error.column().max(1),
                message: without_position(&error),
                is_other_json: false,
            }),
        }
    }

    /// Makes a message of a form, or says all that is wrong with it.
    pub fn from_form(form: &MessageForm) -> Result<Self, Vec<InvalidInput>> {
        let kind = form.kind.as_deref().filter(|kind| !kind.is_empty());
        let link = form.link.as_deref().filter(|link| !link.is_empty());
        let wrong: Vec<_> = [
            kind.and_then(check_kind),
            check_title(&form.title),
            check_content(&form.content),
            link.and_then(check_link),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut map = Map::new();
        if let Some(kind) = kind {
            map.insert("type".to_owned(), kind.into());
        }
        map.insert("title".to_owned(), form.title.as_str().into());
        map.insert("content".to_owned(), form.content.as_str().into());
        if let Some(link) = link {
            map.insert("link".to_owned(), link.into());
        }
        map.insert("isUrgent".to_owned(), form.urgent.into());
        Ok(Self(Value::Object(map).to_string()))
    }

    /// The JSON text as it leaves.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The JSON text, indented.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        indented(&self.0)
    }
}

/// The error's text without the position that serde puts behind it: that is told apart.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

fn check_kind(kind: &str) -> Option<InvalidInput> {
    let fits = kind.len() <= MAX_KIND
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (!fits).then(|| InvalidInput::new(Field::Kind, Rule::KindForm))
}

fn check_title(title: &str) -> Option<InvalidInput> {
    if title.trim().is_empty() {
        return Some(InvalidInput::new(Field::Title, Rule::Required));
    }
    (title.encode_utf16().count() > MAX_TITLE)
        .then(|| InvalidInput::new(Field::Title, Rule::AtMost(MAX_TITLE)))
}

fn check_content(content: &str) -> Option<InvalidInput> {
    (content.encode_utf16().count() > MAX_CONTENT)
        .then(|| InvalidInput::new(Field::Content, Rule::AtMost(MAX_CONTENT)))
}

fn check_link(link: &str) -> Option<InvalidInput> {
    // A browser takes `//host` and `/\host` for another host, and drops tabs and line breaks.
    let is_path = link.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    let is_url = link.starts_with("https://") && Url::parse(link).is_ok();
    let fits = (is_path || is_url) && !link.chars().any(|c| c.is_control() || c.is_whitespace());
    (!fits).then(|| InvalidInput::new(Field::Link, Rule::LinkForm))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> MessageForm {
        MessageForm { title: "t".to_owned(), ..MessageForm::default() }
    }

    #[test]
    fn a_form_becomes_the_markets_keys_in_order() {
        let full = MessageForm {
            kind: Some("ORDER_SHIPPED".to_owned()),
            title: "出貨".to_owned(),
            content: "c".to_owned(),
            link: Some("/orders/1".to_owned()),
            urgent: true,
        };
        assert_eq!(
            Message::from_form(&full).unwrap().as_json(),
            r#"{"type":"ORDER_SHIPPED","title":"出貨","content":"c","link":"/orders/1","isUrgent":true}"#
        );
        let short = Message::from_form(&form()).unwrap();
        assert_eq!(short.as_json(), r#"{"title":"t","content":"","isUrgent":false}"#);
    }

    #[test]
    fn lengths_are_counted_as_the_market_counts_them() {
        let mut long = form();
        long.title = "商".repeat(MAX_TITLE);
        long.content = "😀".repeat(MAX_CONTENT / 2);
        assert!(Message::from_form(&long).is_ok());
        long.title.push('!');
        long.content.push('!');
        let wrong = Message::from_form(&long).unwrap_err();
        assert_eq!(wrong[0].message(), "The title must have at most 100 characters.");
        assert_eq!(wrong[1].rule, Rule::AtMost(MAX_CONTENT));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let wrong = MessageForm {
            kind: Some("order".to_owned()),
            title: " ".to_owned(),
            link: Some("javascript:alert(1)".to_owned()),
            ..MessageForm::default()
        };
        let fields: Vec<_> =
            Message::from_form(&wrong).unwrap_err().into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, [Field::Kind, Field::Title, Field::Link]);
    }

    #[test]
    fn a_link_is_a_path_or_an_https_url() {
        for (link, fits) in [
            ("/orders/1?x=2#y", true),
            ("https://a.example/x", true),
            ("", true),
            ("//a.example", false),
            ("/\\a.example", false),
            ("http://a.example", false),
            ("https://", false),
            ("orders/1", false),
            ("/a\tb", false),
        ] {
            let mut with_link = form();
            with_link.link = Some(link.to_owned());
            assert_eq!(Message::from_form(&with_link).is_ok(), fits, "{link}");
        }
    }

    #[test]
    fn wrong_json_says_where() {
        let wrong = Message::from_json("{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((wrong.line, wrong.column), (3, 1));
        assert_eq!(wrong.message, "trailing comma");
        assert!(Message::from_json("").is_err());
        assert!(Message::from_json("{} {}").is_err());
        assert!(Message::from_json("[1]").unwrap_err().message.contains("object"));
    }

    #[test]
    fn json_keeps_its_order_when_shown_again() {
        let message = Message::from_json(r#"{"z":1,"a":{"c":[],"b":"商"}}"#).unwrap();
        let shown = message.to_pretty_json();
        assert_eq!(Message::from_json(&shown).unwrap(), message);
        assert!(shown.starts_with("{\n  \"z\": 1"));
    }

    #[test]
    fn numbers_leave_as_they_were_typed() {
        let typed =
            r#"{"orderId":12345678901234567890123,"amount":0.30,"rate":1.0E10,"n":[-0.0,1e-7]}"#;
        let message = Message::from_json(&format!(" {} ", indented(typed))).unwrap();
        assert_eq!(message.as_json(), typed);
        assert_eq!(message.to_pretty_json(), indented(typed));
    }
}
