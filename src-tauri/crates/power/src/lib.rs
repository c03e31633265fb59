//! When the machine slept, and when its network came up or was lost: the moments at which whoever
//! keeps a connection has to doubt it. It owns hearing of them and telling one from many; what
//! follows is the listener's.
//!
//! | source | Linux | elsewhere |
//! | --- | --- | --- |
//! | the end of a sleep | logind, `PrepareForSleep` | |
//! | the wall clock jumped | a timer that the kernel cancels | looked at every 30 s |
//! | the network came up, or is lost | netlink: addresses and routes | netwatcher: addresses |
//!
//! On Linux nothing is polled: with nothing to tell there is not one wake-up. A source that isn't
//! there (no system bus, a kernel that refuses) is logged and done without.

mod clock;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod logind;
mod network;
mod reach;
mod wake;

use std::error::Error;
use std::fmt;
use std::future::pending;
use std::time::SystemTime;

use clock::Clock;
use network::Network;
use wake::LastWake;

/// Why a connection from before may be dead, or one that failed may now work; or why none can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The system says that the machine woke from sleep.
    Woke,
    /// The wall clock went ahead by more time than passed: the machine slept, or stood still.
    ClockJumped,
    /// There is a way out that wasn't there before, or the one that was used is gone.
    NetworkUp,
    /// There is no way out any more. A connection may outlive it, if it is short.
    NetworkLost,
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Woke => "the machine woke",
            Self::ClockJumped => "the clock jumped",
            Self::NetworkUp => "the network came up",
            Self::NetworkLost => "the network is lost",
        })
    }
}

/// Watches the machine from [`start`](Self::start) on; dropping it ends that.
pub struct Watch {
    #[cfg(target_os = "linux")]
    logind: Option<logind::Logind>,
    clock: Option<Clock>,
    network: Option<Network>,
    last_wake: LastWake,
}

impl Watch {
    /// Begins to listen: what happens from its return on is heard. Takes part in a Tokio runtime
    /// with I/O and time. Never fails: what can't be heard is logged. A system bus that doesn't
    /// answer holds it up for at most five seconds.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(clippy::unused_async, reason = "the one thing to wait for is Linux's system bus")
    )]
    pub async fn start() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            logind: present(logind::Logind::listen().await),
            clock: present(Clock::start()),
            network: present(Network::start()),
            last_wake: LastWake::default(),
        }
    }

    /// The next time that something happened. Cancel-safe; never returns where nothing can be
    /// heard.
    pub async fn next(&mut self) -> Cause {
        loop {
            #[cfg(target_os = "linux")]
            let logind = heard(&mut self.logind);
            #[cfg(not(target_os = "linux"))]
            let logind = pending::<Sign>();
            let sign = tokio::select! {
                // First, so that a sleep's beginning is heard before what its end leads to.
                biased;
                sign = logind => sign,
                sign = heard(&mut self.clock) => sign,
                sign = heard(&mut self.network) => sign,
            };
            match sign {
                Sign::FallsAsleep => self.last_wake.falls_asleep(),
                Sign::Wakes(cause) => {
                    if self.last_wake.is_new(SystemTime::now()) {
                        return cause;
                    }
                }
                Sign::Network(cause) => return cause,
            }
        }
    }
}

/// What a source has to tell.
enum Sign {
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "logind alone tells of it"))]
    FallsAsleep,
    Wakes(Cause),
    Network(Cause),
}

/// What a source can fail with: for the log only.
type Fault = Box<dyn Error + Send + Sync>;

/// Something that tells of one kind of [`Cause`].
trait Source {
    /// What it is, in a sentence of the log.
    const NAME: &'static str;

    /// Waits until it has something to tell. Cancel-safe. After an error it is asked no more.
    async fn next(&mut self) -> Result<Sign, Fault>;
}

fn present<S: Source>(started: Result<S, Fault>) -> Option<S> {
    started.inspect_err(|error| tracing::info!(source = S::NAME, %error, "can't be heard")).ok()
}

async fn heard<S: Source>(source: &mut Option<S>) -> Sign {
    if let Some(present) = source {
        match present.next().await {
            Ok(sign) => return sign,
            Err(error) => tracing::warn!(source = S::NAME, %error, "is heard no more"),
        }
        *source = None;
    }
    pending().await
}
