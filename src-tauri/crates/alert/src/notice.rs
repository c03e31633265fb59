//! By which words an event can be known as one of the market's stored notifications. The same
//! notification may come over the stream and by sync, and its words are what both have in
//! common. An id in an event is not even read: anybody may be able to write to the stream, and would
//! make the real notification of that id vanish, or have it reported read.

use super::fields::{Fields, said};
use crate::Notice;
use fnv::FnvHasher;
use std::hash::Hasher;

/// What the market keeps of a title and of a content, in UTF-16 units; the stream has them whole. The
/// last unit may be half of a pair, and is left out. Who counts code points keeps no less than this.
const TITLE: usize = 100 - 1;
const CONTENT: usize = 1_000 - 1;

/// What the data of an event, or a stored notification, is known by.
pub(super) fn of(fields: &Fields<'_>, title: &[&str], content: &[&str]) -> Notice {
    let text = |keys| fields.find(keys, |value| Some(said(value)?.trim().to_owned()));
    // Without a title of its own the market stores nothing.
    text(title).filter(|title| !title.is_empty()).map_or(Notice::None, |title| {
        Notice::Unnamed(hash(&title, &text(content).unwrap_or_default()))
    })
}

/// FNV-1a: it has to be the same in every version of the program.
fn hash(title: &str, content: &str) -> i64 {
    let mut hasher = FnvHasher::default();
    for (text, most) in [(title, TITLE), (content, CONTENT)] {
        hasher.write(common(text, most).trim_end().as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish().cast_signed()
}

/// What both have of a text, however each of them came: without what was lost on the way, which is one
/// sign or three by whether it was escaped, and without controls, which not every database keeps.
fn common(text: &str, most: usize) -> String {
    let (mut units, mut was_lost) = (0, false);
    let is_within = |c: &char| {
        let is_lost = *c == char::REPLACEMENT_CHARACTER;
        units += if is_lost && was_lost { 0 } else { c.len_utf16() };
        was_lost = is_lost;
        units <= most
    };
    let within = text.chars().take_while(is_within);
    within.filter(|c| *c != char::REPLACEMENT_CHARACTER && !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_wire::Json;
    use serde_json::{Value, json};

    fn of_text(data: &str) -> Notice {
        let fields = Fields::of(Json::read(data).unwrap()).unwrap();
        of(&fields, &["title"], &["content", "message"])
    }

    fn notice(data: &Value) -> Notice {
        of_text(&data.to_string())
    }

    #[test]
    fn the_words_are_what_it_is_known_by_and_no_id_makes_a_difference() {
        let words = notice(&json!({"title": "t"}));
        assert!(matches!(words, Notice::Unnamed(_)));
        for with_id in [
            json!({"notificationId": 7, "title": "t"}),
            json!({"notificationId": "7", "title": "t"}),
            json!({"notificationId": 7, "notification": {"id": 8, "title": "t"}}),
            json!({"id": 7, "title": "t"}),
        ] {
            assert_eq!(notice(&with_id), words, "{with_id}");
        }
        for without_words in [
            json!({"notificationId": 505}),
            json!({"notificationId": 505, "title": " "}),
            json!({"notification": {"id": 505}}),
        ] {
            assert_eq!(notice(&without_words), Notice::None, "{without_words}");
        }
    }

    /// The first so many UTF-16 units of a text, in JSON, by the ways in which it is known to come: what is
    /// left of a pair as an escape, as its three bytes, as the sign for it, as what Java's encoder
    /// makes of it, or left out.
    fn cut(text: &str, most: usize) -> Vec<String> {
        let units: Vec<u16> = text.encode_utf16().take(most).collect();
        let whole = String::from_utf16_lossy(&units);
        let quoted = |text: &str| Value::from(text).to_string();
        match whole.strip_suffix(char::REPLACEMENT_CHARACTER) {
            None => vec![quoted(&whole)],
            Some(rest) => ["\\ud83d", "\u{FFFD}\u{FFFD}\u{FFFD}", "\u{FFFD}", "?", ""]
                .map(|half| format!("{}{half}\"", quoted(rest).trim_end_matches('"')))
                .to_vec(),
        }
    }

    #[test]
    fn what_the_market_cut_off_makes_no_difference() {
        for before in 95..=101 {
            let title = format!("{}{}", "題".repeat(before), "😀 了".repeat(20));
            let content = format!(
                "{}{}{}",
                "x".repeat(before % 2),
                "內容 \n".repeat(247),
                "😀".repeat(before)
            );
            let whole = json!({"title": title, "message": content, "type": "ORDER_SHIPPED"});
            let points = |text: &str, most: usize| text.chars().take(most).collect::<String>();
            let by_points =
                json!({"id": 3, "title": points(&title, 100), "content": points(&content, 1_000)});
            assert_eq!(notice(&whole), notice(&by_points), "{before}");
            for title in cut(&title, 100) {
                for content in cut(&content, 1_000) {
                    let stored = format!(r#"{{"id":3,"title":{title},"content":{content}}}"#);
                    assert_eq!(notice(&whole), of_text(&stored), "{stored}");
                }
            }
            let other = json!({"title": title, "message": "another"});
            assert_ne!(notice(&whole), notice(&other));
        }
    }

    #[test]
    fn what_was_lost_on_the_way_makes_no_difference() {
        let escaped = of_text(r#"{"title":"a \ud83d b\u0000","content":"c\r\nd"}"#);
        for same in [
            "{\"title\":\"a \u{FFFD}\u{FFFD}\u{FFFD} b\",\"content\":\"c\\nd\"}",
            "{\"title\":\"a \u{FFFD} b\u{0}\",\"content\":\"c\r\nd\"}",
            r#"{"title":"a \udc4d b","content":"c\r\nd","x":1e400}"#,
        ] {
            assert_eq!(of_text(same), escaped, "{same}");
        }
        assert_ne!(of_text(r#"{"title":"a ? b","content":"c\nd"}"#), escaped);
        assert_eq!(
            of_text(r#"{"title":5,"content":1.50}"#),
            of_text(r#"{"title":"5","content":"1.50"}"#)
        );
    }
}
