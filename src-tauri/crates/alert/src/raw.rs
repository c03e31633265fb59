//! What is kept of an event's data: as much of it as a person could read.

use crate::catalogue::{self, Language};
use fnv::FnvHasher;
use std::fmt::Write as _;
use std::hash::Hasher;

/// In bytes. What the alert says was taken from the whole.
const MOST: usize = 32 << 10;

/// The data, or its beginning, with a word on how much is missing. That tells two long ones apart too,
/// which begin alike, and it has nothing in it that JSON has: of what is kept, the fields are still read.
pub(super) fn kept(data: &str) -> String {
    if data.len() <= MOST {
        return data.to_owned();
    }
    let end = data.floor_char_boundary(MOST);
    let (beginning, rest) = data.split_at(end);
    let mut hasher = FnvHasher::default();
    hasher.write(rest.as_bytes());
    let mut kept = format!("{beginning}\n…");
    let count = rest.len().to_string();
    for language in Language::ALL.into_iter().rev() {
        let word = catalogue::text_with(language, "text.cut", &[("count", &count)]);
        let _ = write!(kept, " {word} ·");
    }
    let _ = write!(kept, " #{:016x}", hasher.finish());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fields_of, read};

    #[test]
    fn what_a_person_could_read_is_kept_as_it_came() {
        for data in [String::new(), "x".repeat(MOST), "訂".repeat(MOST / 3)] {
            assert_eq!(kept(&data), data);
        }
    }

    #[test]
    fn more_is_cut_off_with_a_word() {
        let (one, other) = ("訂".repeat(400_000), "訂".repeat(399_999) + "單");
        let kept_of_one = kept(&one);
        assert!(kept_of_one.len() <= MOST + 200);
        let (beginning, word) = kept_of_one.split_once("\n…").unwrap();
        assert!(one.starts_with(beginning));
        let missing = (one.len() - beginning.len()).to_string();
        assert!(word.contains(&format!("{missing} more bytes")), "{word}");
        assert!(!word.contains(['{', '}', '[', ']', '"', ',', ':', '\\']), "{word}");
        assert_ne!(kept_of_one, kept(&other), "two long events with one id are two");
    }

    #[test]
    fn an_alert_says_of_a_long_event_all_that_a_short_one_says_of_it() {
        let fill = |n: usize| "x".repeat(n);
        for behind in 0..60 {
            let long = fill(MOST - 140 + behind);
            let data = format!(
                r#"{{"type":"SECURITY_WARNING","fill":"{long}","orderNumber":"AG-1","quantity":1250,"link":"/a/b","ip":"10.0.0.1","title":"t","fill2":"{}"}}"#,
                fill(1 << 20)
            );
            let alert = read("message", &data, None, 0).unwrap();
            assert_eq!((&*alert.kind, alert.title.english()), ("SECURITY_WARNING", "t"));
            assert_eq!((alert.urgent, alert.link.as_deref()), (true, Some("/a/b")));
            assert_eq!(alert.fields, "#AG-1\n1250\n10.0.0.1");
            // What is read of what was kept is a part of it, and never half of a value.
            let whole = fields_of(&data, Language::EN);
            for known in fields_of(&alert.raw, Language::EN) {
                assert!(whole.contains(&known), "{}: {}", known.field.name, known.value);
            }
        }
    }
}
