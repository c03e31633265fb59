//! Which of the market's stored notifications an event tells of. The same notification may come over
//! the stream and by catching up; where the event doesn't say its id, the market's own words are what
//! both have in common.

use super::fields::Fields;
use agora_inbox::Notice;
use fnv::FnvHasher;
use serde_json::{Map, Value};
use std::hash::Hasher;

/// What the market keeps of a title and of a content, in characters; the stream has them whole.
const TITLE: usize = 100;
const CONTENT: usize = 1_000;

/// The stored notification that the data of an event tells of.
pub(super) fn of(object: &Map<String, Value>, title: &[&str], content: &[&str]) -> Notice {
    let wrapped = object.get("notification").and_then(|value| value.get("id"));
    let id = object.get("notificationId").or(wrapped).and_then(Value::as_i64);
    if let Some(id) = id {
        return Notice::Stored(id);
    }
    let fields = Fields::of(object);
    let text = |keys| fields.find(keys, |value| value.as_str().map(str::trim).map(str::to_owned));
    // Without a title of its own the market stores nothing.
    text(title).filter(|title| !title.is_empty()).map_or(Notice::None, |title| {
        Notice::Unnamed(hash(&title, &text(content).unwrap_or_default()))
    })
}

/// FNV-1a: it has to be the same in every version of the program.
fn hash(title: &str, content: &str) -> i64 {
    let mut hasher = FnvHasher::default();
    for (text, most) in [(title, TITLE), (content, CONTENT)] {
        let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
        hasher.write(text[..end].trim_end().as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn notice(data: &Value) -> Notice {
        of(data.as_object().unwrap(), &["title"], &["content", "message"])
    }

    #[test]
    fn an_id_is_taken_where_the_event_says_one() {
        assert_eq!(notice(&json!({"notificationId": 7, "title": "t"})), Notice::Stored(7));
        assert_eq!(notice(&json!({"notification": {"id": 7, "title": "t"}})), Notice::Stored(7));
        // The id of something else, such as an order's.
        assert!(matches!(notice(&json!({"id": 7, "title": "t"})), Notice::Unnamed(_)));
        assert_eq!(notice(&json!({"type": "ORDER_SHIPPED", "title": " "})), Notice::None);
    }

    #[test]
    fn what_the_market_cut_off_makes_no_difference() {
        let (title, content) = ("題".repeat(150), "內容 ".repeat(600));
        let whole = json!({"title": title, "message": content, "type": "ORDER_SHIPPED"});
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let stored = json!({
            "id": 3, "title": cut(&title, TITLE), "content": cut(&content, CONTENT), "type": "ORDER"
        });
        assert_eq!(notice(&whole), notice(&stored));
        let other = json!({"title": title, "message": "another"});
        assert_ne!(notice(&whole), notice(&other));
    }
}
