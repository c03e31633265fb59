//! What a string says, its escapes read.

use std::borrow::Cow;

/// The text between the quotes. What is no character becomes U+FFFD, once.
pub(super) fn read(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (c, behind) = one(escape);
        text.extend(c);
        rest = behind;
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character of the escape whose backslash stands before, and what follows it. One that JSON
/// doesn't know is the character itself; there is none where the text was cut off.
fn one(escape: &str) -> (Option<char>, &str) {
    let mut rest = escape.chars();
    let c = rest.next().map(|c| match c {
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => char::REPLACEMENT_CHARACTER,
        other => other,
    });
    if !escape.starts_with('u') {
        return (c, rest.as_str());
    }
    let Some((high, behind)) = unit(rest.as_str()) else { return (c, rest.as_str()) };
    let pair = behind.strip_prefix("\\u").and_then(unit);
    if let Some((low, behind_both)) = pair
        && let Some(Ok(c)) = char::decode_utf16([high, low]).next()
        && c.len_utf16() == 2
    {
        return (Some(c), behind_both);
    }
    (char::from_u32(high.into()).or(c), behind)
}

/// Four hexadecimal digits, and what follows them.
fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?, rest))
}
