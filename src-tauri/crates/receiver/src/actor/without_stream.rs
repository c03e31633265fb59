//! While there is no stream: the market is asked for what it stored on a schedule of its own, and
//! what its answers say of the way between is told. How it is asked is in `sync`.

use super::{Actor, Completion};
use crate::status::Status;
use crate::stored::{self, SyncError};
use agora_client::connection::ConnectionStatus;
use agora_client::{Reason, ReasonCode};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// A stream that opens as it should does so by then; no look is spent on it before.
const FIRST: Duration = Duration::from_secs(3);
/// The least time from one look that was answered to the next; as much again as a quarter of it is
/// jitter.
const EVERY: Duration = Duration::from_mins(2);
/// A stream that isn't held back has brought its first event by then after a call was answered.
const TELL: Duration = Duration::from_secs(5);

/// What is known of the way to the market since there is no stream.
#[derive(Debug, Default)]
pub(super) struct WithoutStream {
    /// Why the last try to open one failed.
    reason: Option<Reason>,
    /// A request for one is out, or it is open.
    is_asked_for: bool,
    /// The market answers calls: the last one was answered.
    answers: bool,
    /// When it last told what it stored, if the last look was answered with that.
    checked: Option<SystemTime>,
    /// When that is to be told, if it isn't yet.
    pub(super) tell_at: Option<Instant>,
    is_told: bool,
    /// All connections of this user were taken when that was last asked for.
    all_taken: bool,
}

/// What came of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// What the market stored.
    Stored,
    /// That it stores nothing.
    NoSuchCall,
    /// None, or none that helps.
    Nothing,
}

impl Answer {
    pub(super) fn of(fetched: &Result<(), SyncError>) -> Self {
        match fetched {
            Ok(()) => Self::Stored,
            Err(error) if error.status() == Some(404) => Self::NoSuchCall,
            Err(_) => Self::Nothing,
        }
    }
}

impl WithoutStream {
    /// What the connection tells, with what is known here of why.
    fn hear(&mut self, status: ConnectionStatus) -> ConnectionStatus {
        match status {
            ConnectionStatus::Connecting => self.is_asked_for = true,
            ConnectionStatus::Connected { .. } | ConnectionStatus::NoNetwork => {
                *self = Self { is_asked_for: self.is_asked_for, ..Self::default() };
            }
            ConnectionStatus::Waiting { until, until_time, delay, mut reason, slow, quiet } => {
                reason.code = self.known(&reason);
                self.is_asked_for = false;
                self.reason = Some(reason.clone()).filter(|_| !quiet);
                return ConnectionStatus::Waiting { until, until_time, delay, reason, slow, quiet };
            }
            ConnectionStatus::Stopped(_) => *self = Self::default(),
        }
        status
    }

    fn known(&mut self, reason: &Reason) -> ReasonCode {
        self.all_taken &= is_maybe_taken(reason);
        match reason.code {
            // Of one that fell silent after its first byte nothing is known of calls.
            ReasonCode::Timeout | ReasonCode::Silent if self.answers => ReasonCode::HeldBack,
            _ if self.all_taken => ReasonCode::ConnectionsTaken,
            code => code,
        }
    }

    /// The market answered a fetch, or not.
    fn answered(&mut self, answer: Answer) {
        self.answers = answer != Answer::Nothing;
        self.checked = (answer == Answer::Stored).then(SystemTime::now);
        self.is_told &= self.checked.is_some();
        self.tell_at = match self.checked {
            Some(_) if !self.is_told => self.tell_at.or_else(|| Some(Instant::now() + TELL)),
            _ => None,
        };
    }

    /// Takes note of how it is with the connections that the user may have. `true`: that is news.
    fn counted(&mut self, all_taken: bool) -> bool {
        self.all_taken = all_taken;
        let Some(reason) = self.reason.as_mut().filter(|reason| is_maybe_taken(reason)) else {
            return false;
        };
        let code = if all_taken { ReasonCode::ConnectionsTaken } else { ReasonCode::ServerError };
        std::mem::replace(&mut reason.code, code) != code
    }

    /// The status as people are told it, of what the connection says.
    pub(super) fn shown(&self, status: &Status) -> Status {
        let may_be_held_back = matches!(status, Status::Connecting | Status::Waiting { .. });
        match self.checked {
            Some(checked) if may_be_held_back && self.is_told => {
                let held_back =
                    || Reason { code: ReasonCode::HeldBack, status: None, detail: None };
                let reason = self.reason.clone().unwrap_or_else(held_back);
                Status::Checking { checked, reason }
            }
            _ => status.clone(),
        }
    }
}

/// Whether it is the answer that the market gives to one connection too many, among other things.
fn is_maybe_taken(reason: &Reason) -> bool {
    matches!(reason.code, ReasonCode::ServerError | ReasonCode::ConnectionsTaken)
        && reason.status == Some(500)
}

impl Actor {
    /// Whether the market can be asked and told something now.
    pub(super) fn is_in_touch(&self) -> bool {
        self.is_connected() || self.may_fetch() && self.without_stream.answers
    }

    /// Whether there is any use in asking: something keeps or tries to open a stream, over a network.
    pub(super) fn may_fetch(&self) -> bool {
        self.session.open().is_some_and(|open| open.said != Status::NoNetwork)
    }

    /// Takes note of what the connection says of itself, and gives it back with what is known of why.
    pub(super) fn note(&mut self, status: ConnectionStatus) -> ConnectionStatus {
        if status == ConnectionStatus::Connecting {
            // The network is back under an open one, otherwise.
            if !self.without_stream.is_asked_for {
                self.sync.asks(SystemTime::now(), self.repeats());
            }
            self.sync.retry.within(FIRST);
        }
        self.without_stream.hear(status)
    }

    /// A fetch is over.
    pub(super) fn answered(&mut self, answer: Answer) {
        if self.is_connected() || !self.may_fetch() {
            return;
        }
        self.sync.retry.within(EVERY.mul_f64(1.0 + rand::random::<f64>() / 4.0));
        self.without_stream.answered(answer);
        if let Some(checked) = self.without_stream.checked {
            // What is known is as new as over a stream.
            self.sync.heard(checked);
        }
        self.publish();
    }

    /// Tells that the market is only being asked, if it is time.
    pub(super) fn tell_of_checking(&mut self) {
        let due = self.without_stream.tell_at.take_if(|at| *at <= Instant::now());
        if due.is_some() {
            self.without_stream.is_told = true;
            self.publish();
        }
    }

    /// Asks whether it is for the user's other connections that the market refuses this one.
    pub(super) fn count_connections(&mut self) {
        let reason = self.without_stream.reason.as_ref();
        let (true, Some(account), Some(token)) =
            (reason.is_some_and(is_maybe_taken), &self.account, self.session.token())
        else {
            return;
        };
        let Some(user) = account.client_id.user_id() else { return };
        let (visit, base, token) = (self.generation, account.base.clone(), token.clone());
        self.beside.spawn(async move {
            Completion::Counted(visit, stored::are_all_connections_taken(base, token, &user).await)
        });
    }

    /// It is known whether all connections of the user are taken.
    pub(super) fn counted(&mut self, all_taken: bool) {
        if !self.without_stream.counted(all_taken) {
            return;
        }
        if let Some(open) = self.session.open_mut()
            && let (Status::Waiting { reason, .. }, Some(known)) =
                (&mut open.said, &self.without_stream.reason)
        {
            reason.clone_from(known);
        }
        self.publish();
    }
}
