//! Bearer tokens: which are valid, and whose they are.
//!
//! A token says by itself whose it is and until when, so that it outlives a restart of the market, as a JWT
//! does: `demo-seller-token` stands for ever, `demo-seller-token.3.1795459891` was the third one handed out
//! and ends at that second of 1970's count; `…-refresh…` instead of `…-token…` marks a refresh token.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::people::{self, Person};

/// How long a refresh token is good for.
const REFRESH_LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Used-up tokens that are remembered, and whom others were handed to; the oldest are forgotten first.
const SPENT: usize = 1_000;

/// What a sign-in or a refresh hands out.
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
    pub(crate) at: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) refresh_expires: Timestamp,
}

/// The tokens that are no longer good although they look it.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: SignedDuration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    issued: u64,
    spent: VecDeque<String>,
    /// By user: access tokens with a smaller number were declared expired.
    expired_below: HashMap<u64, u64>,
    /// Whom the latest were handed to, by their numbers.
    clients: VecDeque<(u64, String)>,
}

impl Tokens {
    /// Tokens that are good for `lifetime` after they were handed out.
    pub(crate) fn new(lifetime: Duration) -> Self {
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
        Self { lifetime, state: Mutex::default() }
    }

    /// Whose access token this is, if it is valid now, and for this client where it is bound to one.
    pub(crate) fn holder(&self, token: &str, client: Option<&str>) -> Option<&'static Person> {
        let (person, number) = self.read(token, |person| person.token.to_owned())?;
        let state = self.lock();
        let is_expired = state.expired_below.get(&person.id).is_some_and(|least| number < *least);
        let mut clients = state.clients.iter().filter(|(other, _)| *other == number);
        let is_anothers =
            client.is_some_and(|client| clients.next().is_some_and(|(_, other)| other != client));
        (!is_expired && !is_anothers).then_some(person)
    }

    /// Hands out a new pair, to one client only where one is named.
    pub(crate) fn issue(&self, person: &Person, client: Option<&str>) -> Issued {
        let number = {
            let mut state = self.lock();
            state.issued += 1;
            let number = state.issued;
            if let Some(client) = client {
                state.clients.push_back((number, client.to_owned()));
                if state.clients.len() > SPENT {
                    state.clients.pop_front();
                }
            }
            number
        };
        let at = Timestamp::now();
        let end = |lifetime| at.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        let (expires, refresh_expires) = (end(self.lifetime), end(REFRESH_LIFETIME));
        Issued {
            token: format!("{}.{number}.{}", person.token, expires.as_second()),
            refresh_token: format!(
                "{}.{number}.{}",
                refresh_name(person),
                refresh_expires.as_second()
            ),
            at,
            expires,
            refresh_expires,
        }
    }

    /// Takes a refresh token for a new pair; it is good for one time.
    pub(crate) fn renew(
        &self,
        refresh_token: &str,
        client: Option<&str>,
    ) -> Option<(&'static Person, Issued)> {
        let (person, _) = self.read(refresh_token, refresh_name)?;
        self.spend(refresh_token);
        Some((person, self.issue(person, client)))
    }

    /// Makes one token worthless, as a sign-out does. A standing token stays.
    pub(crate) fn spend(&self, token: &str) {
        let mut state = self.lock();
        if state.spent.len() == SPENT {
            state.spent.pop_front();
        }
        state.spent.push_back(token.to_owned());
    }

    /// Declares every access token of a user expired, the standing one too; refresh tokens stay good.
    pub(crate) fn expire(&self, user_id: u64) {
        let mut state = self.lock();
        let least = state.issued + 1;
        state.expired_below.insert(user_id, least);
    }

    /// The person and number of a token whose first part is `name(person)`; 0 for a standing one.
    fn read(
        &self,
        token: &str,
        name: impl Fn(&Person) -> String,
    ) -> Option<(&'static Person, u64)> {
        let mut parts = token.split('.');
        let first = parts.next()?;
        let person = people::ALL.iter().find(|person| name(person) == first)?;
        let Some(number) = parts.next() else {
            return Some((person, 0));
        };
        let expires: i64 = parts.next()?.parse().ok()?;
        let live = parts.next().is_none() && Timestamp::now().as_second() < expires;
        let spent = self.lock().spent.iter().any(|spent| spent == token);
        Some((person, number.parse().ok()?)).filter(|_| live && !spent)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refresh_name(person: &Person) -> String {
    person.token.replace("-token", "-refresh")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{BUYER, SELLER};

    #[test]
    fn a_handed_out_token_is_good_for_its_time_only() {
        let tokens = Tokens::new(Duration::from_mins(1));
        let issued = tokens.issue(&SELLER, None);
        assert_eq!(tokens.holder(&issued.token, None), Some(&SELLER));
        assert_eq!(tokens.holder(&issued.refresh_token, None), None);
        assert_eq!(
            Tokens::new(Duration::ZERO).holder(&issued.token, None),
            Some(&SELLER),
            "it survives a restart"
        );
        let stale = Tokens::new(Duration::ZERO).issue(&SELLER, None);
        assert_eq!(tokens.holder(&stale.token, None), None);
    }

    #[test]
    fn a_refresh_token_is_good_once() {
        let tokens = Tokens::new(Duration::from_mins(1));
        let issued = tokens.issue(&BUYER, None);
        assert!(tokens.renew(&issued.token, None).is_none());
        let (person, renewed) = tokens.renew(&issued.refresh_token, None).unwrap();
        assert_eq!(person, &BUYER);
        assert_ne!(renewed.token, issued.token);
        assert!(tokens.renew(&issued.refresh_token, None).is_none());
    }

    #[test]
    fn a_bound_token_is_good_for_whom_it_was_handed_to() {
        let tokens = Tokens::new(Duration::from_mins(1));
        let issued = tokens.issue(&SELLER, Some("browser"));
        assert_eq!(tokens.holder(&issued.token, Some("browser")), Some(&SELLER));
        assert_eq!(tokens.holder(&issued.token, Some("notifier")), None);
        assert_eq!(tokens.holder(SELLER.token, Some("notifier")), Some(&SELLER));
    }

    #[test]
    fn expiring_a_user_spares_what_is_handed_out_later() {
        let tokens = Tokens::new(Duration::from_mins(1));
        let old = tokens.issue(&BUYER, None);
        tokens.expire(BUYER.id);
        assert_eq!(tokens.holder(&old.token, None), None);
        assert_eq!(tokens.holder(BUYER.token, None), None);
        assert_eq!(tokens.holder(SELLER.token, None), Some(&SELLER));
        assert_eq!(tokens.holder(&tokens.issue(&BUYER, None).token, None), Some(&BUYER));
    }
}
