//! Which of the market's stored notifications an event tells of. The same notification may come over
//! the stream and by catching up; where the event doesn't say its id, the market's own words are what
//! both have in common.

use super::fields::Fields;
use agora_inbox::Notice;
use agora_wire::Json;
use fnv::FnvHasher;
use std::hash::Hasher;

/// What the market keeps of a title and of a content, in UTF-16 units; the stream has them whole. The
/// last unit may be half of a pair, and is left out. Who counts code points keeps no less than this.
const TITLE: usize = 100 - 1;
const CONTENT: usize = 1_000 - 1;

/// The stored notification that the data of an event tells of.
pub(super) fn of(fields: &Fields<'_>, title: &[&str], content: &[&str]) -> Notice {
    let own = fields.own().get("notificationId");
    let wrapped = fields.own().get("notification").and_then(Json::object);
    let wrapped = wrapped.as_ref().and_then(|object| object.get("id"));
    if let Some(id) = own.and_then(Json::id).or_else(|| wrapped?.id()) {
        return Notice::Stored(id);
    }
    let text = |keys| fields.find(keys, |value| Some(value.scalar()?.trim().to_owned()));
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
    use serde_json::{Value, json};

    fn of_text(data: &str) -> Notice {
        let fields = Fields::of(Json::read(data).unwrap()).unwrap();
        of(&fields, &["title"], &["content", "message"])
    }

    fn notice(data: &Value) -> Notice {
        of_text(&data.to_string())
    }

    #[test]
    fn an_id_is_taken_where_the_event_says_one() {
        for id in ["7", "7.0", "\"7\""] {
            let own = format!(r#"{{"notificationId":{id},"title":"t"}}"#);
            assert_eq!(of_text(&own), Notice::Stored(7), "{id}");
            let wrapped = format!(r#"{{"notification":{{"id":{id},"title":"t"}}}}"#);
            assert_eq!(of_text(&wrapped), Notice::Stored(7), "{id}");
        }
        // The id of something else, such as an order's.
        assert!(matches!(notice(&json!({"id": 7, "title": "t"})), Notice::Unnamed(_)));
        assert!(matches!(notice(&json!({"notificationId": {}, "title": "t"})), Notice::Unnamed(_)));
        assert_eq!(notice(&json!({"type": "ORDER_SHIPPED", "title": " "})), Notice::None);
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
            let content = format!("{}{}", "內容 \n".repeat(247), "😀".repeat(before));
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
