//! What stands in the journal.

use agora_client::ReasonCode;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// The state of the connection, or that there was none to be in one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum State {
    /// A stream is open, and was heard within its limit.
    Connected,
    /// A request is out.
    Connecting,
    /// The next try comes by itself.
    Waiting,
    /// The market is asked every two minutes while it holds no stream.
    Checking,
    /// The machine has no way out.
    NoNetwork,
    /// The person paused it.
    Paused,
    /// Nobody is signed in.
    SignedOut,
    /// An answer that waiting can't cure.
    Refused,
    /// There is no inbox to receive into.
    NoInbox,
    /// The machine slept.
    Asleep,
    /// The program didn't run.
    NotRunning,
    /// Nothing is known.
    Unrecorded,
}

impl State {
    /// Its name in texts, such as `no_network`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A state, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// The status of the market's answer, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long the wait is, in milliseconds, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
}

impl From<State> for Standing {
    fn from(state: State) -> Self {
        Self { state, reason: None, status: None, wait_ms: None }
    }
}

/// Something that happened at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happening", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Happening {
    /// The program began.
    Began,
    /// It ended in order.
    Ended,
    /// It was last seen alive, and ended without a word.
    Died,
    /// The system says that the machine woke.
    Woke,
    /// The machine has slept so long until now.
    Slept {
        /// In milliseconds.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        ms: i64,
    },
    /// There is a way out, or another one.
    NetworkUp,
    /// There is no way out any more.
    NetworkLost,
    /// The clock on the wall was set.
    ClockSet {
        /// By so many milliseconds, ahead where it is positive.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        by_ms: i64,
    },
    /// Heartbeats that were due didn't come.
    Gap {
        /// How long there was none, in milliseconds.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        ms: i64,
        /// How many were due.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        missed: i64,
    },
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When, in milliseconds since 1970.
    pub(super) at_ms: i64,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Became(Standing),
    Happened(Happening),
}

impl What {
    /// Whether the time after it is in a state that it says.
    pub(super) fn is_a_state(self) -> bool {
        matches!(
            self,
            Self::Became(_) | Self::Happened(Happening::Began | Happening::Ended | Happening::Died)
        )
    }
}
