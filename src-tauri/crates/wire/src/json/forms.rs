//! The forms of a value: whoever writes 7, writes `7`, `7.0` or `"7"`, by the library that did it.

use super::Json;
use crate::WrittenTime;

impl Json<'_> {
    /// What it says, as it was written: text, a number or a truth value; `None` for null, an array or
    /// an object.
    pub fn scalar(self) -> Option<String> {
        match self.first() {
            b'"' => self.text(),
            b'{' | b'[' => None,
            _ if self.is_null() => None,
            // 1250.0 is how some serializers write 1250.
            _ if is_number(self.written) => Some(without_point(self.written).to_owned()),
            _ => Some(self.written.to_owned()),
        }
    }

    /// An id: a whole number, also as text.
    pub fn id(self) -> Option<i64> {
        without_point(self.scalar()?.trim()).parse().ok()
    }

    /// A count: a whole number that isn't negative, also as text.
    pub fn count(self) -> Option<u64> {
        self.id()?.try_into().ok()
    }

    /// A number, also as text.
    pub fn number(self) -> Option<f64> {
        let text = self.scalar()?;
        let text = text.trim();
        is_number(text).then(|| text.parse().ok())?.filter(|number: &f64| number.is_finite())
    }

    /// A truth value: `true`, `"true"` or 1, `false`, `"false"` or 0.
    pub fn truth(self) -> Option<bool> {
        match self.scalar()?.trim() {
            text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            _ => None,
        }
    }

    /// A time, in any form that [`WrittenTime::parse`] knows.
    pub fn time(self) -> Option<WrittenTime> {
        match self.first() {
            b'[' if self.is_whole => WrittenTime::parse(self.written),
            _ => WrittenTime::parse(&self.scalar()?),
        }
    }
}

/// A number as JSON writes it (RFC 8259, 6), or nearly so.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

fn without_point(number: &str) -> &str {
    number.strip_suffix(".0").unwrap_or(number)
}
