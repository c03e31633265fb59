//! What one alert may take of the file. A server may send anything; what is longer is cut before it is
//! kept, with a mark for who reads it.

use crate::{NewAlert, Words};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

/// The longest title, link, name or id, in bytes of UTF-8.
const LINE: usize = 4 << 10;
/// The longest content, and all fields together.
const TEXT: usize = 32 << 10;
/// The longest data: more than that nobody reads.
const RAW: usize = 64 << 10;

/// Cuts what is too long.
pub(crate) fn fit(alert: &mut NewAlert) {
    let NewAlert { event, kind, title, content, fields, link, raw, event_id, toast, .. } = alert;
    for line in [Some(event), Some(kind), event_id.as_mut(), toast.as_mut()].into_iter().flatten() {
        cut(line, LINE);
    }
    *title = cut_words(mem::take(title), LINE);
    // A part of a link leads elsewhere.
    if link.as_ref().is_some_and(|link| link.len() > LINE) {
        *link = None;
    }
    *content = cut_words(mem::take(content), TEXT);
    cut(fields, TEXT);
    cut(raw, RAW);
}

fn cut_words(words: Words, most: usize) -> Words {
    words.map(|mut text| {
        cut(&mut text, most);
        text
    })
}

/// Cuts a text at the end of a character. The mark tells how much is missing, and tells two apart that
/// differ only there: data that is the same again is known by its text.
fn cut(text: &mut String, most: usize) {
    if text.len() <= most {
        return;
    }
    let mut whole = DefaultHasher::new();
    text.hash(&mut whole);
    let mark = |missing: usize| format!("… (+{missing} bytes, #{:016x})", whole.finish());
    let end = text.floor_char_boundary(most - mark(text.len()).len());
    let mark = mark(text.len() - end);
    text.truncate(end);
    text.push_str(&mark);
    text.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_fits_and_is_told_from_one_that_ends_otherwise() {
        for unit in ["x", "訂", "🫖", "e\u{301}"] {
            for most in [LINE, TEXT, RAW] {
                for length in most - 9..most + 9 {
                    let text = unit.repeat(length / unit.len() + 1);
                    let mut short = text.clone();
                    cut(&mut short, most);
                    assert!(short.len() <= most, "{length}");
                    if text.len() <= most {
                        assert_eq!(short, text);
                        continue;
                    }
                    let kept = short.split('…').next().unwrap();
                    assert!(text.starts_with(kept) && kept.len() + 80 > most, "{length}");
                    let mut other = text.clone() + "!";
                    cut(&mut other, most);
                    assert_ne!(short, other);
                    let again = short.clone();
                    cut(&mut short, most);
                    assert_eq!(short, again, "cutting twice changes nothing");
                }
            }
        }
    }
}
