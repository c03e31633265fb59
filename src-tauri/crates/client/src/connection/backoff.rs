//! When to connect again. It owns the counts that the delay depends on; the clock and the random
//! number are arguments, and it never waits by itself.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::timing::Timing;

/// How a connection, or the try to make one, came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It failed, and may work in a moment.
    Failed {
        /// The least wait that the market asked for.
        retry_after: Option<Duration>,
    },
    /// It failed in a way that seldom passes by itself.
    Slow {
        /// The least wait that the market asked for.
        retry_after: Option<Duration>,
    },
    /// The market ended the stream in good order.
    Ended,
    /// The network came up, or the machine woke: the wait or the connection so far counts for
    /// nothing.
    NetworkUp,
}

impl Outcome {
    /// The least wait that the market asked for.
    #[must_use]
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Failed { retry_after } | Self::Slow { retry_after } => retry_after,
            Self::Ended | Self::NetworkUp => None,
        }
    }
}

/// What came of a connection that opened, up to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Not one byte.
    Nothing,
    /// Bytes, and then nothing for longer than the heartbeat allows.
    ThenSilence,
    /// Bytes, for all that is known up to the end.
    ToTheEnd,
    /// The heartbeats that it announced, three of them in a row at least: it was healthy, whatever
    /// its end.
    Heartbeats,
}

/// A wait that the schedule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// From now.
    pub length: Duration,
    /// It is this long because too many connections opened of late.
    pub fused: bool,
}

/// The schedule of one connection that is made again and again: full jitter under a doubling cap.
#[derive(Debug)]
pub struct Backoff {
    timing: Timing,
    base: Duration,
    attempts: u32,
    slow_attempts: u32,
    failing_since: Option<Instant>,
    waking_until: Instant,
    last_sign_of_life: Instant,
    /// Whether the stream that ended last had been at work for so long that its end may be the
    /// market's, and so everybody's.
    was_cut_from_work: bool,
    /// When the last connections opened, as many as the fuse counts.
    opened: VecDeque<Instant>,
}

impl Backoff {
    /// The schedule at a start: the host may be asleep.
    #[must_use]
    pub fn new(timing: Timing, now: Instant) -> Self {
        Self {
            base: timing.base,
            attempts: 0,
            slow_attempts: 0,
            failing_since: None,
            waking_until: now + timing.waking,
            last_sign_of_life: now,
            was_cut_from_work: false,
            opened: VecDeque::with_capacity(timing.fuse_count),
            timing,
        }
    }

    /// Takes the base delay that the stream sets (`retry:`), within its bounds.
    pub fn set_base(&mut self, base: Duration) {
        let (least, most) = self.timing.base_bounds;
        self.base = base.clamp(least, most);
    }

    /// Counts a connection that opened.
    pub fn opened(&mut self, now: Instant) {
        while self.opened.len() >= self.timing.fuse_count {
            self.opened.pop_front();
        }
        self.opened.push_back(now);
        self.last_sign_of_life = now;
    }

    /// Counts the end of the connection that opened last. Only one that was healthy for a while
    /// starts the count of attempts again.
    pub fn closed(&mut self, now: Instant, heard: Heard) {
        self.last_sign_of_life = now;
        let open_for = self.opened.back().map_or(Duration::ZERO, |opened| now - *opened);
        self.was_cut_from_work =
            open_for >= self.timing.healthy && matches!(heard, Heard::ToTheEnd | Heard::Heartbeats);
        let was_healthy = match heard {
            Heard::Nothing => false,
            Heard::ThenSilence => open_for >= self.timing.healthy_if_silent,
            Heard::ToTheEnd => open_for >= self.timing.healthy,
            Heard::Heartbeats => true,
        };
        if was_healthy {
            self.attempts = 0;
            self.slow_attempts = 0;
            self.failing_since = None;
        }
    }

    /// The wait before the next connect. `random` is uniform in 0 … 1.
    pub fn next(&mut self, outcome: Outcome, now: Instant, random: f64) -> Delay {
        let was_cut_from_work = std::mem::take(&mut self.was_cut_from_work);
        let wanted = match outcome {
            Outcome::Ended => self.spread(random),
            Outcome::Failed { retry_after: None } if was_cut_from_work => {
                self.failing_since.get_or_insert(now);
                self.spread(random)
            }
            Outcome::Failed { retry_after } => {
                let delay = self.after_failure(now, random);
                delay.max(self.asked_for(retry_after, random))
            }
            Outcome::Slow { retry_after } => {
                self.failing_since.get_or_insert(now);
                let step = doubled(self.timing.slow, self.slow_attempts, self.timing.slow_cap);
                self.slow_attempts = self.slow_attempts.saturating_add(1);
                (step / 2 + (step / 2).mul_f64(random)).max(self.asked_for(retry_after, random))
            }
            Outcome::NetworkUp => {
                if now - self.last_sign_of_life >= self.timing.long_silence {
                    self.waking_until = now + self.timing.waking;
                }
                self.timing.network_up.mul_f64(random)
            }
        };
        self.within_limits(wanted, now)
    }

    /// The first wait of those who were all sent away at once. Should it be in vain, the doubling
    /// goes on from there: shorter waits than the first would bring them together again.
    fn spread(&mut self, random: f64) -> Duration {
        let from_there =
            (0..32).find(|n| doubled(self.base, *n, Duration::MAX) >= self.timing.spread);
        self.attempts = self.attempts.max(from_there.unwrap_or_default());
        self.timing.spread.mul_f64(random)
    }

    fn after_failure(&mut self, now: Instant, random: f64) -> Duration {
        let failing_since = *self.failing_since.get_or_insert(now);
        let cap = if now < self.waking_until {
            self.timing.waking_cap
        } else if now - failing_since >= self.timing.long_failure {
            self.timing.long_cap
        } else {
            self.timing.cap
        };
        // A base beyond the cap is the market's own wish; the cap is only there for the doubling.
        let most = doubled(self.base, self.attempts, cap.max(self.base));
        self.attempts = self.attempts.saturating_add(1);
        most.mul_f64(random).max(self.timing.least)
    }

    /// A `Retry-After` with its spread: never earlier, and not all at the same moment.
    fn asked_for(&self, retry_after: Option<Duration>, random: f64) -> Duration {
        let most = self.timing.retry_after_most;
        let least = retry_after.unwrap_or_default().min(most);
        least.mul_f64(1.0 + 0.25 * random).min(most)
    }

    fn within_limits(&self, wanted: Duration, now: Instant) -> Delay {
        let since_start = |limit: Instant| limit.saturating_duration_since(now);
        let gap = self.opened.back().map(|last| since_start(*last + self.timing.same_client_gap));
        let fuse = (self.opened.len() >= self.timing.fuse_count)
            .then(|| self.opened.front().map(|first| since_start(*first + self.timing.fuse_window)))
            .flatten();
        let length = wanted.max(gap.unwrap_or_default());
        match fuse {
            Some(fuse) if fuse > length => Delay { length: fuse, fused: true },
            _ => Delay { length, fused: false },
        }
    }
}

/// `min(cap, first · 2ⁿ)`.
fn doubled(first: Duration, n: u32, cap: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(n)).min(cap)
}

#[cfg(test)]
#[path = "backoff_tests.rs"]
mod tests;
