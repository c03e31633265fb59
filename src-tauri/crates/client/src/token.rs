//! The bearer token: a value that never shows itself. It owns the redaction; where a token may go
//! is decided in `http`.

use std::fmt;

use crate::input::{Field, InvalidInput, Rule};

/// A bearer token: visible ASCII, so that a header can carry it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

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
        Ok(Self(text.to_owned()))
    }

    /// The secret itself, for the keyring and the request header and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
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
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Token::parse("secret").unwrap()), "Token(…)");
    }
}
