//! A message that a person sends to themselves, to see each place that an alert comes through.

use crate::SendOutcome;
use agora_rules::Fate;
use std::time::Duration;

/// How far the test has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// Whether it goes on.
    pub running: bool,
    /// Whether it goes through the market; otherwise a local alert takes its place.
    pub through_market: bool,
    /// The market accepted it.
    pub accepted: Hop,
    /// It came over the stream.
    pub received: Hop,
    /// It is in the inbox.
    pub committed: Hop,
    /// Its toast is on the screen.
    pub shown: Hop,
}

/// What became of the test at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hop {
    /// It hasn't come so far.
    #[default]
    Waiting,
    /// It came through, so long after it was sent.
    Passed(Duration),
    /// It got no further.
    Failed(Failure),
}

/// Why the test got no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing is connected that it could come over.
    NotConnected,
    /// The client id doesn't say which user to send it to.
    NoUser,
    /// The market didn't accept it.
    NotAccepted(SendOutcome),
    /// The market's answer was lost, and so far the message hasn't come, which would be one too.
    NoAnswer(String),
    /// It wasn't sent, so it can't be received.
    NotSent,
    /// It didn't come in time.
    NotInTime,
    /// The inbox can't keep it.
    NoInbox,
    /// What became of its toast in place of being shown.
    Toast(Fate),
}

impl SelfTest {
    pub(crate) fn begun() -> Self {
        let waiting = || Hop::Waiting;
        Self {
            running: true,
            through_market: true,
            accepted: waiting(),
            received: waiting(),
            committed: waiting(),
            shown: waiting(),
        }
    }

    /// Whatever hasn't come by now doesn't count any more.
    pub(crate) fn end(&mut self) {
        for hop in [&mut self.accepted, &mut self.received, &mut self.committed, &mut self.shown] {
            if *hop == Hop::Waiting {
                *hop = Hop::Failed(Failure::NotInTime);
            }
        }
        self.running = false;
    }
}
