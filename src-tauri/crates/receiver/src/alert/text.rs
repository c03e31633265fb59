//! Makes a stranger's text harmless without making it unreadable.

/// The most characters of a title.
const LINE: usize = 200;
/// The most characters of a content; the raw event keeps the rest.
const PARAGRAPH: usize = 4_000;

/// One line without control characters; `None` when nothing is left of it.
pub(crate) fn line(text: &str) -> Option<String> {
    let visible: String = text.chars().filter(|c| is_harmless(*c)).map(spaced).collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(words, LINE)
}

/// Text with its line breaks but without other control characters; `None` when nothing is left.
pub(crate) fn paragraph(text: &str) -> Option<String> {
    let visible: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| is_harmless(*c))
        .map(|c| if c == '\n' { c } else { spaced(c) })
        .collect();
    shortened(visible.trim().to_owned(), PARAGRAPH)
}

/// White space of every kind is kept as something to break at; other control characters go, and
/// with them what turns the direction of the text after it (Unicode Bidirectional Algorithm,
/// UAX #9, explicit directional characters) and could make one text look like another.
fn is_harmless(c: char) -> bool {
    c.is_whitespace()
        || !(c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'))
}

fn spaced(c: char) -> char {
    if c.is_whitespace() && c.is_control() { ' ' } else { c }
}

fn shortened(text: String, most: usize) -> Option<String> {
    match text.char_indices().nth(most) {
        _ if text.is_empty() => None,
        Some((end, _)) => Some(format!("{}…", text[..end].trim_end())),
        None => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\r\n\tb\u{0}c  ").unwrap(), "a bc");
        assert_eq!(line("\u{202E}gnp.exe\u{202C}").unwrap(), "gnp.exe");
        assert_eq!(line("\n\u{7}\u{FEFF} "), None);
    }

    #[test]
    fn a_paragraph_keeps_its_breaks() {
        assert_eq!(paragraph("a\r\nb\rc\n\n d\u{1b}[31m\n").unwrap(), "a\nb\nc\n\n d[31m");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let cut = line(&"訂".repeat(100_000)).unwrap();
        assert_eq!(cut.chars().count(), LINE + 1);
        assert!(cut.ends_with("訂…"));
        assert_eq!(line(&"訂".repeat(LINE)).unwrap().chars().count(), LINE);
    }
}
