//! A message that is written as JSON, held to the form's rules, and where it breaks them.

use std::collections::HashSet;

use agora_wire::Json;

use super::{InvalidJson, Message, rules};
use crate::input::{Field, InvalidInput, Rule};

/// What is wrong with a message that is written as JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// It is no JSON object.
    #[error(transparent)]
    Json(#[from] InvalidJson),
    /// A value breaks a rule.
    #[error("line {line}, column {column}: {error}")]
    Value {
        /// Which, and which rule.
        error: InvalidInput,
        /// Where the value begins: the line, counted from 1.
        line: usize,
        /// In characters, counted from 1.
        column: usize,
    },
}

impl Message {
    /// Reads a message from JSON text as a form would take it, or says all that is wrong with it, in the
    /// order of the text. A title is wanted of one that has no kind: the kinds have words of their own.
    /// What the form has no field for can be anything.
    pub fn checked(text: &str) -> Result<Self, Vec<JsonFault>> {
        let message = Self::from_json(text).map_err(|error| vec![error.into()])?;
        let Some(members) = Json::read(text).and_then(Json::members) else { return Ok(message) };
        let (mut wrong, mut names) = (Vec::new(), HashSet::new());
        for (name, value) in members {
            let fault = match field(&name) {
                Some(field) if !names.insert(field) => Some(InvalidInput::new(field, Rule::Once)),
                Some(field) => broken(field, value),
                None => None,
            };
            wrong.extend(fault.map(|error| fault_at(text, value.written(), error)));
        }
        if !names.contains(&Field::Title) && !names.contains(&Field::Kind) {
            let error = InvalidInput::new(Field::Title, Rule::Required);
            wrong.insert(0, fault_at(text, text.trim_start(), error));
        }
        if wrong.is_empty() { Ok(message) } else { Err(wrong) }
    }
}

/// The form's field of a name.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "type" => Field::Kind,
        "title" => Field::Title,
        "content" => Field::Content,
        "link" => Field::Link,
        "isUrgent" => Field::Urgent,
        "i18n" => Field::I18n,
        _ => return None,
    })
}

/// The rule that a value breaks. `null` says that there is none.
fn broken(field: Field, value: Json<'_>) -> Option<InvalidInput> {
    let rule: fn(&str) -> Option<InvalidInput> = match field {
        Field::Title if value.is_null() => return rules::title(""),
        _ if value.is_null() => return None,
        Field::Urgent => {
            let is_truth = value.truth().is_some();
            return (!is_truth).then(|| InvalidInput::new(field, Rule::Truth));
        }
        Field::I18n => return translations(value),
        Field::Kind => rules::kind,
        Field::Title => rules::title,
        Field::Content => rules::content,
        _ => rules::link,
    };
    match value.text() {
        Some(text) => rule(&text),
        None => Some(InvalidInput::new(field, Rule::Text)),
    }
}

fn translations(value: Json<'_>) -> Option<InvalidInput> {
    let wrong = || Some(InvalidInput::new(Field::I18n, Rule::Translations));
    let Some(languages) = value.members() else { return wrong() };
    for (_, words) in languages {
        let Some(words) = words.object() else { return wrong() };
        let [title, content] = ["title", "content"].map(|name| match words.get(name) {
            Some(text) => text.text(),
            None => Some(String::new()),
        });
        let (Some(title), Some(content)) = (title, content) else { return wrong() };
        if let Some(error) = rules::translation(&title, &content) {
            return Some(error);
        }
    }
    None
}

/// `part` is of `text`.
fn fault_at(text: &str, part: &str, error: InvalidInput) -> JsonFault {
    let before = &text[..part.as_ptr().addr() - text.as_ptr().addr()];
    let line = before.rsplit('\n').next().unwrap_or_default();
    JsonFault::Value {
        error,
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

/// The column in characters of one that serde counts in bytes; 0 is before the first.
pub(super) fn characters(text: &str, line: usize, column: usize) -> usize {
    let line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let before = &line[..line.floor_char_boundary(column.saturating_sub(1))];
    before.chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(Field, Rule, usize, usize)> {
        let faults = Message::checked(text).unwrap_err().into_iter().map(|fault| match fault {
            JsonFault::Value { error, line, column } => (error.field, error.rule, line, column),
            JsonFault::Json(error) => panic!("{error}"),
        });
        faults.collect()
    }

    #[test]
    fn what_the_form_refuses_is_marked_where_it_stands() {
        let text = "{\n  \"商品\": 1, \"link\": \"javascript:1\",\n  \"title\": \" \", \"type\": \"order\"\n}";
        assert_eq!(
            faults(text),
            [
                (Field::Link, Rule::LinkForm, 2, 20),
                (Field::Title, Rule::Required, 3, 12),
                (Field::Kind, Rule::KindForm, 3, 25),
            ]
        );
    }

    #[test]
    fn each_value_is_held_to_its_rule() {
        let long = "x".repeat(rules::MAX_TITLE + 1);
        for (member, field, rule) in [
            (r#""title": 7"#.to_owned(), Field::Title, Rule::Text),
            (r#""title": null"#.to_owned(), Field::Title, Rule::Required),
            (format!(r#""title": "{long}""#), Field::Title, Rule::AtMost(rules::MAX_TITLE)),
            (r#""type": """#.to_owned(), Field::Kind, Rule::KindForm),
            (r#""type": "A", "content": []"#.to_owned(), Field::Content, Rule::Text),
            (r#""type": "A", "isUrgent": "yes""#.to_owned(), Field::Urgent, Rule::Truth),
            (r#""type": "A", "type": "B""#.to_owned(), Field::Kind, Rule::Once),
            (r#""type": "A", "i18n": "en""#.to_owned(), Field::I18n, Rule::Translations),
            (r#""type": "A", "i18n": {"en": "x"}"#.to_owned(), Field::I18n, Rule::Translations),
            (
                r#""type": "A", "i18n": {"en": {"title": 1}}"#.to_owned(),
                Field::I18n,
                Rule::Translations,
            ),
            (
                format!(r#""type": "A", "i18n": {{"en": {{"title": "{long}"}}}}"#),
                Field::I18n,
                Rule::AtMost(rules::MAX_TITLE),
            ),
        ] {
            let found = faults(&format!("{{{member}}}"));
            assert_eq!(
                found.iter().map(|(field, rule, ..)| (*field, *rule)).collect::<Vec<_>>(),
                [(field, rule)]
            );
        }
    }

    #[test]
    fn a_title_is_wanted_where_no_kind_has_words() {
        assert_eq!(faults("\n {\"orderId\": 7}"), [(Field::Title, Rule::Required, 2, 2)]);
        let kind =
            r#"{"type":"ORDER_SHIPPED","orderId":7,"link":null,"isUrgent":"true","n":1e400}"#;
        assert_eq!(Message::checked(kind).unwrap_err().len(), 1);
        let kind = kind.replace("1e400", "7");
        assert_eq!(Message::checked(&kind).unwrap().as_json(), kind);
    }
}
