//! Pairing two lists of times, one with one, in no more than the time of sorting them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far two may be apart that are one, in milliseconds: so much earlier or later than the stored one
/// the streamed one is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) early: i64,
    pub(super) late: i64,
}

impl Window {
    fn holds(self, stored: i64, streamed: i64) -> bool {
        let after = streamed.saturating_sub(stored);
        (-self.early..=self.late).contains(&after)
    }
}

/// A time, and whose it is.
type Timed = (i64, usize);

/// Pairs as many as can be, the earliest first. Both lists are in the order of time.
pub(super) fn in_order(
    stored: &[Timed],
    streamed: &[Timed],
    window: Window,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut rest = streamed.iter().peekable();
    for (at, one) in stored {
        while rest.next_if(|(other_at, _)| *other_at < at.saturating_sub(window.early)).is_some() {}
        if let Some((_, other)) = rest.next_if(|(other_at, _)| window.holds(*at, *other_at)) {
            pairs.push((*one, *other));
        }
    }
    pairs
}

/// Pairs the nearest two, then the nearest of the rest, and so on. Both lists are in the order of time.
pub(super) fn nearest(stored: &[Timed], streamed: &[Timed], window: Window) -> Vec<(usize, usize)> {
    let mut row = Row::of(stored, streamed);
    let mut pairs = Vec::new();
    let mut nearest: BinaryHeap<_> =
        (1..row.points.len()).filter_map(|right| row.distance(right - 1, right, window)).collect();
    // The nearest two of all are beside each other: whatever stood between would be nearer to one of them.
    while let Some(Reverse((_, left, right))) = nearest.pop() {
        if row.next[left] != right || row.prev[right] != left {
            continue;
        }
        let ((_, is_stored, one), (_, _, other)) = (row.points[left], row.points[right]);
        pairs.push(if is_stored { (one, other) } else { (other, one) });
        let (before, after) = row.take_out(left, right);
        if before != Row::EDGE && after != Row::EDGE {
            nearest.extend(row.distance(before, after, window));
        }
    }
    pairs
}

/// Both lists in one, as a chain out of which pairs are taken.
struct Row {
    /// When, whether it is a stored one, and whose it is.
    points: Vec<(i64, bool, usize)>,
    prev: Vec<usize>,
    next: Vec<usize>,
}

impl Row {
    /// Where there is no other.
    const EDGE: usize = usize::MAX;

    fn of(stored: &[Timed], streamed: &[Timed]) -> Self {
        let stored = stored.iter().map(|(at, one)| (*at, true, *one));
        let streamed = streamed.iter().map(|(at, one)| (*at, false, *one));
        let mut points: Vec<_> = stored.chain(streamed).collect();
        points.sort_unstable();
        let count = points.len();
        let prev = (0..count).map(|at| at.checked_sub(1).unwrap_or(Self::EDGE)).collect();
        let next = (1..=count).map(|at| if at < count { at } else { Self::EDGE }).collect();
        Self { points, prev, next }
    }

    /// How far apart two are that may be one, for a heap that gives the least.
    fn distance(
        &self,
        left: usize,
        right: usize,
        window: Window,
    ) -> Option<Reverse<(i64, usize, usize)>> {
        let ((left_at, is_stored, _), (right_at, is_other, _)) =
            (self.points[left], self.points[right]);
        let (stored, streamed) = if is_stored { (left_at, right_at) } else { (right_at, left_at) };
        (is_stored != is_other && window.holds(stored, streamed))
            .then(|| Reverse((right_at.saturating_sub(left_at), left, right)))
    }

    /// Takes two out that are beside each other; who is beside them.
    fn take_out(&mut self, left: usize, right: usize) -> (usize, usize) {
        let (before, after) = (self.prev[left], self.next[right]);
        // So that what was known of them is seen to be over.
        (self.next[left], self.prev[right]) = (Self::EDGE, Self::EDGE);
        (self.prev[left], self.next[right]) = (Self::EDGE, Self::EDGE);
        if before != Self::EDGE {
            self.next[before] = after;
        }
        if after != Self::EDGE {
            self.prev[after] = before;
        }
        (before, after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    const WINDOW: Window = Window { early: 3, late: 10 };

    fn timed(times: &[i64]) -> Vec<Timed> {
        times.iter().copied().zip(0..).collect()
    }

    fn near(stored: &[i64], streamed: &[i64]) -> Vec<(usize, usize)> {
        let mut pairs = nearest(&timed(stored), &timed(streamed), WINDOW);
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn each_finds_its_own() {
        assert_eq!(near(&[0, 60], &[61]), [(1, 0)], "one was missed before");
        assert_eq!(near(&[0, 2], &[0]), [(0, 0)], "one was missed after");
        assert_eq!(near(&[0, 0, 0], &[1, 1]).len(), 2, "two of three");
        assert_eq!(near(&[10], &[6]), [], "too early");
        assert_eq!(near(&[10], &[7]), [(0, 0)]);
        assert_eq!(near(&[10], &[20]), [(0, 0)]);
        assert_eq!(near(&[10], &[21]), [], "too late");
        assert_eq!(near(&[], &[1]), []);
    }

    /// The most pairs there can be: by augmenting paths, which takes its time.
    fn most(stored: &[i64], streamed: &[i64]) -> usize {
        fn augment(
            one: usize,
            stored: &[i64],
            streamed: &[i64],
            seen: &mut [bool],
            of: &mut [Option<usize>],
        ) -> bool {
            (0..streamed.len()).any(|other| {
                WINDOW.holds(stored[one], streamed[other])
                    && !std::mem::replace(&mut seen[other], true)
                    && of[other].is_none_or(|owner| augment(owner, stored, streamed, seen, of))
                    && {
                        of[other] = Some(one);
                        true
                    }
            })
        }
        let mut of = vec![None; streamed.len()];
        let mut count = 0;
        for one in 0..stored.len() {
            let mut seen = vec![false; streamed.len()];
            count += usize::from(augment(one, stored, streamed, &mut seen, &mut of));
        }
        count
    }

    #[test]
    fn no_more_can_be_paired_in_order_and_each_pair_fits_and_is_one_with_one() {
        let mut random = StdRng::seed_from_u64(11);
        for _ in 0..3_000 {
            let mut times = |most: usize| {
                let count = random.random_range(0..=most);
                let mut times: Vec<i64> = (0..count).map(|_| random.random_range(0..60)).collect();
                times.sort_unstable();
                times
            };
            let (stored, streamed) = (times(12), times(12));
            let in_order = in_order(&timed(&stored), &timed(&streamed), WINDOW);
            assert_eq!(in_order.len(), most(&stored, &streamed), "{stored:?} {streamed:?}");
            for pairs in [in_order, near(&stored, &streamed)] {
                let mut ones: Vec<_> = pairs.iter().map(|(one, _)| *one).collect();
                let mut others: Vec<_> = pairs.iter().map(|(_, other)| *other).collect();
                for indices in [&mut ones, &mut others] {
                    indices.sort_unstable();
                    indices.dedup();
                    assert_eq!(indices.len(), pairs.len());
                }
                assert!(pairs.iter().all(|(a, b)| WINDOW.holds(stored[*a], streamed[*b])));
            }
        }
    }
}
