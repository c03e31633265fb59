//! What the index holds of a text, and what a query asks it for. Of a word there are its first letter, its
//! first two, and every three that follow one another; every four digits and every six, since numbers are many
//! and alike; of a run of a script without spaces each letter and each pair. Whatever is typed, one token or the meeting of a few
//! leads to it, and none has to be looked for by its beginning.

use super::letters::{Letter, runs};
use std::ops::Range;

/// So many letters of a word are found wherever they stand in it; fewer only where it begins.
const WITHIN: usize = 3;
/// So many digits are a token of their own, the longer ones first.
const DIGITS: [usize; 2] = [6, 4];

/// Whether a run that a term begins with may begin within a text's run.
pub(super) fn may_begin_within(run: &[Letter]) -> bool {
    run.len() >= WITHIN || run.first().is_some_and(|letter| letter.dense)
}

/// Adds every token of a text.
pub(super) fn of_text(letters: &[Letter], tokens: &mut Vec<String>) {
    for run in runs(letters) {
        if run[0].dense {
            tokens.extend(run.iter().map(|letter| String::from(letter.char)));
            tokens.extend(run.windows(2).map(spelled));
        } else {
            tokens.extend((1..WITHIN.min(run.len() + 1)).map(|length| spelled(&run[..length])));
            tokens.extend(run.windows(WITHIN).map(spelled));
            for length in DIGITS {
                tokens.extend(run.windows(length).filter(|part| are_digits(part)).map(spelled));
            }
        }
    }
}

/// Adds the tokens that every text has in which a term occurs: as few as have all its letters.
pub(super) fn of_term(letters: &[Letter], tokens: &mut Vec<String>) {
    for run in runs(letters) {
        if run[0].dense && run.len() > 1 {
            tokens.extend(run.windows(2).map(spelled));
        } else if run.len() < WITHIN {
            tokens.push(spelled(run));
        } else {
            let mut covered = 0;
            while covered < run.len() {
                let part = longest(run, covered);
                covered = part.end;
                tokens.push(spelled(&run[part]));
            }
        }
    }
}

/// The longest part of a run that is a token and has the letter at a place: one that begins there, or ends
/// with the run.
fn longest(run: &[Letter], at: usize) -> Range<usize> {
    let of = |length: usize| {
        let start = at.min(run.len().checked_sub(length)?);
        Some(start..start + length)
    };
    let are_tokens = |part: &Range<usize>| are_digits(&run[part.clone()]);
    let digits = DIGITS.into_iter().find_map(|length| of(length).filter(are_tokens));
    digits.or_else(|| of(WITHIN)).unwrap_or(0..run.len())
}

fn are_digits(letters: &[Letter]) -> bool {
    letters.iter().all(|letter| letter.char.is_ascii_digit())
}

fn spelled(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.char).collect()
}

#[cfg(test)]
mod tests {
    use super::super::letters::letters;
    use super::*;

    fn text(text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        of_text(&letters(text), &mut tokens);
        tokens
    }

    fn term(text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        of_term(&letters(text), &mut tokens);
        tokens
    }

    #[test]
    fn of_a_word_there_are_its_beginning_and_every_three_letters() {
        for (written, tokens) in [
            ("", &[][..]),
            ("A", &["a"]),
            ("To", &["t", "to"]),
            ("beauty", &["b", "be", "bea", "eau", "aut", "uty"]),
            ("20418", &["2", "20", "204", "041", "418", "2041", "0418"]),
            ("204187", &["2", "20", "204", "041", "418", "187", "204187", "2041", "0418", "4187"]),
            ("a123", &["a", "a1", "a12", "123"]),
            ("茶", &["茶"]),
            ("手機殼", &["手", "機", "殼", "手機", "機殼"]),
            ("a茶", &["a", "茶"]),
        ] {
            assert_eq!(text(written), tokens, "{written}");
        }
    }

    #[test]
    fn a_term_asks_for_as_few_as_have_all_its_letters() {
        for (written, tokens) in [
            ("", &[][..]),
            ("To", &["to"]),
            ("tea", &["tea"]),
            ("eauty", &["eau", "uty"]),
            ("313", &["313"]),
            ("3130", &["3130"]),
            ("20418", &["2041", "0418"]),
            ("20418777", &["204187", "418777"]),
            ("sf12345", &["sf1", "2345"]),
            ("茶", &["茶"]),
            ("手機殼", &["手機", "機殼"]),
            ("iphone手機", &["iph", "one", "手機"]),
        ] {
            assert_eq!(term(written), tokens, "{written}");
        }
    }

    #[test]
    fn what_a_term_asks_for_is_in_every_text_in_which_it_occurs() {
        let written = "Shipping iPhone新的手機殼 A2041877x to 台北";
        let there = text(written);
        let all: Vec<_> = written.chars().collect();
        for start in 0..all.len() {
            for end in start + 1..=all.len() {
                let asked: String = all[start..end].iter().collect();
                if !crate::search::Query::parse(&asked).matches(&[written]) {
                    continue;
                }
                let mut tokens = Vec::new();
                asked.split(' ').for_each(|word| of_term(&letters(word), &mut tokens));
                for token in tokens {
                    assert!(there.contains(&token), "{token} of {asked}");
                }
            }
        }
    }
}
