//! A body with placeholders: `{name}` in any text of a JSON object stands for what a recipient has in the
//! column of that name. `{{` and `}}` stand for braces. What is put in is escaped as JSON, so that no value
//! changes anything but its own text.

use agora_client::{InvalidJson, Message};

/// A body, read once and filled for each recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
    columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// JSON as it is.
    Json(String),
    /// The value of a column, by its place among [`Template::columns`].
    Column(usize),
}

/// A text that is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that is opened and not closed, closed and not opened, or empty.
    #[error(
        "a single brace: write {{{{ or }}}} for one that is to be read, or {{name}} for a column"
    )]
    LoneBrace,
}

impl Template {
    /// Reads a message with placeholders.
    pub fn of(message: &Message) -> Result<Self, TemplateError> {
        let mut template = Self { pieces: Vec::new(), columns: Vec::new() };
        let mut plain = String::new();
        let mut rest = message.as_json();
        // Outside of texts braces are JSON's; a text ends at the first quote that no backslash precedes.
        while let Some(quote) = rest.find('"') {
            plain.push_str(&rest[..=quote]);
            let text = &rest[quote + 1..];
            let end = end_of_text(text);
            let is_key =
                text[end..].get(1..).is_some_and(|after| after.trim_start().starts_with(':'));
            if is_key {
                plain.push_str(&text[..end]);
            } else {
                template.read_text(&text[..end], &mut plain)?;
            }
            rest = &text[end..];
            if let Some(after) = rest.strip_prefix('"') {
                plain.push('"');
                rest = after;
            }
        }
        plain.push_str(rest);
        template.pieces.push(Piece::Json(plain));
        Ok(template)
    }

    /// The names of the columns that it wants, each once.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The message of a recipient with these values, in the order of [`Self::columns`]. One that is missing is
    /// empty.
    pub fn fill<T: AsRef<str>>(&self, cells: &[T]) -> Result<Message, InvalidJson> {
        let mut json = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Json(text) => json.push_str(text),
                Piece::Column(column) => {
                    let cell = cells.get(*column).map_or("", AsRef::as_ref);
                    let quoted = serde_json::Value::from(cell).to_string();
                    json.push_str(&quoted[1..quoted.len() - 1]);
                }
            }
        }
        Message::from_json(&json)
    }

    fn read_text(&mut self, text: &str, plain: &mut String) -> Result<(), TemplateError> {
        let mut rest = text;
        while let Some(brace) = rest.find(['{', '}']) {
            plain.push_str(&rest[..brace]);
            let from = &rest[brace..];
            if let Some(after) = from.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else {
                let (name, after) = from
                    .strip_prefix('{')
                    .and_then(|name| name.split_once('}'))
                    .filter(|(name, _)| !name.trim().is_empty() && !name.contains('{'))
                    .ok_or(TemplateError::LoneBrace)?;
                let name = unescaped(name);
                let place = self.columns.iter().position(|column| *column == name);
                let place = place.unwrap_or_else(|| {
                    self.columns.push(name);
                    self.columns.len() - 1
                });
                self.pieces.push(Piece::Json(std::mem::take(plain)));
                self.pieces.push(Piece::Column(place));
                rest = after;
            }
        }
        plain.push_str(rest);
        Ok(())
    }
}

fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return place,
            _ => {}
        }
    }
    text.len()
}

/// A column's name as it is called, where it is written with JSON's escapes.
fn unescaped(name: &str) -> String {
    let name = name.trim();
    serde_json::from_str(&format!("\"{name}\"")).unwrap_or_else(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(json: &str) -> Template {
        Template::of(&Message::from_json(json).unwrap()).unwrap()
    }

    #[test]
    fn values_are_put_in_their_places_and_change_nothing_else() {
        let template = template(
            r#"{"title":"{ name } 您好","data":{"n":[1,"{order}"]},"again":"{name}","{x}":true}"#,
        );
        assert_eq!(template.columns(), ["name", "order"]);
        let filled = template.fill(&[r#"林"},"isUrgent":true,{"#, "\\"]).unwrap();
        assert_eq!(
            filled.as_json(),
            r#"{"title":"林\"},\"isUrgent\":true,{ 您好","data":{"n":[1,"\\"]},"again":"林\"},\"isUrgent\":true,{","{x}":true}"#
        );
    }

    #[test]
    fn doubled_braces_are_braces_and_single_ones_an_error() {
        let plain = template(r#"{"a":"{{x}} \" }} \\"}"#);
        assert_eq!(plain.columns(), [""; 0]);
        assert_eq!(plain.fill::<&str>(&[]).unwrap().as_json(), r#"{"a":"{x} \" } \\"}"#);
        for wrong in [r#"{"a":"{"}"#, r#"{"a":"}"}"#, r#"{"a":"{}"}"#, r#"{"a":"{x {y}"}"#] {
            let read = Template::of(&Message::from_json(wrong).unwrap());
            assert_eq!(read, Err(TemplateError::LoneBrace), "{wrong}");
        }
    }

    #[test]
    fn a_column_is_called_as_it_reads_however_it_is_escaped() {
        assert_eq!(template(r#"{"a":"{a\"b} {\u540d}"}"#).columns(), ["a\"b", "名"]);
    }
}
