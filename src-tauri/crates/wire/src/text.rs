//! Makes a stranger's text harmless without making it unreadable: the one cleaning of whatever is
//! shown to a person and was not written by the app.
//!
//! What can't be seen goes, what turns the direction of the text after it goes, and what piles up
//! on a letter is thinned out. Markup stays, as the text that it is: whoever shows it escapes it.

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory,
    JoiningType,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_segmentation::GraphemeCursor;

/// The most characters of a title, of a field, and of an error's text.
const LINE: usize = 200;
/// The most characters of a content; the raw event keeps the rest.
const PARAGRAPH: usize = 4_000;
/// So many are looked at beyond that, to see where a reader sees the last one end.
const BEYOND: usize = 64;
/// The most combining marks on one character; Thai, Hebrew and Vietnamese need no more.
const MARKS: usize = 3;

const NON_JOINER: char = '\u{200C}';
const JOINER: char = '\u{200D}';

/// One line without control characters; `None` when nothing is left of it.
pub fn line(text: &str) -> Option<String> {
    joined(&harmless(text, LINE)).map(|text| shortened(text, LINE))
}

/// The same, however long it is: for who has to look through it before it is [`shortened`].
pub fn one_line(text: &str) -> Option<String> {
    joined(&harmless(text, usize::MAX))
}

/// Text with its line breaks but without other control characters; `None` when nothing is left.
pub fn paragraph(text: &str) -> Option<String> {
    let visible = harmless(text, PARAGRAPH);
    let visible = visible.trim();
    (!visible.is_empty()).then(|| shortened(visible.to_owned(), PARAGRAPH))
}

/// At most so many characters (Unicode scalar values) and an ellipsis, cut where a reader sees one
/// end (UAX #29, grapheme cluster boundaries).
pub fn shortened(text: String, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text;
    };
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    let end = match cursor.is_boundary(&text, 0) {
        Ok(false) => match cursor.prev_boundary(&text, 0) {
            Ok(Some(before)) if before > 0 => before,
            // One cluster as long as all that is allowed is nobody's letter.
            _ => end,
        },
        _ => end,
    };
    format!("{}…", text[..end].trim_end())
}

fn joined(text: &str) -> Option<String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// The text's visible characters, its white space as spaces and line breaks: all, or as many as it takes
/// to have it [`shortened`] to `most`, since of a megabyte that is little.
fn harmless(text: &str, most: usize) -> String {
    let most = most.saturating_add(BEYOND);
    let mut kept = String::with_capacity(text.len().min(most));
    let mut letters = 0;
    // What the next character follows: whether there is anything that a mark could stand on, how
    // many stand there already, and whether it is a picture that another one may be joined to.
    let (mut on_base, mut marks, mut on_picture) = (false, 0, false);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\r' && rest.as_str().starts_with('\n') {
        } else if c.is_whitespace() {
            kept.push(if is_break(c) { '\n' } else { spaced(c) });
            (on_base, marks, on_picture) = (false, 0, false);
        } else if matches!(c, JOINER | NON_JOINER) {
            let next_is_picture = || rest.clone().next().is_some_and(is_picture);
            let joins_pictures = c == JOINER && on_picture && next_is_picture();
            let joins = joins_pictures || joins_letters(c, &kept, rest.as_str(), marks < MARKS);
            if joins && !kept.ends_with([JOINER, NON_JOINER]) {
                kept.push(c);
            }
        } else if is_variation(c) {
            if on_base && marks == 0 {
                kept.push(c);
                marks += 1;
            }
        } else if is_invisible(c) || (c == char::REPLACEMENT_CHARACTER && kept.ends_with(c)) {
        } else if is_mark(c) {
            if on_base && marks < MARKS {
                kept.push(c);
                marks += 1;
            }
        } else {
            if letters == most {
                break;
            }
            letters += 1;
            kept.push(c);
            let is_skin_tone = matches!(c, '\u{1F3FB}'..='\u{1F3FF}');
            (on_base, marks, on_picture) = (true, 0, is_picture(c) || is_skin_tone && on_picture);
        }
    }
    kept
}

/// Whether a joiner stands where a script is misspelt without it (RFC 5892, A.1 and A.2): after a
/// virama, as in Sinhala and most of India's scripts, and between letters that would join, as in
/// Persian. Beyond that a letter may keep the form of one that goes on, as Persian abbreviations do,
/// and a joiner may stand before the virama, as in Bengali and Kannada, where there is room for it.
fn joins_letters(joiner: char, before: &str, after: &str, has_room: bool) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    if is_virama(last) {
        return true;
    }
    let joins = CodePointMapData::<JoiningType>::new();
    let is_seen = |c: &char| joins.get(*c) != JoiningType::Transparent;
    let goes_on = before.chars().rev().find(is_seen).is_some_and(|c| {
        matches!(joins.get(c), JoiningType::DualJoining | JoiningType::LeftJoining)
    });
    if joiner == JOINER {
        let is_half = is_indic(last) && after.starts_with(is_virama);
        return goes_on || is_half && has_room;
    }
    let is_joined =
        |c| matches!(joins.get(c), JoiningType::DualJoining | JoiningType::RightJoining);
    goes_on && after.chars().find(is_seen).is_some_and(is_joined)
}

/// What takes the vowel off the letter before it.
fn is_virama(c: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama
}

/// A letter of a script that has viramas.
fn is_indic(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{DFF}') && c.is_alphabetic()
}

/// Controls, what the Unicode Standard calls default ignorable (zero-width characters, fillers, tags,
/// and what directs the text after it, UAX #9), annotations between the lines, and Braille's blank.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{2800}')
}

/// What chooses another form of the character before it: a coloured emoji, a variant of a name's
/// character.
fn is_variation(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_mark(c: char) -> bool {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(category, NonspacingMark | SpacingMark | EnclosingMark)
}

fn is_picture(c: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(c)
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn spaced(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{Rng, RngExt, SeedableRng};

    #[test]
    fn what_is_shown_of_a_long_text_is_what_would_be_shown_if_all_of_it_was_looked_at() {
        let units =
            ["x", "訂", "a ", "e\u{301}", "👩\u{200D}🚀", "\u{200B}", " \n", "x\r\n", "\r\ny"];
        for unit in units {
            for many in [LINE - 1, LINE, LINE + BEYOND, PARAGRAPH, PARAGRAPH + BEYOND, 20_000] {
                for text in [unit.repeat(many), unit.repeat(many) + "end", format!("{many:many$}")]
                {
                    let whole = harmless(&text, usize::MAX);
                    let line_of_whole = one_line(&text).map(|text| shortened(text, LINE));
                    assert_eq!(line(&text), line_of_whole, "{many} times {unit:?}");
                    let whole = Some(whole.trim()).filter(|text| !text.is_empty());
                    let whole = whole.map(|text| shortened(text.to_owned(), PARAGRAPH));
                    assert_eq!(paragraph(&text), whole, "{many} times {unit:?}");
                }
            }
        }
        let kept = harmless(&"x".repeat(1 << 20), LINE);
        assert!(kept.len() < 1_000 && kept.capacity() < 1_000);
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(" a\r\n\tb\u{0}c  ").unwrap(), "a bc");
        assert_eq!(line("a\u{2028}b\u{85}c\u{A0}d\u{3000}e").unwrap(), "a b c d e");
        assert_eq!(line("\n\u{7}\u{FEFF} "), None);
    }

    #[test]
    fn a_paragraph_keeps_its_breaks() {
        assert_eq!(paragraph("a\r\nb\rc\n\n d\u{1b}[31m\n").unwrap(), "a\nb\nc\n\n d[31m");
        assert_eq!(paragraph("a\u{2029}b\tc\u{B}d").unwrap(), "a\nb c d");
    }

    #[test]
    fn hostile_text_is_harmless_and_readable() {
        for (hostile, harmless) in [
            // Directions: overrides, embeddings, isolates, marks.
            ("\u{202E}gnp.exe\u{202C}", "gnp.exe"),
            ("\u{202A}a\u{202B}b\u{202D}c", "abc"),
            ("\u{2066}a\u{2067}b\u{2068}c\u{2069}", "abc"),
            ("a\u{200E}b\u{200F}c\u{61C}d", "abcd"),
            // What can't be seen.
            ("pay\u{200B}pal\u{200C}.\u{200D}com", "paypal.com"),
            ("a\u{2060}b\u{FEFF}c\u{AD}d\u{34F}e\u{180E}f", "abcdef"),
            ("\u{115F}a\u{1160}b\u{3164}c\u{FFA0}d\u{2800}e", "abcde"),
            ("a\u{E0041}\u{E007F}b\u{E0001}c", "abc"),
            ("a\u{FFF9}b\u{FFFA}c\u{FFFB}", "abc"),
            ("a\u{200C}b\u{200D}c 中\u{200D}文\u{200C}字 \u{200D}d\u{200C}", "abc 中文字 d"),
            ("ب\u{200C}a ب\u{200C}\u{200C}\u{200C}ه ر\u{200C}ا", "بa ب\u{200C}ه را"),
            ("র\u{200D}a \u{9CD}\u{200D}", "রa"),
            // Controls, and what a terminal would take for an order.
            ("\u{1b}]0;x\u{7}a\u{9b}31mb\u{7f}", "]0;xa31mb"),
            // Marks that climb into the lines around, and marks on nothing.
            ("Z\u{335}\u{321}\u{31B}\u{312}\u{350}\u{346}o", "Z\u{335}\u{321}\u{31B}o"),
            ("\u{301}\u{301}a \u{301}b", "a b"),
            // What people write stays as it is.
            ("訂單已出貨！（急）", "訂單已出貨！（急）"),
            ("Việt Nam e\u{302}\u{301}", "Việt Nam e\u{302}\u{301}"),
            ("ที่นี่ กำลัง", "ที่นี่ กำลัง"),
            ("हिन्दी क्षि", "हिन्दी क्षि"),
            ("שָׁלוֹם سلام", "שָׁלוֹם سلام"),
            ("葛\u{E0100}城", "葛\u{E0100}城"),
            // What is misspelt without its joiners: Persian, Urdu, Sinhala, Marathi, Bengali, Kannada,
            // Telugu, Malayalam as it was written before Unicode 5.1, and a Persian year.
            (
                "کتاب\u{200C}ها می\u{200C}خواهم خانه\u{200C}ای",
                "کتاب\u{200C}ها می\u{200C}خواهم خانه\u{200C}ای",
            ),
            ("بِ\u{200C}ه", "بِ\u{200C}ه"),
            ("۱۴۰۵ ه\u{200D}. ش", "۱۴۰۵ ه\u{200D}. ش"),
            (
                "ශ\u{DCA}\u{200D}ර\u{DD3} ලංකා ක\u{200D}\u{DCA}ෂ",
                "ශ\u{DCA}\u{200D}ර\u{DD3} ලංකා ක\u{200D}\u{DCA}ෂ",
            ),
            ("र\u{94D}\u{200D}या क\u{94D}\u{200C}ष", "र\u{94D}\u{200D}या क\u{94D}\u{200C}ष"),
            ("র\u{200D}\u{9CD}যাব উদ\u{9CD}\u{200C}যাপন", "র\u{200D}\u{9CD}যাব উদ\u{9CD}\u{200C}যাপন"),
            ("ರ\u{200D}\u{CCD}ಯ", "ರ\u{200D}\u{CCD}ಯ"),
            ("సాఫ\u{C4D}ట\u{C4D}\u{200C}వేర\u{C4D}", "సాఫ\u{C4D}ట\u{C4D}\u{200C}వేర\u{C4D}"),
            ("ന\u{D4D}\u{200D}", "ന\u{D4D}\u{200D}"),
            // What was no character is one sign for it.
            ("a\u{FFFD}\u{FFFD}\u{FFFD}b", "a\u{FFFD}b"),
            ("<b>bold</b> &amp; <script>", "<b>bold</b> &amp; <script>"),
            // Emoji: families, skin tones, flags, keycaps, hearts.
            ("👩🏽\u{200D}🚀 👨\u{200D}👩\u{200D}👧", "👩🏽\u{200D}🚀 👨\u{200D}👩\u{200D}👧"),
            (
                "🇹🇼 1\u{FE0F}\u{20E3} ❤\u{FE0F}\u{200D}🔥",
                "🇹🇼 1\u{FE0F}\u{20E3} ❤\u{FE0F}\u{200D}🔥",
            ),
            ("🍵\u{200D}\u{200D}a\u{FE0F}\u{FE0F}", "🍵a\u{FE0F}"),
            ("🏴\u{E0067}\u{E0062}\u{E007F}", "🏴"),
        ] {
            assert_eq!(line(hostile).as_deref(), Some(harmless), "{hostile:?}");
            assert_eq!(paragraph(hostile).as_deref(), Some(harmless), "{hostile:?}");
        }
    }

    #[test]
    fn text_of_nothing_visible_is_none() {
        for empty in
            ["", " \n\t", "\u{200B}\u{2060}", "\u{3164}\u{2800}", "\u{202E}", "\u{301}\u{FE0F}"]
        {
            assert_eq!(line(empty), None, "{empty:?}");
            assert_eq!(paragraph(empty), None, "{empty:?}");
        }
    }

    #[test]
    fn long_text_is_cut_between_what_people_see_as_characters() {
        let cut = line(&"訂".repeat(100_000)).unwrap();
        assert_eq!(cut.chars().count(), LINE + 1);
        assert!(cut.ends_with("訂…"));
        assert_eq!(line(&"訂".repeat(LINE)).unwrap().chars().count(), LINE);
        let family = "👨\u{200D}👩\u{200D}👧";
        let cut = line(&family.repeat(1_000)).unwrap();
        assert_eq!(cut, format!("{}…", family.repeat(LINE / 5)));
        let cut = line(&format!("{}{family}", "a".repeat(LINE - 2))).unwrap();
        assert_eq!(cut, format!("{}…", "a".repeat(LINE - 2)));
        let accents = paragraph(&"e\u{301}\u{302}".repeat(5_000)).unwrap();
        assert_eq!(accents, format!("{}…", "e\u{301}\u{302}".repeat(PARAGRAPH / 3)));
        // One cluster without end is cut all the same.
        let endless = line(&"👩\u{200D}".repeat(50_000)).unwrap();
        assert_eq!(endless.chars().count(), LINE + 1);
    }

    /// Characters that mean trouble, some that stand beside them in earnest, and any others.
    fn any_text(random: &mut impl Rng) -> String {
        const TROUBLE: [char; 24] = [
            '\u{0}',
            '\u{7}',
            '\u{1B}',
            '\u{9B}',
            '\u{7F}',
            '\n',
            '\r',
            '\u{2028}',
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200E}',
            '\u{202E}',
            '\u{2066}',
            '\u{2069}',
            '\u{61C}',
            '\u{FEFF}',
            '\u{FFFD}',
            '\u{FE0F}',
            '\u{301}',
            '\u{E0041}',
            '\u{3164}',
            '\u{94D}',
            ' ',
        ];
        const BESIDE: [char; 8] = ['a', '訂', 'ب', 'ه', 'ا', 'क', '👩', '🏽'];
        let count = random.random_range(0..300);
        let one = |_| match random.random_range(0..8) {
            0..4 => TROUBLE[random.random_range(0..TROUBLE.len())],
            4..7 => BESIDE[random.random_range(0..BESIDE.len())],
            _ => random.random(),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn whatever_it_was_it_is_harmless() {
        let mut random = StdRng::seed_from_u64(11);
        for _ in 0..4_000 {
            let text = any_text(&mut random);
            let (line, paragraph) = (line(&text), paragraph(&text));
            for (clean, most, may_break) in [(&line, LINE, false), (&paragraph, PARAGRAPH, true)] {
                let Some(clean) = clean else { continue };
                assert!(clean.chars().count() <= most + 1, "{text:?}");
                assert!(!clean.trim().is_empty(), "{text:?}");
                for (at, c) in clean.char_indices() {
                    let is_fine = match c {
                        '\n' => may_break,
                        JOINER | NON_JOINER => {
                            !clean[..at].ends_with(['a', '訂', ' ', JOINER, NON_JOINER])
                        }
                        _ => !is_invisible(c) || is_variation(c),
                    };
                    assert!(is_fine, "{c:?} at {at} of {clean:?}, from {text:?}");
                }
            }
            let once = harmless(&text, usize::MAX);
            assert_eq!(harmless(&once, usize::MAX), once, "{text:?}");
        }
    }
}
