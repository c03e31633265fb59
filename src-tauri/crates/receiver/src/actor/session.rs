//! How it stands with the market: from nothing, over the credential, to a stream, and the goodbye.
//!
//! It owns the one [`Session`] and what people are told of it. What moves it from one state to the next is
//! in `signing_in`, `renewing` and `receiving`; how a stream is kept open is the client's.

use super::Actor;
use crate::ingest::Ingest;
use crate::status::{SignedOut, Status};
use crate::stream::{Goodbye, Stream};
use agora_client::connection::{Control, Update};
use agora_client::{Reason, Token};
use jiff::Timestamp;
use std::future::pending;
use std::time::SystemTime;
use tokio::time::Instant;

/// How it stands with the market.
#[derive(Debug)]
pub(super) enum Session {
    /// There is none, until somebody or something acts.
    Off(Off),
    /// The account's credential is being looked up.
    Finding,
    /// The credential is refused or out of date, and a new one is being asked for.
    Renewing(Renewing),
    /// A stream is open, or being opened, or waits for its next try.
    Open(Open),
    /// The market is being told that we left. Nothing connects before it is.
    Leaving(Goodbye),
}

/// Why there is no session.
#[derive(Debug)]
pub(super) enum Off {
    /// None is wanted, or the inbox isn't open; or it is just about to begin.
    Idle,
    /// The credential is out of reach.
    NoToken,
    /// Nothing more fits in front of the inbox, or where the stream is to be resumed can't be read.
    NoRoom,
    /// Its stream ended for good.
    Ended(Status),
}

/// A stream, and what is known of it.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) stream: Stream,
    /// The credential in use.
    pub(super) token: Option<Token>,
    /// Whether it was renewed, and no open stream has confirmed it yet.
    pub(super) is_renewed: bool,
    /// Whether a renewal was asked for because the market refused a call with it.
    pub(super) is_renewal_asked: bool,
    /// When it is to be renewed, before its time is over.
    pub(super) renew_at: Option<Timestamp>,
    /// What the connection last said of itself.
    pub(super) said: Status,
    /// Since when the stream is open, if it is.
    pub(super) since: Option<SystemTime>,
    /// The market's refusal, which is not told while renewing the credential may undo it.
    pub(super) refusal: Option<Status>,
}

/// A credential is being renewed, and no stream is open.
#[derive(Debug)]
pub(super) struct Renewing {
    /// What the market said of the old one. `None`: nothing yet, its time is over.
    pub(super) refusal: Option<Status>,
    pub(super) stale: Option<Token>,
    /// When it is asked again, and why there is no answer yet.
    pub(super) again: Option<Again>,
}

#[derive(Debug)]
pub(super) struct Again {
    pub(super) at: Instant,
    pub(super) time: SystemTime,
    pub(super) reason: Reason,
}

/// What comes from a session.
pub(super) enum Event {
    /// The stream's next update; `None`: it ended for good.
    Update(Option<Update>),
    /// The goodbye was said.
    Left,
}

impl Open {
    pub(super) fn new(stream: Stream, token: Option<Token>) -> Self {
        Self {
            stream,
            token,
            is_renewed: false,
            is_renewal_asked: false,
            renew_at: None,
            said: Status::Connecting,
            since: None,
            refusal: None,
        }
    }

    /// The connection says this of itself.
    pub(super) fn say(&mut self, status: Status) {
        self.since = match status {
            Status::Connected { since, .. } => Some(since),
            _ => None,
        };
        self.said = status;
    }
}

impl Renewing {
    /// What is told of it.
    pub(super) fn status(&self) -> Status {
        match &self.again {
            Some(Again { time, reason, .. }) => {
                Status::Waiting { until: *time, reason: reason.clone() }
            }
            None => Status::Connecting,
        }
    }
}

impl Session {
    /// What it brings next; never, where it brings nothing by itself. `takes`: there is room for updates.
    pub(super) async fn next(&mut self, takes: bool) -> Event {
        match self {
            Self::Open(open) if takes => Event::Update(open.stream.updates.recv().await),
            Self::Leaving(goodbye) => {
                goodbye.said().await;
                Event::Left
            }
            _ => pending().await,
        }
    }

    pub(super) fn open(&self) -> Option<&Open> {
        match self {
            Self::Open(open) => Some(open),
            _ => None,
        }
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut Open> {
        match self {
            Self::Open(open) => Some(open),
            _ => None,
        }
    }

    /// The credential in use.
    pub(super) fn token(&self) -> Option<&Token> {
        self.open()?.token.as_ref()
    }

    /// Takes it, and leaves none.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::Off(Off::Idle))
    }

    /// Passes on what a person or the system says, where there is a stream.
    pub(super) fn control(&self, control: Control) {
        if let Some(open) = self.open() {
            open.stream.control(control);
        }
    }
}

impl Actor {
    /// Goes over to another state of the session, and tells it.
    pub(super) fn enter(&mut self, session: Session) {
        self.session = session;
        self.publish();
    }

    /// Tells the status that follows from the session and the store.
    pub(super) fn publish(&self) {
        let status = self.status();
        self.outputs.status.send_if_modified(|now| {
            let is_new = *now != status;
            *now = status;
            is_new
        });
    }

    fn status(&self) -> Status {
        if self.account.is_none() {
            return Status::SignedOut(SignedOut::NoAccount);
        }
        match (&self.session, self.pause) {
            (Session::Open(_), _) if self.is_blocked() => Status::NoInbox,
            (Session::Open(open), _) => self.without_stream.shown(&open.said),
            // Nobody is to see a connection that is being closed as one that is there.
            (Session::Leaving(_), Some(pause)) => Status::Paused { until: pause.until() },
            (Session::Leaving(_), None) => Status::Connecting,
            _ if self.store.is_out_of_reach() => Status::NoInbox,
            (_, Some(pause)) => Status::Paused { until: pause.until() },
            (Session::Off(Off::NoToken), None) => Status::SignedOut(SignedOut::NoToken),
            (Session::Off(Off::NoRoom), None) => Status::NoInbox,
            (Session::Off(Off::Ended(status)), None) => status.clone(),
            (Session::Renewing(renewing), None) => renewing.status(),
            (Session::Off(Off::Idle) | Session::Finding, None) => Status::Connecting,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.session.open().is_some_and(|open| matches!(open.said, Status::Connected { .. }))
    }

    /// Whether the stream isn't read because nothing more fits in front of the inbox. Then nobody
    /// knows whether it is alive.
    pub(super) fn is_blocked(&self) -> bool {
        let is_full = |ingest: &Ingest| ingest.retry_at().is_some() && !ingest.has_room();
        self.session.open().is_some() && self.store.ingest().is_some_and(is_full)
    }

    /// Whether there is to be a stream, as soon as there can be.
    pub(super) fn wants_stream(&self) -> bool {
        self.account.is_some() && self.store.ingest().is_some() && self.pause.is_none()
    }

    /// Whether alerts that waited kept the stream from being opened.
    pub(super) fn waits_for_room(&self) -> bool {
        matches!(self.session, Session::Off(Off::NoRoom))
            && self.store.ingest().is_some_and(Ingest::has_room)
            && self.wants_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choices;
    use crate::outputs::Outputs;
    use agora_account::{Accounts, Environment, Files};
    use agora_client::{BaseUrl, ClientId, Endpoint};
    use std::path::Path;
    use std::sync::Arc;

    /// An actor with a stream to a market where nobody answers.
    fn receiving(home: &Path) -> Actor {
        let base = BaseUrl::parse("http://127.0.0.1:9/api").unwrap();
        let client_id = ClientId::parse("user_7_device01").unwrap();
        let token = Token::parse("token").ok();
        let environment = Environment {
            home: None,
            base_url: Some(base.clone()),
            client_id: Some(client_id.clone()),
            token: token.clone(),
        };
        let accounts = Arc::new(Accounts::new(Files::find(Some(home)).unwrap(), environment));
        let outputs = Arc::new(Outputs::default());
        let mut actor = Actor::new(accounts.clone(), accounts, Choices::default(), outputs);
        actor.know_account();
        let stream = Stream::start(Endpoint { base, client_id, token: token.clone() }, None);
        actor.enter(Session::Open(Open::new(stream, token)));
        actor
    }

    fn told(actor: &Actor) -> Status {
        actor.outputs.status.borrow().clone()
    }

    #[tokio::test]
    async fn a_pause_looks_the_credential_up_once_when_the_goodbye_is_said() {
        let home = tempfile::tempdir().unwrap();
        let mut actor = receiving(home.path());
        assert_eq!(told(&actor), Status::Connecting);
        actor.pause(None).await;
        assert!(matches!(actor.session, Session::Leaving(_)));
        assert_eq!((told(&actor), actor.beside.len()), (Status::Paused { until: None }, 0));
        assert!(matches!(actor.session.next(true).await, Event::Left));
        actor.left();
        assert!(matches!(actor.session, Session::Finding));
        assert_eq!(actor.beside.len(), 1);
    }

    #[tokio::test]
    async fn whatever_happens_during_a_goodbye_nothing_begins_before_it_is_said() {
        let home = tempfile::tempdir().unwrap();
        let mut actor = receiving(home.path());
        actor.pause(None).await;
        actor.resume();
        actor.reconnect();
        assert!(matches!(actor.session, Session::Leaving(_)));
        assert_eq!((told(&actor), actor.beside.len()), (Status::Connecting, 0));
        let goodbye = actor.close().await;
        assert!(goodbye.is_some(), "who quits waits for it");
    }
}
