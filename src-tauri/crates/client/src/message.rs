//! What an administrator sends: a JSON object, typed as JSON or made from a form. It owns the keys;
//! the rules that both ways share are in `rules`, and where JSON breaks one of them in `written`.
//! It leaves the sending to the market's calls.

mod rules;
mod written;

use agora_wire::{compact, indented};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::InvalidInput;
pub use rules::{MAX_CONTENT, MAX_TITLE};
pub use written::JsonFault;

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
    /// In characters, counted from 1.
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
    /// The same in other languages, `i18n` on the wire. Receivers that don't know of it show the title and
    /// the content above.
    pub translations: Vec<Translation>,
    /// What else the message holds, after the fields above.
    pub more: Vec<Member>,
}

/// A message's words in one language. An empty text is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Translation {
    /// The language's tag, such as `en` or `zh-TW`.
    pub language: String,
    /// At most [`MAX_TITLE`] characters.
    pub title: String,
    /// At most [`MAX_CONTENT`] characters.
    pub content: String,
}

/// A member of a message that the form has no field for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value, as JSON.
    pub value: String,
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
                column: written::characters(text, error.line(), error.column()),
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
            kind.and_then(rules::kind),
            rules::title(&form.title),
            rules::content(&form.content),
            link.and_then(rules::link),
            form.translations
                .iter()
                .find_map(|words| rules::translation(&words.title, &words.content)),
            form.more.iter().find_map(|member| rules::member(&member.value)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let texts = [
            ("type", kind),
            ("title", Some(&*form.title)),
            ("content", Some(&*form.content)),
            ("link", link),
        ];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, quoted(text?))));
        let urgent = ("isUrgent", form.urgent.to_string());
        let i18n = i18n(&form.translations).map(|words| ("i18n", words));
        let more = form.more.iter().map(|Member { name, value }| (&**name, value.clone()));
        Ok(Self(compact(&object(texts.chain([urgent]).chain(i18n).chain(more)))))
    }

    /// The same with one more member behind the others, a text.
    #[must_use]
    pub fn with_text(&self, name: &str, text: &str) -> Self {
        let member = format!("{}:{}", Value::from(name), Value::from(text));
        let members = self.0.strip_suffix('}').unwrap_or(&self.0);
        let comma = if members == "{" { "" } else { "," };
        Self(format!("{members}{comma}{member}}}"))
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

/// What the message says in other languages; `None` where it says nothing there.
fn i18n(translations: &[Translation]) -> Option<String> {
    let words = translations.iter().filter_map(|Translation { language, title, content }| {
        let texts = [("title", title), ("content", content)];
        let said: Vec<_> = texts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        let words = object(said.iter().map(|(name, text)| (*name, quoted(text))));
        (!said.is_empty()).then_some((&**language, words))
    });
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| object(words.into_iter()))
}

fn object<'a>(members: impl Iterator<Item = (&'a str, String)>) -> String {
    let members = members.map(|(name, value)| format!("{}:{value}", quoted(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Field, Rule};

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
            ..MessageForm::default()
        };
        assert_eq!(
            Message::from_form(&full).unwrap().as_json(),
            r#"{"type":"ORDER_SHIPPED","title":"出貨","content":"c","link":"/orders/1","isUrgent":true}"#
        );
        let short = Message::from_form(&form()).unwrap();
        assert_eq!(short.as_json(), r#"{"title":"t","content":"","isUrgent":false}"#);
    }

    #[test]
    fn a_member_is_added_behind_the_others() {
        let with = |json| Message::from_json(json).unwrap().with_text("n", "a\"b");
        assert_eq!(with("{}").as_json(), r#"{"n":"a\"b"}"#);
        assert_eq!(with(r#"{"x":1.0}"#).as_json(), r#"{"x":1.0,"n":"a\"b"}"#);
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
    fn what_the_form_has_no_field_for_leaves_as_it_is() {
        let mut more = form();
        let english = Translation {
            language: "en".to_owned(),
            title: "\"Tea\"".to_owned(),
            ..Translation::default()
        };
        more.translations =
            vec![english, Translation { language: "ja".to_owned(), ..Default::default() }];
        let member =
            |name: &str, value: &str| Member { name: name.to_owned(), value: value.to_owned() };
        more.more = vec![member("orderId", "12345678901234567890123"), member("\"", "[1.0, {}]")];
        assert_eq!(
            Message::from_form(&more).unwrap().as_json(),
            r#"{"title":"t","content":"","isUrgent":false,"i18n":{"en":{"title":"\"Tea\""}},"orderId":12345678901234567890123,"\"":[1.0,{}]}"#
        );
        more.more.push(member("x", "1, \"y\": 2"));
        more.translations[0].title = "x".repeat(MAX_TITLE + 1);
        let wrong = Message::from_form(&more).unwrap_err();
        assert_eq!(
            wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(),
            [Field::I18n, Field::More]
        );
    }

    #[test]
    fn wrong_json_says_where() {
        let wrong = Message::from_json("{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((wrong.line, wrong.column), (3, 1));
        // After eight characters of 3 bytes, as an editor counts.
        let chinese = Message::from_json("{\n\"商品商品商品商品\" 1}").unwrap_err();
        assert_eq!((chinese.line, chinese.column), (2, 12));
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
