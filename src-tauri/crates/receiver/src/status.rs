//! The connection's status, as people are told it.

use agora_client::connection::{ConnectionStatus, Stop};
use agora_client::{Reason, ReasonCode};
use std::time::SystemTime;

/// What is true of the connection now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// A request is out, and no answer came yet.
    Connecting,
    /// Open, and bytes were seen within the liveness limit.
    Connected {
        /// When it opened.
        since: SystemTime,
        /// When bytes were last seen.
        heard: SystemTime,
    },
    /// This machine has no way out. It goes on by itself, with the stream that was open if that
    /// outlives it.
    NoNetwork,
    /// Nothing is open; the next try comes by itself.
    Waiting {
        /// When.
        until: SystemTime,
        /// Why.
        reason: Reason,
    },
    /// There is no stream, but the market answers calls: it is asked every two minutes for what it
    /// stored, and what comes live is held back meanwhile.
    Checking {
        /// When it last answered.
        checked: SystemTime,
        /// Why there is no stream; trying goes on.
        reason: Reason,
    },
    /// The person disconnected.
    Paused {
        /// Until when; `None`: until they connect.
        until: Option<SystemTime>,
    },
    /// There is no account, or no token that the market takes.
    SignedOut(SignedOut),
    /// The market's answer is one that waiting can't cure.
    Refused {
        /// Its status: 204, 407 or 410; `None` where the connection can't even be set up.
        status: Option<u16>,
        /// Its own words.
        message: Option<String>,
    },
    /// There is no inbox to keep alerts in, so none is received.
    NoInbox,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedOut {
    /// No account was set up yet.
    NoAccount,
    /// The account's token is not to be had: see the account's
    /// [`TokenState`](crate::TokenState).
    NoToken,
    /// The market doesn't take it.
    Market {
        /// 401 or 403.
        status: u16,
        /// Its own words.
        message: Option<String>,
        /// Whether there was a token that it didn't take.
        had_token: bool,
    },
}

impl Status {
    /// The status that follows from what the connection says of itself.
    pub(crate) fn of(status: ConnectionStatus) -> Self {
        match status {
            ConnectionStatus::NoNetwork
            | ConnectionStatus::Waiting {
                reason: Reason { code: ReasonCode::NoNetwork, .. },
                ..
            } => Self::NoNetwork,
            // The market ends every stream after a while: that is no fault to be shown as one.
            ConnectionStatus::Connecting | ConnectionStatus::Waiting { quiet: true, .. } => {
                Self::Connecting
            }
            ConnectionStatus::Connected { since } => Self::Connected { since, heard: since },
            ConnectionStatus::Waiting { until_time, reason, .. } => {
                Self::Waiting { until: until_time, reason }
            }
            ConnectionStatus::Stopped(Stop::SignedOut { status, message, had_token }) => {
                Self::SignedOut(SignedOut::Market { status, message, had_token })
            }
            ConnectionStatus::Stopped(stop) => {
                let status = Some(stop.status());
                let message = match stop {
                    Stop::Gone { message } => message,
                    _ => None,
                };
                Self::Refused { status, message }
            }
        }
    }

    /// Why there is no connection, where there is a reason to tell.
    pub fn reason_code(&self) -> Option<ReasonCode> {
        match self {
            Self::Connecting
            | Self::Connected { .. }
            | Self::Paused { .. }
            | Self::SignedOut(SignedOut::NoAccount)
            | Self::NoInbox => None,
            Self::NoNetwork => Some(ReasonCode::NoNetwork),
            Self::Waiting { reason, .. } | Self::Checking { reason, .. } => Some(reason.code),
            Self::SignedOut(SignedOut::NoToken) => Some(ReasonCode::NoToken),
            Self::SignedOut(SignedOut::Market { had_token: false, .. }) => {
                Some(ReasonCode::TokenWanted)
            }
            Self::SignedOut(SignedOut::Market { status: 403, .. }) => Some(ReasonCode::Forbidden),
            Self::SignedOut(SignedOut::Market { .. }) => Some(ReasonCode::Unauthorized),
            Self::Refused { status: Some(204), .. } => Some(ReasonCode::NoContent),
            Self::Refused { status: Some(407), .. } => Some(ReasonCode::ProxyAuth),
            Self::Refused { status: Some(_), .. } => Some(ReasonCode::Gone),
            Self::Refused { status: None, .. } => Some(ReasonCode::Setup),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn without_a_network_nothing_else_is_said_whether_a_stream_is_open_or_not() {
        let reason = Reason { code: ReasonCode::NoNetwork, status: None, detail: None };
        for quiet in [true, false] {
            let waiting = ConnectionStatus::Waiting {
                until: Instant::now(),
                until_time: SystemTime::now(),
                delay: Duration::ZERO,
                reason: reason.clone(),
                slow: false,
                quiet,
            };
            assert_eq!(Status::of(waiting), Status::NoNetwork);
        }
        assert_eq!(Status::of(ConnectionStatus::NoNetwork), Status::NoNetwork);
        assert_eq!(Status::NoNetwork.reason_code(), Some(ReasonCode::NoNetwork));
    }

    #[test]
    fn a_refusal_without_a_token_asks_for_one_whatever_its_status() {
        for status in [401, 403] {
            let refused = |had_token| {
                let stop = Stop::SignedOut { status, message: None, had_token };
                Status::of(ConnectionStatus::Stopped(stop)).reason_code()
            };
            assert_eq!(refused(false), Some(ReasonCode::TokenWanted));
            assert_ne!(refused(true), Some(ReasonCode::TokenWanted));
        }
    }
}
