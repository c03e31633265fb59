//! The bearer token, and what people type: values that never show themselves. It owns the redaction, of itself and of any
//! text from outside that quotes it; where a token may go is decided in `http`.

use std::fmt;

use zeroize::Zeroizing;

use crate::input::{Field, InvalidInput, Rule};

/// As many characters of a token's beginning are taken for it: whoever quotes it may cut it.
const TELLING: usize = 16;

/// What only its owner may know: a password, or a code. Its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// A bearer token: visible ASCII, so that a header can carry it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Secret);

impl Secret {
    /// Takes a text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A text from outside with `…` in place of it, wherever it is quoted: in any case (a
    /// host's is lower), its beginning alone, and with anything but visible ASCII in between, so
    /// that no cleaning of the text puts it together again.
    pub(crate) fn taken_out_of(&self, text: &str) -> String {
        let mut left = String::with_capacity(text.len());
        let mut hidden = 0;
        for (at, c) in text.char_indices() {
            let quoted = self.quoted_in_the_beginning(&text[at..]);
            if at >= hidden {
                left.push(if quoted > 0 { '…' } else { c });
            }
            hidden = hidden.max(at + quoted);
        }
        left
    }

    /// How many bytes of the text's beginning quote it.
    fn quoted_in_the_beginning(&self, text: &str) -> usize {
        let token = self.0.as_bytes();
        let (mut matched, mut end) = (0, 0);
        for (at, byte) in text.bytes().enumerate() {
            let is_next = token.get(matched).is_some_and(|next| next.eq_ignore_ascii_case(&byte));
            if is_next {
                (matched, end) = (matched + 1, at + 1);
            } else if matched == 0 || matched == token.len() || byte.is_ascii_graphic() {
                break;
            }
        }
        if matched >= token.len().min(TELLING) { end } else { 0 }
    }

    /// The secret itself, for the request and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Token {
    /// Reads a token; white space around it (a pasted line's end) isn't part of it.
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidInput::new(Field::Token, Rule::Required));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidInput::new(Field::Token, Rule::VisibleAscii));
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The secret itself, for the keyring and the request header and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A text from outside, without the token that it may quote.
pub(crate) fn redact(text: Option<String>, token: Option<&Token>) -> Option<String> {
    match token {
        Some(token) => text.map(|text| token.0.taken_out_of(&text)),
        None => text,
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_a_header_can_carry() {
        assert_eq!(Token::parse(" a.b-c \n").unwrap().expose(), "a.b-c");
        assert_eq!(Token::parse("\n").unwrap_err().rule, Rule::Required);
        for text in ["a b", "a\r\nHost: b", "密碼", "a\0"] {
            assert_eq!(Token::parse(text).unwrap_err().rule, Rule::VisibleAscii);
        }
    }

    #[test]
    fn what_quotes_it_is_told_without_it() {
        let token = Token::parse("eyJhbGciOi.JIUzI1NiJ9-secret").unwrap();
        let short = Token::parse("secret").unwrap();
        for (token, text, left) in [
            (&short, "", ""),
            (&short, "no secret here", "no … here"),
            (&short, "SeCrEtsecret", "……"),
            (&short, "secsecret", "sec…"),
            (&short, "s\u{200b}e\u{202e}c\nr e\u{ad}t商", "…商"),
            (&short, "secre", "secre"),
            (&short, "s-ecret", "s-ecret"),
            (&token, "to https://eyjhbgcioi.jiuzi1nij9-secret.evil.test", "to https://….evil.test"),
            (&token, "text/EYJHBGCIOI.JIUZI1NIJ9-SECRET; x", "text/…; x"),
            (&token, "invalid token 'eyJhbGciOi.JIUzI1N…'", "invalid token '……'"),
            (&token, "eyJhbGciOi.JIUzI1Ni", "…"),
            (&token, "eyJhbGciOi is a header", "eyJhbGciOi is a header"),
        ] {
            assert_eq!(token.0.taken_out_of(text), left, "{text:?}");
        }
        let repeats = Token::parse("ababababababababababx").unwrap();
        assert_eq!(repeats.0.taken_out_of("1 abababababababababababx 2"), "1 … 2");
    }

    #[test]
    fn no_text_shows_it_once_it_is_cleaned() {
        let token = Token::parse("ab.Ab-cab").unwrap();
        let pieces =
            ["a", "B", ".", "-", "c", "ab", "AB.AB-CAB", "\u{200b}", "\u{7}", " ", "商", "x"];
        for _ in 0..20_000 {
            let length = rand::random_range(0..24);
            let text: String =
                (0..length).map(|_| pieces[rand::random_range(0..pieces.len())]).collect();
            let left = token.0.taken_out_of(&text);
            let cleaned: String =
                left.chars().filter(|c| c.is_ascii_graphic() || *c == '…').collect();
            assert!(!cleaned.to_lowercase().contains("ab.ab-cab"), "{text:?} became {left:?}");
        }
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Token::parse("secret").unwrap()), "Token(…)");
    }
}
