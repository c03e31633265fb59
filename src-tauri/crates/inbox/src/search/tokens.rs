//! What the index holds of a text, and what a query asks it for. Of a word there are some of its
//! beginnings, of a run of a script without spaces each letter and each pair: whatever is typed, one
//! token or the meeting of a few leads to it, and none has to be looked for by its beginning.

use super::letters::{Letter, runs};

/// How long the beginnings are that the index holds of a word.
const BEGINNINGS: [usize; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24];

/// Adds every token of a text.
pub(super) fn of_text(letters: &[Letter], tokens: &mut Vec<String>) {
    for run in runs(letters) {
        if run[0].dense {
            tokens.extend(run.iter().map(|letter| String::from(letter.char)));
            tokens.extend(run.windows(2).map(spelled));
        } else {
            let lengths = BEGINNINGS.iter().take_while(|length| **length <= run.len());
            tokens.extend(lengths.map(|length| spelled(&run[..*length])));
        }
    }
}

/// Adds the tokens that every text has in which a term occurs.
pub(super) fn of_term(letters: &[Letter], tokens: &mut Vec<String>) {
    for run in runs(letters) {
        if run[0].dense && run.len() > 1 {
            tokens.extend(run.windows(2).map(spelled));
        } else {
            let length = BEGINNINGS.iter().rev().find(|length| **length <= run.len());
            tokens.extend(length.map(|length| spelled(&run[..*length])));
        }
    }
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
    fn of_a_word_there_are_beginnings_and_of_a_dense_script_letters_and_pairs() {
        for (written, tokens) in [
            ("", &[][..]),
            ("To", &["t", "to"]),
            ("abcdefghi", &["a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"]),
            ("茶", &["茶"]),
            ("手機殼", &["手", "機", "殼", "手機", "機殼"]),
            ("a茶", &["a", "茶"]),
        ] {
            assert_eq!(text(written), tokens, "{written}");
        }
    }

    #[test]
    fn a_term_asks_for_its_longest_beginning_or_for_its_pairs() {
        for (written, tokens) in [
            ("", &[][..]),
            ("To", &["to"]),
            ("abcdefghi", &["abcdefgh"]),
            ("abcdefghij", &["abcdefghij"]),
            ("茶", &["茶"]),
            ("手機殼", &["手機", "機殼"]),
            ("iphone手機", &["iphone", "手機"]),
        ] {
            assert_eq!(term(written), tokens, "{written}");
        }
    }

    #[test]
    fn what_a_term_asks_for_is_in_every_text_in_which_it_occurs() {
        for (asked, written) in [
            ("ship", "Shipping"),
            ("shipping", "shipping"),
            ("機", "手機殼"),
            ("手機殼", "新的手機殼一個"),
            ("iphone手", "iPhone手機"),
        ] {
            let there = text(written);
            for token in term(asked) {
                assert!(there.contains(&token), "{token} of {asked} in {written}");
            }
        }
    }
}
