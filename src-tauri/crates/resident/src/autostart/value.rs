//! How a command stands in a desktop entry's `Exec` (Desktop Entry Specification, *The Exec key*): words in
//! quotes, in a text of which a backslash is an escape once more.

/// The words as an `Exec` has them; `None`: one of them can't stand there.
pub(super) fn written(words: &[&str]) -> Option<String> {
    let words: Option<Vec<String>> = words.iter().map(|word| quoted(word)).collect();
    Some(words?.join(" ").replace('\\', r"\\"))
}

fn quoted(word: &str) -> Option<String> {
    if word.chars().any(char::is_control) {
        return None;
    }
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/-_.=+,@:".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Some(word.to_owned());
    }
    let mut quoted = String::from('"');
    for letter in word.chars() {
        match letter {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', letter]),
            '%' => quoted.push_str("%%"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    Some(quoted)
}

/// The words of an `Exec`, without what a launcher puts in, such as `%U`.
pub(super) fn words(exec: &str) -> Vec<String> {
    let text = unescaped(exec);
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut is_quoted = false;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            '\\' if is_quoted => word.get_or_insert_default().extend(letters.next()),
            '%' => {
                if letters.next() == Some('%') {
                    word.get_or_insert_default().push('%');
                }
            }
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('s') => text.push(' '),
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            // What is no escape is itself.
            other => text.extend(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_path_is_made_of_it_is_read_as_it_was_written() {
        for path in [
            "/usr/bin/agora-notifier",
            "/home/mei/My Apps/Agora 1.0.AppImage",
            "/home/美/程式/agora",
            r#"/odd/"quoted"/`run`/$HOME/100%/back\slash/'single'"#,
            r"/ends/in\",
            "/a;b&c|d(e)<f>~*?#",
        ] {
            let line = written(&["env", "AGORA_HOME=/a b", path, "--at-login"]).unwrap();
            assert_eq!(words(&line), ["env", "AGORA_HOME=/a b", path, "--at-login"], "{line}");
        }
        assert_eq!(written(&["/a\nHidden=true"]), None);
    }

    /// The specification's own: four backslashes for one, and two before a dollar.
    #[test]
    fn escapes_are_doubled() {
        assert_eq!(written(&[r"a\b"]).unwrap(), r#""a\\\\b""#);
        assert_eq!(written(&["a$b"]).unwrap(), r#""a\\$b""#);
        assert_eq!(written(&["/usr/bin/x", "--y"]).unwrap(), "/usr/bin/x --y");
    }

    #[test]
    fn what_others_write_is_read_as_launchers_do() {
        assert_eq!(words("agora-notifier %U --hidden"), ["agora-notifier", "--hidden"]);
        assert_eq!(words(r#"  "a b"c	d "#), ["a bc", "d"]);
        assert_eq!(words(""), [""; 0]);
    }
}
