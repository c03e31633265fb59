//! Signing in as a person does, and having the token renewed. It owns what is asked and what each answer
//! means; where the tokens are kept is their holder's matter, and why a sign-in was refused is read in
//! `refused`.
//!
//! Passwords and codes are borrowed for one call. Their copies in it are overwritten when it is over, as far
//! as the libraries below let go of them.

mod refused;

pub use refused::SignInError;
use refused::behind_colon;

use std::fmt;
use std::time::Duration;

use agora_wire::{Json, Object, WrittenTime, text};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, Response};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::notifications::text_of;
use crate::{
    BaseUrl, CallError, CallLimits, Market, Reason, ReasonCode, Refusal, Secret, Token, UserId,
};

/// What is written of a sign-in, at most, in bytes. Longer is no password.
const MAX_BODY: usize = 16 * 1024;

/// A token is renewed when this share of its time is over, and up to [`SPREAD`] later.
const SHARE: f64 = 0.75;
const SPREAD: f64 = 0.15;
/// No sooner than this, however short the market makes its tokens' time.
const LEAST: SignedDuration = SignedDuration::from_secs(10);

/// How a person signs in.
#[derive(Debug)]
pub enum Proof {
    /// By name and password.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// By an email address and the code that the market sent to it.
    EmailCode {
        /// The address.
        email: String,
        /// The code.
        code: Secret,
    },
}

/// What a person is let in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The bearer token of every call.
    pub access: Token,
    /// What the next pair is asked for with, where the market gives one. Most are good for one time.
    pub refresh: Option<Token>,
    /// Until when the access token is good, by this machine's clock.
    pub expires: Option<Timestamp>,
}

impl Tokens {
    /// When they are to be renewed that were given now, if that can be known. `draw` is a number from 0 to
    /// 1: not all devices of a person at once, nor all people after the market was away.
    #[must_use]
    pub fn renew_at(&self, now: Timestamp, draw: f64) -> Option<Timestamp> {
        self.refresh.as_ref()?;
        // Of one that is out of date when it comes nothing is known: a clock is wrong.
        let left = Duration::try_from(self.expires?.duration_since(now)).ok()?;
        let left = Some(left).filter(|left| !left.is_zero())?;
        let wait = SignedDuration::try_from(left.mul_f64(SHARE + SPREAD * draw)).ok()?;
        now.checked_add(wait.max(LEAST)).ok()
    }

    /// Whether the market won't take the access token any more, and there is something to renew it with.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.refresh.is_some() && self.expires.is_some_and(|expires| expires <= now)
    }
}

/// A token of which nothing else is known.
impl From<Token> for Tokens {
    fn from(access: Token) -> Self {
        Self { access, refresh: None, expires: None }
    }
}

/// A person who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The tokens.
    pub tokens: Tokens,
    /// Who it is.
    pub user_id: UserId,
    /// The market's word for what they are, such as `SELLER` or `ADMIN`.
    pub role: Option<String>,
}

/// Why a token wasn't renewed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// The market says that it is over, in an answer that can be nobody else's: the person has to sign in.
    #[error("the market doesn't renew the token{}", behind_colon(message.as_ref()))]
    Refused {
        /// Its own words.
        message: Option<String>,
    },
    /// Nobody knows: no answer, or one that says nothing of the token. It may be asked again, with the same
    /// refresh token.
    #[error(transparent)]
    Later(CallError),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum LoginParam<'a> {
    #[serde(rename_all = "camelCase")]
    Password {
        username: &'a str,
        password: &'a str,
        two_factor_code: Option<&'a str>,
        remember_me: bool,
    },
    #[serde(rename_all = "camelCase")]
    EmailCode {
        email: &'a str,
        verification_code: &'a str,
        two_factor_code: Option<&'a str>,
        remember_me: bool,
    },
}

impl Market {
    /// `POST /auth/login`. `two_factor`: the second step's code, where the market has asked for one.
    pub async fn sign_in(
        &self,
        proof: &Proof,
        two_factor: Option<&Secret>,
    ) -> Result<SignedIn, SignInError> {
        let two_factor_code = two_factor.map(Secret::expose);
        let (param, secret) = match proof {
            Proof::Password { username, password } => {
                let param = LoginParam::Password {
                    username,
                    password: password.expose(),
                    two_factor_code,
                    remember_me: true,
                };
                (param, password)
            }
            Proof::EmailCode { email, code } => {
                let verification_code = code.expose();
                let param = LoginParam::EmailCode {
                    email,
                    verification_code,
                    two_factor_code,
                    remember_me: true,
                };
                (param, code)
            }
        };
        let asked = self.ask("auth/login", &param).await;
        let error = match asked.map(|answer| result(&answer)) {
            Ok(Ok(signed_in)) => return Ok(signed_in),
            Ok(Err(refusal)) => refusal.map_or_else(
                || SignInError::Call(not_understood()),
                |refusal| SignInError::of(refusal, two_factor.is_some()),
            ),
            Err(CallError::Refused(refusal)) => SignInError::of(refusal, two_factor.is_some()),
            Err(error) => SignInError::Call(error),
        };
        Err(error.without(&[Some(secret), two_factor]))
    }

    /// `POST /auth/email-login/send-code`: has the market send a code to an address.
    pub async fn send_code(&self, email: &str) -> Result<(), SignInError> {
        #[derive(Serialize)]
        struct To<'a> {
            email: &'a str,
        }
        match self.ask("auth/email-login/send-code", &To { email }).await {
            // Only a no is said in so many words.
            Ok(answer) => refused_in(&answer).map_or(Ok(()), |no| Err(SignInError::of(no, false))),
            Err(CallError::Refused(refusal)) => Err(SignInError::of(refusal, false)),
            Err(error) => Err(SignInError::Call(error)),
        }
    }

    async fn ask(
        &self,
        path: &str,
        param: &impl Serialize,
    ) -> Result<Zeroizing<String>, CallError> {
        if !self.base.may_carry_token() {
            let detail = "a password doesn't go over plain http to another machine";
            let reason = Reason::with_detail(ReasonCode::Setup, detail);
            return Err(CallError::NotSent { reason });
        }
        let mut body = Zeroizing::new(Vec::with_capacity(MAX_BODY));
        // What grows leaves its former memory as it was.
        let fits = serde_json::to_writer(&mut *body, param).is_ok() && body.len() <= MAX_BODY;
        if !fits {
            let detail = "what was typed is longer than a sign-in can be";
            return Err(CallError::NotSent {
                reason: Reason::with_detail(ReasonCode::Setup, detail),
            });
        }
        let url = self.base.join(path, None);
        let answer = self.call_with(Method::POST, url, Bytes::from_owner(body)).await?;
        whole(answer).await.map_err(|error| self.told(error))
    }
}

/// `POST /auth/refresh-token`: a new pair of tokens for a refresh token. It changes what the market knows:
/// where the answer is lost on the way, the refresh token may be spent.
pub async fn refresh(
    base: BaseUrl,
    refresh_token: Token,
    limits: CallLimits,
) -> Result<Tokens, RefreshError> {
    let market = Market::with_limits(base, Some(refresh_token), limits).map_err(|error| {
        let reason = Reason::with_detail(ReasonCode::Setup, error.to_string());
        RefreshError::Later(CallError::NotSent { reason })
    })?;
    let url = market.base.join("auth/refresh-token", None);
    let asked = match market.call(Method::POST, url, None).await {
        Ok(answer) => whole(answer).await.map_err(|error| market.told(error)),
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) => match tokens(&answer) {
            Some(tokens) => Ok(tokens),
            None => match refused_in(&answer) {
                Some(refusal) => {
                    Err(RefreshError::Refused { message: market.refusal_told(refusal).message })
                }
                None => Err(RefreshError::Later(not_understood())),
            },
        },
        // A market's no is JSON with its words. What else answers so (a portal, a proxy, a firewall) says
        // nothing of the token.
        Err(CallError::Refused(Refusal {
            status: 400 | 401 | 403,
            message: Some(message),
            ..
        })) => Err(RefreshError::Refused { message: Some(message) }),
        Err(error) => Err(RefreshError::Later(error)),
    }
}

async fn whole(answer: Response) -> Result<Zeroizing<String>, CallError> {
    text_of(answer).await.map(Zeroizing::new)
}

fn not_understood() -> CallError {
    let detail = "the answer is no sign-in's".to_owned();
    let reason =
        Reason { code: ReasonCode::UnexpectedStatus, status: Some(200), detail: Some(detail) };
    CallError::NoAnswer { reason }
}

/// A `LoginResult`; otherwise its refusal, if it is one.
fn result(answer: &str) -> Result<SignedIn, Option<Refusal>> {
    let refusal = || refused_in(answer);
    let signed_in = tokens(answer).and_then(|tokens| {
        let answer = Json::read(answer)?.object()?;
        let person = answer.get("userInfo").and_then(Json::object);
        let of_person = |name| person.as_ref().and_then(|person| person.get(name));
        let id = answer.get("userId").and_then(Json::id).or_else(|| of_person("id")?.id())?;
        let role = of_person("role").or_else(|| answer.get("defaultHomePage"));
        let role = role.and_then(|role| text::line(&role.beginning()?));
        Some(SignedIn { tokens, user_id: UserId::parse(&id.to_string()).ok()?, role })
    });
    signed_in.ok_or_else(refusal)
}

/// The tokens of a `LoginResult` that is whole and says yes.
fn tokens(answer: &str) -> Option<Tokens> {
    let answer = Json::read(answer).filter(|answer| answer.is_whole())?.object()?;
    if answer.get("success").and_then(Json::truth) == Some(false) {
        return None;
    }
    let token = |name| Token::parse(&Zeroizing::new(answer.get(name)?.text()?)).ok();
    Some(Tokens {
        access: token("token")?,
        refresh: token("refreshToken"),
        expires: expiry(&answer),
    })
}

/// By this machine's clock, where the market says how long the token is good for: its own clock may be
/// another.
fn expiry(answer: &Object<'_>) -> Option<Timestamp> {
    let time = |name| answer.get(name).and_then(|time| WrittenTime::parse(&time.text()?)?.moment());
    let expires = time("tokenExpiration")?;
    let Some(issued) = time("tokenIssuedAt") else { return Some(expires) };
    let lasts: SignedDuration = expires.duration_since(issued);
    Timestamp::now().checked_add(lasts).ok()
}

/// A no that came as 200: `success: false`, and why.
fn refused_in(answer: &str) -> Option<Refusal> {
    let object = Json::read(answer).filter(|answer| answer.is_whole())?.object()?;
    if object.get("success").and_then(Json::truth) != Some(false) {
        return None;
    }
    let message = object.get("message").and_then(|message| text::line(&message.beginning()?));
    Some(Refusal { status: 200, message, retry_after: None })
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tokens").field("expires", &self.expires).finish_non_exhaustive()
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
            let due = tokens(refresh, lasts).renew_at(now, draw);
            let due = due.map(|due| due.duration_since(now).as_secs());
            assert_eq!(due, wait, "{refresh} {lasts:?} {draw}");
        }
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
            assert_eq!(tokens(refresh, lasts).is_over(now), over, "{refresh} {lasts:?}");
        }
    }
}
