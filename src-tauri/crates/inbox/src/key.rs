//! An alert's key is its time: the list's order, a page's place, a day's bounds and the search
//! index's order are all the order of keys, and none of them needs an index of its own.
//!
//! The upper bits are milliseconds since the Unix epoch, the lower ones count within a millisecond
//! and spill into the next. Keys stay below 2⁵³, the largest whole number that the page can hold
//! exactly, until the year 2109.

use crate::AlertId;

const COUNT_BITS: u32 = 11;
/// The first millisecond whose keys would not fit: in the year 2109.
const END_MS: i64 = 1 << 42;
/// Above every key.
pub(crate) const END: AlertId = AlertId::MAX;

/// The lowest key of a time, in milliseconds since the Unix epoch; a time that has no key is moved
/// to the nearest that has.
pub fn first_at(at_ms: i64) -> AlertId {
    at_ms.clamp(0, END_MS - 1) << COUNT_BITS
}

/// The time of a key, in milliseconds since the Unix epoch.
pub fn time_of(id: AlertId) -> i64 {
    id >> COUNT_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_follow_their_times_and_fit_into_the_pages_numbers() {
        assert!(first_at(1) > first_at(0) + 2_000);
        assert_eq!(time_of(first_at(1_795_000_000_123) + 2_047), 1_795_000_000_123);
        assert_eq!(first_at(-5), 0);
        assert!(first_at(i64::MAX) < 1 << 53);
    }
}
