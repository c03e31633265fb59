//! What the connection tells: its state, the stream's events, and the cursor. Data only.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::token::redact;
use crate::{Reason, Token};

/// Something that happened on the connection, in the order it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// The state changed.
    Status(ConnectionStatus),
    /// The stream dispatched an event.
    Event(StreamEvent),
    /// The last event ID changed without an event. `None`: the stream cleared it.
    Cursor(Option<String>),
    /// Bytes came, be it a comment. At most one a second.
    Heard(SystemTime),
}

/// An event as the stream dispatched it (HTML 9.2.6), plumbing included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEvent {
    /// The `event:` name, `message` where there was none.
    pub event: String,
    /// The data, as it came off the wire; its lines joined with LF.
    pub data: String,
    /// The last event ID in force. `None`: the stream has none.
    pub id: Option<String>,
    /// Whether this event had an `id:` of its own; otherwise `id` is an earlier one's.
    pub id_is_own: bool,
}

/// The state of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// A request is out, and not one byte of a stream came yet; or the network is there again, and
    /// nothing came over it yet.
    Connecting,
    /// The stream is open, and bytes of it came.
    Connected {
        /// Since when it is open.
        since: SystemTime,
    },
    /// A stream or a request is open, and this machine has lost its way out. It is
    /// [`Connected`](Self::Connected) again, as it was, when bytes come.
    NoNetwork,
    /// Nothing is open; the next connect comes by itself.
    Waiting {
        /// When it comes, for a timer.
        until: Instant,
        /// The same on the wall clock, for a person.
        until_time: SystemTime,
        /// The whole wait.
        delay: Duration,
        /// What ended the connection, or the try to make one.
        reason: Reason,
        /// Waiting seldom helps: the reason should be shown, with what to do.
        slow: bool,
        /// The market ended the stream as it always does, or the machine woke: nothing to show.
        quiet: bool,
    },
    /// No connect comes by itself.
    Stopped(Stop),
}

/// What only a person or a changed setting can cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Stop {
    /// 204: the market wants no reconnect.
    NoContent,
    /// 401 or 403: the credential isn't good for this client id.
    SignedOut {
        /// Which of the two.
        status: u16,
        /// The market's own message.
        message: Option<String>,
        /// Whether there was a credential. Without one it is the answer to having none, as a 403
        /// too.
        had_token: bool,
    },
    /// 407: the proxy wants to be signed in to.
    ProxySignIn,
    /// 410: this client id is gone.
    Gone {
        /// The market's own message.
        message: Option<String>,
    },
}

impl Stop {
    /// The same, without the token that its text may quote.
    pub(super) fn without(self, token: Option<&Token>) -> Self {
        match self {
            Self::SignedOut { status, message, had_token } => {
                Self::SignedOut { status, message: redact(message, token), had_token }
            }
            Self::Gone { message } => Self::Gone { message: redact(message, token) },
            Self::NoContent | Self::ProxySignIn => self,
        }
    }

    /// The HTTP status that says it.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::NoContent => 204,
            Self::SignedOut { status, .. } => *status,
            Self::ProxySignIn => 407,
            Self::Gone { .. } => 410,
        }
    }
}
