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
    /// The machine woke: a wait is cut short, and what is open is closed and connected anew, since
    /// it may be dead without a sign of it.
    Woke,
    /// The network came up, or another one: the same, but that a stream that is alive has until its
    /// next heartbeat to show that it outlived the change.
    NetworkUp,
    /// There is no way out any more. What is open is kept: it may outlive a short loss.
    NetworkLost,
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
pub(super) struct Controls {
    receiver: Option<mpsc::Receiver<Control>>,
    /// Whether the stream is this machine's own, which no network is needed for.
    is_here: bool,
}

impl Controls {
    pub(super) fn new(receiver: mpsc::Receiver<Control>, is_here: bool) -> Self {
        Self { receiver: Some(receiver), is_here }
    }

    /// The next control that matters; never, once there can be none.
    pub(super) async fn next(&mut self) -> Control {
        while let Some(receiver) = &mut self.receiver {
            match receiver.recv().await {
                Some(Control::NetworkLost) if self.is_here => {}
                Some(control) => return control,
                None => self.receiver = None,
            }
        }
        std::future::pending().await
    }
}
