//! The three schedules, behind one face: the wait after a failure.

use std::time::Duration;

use agora_client::connection::{Backoff, Heard, Outcome, Timing};
use tokio::time::Instant;

/// Which schedule a client follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The app's.
    Agora,
    /// A browser's `EventSource`.
    Fixed,
    /// Doubling without jitter.
    Exponential,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Agora, Self::Fixed, Self::Exponential];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Agora => "this app",
            Self::Fixed => "fixed 3 s",
            Self::Exponential => "doubling, no jitter",
        }
    }
}

/// How long the streams had been open when they were cut.
const OPEN_FOR: Duration = Duration::from_hours(1);

/// One client's schedule, from the moment of the cut.
pub(crate) enum Schedule {
    Agora { backoff: Box<Backoff>, cut: Instant },
    Fixed,
    Exponential { attempts: u32 },
}

impl Schedule {
    /// The schedule of a client that learns of the cut `noticed` after it.
    pub(crate) fn at_cut(kind: Kind, noticed: Duration) -> Self {
        match kind {
            Kind::Agora => {
                let start = Instant::now();
                let cut = start + OPEN_FOR;
                let mut backoff = Backoff::new(Timing::default(), start);
                backoff.opened(start);
                backoff.closed(cut + noticed, Heard::ToTheEnd);
                Self::Agora { backoff: Box::new(backoff), cut }
            }
            Kind::Fixed => Self::Fixed,
            Kind::Exponential => Self::Exponential { attempts: 0 },
        }
    }

    /// The wait after a failure that is learnt of `since_cut`; `random` is uniform in 0 … 1.
    pub(crate) fn wait(&mut self, since_cut: Duration, random: f64) -> Duration {
        match self {
            Self::Agora { backoff, cut } => {
                let failed = Outcome::Failed { retry_after: None };
                backoff.next(failed, *cut + since_cut, random).length
            }
            Self::Fixed => Duration::from_secs(3),
            Self::Exponential { attempts } => {
                let wait = Duration::from_secs(2_u64.saturating_pow(*attempts).min(30));
                *attempts = attempts.saturating_add(1);
                wait
            }
        }
    }
}
