//! How [`Words`] stand in a column: plainly, where they are the same in every language, as all that the
//! market wrote is; else as a JSON object of texts by their languages' tags. So a language more needs no
//! column more, what was kept before it came is read in English, and of the one text that most alerts of
//! people have there is one copy, which needs no parsing.

use agora_alert::Words;
use agora_alert::catalogue::Language;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// What an object begins with. A plain text that begins so is one too.
const OBJECT: char = '{';
/// The tag, by BCP 47, of what is of no one language.
const ANY: &str = "und";

/// As they are kept.
pub(crate) fn column(words: &Words) -> Cow<'_, str> {
    let english = words.english();
    let mut others = words.others().peekable();
    if others.peek().is_none() && !english.starts_with(OBJECT) {
        return english.into();
    }
    let tag = if others.peek().is_none() { ANY } else { Language::EN.tag() };
    let others = others.map(|(language, text)| (language.tag(), text));
    let by_tag = std::iter::once((tag, english)).chain(others);
    let by_tag: Map<_, _> = by_tag.map(|(tag, text)| (tag.to_owned(), text.into())).collect();
    Value::Object(by_tag).to_string().into()
}

/// As they were kept. What is no object that can be read is shown as it is.
pub(crate) fn read(column: Cow<'_, str>) -> Words {
    let Some(mut texts) = by_tag(&column) else {
        return Words::same(column);
    };
    // What is in none of this program's languages is better than nothing.
    let is_english = |(tag, _): &(&str, _)| [Language::EN.tag(), ANY].contains(tag);
    let english = texts.iter().position(is_english).unwrap_or_default();
    if texts.is_empty() {
        return Words::default();
    }
    let (_, english) = texts.swap_remove(english);
    Words::by_tag(english, texts)
}

/// Every text in a column, also those of languages that this program doesn't speak.
pub(crate) fn texts(column: &str) -> Vec<Cow<'_, str>> {
    match by_tag(column) {
        Some(texts) => texts.into_iter().map(|(_, text)| text).collect(),
        None => vec![column.into()],
    }
}

fn by_tag(column: &str) -> Option<Vec<(&str, Cow<'_, str>)>> {
    let object = column.starts_with(OBJECT).then_some(column)?;
    serde_json::from_str(object).ok().map(|ByTag(texts)| texts)
}

/// The texts of an object by their tags, borrowed where nothing in them is escaped.
struct ByTag<'a>(Vec<(&'a str, Cow<'a, str>)>);

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for ByTag<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = ByTag<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("texts by their languages' tags")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut texts = Vec::with_capacity(Language::ALL.len());
                while let Some((tag, Text(text))) = map.next_entry()? {
                    texts.push((tag, text));
                }
                Ok(ByTag(texts))
            }
        }

        from.deserialize_map(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_words_are_they_come_back() {
        for english in ["tea", "", "{", "{\"en\":\"tea\"}", "two\nlines, \"quoted\" 🫖"] {
            for other in [english, "茶", "{}", ""] {
                let words = Words::by_tag(english, [("zh-TW", other)]);
                let kept = column(&words).into_owned();
                assert_eq!(read(kept.as_str().into()), words, "{kept}");
                assert_eq!(texts(&kept).len(), words.texts().count(), "{kept}");
            }
        }
    }

    #[test]
    fn what_the_market_wrote_is_kept_once_and_as_it_is() {
        assert_eq!(column(&Words::same("今晚維護")), "今晚維護");
        let words = Words::by_tag("tea", [("zh-TW", "茶")]);
        assert_eq!(column(&words), r#"{"en":"tea","zh-TW":"茶"}"#);
    }

    #[test]
    fn a_language_that_this_program_does_not_speak_is_found_and_not_shown() {
        let kept = r#"{"en":"tea","tlh":"Dargh","zh-TW":"茶"}"#;
        assert_eq!(read(kept.into()), Words::by_tag("tea", [("zh-TW", "茶")]));
        assert_eq!(texts(kept), ["tea", "Dargh", "茶"]);
    }

    #[test]
    fn what_another_program_left_is_shown_as_far_as_it_can_be() {
        for (kept, shown) in [
            ("{tea", "{tea"),
            ("{\"en\":7}", "{\"en\":7}"),
            ("{}", ""),
            (r#"{"zh-TW":"茶"}"#, "茶"),
        ] {
            assert_eq!(read(kept.into()).english(), shown);
        }
    }
}
