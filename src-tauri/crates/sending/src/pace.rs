//! How fast requests may leave: at most so many in any second, and so many under way at a time.
//!
//! What the market sees is what counts, and nobody knows when a request arrives there, only that it is after
//! it left and before its answer. So each place among those of a second is free again a second after the
//! answer: two requests of one place are more than a second apart wherever one looks.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// The places, and who has them.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When each place that nobody has is free, the earliest first.
    free: VecDeque<Instant>,
    under_way: usize,
    at_once: usize,
    apart: Duration,
    /// The earliest start of the next.
    next: Instant,
}

impl Pace {
    pub(crate) fn new(per_second: u16, at_once: u16, now: Instant) -> Self {
        let per_second = per_second.max(1);
        Self {
            free: std::iter::repeat_n(now, per_second.into()).collect(),
            under_way: 0,
            at_once: at_once.max(1).into(),
            apart: SECOND / u32::from(per_second),
            next: now,
        }
    }

    /// When the next may leave; `None` before an answer has come.
    pub(crate) fn ready(&self) -> Option<Instant> {
        let free = self.free.front().filter(|_| self.under_way < self.at_once)?;
        Some(self.next.max(*free))
    }

    /// One leaves.
    pub(crate) fn leave(&mut self, now: Instant) {
        self.free.pop_front();
        self.under_way += 1;
        self.next = self.next.max(now + self.apart);
    }

    /// The answer to one has come, or nobody waits for it any more.
    pub(crate) fn answered(&mut self, now: Instant) {
        self.free.push_back(now + SECOND);
        self.under_way -= 1;
    }

    /// None leaves before.
    pub(crate) fn hold(&mut self, until: Instant) {
        self.next = self.next.max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers take longer and shorter in turn, and each request arrives as early or as late as it can.
    #[test]
    fn no_second_sees_one_more_than_it_may() {
        const RATE: u16 = 7;
        let start = Instant::now();
        let mut pace = Pace::new(RATE, 5, start);
        let mut now = start;
        let (mut open, mut arrived) = (VecDeque::new(), Vec::new());
        for number in 0..2_000_u64 {
            loop {
                let answer = open.iter().min().copied();
                match (pace.ready(), answer) {
                    (Some(ready), answer) if answer.is_none_or(|answer| ready <= answer) => {
                        now = now.max(ready);
                        break;
                    }
                    (_, answer) => {
                        now = now.max(answer.unwrap());
                        open.retain(|open| Some(*open) != answer);
                        pace.answered(now);
                    }
                }
            }
            pace.leave(now);
            let takes = Duration::from_millis(number * 7919 % 1_700 + number % 3);
            open.push_back(now + takes + Duration::from_nanos(number));
            arrived.push(if number % 3 == 0 { now + takes } else { now });
            assert!(open.len() <= 5);
        }
        arrived.sort();
        let most =
            arrived.windows(usize::from(RATE) + 1).map(|some| some[usize::from(RATE)] - some[0]);
        assert!(most.min().unwrap() >= SECOND);
    }

    #[test]
    fn who_is_asked_to_wait_waits() {
        let start = Instant::now();
        let mut pace = Pace::new(2, 2, start);
        pace.leave(start);
        assert_eq!(pace.ready(), Some(start + SECOND / 2));
        pace.hold(start + 9 * SECOND);
        pace.answered(start);
        assert_eq!(pace.ready(), Some(start + 9 * SECOND));
    }
}
