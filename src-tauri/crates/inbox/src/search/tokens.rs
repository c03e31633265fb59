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
