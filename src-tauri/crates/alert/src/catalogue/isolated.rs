//! What is written from right to left, inside a sentence that may not be: a name in Arabic must not
//! carry the words and numbers beside it to its other side (UAX #9).

/// First strong isolate, and its end.
const FSI: char = '\u{2068}';
const PDI: char = '\u{2069}';

/// A value as it stands in a sentence: apart from what is around it, where that makes a difference.
pub(super) fn isolated(value: String) -> String {
    if value.chars().any(is_from_the_right) { format!("{FSI}{value}{PDI}") } else { value }
}

/// Hebrew, Arabic and their neighbours: the blocks whose characters are strong from right to left.
fn is_from_the_right(c: char) -> bool {
    matches!(
        c,
        '\u{0590}'..='\u{08FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

/// A text without what keeps its parts apart: for programs, which get it as it was before.
pub fn plain(text: &str) -> String {
    text.replace([FSI, PDI], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_from_right_to_left_is_kept_apart() {
        for plain_value in ["lin-tea", "20418", "林美華", "Ōe 🍵", ""] {
            assert_eq!(isolated(plain_value.to_owned()), plain_value);
        }
        for value in ["متجر الشاي", "שלום", "shop متجر"] {
            assert_eq!(isolated(value.to_owned()), format!("{FSI}{value}{PDI}"));
            assert_eq!(plain(&isolated(value.to_owned())), value);
        }
    }
}
