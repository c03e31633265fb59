//! Texts on their way out of the program: nothing in them steers a terminal, and no cell of a
//! spreadsheet is taken for a formula. What the market sends must not run anything there.

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// JSON in one line, in which every character that a terminal acts on, or that turns the direction of
/// what follows, is an escape: ESC is `\u001b`, U+009B is `\u009b`. It says the same.
pub fn json_line(value: &Value) -> String {
    let mut line = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut line, Plain));
    debug_assert!(written.is_ok(), "nothing fails to be written into memory");
    String::from_utf8(line).unwrap_or_default()
}

/// A text as it can be shown on a terminal: U+FFFD stands for each character that the terminal would act
/// on, or that turns the direction of what follows.
pub fn shown(text: &str) -> String {
    text.chars().map(|char| if steers(char) { '\u{FFFD}' } else { char }).collect()
}

/// JSON as it is always written, but for what is in texts.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, steering)) = rest.char_indices().find(|(_, char)| steers(*char)) {
            to.write_all(&rest.as_bytes()[..at])?;
            write!(to, "\\u{:04x}", u32::from(steering))?;
            rest = &rest[at + steering.len_utf8()..];
        }
        to.write_all(rest.as_bytes())
    }
}

/// Control characters, of which JSON itself escapes only those below U+0020; what ends a line for some
/// readers; and what changes the direction of writing (Unicode Standard Annex #9). All of them have
/// four hexadecimal digits.
fn steers(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{61C}' | '\u{200E}' | '\u{200F}')
        || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text of a spreadsheet's cell: as it is, unless a spreadsheet would calculate it. That is looked
/// at wherever a cell may begin: where the list separator is a semicolon or a tab, what is between the
/// commas is cut there, quotes or not. Control characters are shown by their pictures.
pub(crate) fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r', '\n']) {
        cell.push('\'');
    }
    let mut begins = true;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        if begins && is_formula(char) {
            cell.push('\'');
        }
        begins = parts_cells(char) || begins && is_passed_over(char);
        cell.push(picture(char));
    }
    cell
}

/// Whether what begins so is calculated. In Chinese and Japanese the wide ones are taken for the others.
fn is_formula(char: char) -> bool {
    matches!(char, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

fn parts_cells(char: char) -> bool {
    matches!(char, ';' | '\t' | '|' | '\r' | '\n')
}

/// What a cell's text may have before it that is not of it: quotes, spaces, and what isn't seen.
fn is_passed_over(char: char) -> bool {
    char == '"'
        || char.is_whitespace()
        || char.is_control()
        || steers(char)
        || matches!(char, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// A control character's picture, but for line feeds and tabs, which spreadsheets show.
fn picture(char: char) -> char {
    match char {
        '\n' | '\t' => char,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(char)).unwrap_or(char),
        '\u{7F}' => '\u{2421}',
        '\u{80}'..='\u{9F}' => char::REPLACEMENT_CHARACTER,
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::prelude::*;
    use serde_json::json;

    /// What texts are made of that mean harm, and of what is beside it.
    const PARTS: [&str; 26] = [
        "=", "+", "-", "@", "＝", "＋", ";", "|", "\t", "\r", "\n", "\"", "'", " ", "\u{3000}",
        "a", "茶", "\u{1b}", "\u{9b}", "\u{7f}", "\0", "\u{200B}", "\u{202E}", "\u{FEFF}", ",",
        "1",
    ];

    fn texts() -> impl Iterator<Item = String> {
        let mut random = StdRng::seed_from_u64(11);
        (0..20_000).map(move |_| {
            let length = random.random_range(0..9);
            (0..length).map(|_| *PARTS.choose(&mut random).unwrap()).collect()
        })
    }

    #[test]
    fn whatever_separates_cells_none_begins_with_a_formula() {
        for text in texts() {
            let cell = cell(&text);
            for part in cell.split([';', '\t', '|', '\n', '\r']) {
                let seen = part.trim_start_matches(is_passed_over);
                assert!(!seen.starts_with(is_formula), "{text:?} became {cell:?}");
            }
            assert!(!cell.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{cell:?}");
        }
    }

    #[test]
    fn a_cell_is_as_it_was_where_nothing_would_be_calculated() {
        for (text, expected) in [
            ("", ""),
            ("訂單 #1 已出貨，NT$-5", "訂單 #1 已出貨，NT$-5"),
            ("a;b, c=d -e", "a;b, c=d -e"),
            ("first\r\nsecond", "first\nsecond"),
            ("=1+1", "'=1+1"),
            ("a;=1", "a;'=1"),
            ("a; \"=1\"", "a; \"'=1\""),
            ("a\n-1", "a\n'-1"),
            ("\u{200B}＝1", "\u{200B}'＝1"),
            ("\t{}", "'\t{}"),
            ("\u{1b}[31m\u{9b}31m\u{7f}\r", "␛[31m\u{fffd}31m␡␍"),
            (";;@", ";;'@"),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_of_json_says_the_same_and_steers_nothing() {
        for text in texts() {
            let value = json!({ &*text: [&*text, 1], "x": null });
            let line = json_line(&value);
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
            assert!(!line.contains(steers), "{line:?}");
        }
        assert_eq!(json_line(&json!("\u{1b}\u{9b}\u{7f}茶")), r#""\u001b\u009b\u007f茶""#);
        assert_eq!(json_line(&json!({ "a": ["\"\\", 1.5, true] })), r#"{"a":["\"\\",1.5,true]}"#);
    }
}
