//! How tokens stand in a keyring's entry: a token alone as it is, with what it is renewed with as JSON. A
//! token never begins with a brace.

use agora_client::{Token, Tokens};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What is written of tokens at first goes into so many bytes: what grows leaves its former memory behind.
const USUAL: usize = 16 * 1024;

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
}

/// The entry's bytes.
pub(super) fn written(tokens: &Tokens) -> Zeroizing<Vec<u8>> {
    let token = tokens.access.expose();
    let mut bytes = Zeroizing::new(Vec::with_capacity(USUAL));
    if tokens.refresh.is_none() && tokens.expires.is_none() {
        bytes.extend_from_slice(token.as_bytes());
        return bytes;
    }
    let written = Written {
        token: token.into(),
        refresh_token: tokens.refresh.as_ref().map(|token| token.expose().into()),
        expires: tokens.expires,
    };
    // Texts and a time, into memory: it can't fail.
    serde_json::to_writer(&mut *bytes, &written).unwrap_or_default();
    bytes
}

/// What an entry's bytes say; `None` where they are no tokens.
pub(super) fn read(bytes: &[u8]) -> Option<Tokens> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.starts_with('{') {
        return Token::parse(text).ok().map(Into::into);
    }
    let written: Written<'_> = serde_json::from_str(text).ok()?;
    let refresh = written.refresh_token.map(|token| Token::parse(&token)).transpose().ok()?;
    Some(Tokens { access: Token::parse(&written.token).ok()?, refresh, expires: written.expires })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token {
        Token::parse(text).unwrap()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let expires = Some(Timestamp::from_second(1_800_000_000).unwrap());
        for refresh in [None, Some(token(r#"r"\e/"#))] {
            for expires in [None, expires] {
                let tokens = Tokens { access: token("a.b.c"), refresh: refresh.clone(), expires };
                assert_eq!(read(&written(&tokens)), Some(tokens));
            }
        }
        assert_eq!(*written(&token("a.b.c").into()), b"a.b.c");
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in
            ["", "a b", "{", "{}", r#"{"token":""}"#, r#"{"token":"a","refresh_token":" "}"#]
        {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read(b"\xff"), None);
    }
}
