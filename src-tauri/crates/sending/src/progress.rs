//! How far a sending is, as people are told: not more often than they can see.

use agora_ledger::{Counts, Halt, Outcome, Sending, State};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// The least time between two that are told.
const APART: Duration = Duration::from_millis(250);

/// The time over which the present rate is measured.
const MEASURED: Duration = Duration::from_secs(10);

/// How far a sending is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The sending as it stands now.
    pub sending: Sending,
    /// How many requests a second were answered lately; 0 before any was.
    pub per_second: f64,
    /// When it goes on, where the market asked to wait: milliseconds since 1970.
    pub resumes: Option<i64>,
}

impl Progress {
    /// Whether nobody has it any more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.sending.state, State::Halted | State::Done)
    }

    /// The time that is left at the present rate; `None` while there is none.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        let left = f64::from(self.sending.counts.left() + self.sending.counts.under_way);
        let is_going = self.sending.state == State::Running && self.per_second > 0.0;
        is_going.then(|| Duration::try_from_secs_f64(left / self.per_second).ok()).flatten()
    }
}

/// Keeps count while a sending runs.
pub(crate) struct Count {
    pub(crate) now: Progress,
    answered: VecDeque<Instant>,
    begun: Instant,
    told: Option<Instant>,
}

impl Count {
    pub(crate) fn of(sending: Sending) -> Self {
        let now = Progress { sending, per_second: 0.0, resumes: None };
        Self { now, answered: VecDeque::new(), begun: Instant::now(), told: None }
    }

    pub(crate) fn left(&mut self, from: Outcome) {
        *self.counts().of(from) -= 1;
        self.counts().under_way += 1;
    }

    pub(crate) fn answered(&mut self, outcome: Outcome) {
        let now = Instant::now();
        self.counts().under_way -= 1;
        *self.counts().of(outcome) += 1;
        self.answered.push_back(now);
        while self.answered.front().is_some_and(|first| now - *first > MEASURED) {
            self.answered.pop_front();
        }
        let over = (now - self.begun).min(MEASURED).as_secs_f64().max(0.2);
        let answered = u32::try_from(self.answered.len()).unwrap_or(u32::MAX);
        self.now.per_second = f64::from(answered) / over;
    }

    pub(crate) fn stands(&mut self, state: State, halt: Option<Halt>) {
        (self.now.sending.state, self.now.sending.halt) = (state, halt);
        (self.now.resumes, self.told) = (None, None);
    }

    /// Whether it is time to tell of it.
    pub(crate) fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let is_due = self.told.is_none_or(|told| now - told >= APART);
        if is_due {
            self.told = Some(now);
        }
        is_due
    }

    /// What is told next is told at once.
    pub(crate) fn hurry(&mut self) {
        self.told = None;
    }

    fn counts(&mut self) -> &mut Counts {
        &mut self.now.sending.counts
    }
}
