//! Text as letters that compare: case, width, composition, accents of Latin and Greek letters, and the
//! variants of Chinese ones are folded, and each letter knows which part of the original it came from. What
//! stands between letters is left out.

use super::variants::usual;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What stands behind so many letters of a text is not found. A server may send anything; what it
/// means to be read is shorter.
const MOST: usize = 8_000;

/// One letter of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) char: char,
    /// Whether a run begins with it: letters of one sort of script with nothing between them.
    pub(super) first: bool,
    /// Whether its script writes without spaces, so that a word may begin at any letter.
    pub(super) dense: bool,
    /// The bytes of the original that it stands for.
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The letters of a text.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Letters { all: Vec::with_capacity(text.len().min(MOST)), run: None };
    let mut start = 0;
    while start < text.len() && letters.all.len() < MOST {
        let length = cluster(&text[start..]);
        let cluster = &text[start..start + length];
        let range = position(start)..position(start + length);
        match cluster.as_bytes() {
            _ if groups_thousands(text, start, cluster) => {}
            [byte] => letters.push(char::from(byte.to_ascii_lowercase()), &range),
            _ => {
                let folded = cluster.nfkc().flat_map(without_case).filter_map(without_accent);
                folded.for_each(|char| letters.push(usual(char), &range));
            }
        }
        start += length;
    }
    letters.all
}

/// Each run of letters.
pub(super) fn runs(letters: &[Letter]) -> impl Iterator<Item = &[Letter]> {
    letters.chunk_by(|_, next| !next.first)
}

/// Whether a character belongs to the one before it, so that no text may be cut between the two.
pub(super) fn joins(char: char) -> bool {
    combines(char) || is_ignored(char)
}

struct Letters {
    all: Vec<Letter>,
    /// The sort of script of the run that goes on.
    run: Option<bool>,
}

impl Letters {
    fn push(&mut self, char: char, range: &Range<u32>) {
        if is_ignored(char) {
            if let (Some(_), Some(last)) = (self.run, self.all.last_mut()) {
                last.end = range.end;
            }
            return;
        }
        let sort = if is_combining_mark(char) {
            self.run
        } else if char.is_alphanumeric() {
            Some(is_dense(char))
        } else {
            is_picture(char).then_some(true)
        };
        if let Some(dense) = sort {
            let first = self.run != Some(dense);
            self.all.push(Letter { char, first, dense, start: range.start, end: range.end });
        }
        self.run = sort;
    }
}

/// How many bytes the first character has, with the marks that combine with it.
fn cluster(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    chars.find(|(_, char)| !combines(*char)).map_or(text.len(), |(end, _)| end)
}

/// Marks; Hangul's vowels and final consonants (Unicode Standard, 3.12); the half-width Kana marks.
fn combines(char: char) -> bool {
    is_combining_mark(char) || matches!(char, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}')
}

/// As Unicode's full case folding: ß is ss, and a sigma is one wherever it stands.
fn without_case(char: char) -> impl Iterator<Item = char> {
    char.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// Whoever looks for a cafe finds a café. Of other scripts a mark makes another letter, such as й and が.
fn without_accent(char: char) -> Option<char> {
    match char {
        // What no letter took up. These marks are Latin's and Greek's above all.
        '\u{300}'..='\u{36F}' => None,
        'ø' => Some('o'),
        'đ' => Some('d'),
        'ł' => Some('l'),
        '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{3FF}' | '\u{1E00}'..='\u{1FFF}' => {
            std::iter::once(char).nfd().next()
        }
        _ => Some(char),
    }
}

/// How many columns a text takes where a letter of Chinese takes two.
pub(super) fn columns(text: &str) -> usize {
    let is_wide = |char| is_dense(char) || matches!(char, '\u{FF00}'..='\u{FF60}');
    text.chars().map(|char| if is_wide(char) { 2 } else { 1 }).sum()
}

/// Whether what stands at `at` is a comma that only groups a number's digits: 1,200 is to be found as
/// 1200. A wide one also parts sentences, and groups only wide digits.
fn groups_thousands(text: &str, at: usize, cluster: &str) -> bool {
    let digits = match cluster {
        "," => '0'..='9',
        "，" => '０'..='９',
        _ => return false,
    };
    let mut next = text[at + cluster.len()..].chars().map(|char| digits.contains(&char));
    text[..at].chars().next_back().is_some_and(|char| digits.contains(&char))
        && next.by_ref().take(3).filter(|is_digit| *is_digit).count() == 3
        && next.next() != Some(true)
}

fn position(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// Han, Kana, Hangul, Bopomofo, Yi, and the scripts of Southeast Asia that need no spaces.
fn is_dense(letter: char) -> bool {
    matches!(letter,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}'
        | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Arrows, symbols and emoji: they say something, and stand for themselves.
fn is_picture(char: char) -> bool {
    matches!(char, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}')
}

/// What changes no letter: joiners, marks of direction, choices between shapes and skin tones.
fn is_ignored(char: char) -> bool {
    matches!(char,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0000}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runs, as they compare.
    fn folded(text: &str) -> Vec<String> {
        let letters = letters(text);
        runs(&letters).map(|run| run.iter().map(|letter| letter.char).collect()).collect()
    }

    #[test]
    fn case_width_and_composition_make_no_difference() {
        assert_eq!(folded("ＡＢＣ ABC abc"), ["abc", "abc", "abc"]);
        assert_eq!(folded("Cafe\u{301} CAFÉ cafe"), ["cafe", "cafe", "cafe"]);
        assert_eq!(folded("Øst Đà Nẵng phở ΐ"), ["ost", "da", "nang", "pho", "ι"]);
        assert_eq!(folded("й が が x\u{301}y"), ["й", "が", "が", "xy"]);
        assert_eq!(folded("臺北 台北 優惠劵"), ["台北", "台北", "優惠券"]);
        assert_eq!(folded("ｶﾞ ガ カ\u{3099}"), ["ガ", "ガ", "ガ"]);
        assert_eq!(folded("한 \u{1112}\u{1161}\u{11AB}"), ["한", "한"]);
        assert_eq!(folded("①㈱ﬁ"), ["1", "株", "fi"]);
        assert_eq!(folded("Straße STRASSE ẞ"), ["strasse", "strasse", "ss"]);
        assert_eq!(folded("Σίσυφος ΣΊΣΥΦΟΣ"), ["σισυφοσ", "σισυφοσ"]);
        assert_eq!(folded("ıssız ISSIZ"), ["issiz", "issiz"]);
    }

    #[test]
    fn a_run_ends_where_the_script_changes_or_something_stands_between() {
        assert_eq!(folded("iPhone手機殼（黑色）x2"), ["iphone", "手機殼", "黑色", "x2"]);
        assert_eq!(folded("order_20418-A\nb"), ["order", "20418", "a", "b"]);
        assert_eq!(folded("!!「」— \u{7}\"'*"), [] as [&str; 0]);
    }

    #[test]
    fn what_changes_no_letter_is_left_out() {
        assert_eq!(folded("or\u{200B}der\u{AD}s 👍🏽 ❤\u{FE0F}"), ["orders", "👍", "❤"]);
        assert_eq!(folded("👨\u{200D}👩\u{200D}👧"), ["👨👩👧"]);
        assert_eq!(
            folded("NT$1,200 1,234,567 1,2,3 12,34"),
            ["nt", "1200", "1234567", "1", "2", "3", "12", "34"]
        );
        assert_eq!(
            folded("ＮＴ＄１，２００ 1，200 １,２００"),
            ["nt", "1200", "1", "200", "1", "200"]
        );
    }

    #[test]
    fn each_letter_knows_its_place() {
        let text = "a ﬁＢe\u{301}❤\u{FE0F}!";
        let parts: Vec<_> = letters(text)
            .iter()
            .map(|letter| (letter.char, &text[letter.start as usize..letter.end as usize]))
            .collect();
        let expected = [
            ('a', "a"),
            ('f', "ﬁ"),
            ('i', "ﬁ"),
            ('b', "Ｂ"),
            ('e', "e\u{301}"),
            ('❤', "❤\u{FE0F}"),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn a_text_without_end_is_folded_up_to_a_limit() {
        assert_eq!(letters(&"訂".repeat(100_000)).len(), MOST);
        assert!(letters(&format!("e{}", "\u{301}".repeat(100_000))).len() <= 100_001);
    }
}
