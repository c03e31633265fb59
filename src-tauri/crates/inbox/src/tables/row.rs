//! Reading what is in a row, whatever it is. The tables are strict, but another program, a tool or a
//! disk may have written into the file: a text that isn't UTF-8, or something else in its place, is
//! shown as far as it can be read, and costs neither a list nor a search.

use rusqlite::Row;
use rusqlite::types::ValueRef;
use std::borrow::Cow;

/// The text in a column; what isn't UTF-8 in it is a replacement character, NULL is empty.
pub(crate) fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<Cow<'a, str>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
        ValueRef::Integer(number) => number.to_string().into(),
        ValueRef::Real(number) => number.to_string().into(),
        ValueRef::Null => Cow::default(),
    })
}

/// The same, where NULL is something else than an empty text.
pub(crate) fn text_if_any(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => text(row, column).map(|text| Some(text.into_owned())),
    }
}

/// The whole number in a column; 0 where there is none.
pub(crate) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<i64> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => number,
        // Beyond its ends a float becomes the nearest.
        #[expect(clippy::cast_possible_truncation, reason = "that is what is wanted of it")]
        ValueRef::Real(number) => number as i64,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).trim().parse().unwrap_or_default()
        }
        ValueRef::Null => 0,
    })
}

/// Whether a column says yes.
pub(crate) fn flag(row: &Row<'_>, column: usize) -> rusqlite::Result<bool> {
    number(row, column).map(|number| number != 0)
}
