//! The market's calls, typed. It owns what is sent and what each answer and failure means; a call
//! is never repeated here. The calls to stored notifications are in `notifications`.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response};
use url::Url;

use crate::http::{self, SetupError};
use crate::token::redact;
use crate::{BaseUrl, ClientId, Message, Reason, ReasonCode, Refusal, Token, UserId};

/// The market's calls, all but the stream.
#[derive(Debug, Clone)]
pub struct Market {
    pub(crate) base: BaseUrl,
    token: Option<Token>,
    client: Client,
    limits: CallLimits,
}

/// A gateway passed the request on, and the market's own answer never came: 502 and 504 (RFC 9110,
/// 15.6.3 and 15.6.5), and the two by which Cloudflare tells of an empty answer and of none in time.
const LOST_BEHIND_A_GATEWAY: [u16; 4] = [502, 504, 520, 524];

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// To connect, the name's lookup and TLS included.
    pub connect: Duration,
    /// For the whole call.
    pub whole: Duration,
    /// To read the body of a refusal.
    pub refusal_body: Duration,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            refusal_body: Duration::from_secs(5),
        }
    }
}

/// Why a call didn't succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The market answered, and not with yes.
    #[error("the market refused ({}){}", .0.status, message_behind_colon(.0))]
    Refused(Refusal),
    /// The request had begun to leave and no answer came: a message may have been delivered.
    /// Sending it again may deliver it twice.
    #[error("the message may have been delivered; no answer came: {reason}")]
    MayHaveBeenDelivered {
        /// What became of the answer.
        reason: Reason,
    },
    /// No answer came to a call that can be repeated without harm.
    #[error("no answer came: {reason}")]
    NoAnswer {
        /// What became of the answer.
        reason: Reason,
    },
    /// Nothing of the request left this machine for the market.
    #[error("nothing was sent: {reason}")]
    NotSent {
        /// What was in the way.
        reason: Reason,
    },
}

impl CallError {
    /// The status of the market's answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::MayHaveBeenDelivered { reason }
            | Self::NoAnswer { reason }
            | Self::NotSent { reason } => reason.status,
        }
    }

    /// Whether the same call may succeed later, and does no harm then.
    #[must_use]
    pub fn can_wait(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.can_wait(),
            Self::MayHaveBeenDelivered { .. } => false,
            Self::NoAnswer { .. } => true,
            Self::NotSent { reason } => {
                !reason.code.is_tls() && !matches!(reason.code, ReasonCode::Setup)
            }
        }
    }

    /// The same as a log may have it: without the market's own words, which may quote a token or a
    /// user.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(Refusal { message: None, ..refusal.clone() }),
            Self::MayHaveBeenDelivered { reason } => {
                Self::MayHaveBeenDelivered { reason: reason.redacted() }
            }
            Self::NoAnswer { reason } => Self::NoAnswer { reason: reason.redacted() },
            Self::NotSent { reason } => Self::NotSent { reason: reason.redacted() },
        }
    }

    /// The same, with other words in place of those from outside.
    pub(crate) fn with_words(self, other: impl Fn(Option<String>) -> Option<String>) -> Self {
        let of_reason = |reason: Reason| Reason { detail: other(reason.detail.clone()), ..reason };
        match self {
            Self::Refused(refusal) => {
                Self::Refused(Refusal { message: other(refusal.message.clone()), ..refusal })
            }
            Self::MayHaveBeenDelivered { reason } => {
                Self::MayHaveBeenDelivered { reason: of_reason(reason) }
            }
            Self::NoAnswer { reason } => Self::NoAnswer { reason: of_reason(reason) },
            Self::NotSent { reason } => Self::NotSent { reason: of_reason(reason) },
        }
    }

    /// Why, in the terms of a connection.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused(refusal) => refusal.reason(),
            Self::MayHaveBeenDelivered { reason }
            | Self::NoAnswer { reason }
            | Self::NotSent { reason } => reason.clone(),
        }
    }

    /// How long the market asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// Whether a message may have reached someone.
    #[must_use]
    pub fn may_have_been_delivered(&self) -> bool {
        matches!(self, Self::MayHaveBeenDelivered { .. })
    }
}

fn message_behind_colon(refusal: &Refusal) -> String {
    refusal.message.as_ref().map_or_else(String::new, |message| format!(": {message}"))
}

impl Market {
    /// The calls of the market at `base`, with the usual limits.
    pub fn new(base: BaseUrl, token: Option<Token>) -> Result<Self, SetupError> {
        Self::with_limits(base, token, CallLimits::default())
    }

    /// The calls of the market at `base`.
    pub fn with_limits(
        base: BaseUrl,
        token: Option<Token>,
        limits: CallLimits,
    ) -> Result<Self, SetupError> {
        let client = http::call_client(&base.join("", None), limits.connect, limits.whole)?;
        Ok(Self { base, token, client, limits })
    }

    /// `DELETE /sse/disconnect/{clientId}`: tells the market that this client is gone. The market
    /// says yes to an unknown one too.
    pub async fn disconnect(&self, client_id: &ClientId) -> Result<(), CallError> {
        let url = self.base.join("sse/disconnect", Some(client_id.as_str()));
        self.call(Method::DELETE, url, None).await.map(drop)
    }

    /// `POST /sse/broadcast`: to everyone who is connected. Administrators only.
    pub async fn broadcast(&self, message: &Message) -> Result<(), CallError> {
        let url = self.base.join("sse/broadcast", None);
        self.call(Method::POST, url, Some(message)).await.map(drop)
    }

    /// `POST /sse/send/user/{userId}`: to one user's connections. Yes says nothing of whether
    /// there was any.
    pub async fn send_to_user(&self, user: &UserId, message: &Message) -> Result<(), CallError> {
        let url = self.base.join("sse/send/user", Some(user.as_str()));
        self.call(Method::POST, url, Some(message)).await.map(drop)
    }

    /// The market's yes, its body unread. A call with a message can't be repeated without harm.
    pub(crate) async fn call(
        &self,
        method: Method,
        url: Url,
        message: Option<&Message>,
    ) -> Result<Response, CallError> {
        let body = message.map(|message| Bytes::from(message.as_json().to_owned()));
        self.send(method, url, body, message.is_some()).await
    }

    /// The same with a JSON body that is no message: repeating it delivers nothing twice.
    pub(crate) async fn call_with(
        &self,
        method: Method,
        url: Url,
        body: Bytes,
    ) -> Result<Response, CallError> {
        self.send(method, url, Some(body), false).await
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<Bytes>,
        delivers: bool,
    ) -> Result<Response, CallError> {
        let bare_post = method == Method::POST && body.is_none();
        let mut request = self.request(method, &url);
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json).body(body);
        }
        if bare_post {
            // RFC 9110, 8.6. Some proxies answer 411 without it.
            request = request.header(CONTENT_LENGTH, 0);
        }
        self.judged(request.send().await, delivers).await
    }

    /// A request with the token.
    pub(crate) fn request(&self, method: Method, url: &Url) -> RequestBuilder {
        http::authorize(self.client.request(method, url.clone()), url, self.token.as_ref())
    }

    /// What an answer means, or that there is none.
    pub(crate) async fn judged(
        &self,
        answered: reqwest::Result<Response>,
        delivers: bool,
    ) -> Result<Response, CallError> {
        let answer = match answered {
            Ok(answer) => self.judge(answer, delivers).await,
            Err(error) => Err(Self::unanswered(&error, delivers)),
        };
        answer.map_err(|error| self.told(error))
    }

    /// An error as it leaves these calls: nothing in it quotes the token.
    pub(crate) fn told(&self, error: CallError) -> CallError {
        error.with_words(|words| redact(words, self.token.as_ref()))
    }

    /// The same of a refusal.
    pub(crate) fn refusal_told(&self, refusal: Refusal) -> Refusal {
        refusal.without(self.token.as_ref())
    }

    async fn judge(&self, answer: Response, delivers: bool) -> Result<Response, CallError> {
        if answer.status().is_success() {
            if is_web_page(&answer) {
                return Err(Self::answered_by_another(answer.status().as_u16(), delivers));
            }
            return Ok(answer);
        }
        let refusal = Refusal::read(answer, self.limits.refusal_body).await;
        if delivers && LOST_BEHIND_A_GATEWAY.contains(&refusal.status) {
            let reason = Reason {
                code: if refusal.status == 504 { ReasonCode::Timeout } else { ReasonCode::Cut },
                status: Some(refusal.status),
                detail: refusal.message,
            };
            return Err(CallError::MayHaveBeenDelivered { reason });
        }
        Err(CallError::Refused(refusal))
    }

    /// A portal or a proxy answered with a page of its own; whether the market got the call, nobody
    /// says.
    fn answered_by_another(status: u16, delivers: bool) -> CallError {
        let reason = Reason {
            code: ReasonCode::UnexpectedStatus,
            status: Some(status),
            detail: Some("a web page came in place of the market's answer".to_owned()),
        };
        if delivers {
            CallError::MayHaveBeenDelivered { reason }
        } else {
            CallError::NoAnswer { reason }
        }
    }

    fn unanswered(error: &reqwest::Error, delivers: bool) -> CallError {
        let reason = Reason::of_transport(error);
        if error.is_connect() || error.is_builder() {
            CallError::NotSent { reason }
        } else if delivers {
            CallError::MayHaveBeenDelivered { reason }
        } else {
            CallError::NoAnswer { reason }
        }
    }
}

/// The market's own yes has no body, or JSON.
fn is_web_page(answer: &Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
}
