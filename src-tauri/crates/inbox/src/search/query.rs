//! What a person looks for: where it occurs in a text, and how the text is shown with it.

use super::letters::{Letter, columns, joins, letters, runs};
use super::tokens;
use serde::Serialize;
use std::cmp::Reverse;
use std::ops::Range;

/// What stands behind so many letters of a query is not looked for.
const MOST_LETTERS: usize = 256;
/// The most tokens that the index is asked for at once; the text decides about the others.
const MOST_TOKENS: usize = 8;

/// What a person typed: terms, parted by white space, all of which have to occur.
///
/// A term occurs where its letters follow one another. Case, width, composition and accents make no
/// difference, nor does what stands between its runs: `訂單20418` occurs in “訂單 #20418”. A term may
/// begin within a word or a number, unless it begins with fewer than three letters of a script that writes
/// words with spaces between them: these begin where a word begins. What isn't letters is not looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Vec<Letter>>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// As it is written in the text.
    pub text: String,
    /// Whether a term occurs here.
    pub hit: bool,
}

impl Query {
    /// Reads a query. Any text is one.
    pub fn parse(text: &str) -> Self {
        let mut terms: Vec<Vec<Letter>> = Vec::new();
        let mut room = MOST_LETTERS;
        for word in text.split_whitespace() {
            let mut term = letters(word);
            term.truncate(room);
            room -= term.len();
            // Where a term stands in the query is no part of it.
            for letter in &mut term {
                (letter.start, letter.end) = (0, 0);
            }
            if !term.is_empty() && !terms.contains(&term) {
                terms.push(term);
            }
            if room == 0 {
                break;
            }
        }
        Self { terms }
    }

    /// Whether there is nothing to look for, not a single letter. Such a query finds nothing.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether every term occurs in one of the texts, or in another.
    pub fn matches(&self, texts: &[&str]) -> bool {
        let mut missing: Vec<_> = self.terms.iter().collect();
        for (n, text) in texts.iter().enumerate() {
            // What the market wrote is the same in every language.
            if !missing.is_empty() && !texts[..n].contains(text) {
                let letters = letters(text);
                missing.retain(|term| occurrences(term, &letters).next().is_none());
            }
        }
        missing.is_empty() && !self.is_empty()
    }

    /// The whole text, in pieces that say where terms occur.
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        cut(text, &self.hits(text), 0..text.len())
    }

    /// A title of which so many columns are seen, where a letter of Chinese takes two: whole where its
    /// first hit is among them, or else the line around it.
    pub fn title(&self, text: &str, most: usize) -> Vec<Piece> {
        let hits = self.hits(text);
        if hits.first().is_none_or(|hit| columns(&text[..hit.end]) <= most) {
            return cut(text, &hits, 0..text.len());
        }
        let length = text.chars().count();
        line(text, &hits, most * length / columns(text))
    }

    /// One line of about `most` characters around the first place where a term occurs, from the first
    /// of the texts that has one. Where none has, the beginning of the first text. An ellipsis
    /// stands for what is left out.
    pub fn snippet<'a>(&self, texts: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<Piece> {
        let mut first = None;
        for text in texts {
            let hits = self.hits(text);
            if !hits.is_empty() {
                return line(text, &hits, most);
            }
            first = first.or(Some(text));
        }
        first.map_or_else(Vec::new, |text| line(text, &[], most))
    }

    /// The tokens that lead to what matches in the index, the longest ones.
    pub(super) fn tokens(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        for term in &self.terms {
            tokens::of_term(term, &mut tokens);
        }
        tokens.sort_by_key(|token| Reverse(token.chars().count()));
        tokens.truncate(MOST_TOKENS);
        tokens
    }

    /// Where terms occur: bytes of the text, in order, apart from one another.
    fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let letters = letters(text);
        let mut found: Vec<_> = self
            .terms
            .iter()
            .flat_map(|term| occurrences(term, &letters))
            .filter_map(|part| Some(part.first()?.start as usize..part.last()?.end as usize))
            .collect();
        found.sort_by_key(|hit| hit.start);
        let mut hits: Vec<Range<usize>> = Vec::new();
        for hit in found {
            match hits.last_mut() {
                Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
                _ => hits.push(hit),
            }
        }
        hits
    }
}

/// Every part of a text in which a term occurs.
fn occurrences<'a>(term: &'a [Letter], text: &'a [Letter]) -> impl Iterator<Item = &'a [Letter]> {
    let within = runs(term).next().is_some_and(tokens::may_begin_within);
    text.windows(term.len()).filter(move |part| {
        part.iter().zip(term).enumerate().all(|(n, (there, wanted))| {
            // A run that begins in the term begins in the text, unless it needs no beginning; what
            // follows on in the term follows on in the text.
            let begins = there.first == wanted.first || (wanted.first && wanted.dense);
            there.char == wanted.char && (begins || (n == 0 && within))
        })
    })
}

/// One line of a text around its first hit.
fn line(text: &str, hits: &[Range<usize>], most: usize) -> Vec<Piece> {
    let hit = hits.first().map_or(0, |hit| hit.start);
    // A quarter of the line leads to the hit, or more where little follows it.
    let follows = text[hit..].chars().take(most).count();
    let lead = (most / 4).max(most - follows);
    let mut start = text[..hit].char_indices().rev().take(lead).last().map_or(hit, |(at, _)| at);
    if start > 0 {
        let lead = &text[start..hit];
        let word = lead.find(char::is_whitespace).map(|space| &lead[space..]);
        start = hit
            - word
                .unwrap_or(lead)
                .trim_start_matches(|c: char| c.is_whitespace() || joins(c))
                .len();
    }
    let end = text[start..]
        .char_indices()
        .skip(most)
        .find(|(_, char)| !joins(*char))
        .map_or(text.len(), |(length, _)| start + length);
    let mut pieces = cut(text, hits, start..end);
    for piece in &mut pieces {
        piece.text = piece.text.replace(char::is_whitespace, " ");
    }
    let ellipsis = || Piece { text: "…".into(), hit: false };
    if start > 0 {
        pieces.insert(0, ellipsis());
    }
    if end < text.len() {
        pieces.push(ellipsis());
    }
    pieces
}

/// A part of a text, cut where its hits begin and end.
fn cut(text: &str, hits: &[Range<usize>], part: Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, hit| {
        if range.start < range.end {
            pieces.push(Piece { text: text[range].into(), hit });
        }
    };
    let mut at = part.start;
    for hit in hits {
        let hit = hit.start.clamp(at, part.end)..hit.end.clamp(at, part.end);
        push(at..hit.start, false);
        push(hit.clone(), true);
        at = hit.end;
    }
    push(at..part.end, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|p| if p.hit { format!("[{}]", p.text) } else { p.text.clone() })
            .collect()
    }

    fn marked(query: &str, text: &str) -> String {
        shown(&Query::parse(query).pieces(text))
    }

    fn snippet(query: &str, texts: &[&str], most: usize) -> String {
        shown(&Query::parse(query).snippet(texts.iter().copied(), most))
    }

    #[test]
    fn hits_are_marked_as_they_are_written() {
        for (query, text, expected) in [
            ("abc", "ＡＢＣ, abcd and xabc", "[ＡＢＣ], [abc]d and x[abc]"),
            ("ＯＲＤ", "Order 7", "[Ord]er 7"),
            ("ab", "abc xabc", "[ab]c xabc"),
            ("3130", "order 2313045", "order 2[3130]45"),
            ("eauty", "Beauty", "B[eauty]"),
            ("eau-ty", "Beau ty", "B[eau ty]"),
            ("20418茶", "A20418 茶", "A[20418 茶]"),
            ("台北", "臺北市", "[臺北]市"),
            ("Café", "cafe", "[cafe]"),
            ("訂", "您的訂單", "您的[訂]單"),
            ("訂單", "您的訂單已出貨，訂單", "您的[訂單]已出貨，[訂單]"),
            ("iphone手機殼", "新的 iPhone 手機殼（黑）", "新的 [iPhone 手機殼]（黑）"),
            ("iPhone手機", "iPhone15手機", "iPhone15手機"),
            ("訂單20418", "訂單 #20418 已出貨", "[訂單 #20418] 已出貨"),
            ("訂單單", "訂單 單", "訂單 單"),
            ("#20418", "order 204189", "order [20418]9"),
            ("order-20418", "order20418", "order20418"),
            ("1200", "NT$1,200", "NT$[1,200]"),
            ("cafe\u{301}", "CAFÉ", "[CAFÉ]"),
            ("STRASSE", "Lange Straße", "Lange [Straße]"),
            ("1,200", "共１，２００元", "共[１，２００]元"),
            ("❤", "I ❤\u{FE0F} it", "I [❤\u{FE0F}] it"),
            ("👍", "👍🏽👍", "[👍🏽👍]"),
            ("ship ping shipping", "shipping", "[shipping]"),
            ("已 出貨", "已出貨", "[已出貨]"),
            ("!! —", "a — b!!", "a — b!!"),
            ("a", "", ""),
        ] {
            assert_eq!(marked(query, text), expected, "{query} in {text}");
        }
    }

    #[test]
    fn every_term_has_to_occur_somewhere() {
        let texts = ["Order 20418 has shipped", "訂單 20418 已出貨", "iPhone 手機殼\nNT$1,200"];
        for query in ["order 出貨", "手機 1200", "0418", "hipped ORD", "iphone手機殼 訂單"]
        {
            assert!(Query::parse(query).matches(&texts), "{query}");
        }
        for query in ["order 退款", "pp", "18", "order shippedx", "手機iphone", "", "!!", "\""]
        {
            assert!(!Query::parse(query).matches(&texts), "{query}");
        }
    }

    #[test]
    fn a_snippet_leads_to_the_hit_and_says_what_it_left_out() {
        let long = "The courier could not find the door and left the parcel with the neighbour at number 12";
        assert_eq!(snippet("parcel", &[long], 30), "…the [parcel] with the neighbour …");
        assert_eq!(snippet("12", &[long], 30), "…the neighbour at number [12]");
        assert_eq!(snippet("the", &[long], 30), "[The] courier could not find [the]…");
        assert_eq!(
            snippet("殼", &["訂單已出貨，內容為手機殼一個，請留意簽收。"], 8),
            "…手機[殼]一個，請留…"
        );
        assert_eq!(snippet("b", &["a\r\nb\nc"], 30), "a  [b] c");
        assert_eq!(snippet("b", &["short", "", "x", "a b"], 30), "a [b]");
        assert_eq!(snippet("nowhere", &["first text", "second"], 5), "first…");
        assert_eq!(snippet("x", &[], 5), "");
        assert_eq!(snippet("訂", &[&"訂".repeat(50)], 5), "[訂訂訂訂訂]…");
        // Nothing is cut off from what it belongs to.
        assert_eq!(snippet("a", &["abcde\u{301}fgh"], 5), "[a]bcde\u{301}…");
        assert_eq!(snippet("a", &["abcd❤\u{FE0F}fgh"], 5), "[a]bcd❤\u{FE0F}…");
    }

    #[test]
    fn a_title_is_shown_from_its_hit_where_it_would_be_cut_before_it() {
        let title = |query: &str, text: &str| shown(&Query::parse(query).title(text, 20));
        assert_eq!(title("order", "An order of tea and of more"), "An [order] of tea and of more");
        assert_eq!(title("tea", "An order of very much tea"), "…of very much [tea]");
        assert_eq!(title("手機", "訂單已出貨，內容為手機殼一個"), "…貨，內容為[手機]殼一個");
        assert_eq!(title("nothing", "An order of very much tea"), "An order of very much tea");
        assert_eq!(title("x", ""), "");
    }

    #[test]
    fn a_query_of_any_kind_is_bounded() {
        let pasted = (0..5_000).map(|n| format!("word{n} \"訂單{n}* OR")).collect::<Vec<_>>();
        let query = Query::parse(&pasted.join(" "));
        assert!(query.terms.iter().map(Vec::len).sum::<usize>() <= MOST_LETTERS);
        assert!(query.tokens().len() <= MOST_TOKENS);
        let dense = Query::parse(&"訂".repeat(10_000));
        assert!(dense.matches(&[&"訂".repeat(MOST_LETTERS)]));
        assert!(!dense.matches(&[&"訂".repeat(MOST_LETTERS - 1)]));
    }
}
