//! The renewal of the credential: before its time is over, and once when the market refuses it.
//!
//! It owns when one is asked for and what follows from the answer. While a stream is open, that goes on
//! beside it, and the stream's next connect goes with the new token; without one, nothing connects before.
//! How a token is renewed, and kept, is the account's.

use super::retry::Retry;
use super::session::{Off, Session};
use super::{Actor, Completion};
use crate::status::{SignedOut, Status};
use agora_account::{Account, Credential, KeyringError, Lost, Renewal};
use agora_client::{CallError, Reason, Token, Tokens};
use jiff::{SignedDuration, Timestamp};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// A new token is renewed when this share of its time is over, and up to [`SPREAD`] later: not all devices
/// of a person at once, nor all people after the market was away.
const SHARE: f64 = 0.75;
const SPREAD: f64 = 0.15;
/// No sooner than this, however short the market makes its tokens' time.
const LEAST: SignedDuration = SignedDuration::from_secs(10);

/// A credential is being renewed, and no stream is open.
#[derive(Debug)]
pub(super) struct Renewing {
    /// What the market said of the old one. `None`: nothing yet, its time is over.
    refusal: Option<Status>,
    stale: Option<Token>,
    /// When it is asked again, and why there is no answer yet.
    again: Option<Again>,
}

#[derive(Debug)]
struct Again {
    at: Instant,
    time: SystemTime,
    reason: Reason,
}

/// The renewals that are out, and when one that came to nothing is tried again.
#[derive(Debug, Default)]
pub(super) struct Renewals {
    /// How many answers are awaited.
    pub(super) out: usize,
    retry: Retry,
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

/// When tokens that were given now are to be renewed, if that can be known.
pub(super) fn due(tokens: Option<&Tokens>, now: Timestamp, draw: f64) -> Option<Timestamp> {
    let tokens = tokens.filter(|tokens| tokens.refresh.is_some())?;
    let left = tokens.expires?.duration_since(now);
    // Of one that is out of date when it comes nothing is known: a clock is wrong.
    let left = Duration::try_from(left).ok().filter(|left| !left.is_zero())?;
    let wait = SignedDuration::try_from(left.mul_f64(SHARE + SPREAD * draw)).ok()?;
    now.checked_add(wait.max(LEAST)).ok()
}

/// Whether the market won't take it any more, and there is something to renew it with.
pub(super) fn is_over(tokens: Option<&Tokens>, now: Timestamp) -> bool {
    tokens.is_some_and(|tokens| {
        tokens.refresh.is_some() && tokens.expires.is_some_and(|expires| expires <= now)
    })
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
                            open.renew_at = due(tokens, Timestamp::now(), rand::random());
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
            Credential::Lost(Lost::Keyring(KeyringError::Locked)) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(refresh: bool, lasts: Option<i64>) -> Tokens {
        let token = || Token::parse("token").unwrap();
        let expires = lasts.map(|lasts| Timestamp::from_second(1_800_000_000 + lasts).unwrap());
        Tokens { access: token(), refresh: refresh.then(token), expires }
    }

    #[test]
    fn a_token_is_renewed_late_in_its_time_but_before_its_end() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (refresh, lasts, draw, wait) in [
            (true, Some(7_200), 0.0, Some(5_400)),
            (true, Some(7_200), 1.0, Some(6_480)),
            (true, Some(150), 0.5, Some(123)),
            (true, Some(5), 0.0, Some(10)),
            (true, Some(0), 0.0, None),
            (true, Some(-5), 0.0, None),
            (true, None, 0.0, None),
            (false, Some(150), 0.0, None),
        ] {
            let due = due(Some(&tokens(refresh, lasts)), now, draw);
            let due = due.map(|due| due.duration_since(now).as_secs());
            assert_eq!(due, wait, "{refresh} {lasts:?} {draw}");
        }
        assert_eq!(due(None, now, 0.0), None);
    }

    #[test]
    fn one_whose_time_is_over_is_renewed_before_anything_is_asked_with_it() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (refresh, lasts, over) in [
            (true, Some(0), true),
            (true, Some(1), false),
            (true, None, false),
            (false, Some(0), false),
        ] {
            assert_eq!(is_over(Some(&tokens(refresh, lasts)), now), over, "{refresh} {lasts:?}");
        }
    }
}
