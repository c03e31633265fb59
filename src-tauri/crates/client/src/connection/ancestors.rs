//! When the market will forget an open stream for the sake of an earlier one. It owns what is known
//! of the streams before, under an id that can't be varied; `names` says why they matter.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// A stream that the market ended sooner says nothing of how long it keeps one.
const LEAST_LIFE: Duration = Duration::from_mins(1);

/// The streams of before under the same id.
#[derive(Debug)]
pub(super) struct Ancestors {
    /// When they opened, oldest first: those whose time at the market isn't over.
    opened: VecDeque<Instant>,
    /// How long the market keeps a stream.
    life: Duration,
}

impl Ancestors {
    /// `life` holds until the market has ended a stream itself.
    pub(super) fn new(life: Duration) -> Self {
        Self { opened: VecDeque::new(), life }
    }

    /// A stream that opened at `opened` is over. One that the market ended has cleaned up after
    /// itself, and shows how long the others will last.
    pub(super) fn add(&mut self, opened: Instant, now: Instant, market_ended_it: bool) {
        if !market_ended_it {
            self.opened.push_back(opened);
        } else if now - opened >= LEAST_LIFE {
            self.life = now - opened;
        }
    }

    /// When the next of them takes whatever stream is open then with it.
    pub(super) fn next_death(&mut self, now: Instant) -> Option<Instant> {
        while self.opened.front().is_some_and(|opened| *opened + self.life <= now) {
            self.opened.pop_front();
        }
        self.opened.front().map(|opened| *opened + self.life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_stream_dies_with_each_one_before_it_when_that_ones_time_is_over() {
        let start = Instant::now();
        let mut ancestors = Ancestors::new(30 * MINUTE);
        assert_eq!(ancestors.next_death(start), None);
        ancestors.add(start, start + 2 * MINUTE, false);
        ancestors.add(start + 2 * MINUTE, start + 3 * MINUTE, false);
        assert_eq!(ancestors.next_death(start + 4 * MINUTE), Some(start + 30 * MINUTE));
        let first = start + 30 * MINUTE;
        assert_eq!(ancestors.next_death(first), Some(start + 32 * MINUTE));
        assert_eq!(ancestors.next_death(start + 40 * MINUTE), None);
    }

    #[test]
    fn one_that_the_market_ended_leaves_nothing_and_shows_how_long_the_others_last() {
        let start = Instant::now();
        let mut ancestors = Ancestors::new(30 * MINUTE);
        ancestors.add(start, start + 5 * MINUTE, true);
        assert_eq!(ancestors.next_death(start + 5 * MINUTE), None);
        let second = start + 6 * MINUTE;
        ancestors.add(second, second + MINUTE / 2, true);
        ancestors.add(second, second + MINUTE, false);
        assert_eq!(ancestors.next_death(second + MINUTE), Some(second + 5 * MINUTE));
    }
}
