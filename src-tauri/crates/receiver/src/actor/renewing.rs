//! The renewal of the credential: before its time is over, and once when the market refuses it.
//!
//! It owns when one is asked for and what follows from the answer. While a stream is open, that goes on
//! beside it, and the stream's next connect goes with the new token; without one, nothing connects before.
//! How a token is renewed, and kept, is the account's.

use super::retry::Retry;
use super::session::{Again, Off, Renewing, Session};
use super::{Actor, Completion};
use crate::status::{SignedOut, Status};
use agora_account::{Account, Credential, Lost, Renewal};
use agora_client::{CallError, Token};
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The renewals that are out, and when one that came to nothing is tried again.
#[derive(Debug, Default)]
pub(super) struct Renewals {
    /// How many answers are awaited.
    pub(super) out: usize,
    retry: Retry,
}

impl Actor {
    /// The market refused the credential of a stream, or its time is over: a new one comes first, and once.
    pub(super) fn renew(&mut self, refusal: Option<Status>, stale: Option<Token>) {
        if self.account.is_none() {
            return self.publish();
        }
        self.ask_for_renewal(stale.clone());
        self.enter(Session::Renewing(Renewing { refusal, stale, again: None }));
    }

    /// The market refused a call of an open stream's: the same, beside the stream.
    pub(super) fn renew_for_calls(&mut self) {
        if let Some(open) = self.session.open_mut()
            && !std::mem::replace(&mut open.is_renewal_asked, true)
        {
            open.renew_at = None;
            let stale = open.token.clone();
            self.ask_for_renewal(stale);
        }
    }

    /// When a renewal is due, by this machine's clock as it is now.
    pub(super) fn renewal_at(&self) -> Option<Instant> {
        match &self.session {
            Session::Open(open) => {
                let wait = open.renew_at?.duration_since(Timestamp::now());
                Some(Instant::now() + Duration::try_from(wait).unwrap_or_default())
            }
            Session::Renewing(Renewing { again: Some(again), .. }) => Some(again.at),
            _ => None,
        }
    }

    pub(super) fn renewal_is_due(&mut self) {
        match &mut self.session {
            Session::Open(open) => {
                open.renew_at = None;
                let stale = open.token.clone();
                self.ask_for_renewal(stale);
            }
            Session::Renewing(renewing) => {
                renewing.again = None;
                let stale = renewing.stale.clone();
                self.ask_for_renewal(stale);
                self.publish();
            }
            _ => {}
        }
    }

    /// There may be a way to the market again.
    pub(super) fn renew_at_once(&mut self) {
        if let Session::Renewing(Renewing { again: Some(again), .. }) = &mut self.session {
            again.at = Instant::now();
        }
    }

    /// Never given up half-way: the market may have given a new one that would be lost.
    fn ask_for_renewal(&mut self, stale: Option<Token>) {
        let Some(account) = self.account.clone() else { return };
        self.renewals.out += 1;
        let (number, refresh) = (self.lookup.call_off(), self.refresh.clone());
        self.beside.spawn(async move {
            let renewal = refresh.refresh(&account, stale.as_ref()).await;
            Completion::Renewed(number, account, renewal)
        });
    }

    /// A renewal has its answer: goes on with the new credential; without one, a refusal stands until
    /// someone acts.
    pub(super) async fn renewed(&mut self, account: Account, renewal: Renewal) {
        match (self.session.take(), renewal) {
            (Session::Renewing(_), Renewal::Found(credential)) => {
                self.renewals.retry.succeeded();
                self.connect_renewed(account, credential).await;
            }
            (Session::Renewing(renewing), Renewal::Later(error)) => {
                self.renew_later(renewing, &error);
            }
            (Session::Renewing(renewing), Renewal::Over(message)) => {
                let over = SignedOut::Market { status: 401, message, had_token: true };
                let refusal = renewing.refusal.unwrap_or(Status::SignedOut(over));
                self.enter(Session::Off(Off::Ended(refusal)));
            }
            (Session::Renewing(Renewing { refusal: Some(refusal), .. }), Renewal::Impossible) => {
                self.enter(Session::Off(Off::Ended(refusal)));
            }
            // Somebody has changed the account: whoever did says so too.
            (Session::Renewing(_), Renewal::Impossible) => self.begin(),
            (Session::Open(mut open), renewal) => {
                let is_found = matches!(renewal, Renewal::Found(_));
                match renewal {
                    Renewal::Found(credential) => {
                        self.renewals.retry.succeeded();
                        let tokens = credential.tokens();
                        if let Some(token) = credential.token() {
                            open.stream.renew(token.clone());
                            // The same again would be refused again.
                            open.is_renewal_asked = open.token.as_ref() == Some(token);
                            open.token = Some(token.clone());
                            open.renew_at =
                                tokens.and_then(|it| it.renew_at(Timestamp::now(), rand::random()));
                        }
                        self.tell_token(&account, &credential);
                    }
                    Renewal::Later(error) => {
                        let wait = self.renewals.retry.next(error.retry_after());
                        open.renew_at = SignedDuration::try_from(wait)
                            .ok()
                            .and_then(|wait| Timestamp::now().checked_add(wait).ok());
                    }
                    // The stream is still good: the market says so itself when it isn't.
                    Renewal::Over(_) | Renewal::Impossible => {}
                }
                self.session = Session::Open(open);
                if is_found {
                    // What was refused for the old one is asked for with the new one.
                    self.sync().await;
                    self.send_receipts();
                }
            }
            (session, _) => self.session = session,
        }
    }

    async fn connect_renewed(&mut self, account: Account, credential: Credential) {
        match credential {
            Credential::Lost(Lost::Keyring(_)) => {
                self.found_credential(account, credential).await;
            }
            Credential::Lost(_) => self.sign_in(account, credential).await,
            _ => {
                self.tell_token(&account, &credential);
                self.connect(account, &credential, true).await;
            }
        }
    }

    fn renew_later(&mut self, renewing: Renewing, error: &CallError) {
        let wait = self.renewals.retry.next(error.retry_after());
        let again = Again {
            at: Instant::now() + wait,
            time: SystemTime::now() + wait,
            reason: error.reason(),
        };
        self.enter(Session::Renewing(Renewing { again: Some(again), ..renewing }));
    }
}
