//! What goes into a run of the connection and what comes out at its end. Data, and the channel
//! of controls.

use tokio::sync::mpsc;

use super::target::Target;
use super::timing::Timing;
use super::update::Stop;
use crate::Reason;

/// What to connect to, and how.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the stream is.
    pub target: Target,
    /// The last event ID of an earlier run, to go on from.
    pub last_event_id: Option<String>,
    /// One connection only: the run ends with it.
    pub once: bool,
    /// The limits and the schedule.
    pub timing: Timing,
}

impl Config {
    /// The usual: from the stream's present on, for ever, with the usual timing.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self { target, last_event_id: None, once: false, timing: Timing::default() }
    }
}

/// What a person or the system has to say to the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Connect now, whatever the schedule says.
    ReconnectNow,
    /// The network came up, or the machine woke: a wait is cut short, and what is open is closed
    /// and connected anew, since it may be dead without a sign of it.
    NetworkUp,
}

/// How a run came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It was cancelled, or nobody listens any more. The market was told.
    Cancelled,
    /// The market's answer forbids a retry; [`ConnectionStatus::Stopped`](super::ConnectionStatus::Stopped) was told.
    Stopped(Stop),
    /// [`Config::once`]: the one connection came to its end, or to nothing, for this reason.
    Once(Reason),
}

/// The channel of controls, which nobody need hold the other end of.
pub(super) struct Controls(Option<mpsc::Receiver<Control>>);

impl Controls {
    pub(super) fn new(receiver: mpsc::Receiver<Control>) -> Self {
        Self(Some(receiver))
    }

    /// The next control; never, once there can be none.
    pub(super) async fn next(&mut self) -> Control {
        if let Some(receiver) = &mut self.0 {
            if let Some(control) = receiver.recv().await {
                return control;
            }
            self.0 = None;
        }
        std::future::pending().await
    }
}
