//! The space between a name in Latin letters and the Chinese beside it, which a sentence of the catalogue
//! can't have by itself: it doesn't know whose name will stand in it.

/// What goes between a value and the character of the sentence beside it. Numbers are left alone: with a
/// number a sentence says by itself how it is spaced, as in 11月24日.
pub(super) fn gap(value: &str, edge: Option<char>, beside: Option<char>) -> &'static str {
    let is_name = value.chars().any(is_latin_letter);
    let meet = is_name && edge.is_some_and(is_latin) && beside.is_some_and(is_han);
    if meet { " " } else { "" }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_digit() || is_latin_letter(c)
}

fn is_latin_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::super::filled;

    #[test]
    fn a_latin_name_is_apart_from_chinese_and_nothing_else_is() {
        for (template, value, said) in [
            ("{user}傳來訊息", "Lin Mei-hua", "Lin Mei-hua 傳來訊息"),
            ("{user}傳來訊息", "林美華", "林美華傳來訊息"),
            ("{user}傳來訊息", "林美華 Lin", "林美華 Lin 傳來訊息"),
            ("{user}傳來訊息", "lin88", "lin88 傳來訊息"),
            ("{user}傳來訊息", "José", "José 傳來訊息"),
            ("給{user}的訊息", "Lin", "給 Lin 的訊息"),
            ("給{user}的訊息", "Lin林", "給 Lin林的訊息"),
            ("「{user}」的標誌", "Lin", "「Lin」的標誌"),
            ("給 {user} 的訊息", "Lin", "給 Lin 的訊息"),
            ("{user}日", "24", "24日"),
            ("Message from {user}", "Lin", "Message from Lin"),
        ] {
            assert_eq!(filled(template, |_| Some(value.to_owned())).as_deref(), Some(said));
        }
    }
}
