//! Why something didn't work, in a form that can be shown, stored and branched on. It owns the
//! telling apart of transport failures; what follows from a reason is decided elsewhere.

use std::error::Error;
use std::{fmt, io};

use agora_wire::text;
use rustls::CertificateError;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::Token;
use crate::base_url::is_loopback;
use crate::http::NameNotResolved;
use crate::proxy::Proxies;
use crate::tls::is_authoritys_own;
use crate::token::redact;

/// Why a connection or a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What kind of failure it is.
    pub code: ReasonCode,
    /// The status of the market's answer, if there was one.
    pub status: Option<u16>,
    /// The market's own message, or the system's. Text from outside: for display only.
    pub detail: Option<String>,
}

/// Why there is no connection, or why a call failed. The texts for people are found by its
/// [`name`](Self::name).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum ReasonCode {
    /// This machine has no way out.
    NoNetwork,
    /// No connection to the host: refused, no route, or dropped during the handshake.
    Unreachable,
    /// The host's name has no address.
    Dns,
    /// No connection, or no answer, in time.
    Timeout,
    /// The certificate's time is over.
    TlsExpired,
    /// The certificate's time hasn't begun: most often this machine's clock is wrong.
    TlsNotYetValid,
    /// The certificate is for another name.
    TlsWrongName,
    /// The certificate is signed by nobody this machine trusts.
    TlsUnknownIssuer,
    /// TLS failed otherwise.
    TlsOther,
    /// The proxy didn't let it through.
    Proxy,
    /// No connection to the proxy.
    ProxyUnreachable,
    /// A 200 that is no event stream: a sign-in page, a captive portal, a wrong path.
    NotEventStream,
    /// The body is encoded (compressed) though nothing was asked for.
    Encoding,
    /// A redirect that isn't followed: to another host, to plain http, to nowhere, or too many.
    Redirect,
    /// 408, 425 or 429: later.
    Busy,
    /// 502, 503, 504 and their like: who answered stands before the market, which is asleep, being
    /// started, or overrun.
    Away,
    /// Another 5xx. Also "too many connections", which the market answers with 500.
    ServerError,
    /// 400.
    BadRequest,
    /// The market's error, and as many of the user's connections are open as it allows.
    ConnectionsTaken,
    /// Another 4xx.
    Rejected,
    /// A status that means nothing here.
    UnexpectedStatus,
    /// No answer, while calls are answered: something on the way keeps the stream to itself, as a
    /// proxy that buffers does. Whoever makes calls finds it out, not the connection.
    HeldBack,
    /// Nothing came for longer than the heartbeat allows.
    Silent,
    /// The connection broke.
    Cut,
    /// The market ended the stream, as it does after a while.
    Ended,
    /// The request couldn't be made.
    Setup,
    /// The proxy wants a sign-in.
    ProxyAuth,
    /// 204: the market asked not to connect again.
    NoContent,
    /// The market no longer knows the client id.
    Gone,
    /// The market wants a token, and there is none.
    TokenWanted,
    /// The market doesn't accept the token.
    Unauthorized,
    /// The account may not receive alerts.
    Forbidden,
    /// The token is not to be had on this machine.
    NoToken,
}

impl ReasonCode {
    /// The names of all of them.
    pub const NAMES: &[&str] = Self::VARIANTS;

    /// Its name in texts and files, such as `tls_expired`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Reason {
    pub(crate) fn of(code: ReasonCode) -> Self {
        Self { code, status: None, detail: None }
    }

    pub(crate) fn with_detail(code: ReasonCode, detail: impl Into<String>) -> Self {
        Self { code, status: None, detail: Some(without_addresses(&detail.into())) }
    }

    /// The reason of a transport failure. The text never has the URL in it, which holds the
    /// client id.
    pub(crate) fn of_transport(error: &reqwest::Error) -> Self {
        if certificate_error(error).is_some_and(is_authoritys_own) {
            let detail = "it is one for signing others, and this machine doesn't trust it itself";
            return Self::with_detail(ReasonCode::TlsUnknownIssuer, detail);
        }
        // reqwest's own text is the only one that may name the URL.
        let innermost = chain(error).last().filter(|inner| !inner.is::<reqwest::Error>());
        Self { code: code_of_transport(error), status: None, detail: innermost.and_then(said) }
    }

    /// The same, without the token that its text may quote.
    pub(crate) fn without(self, token: Option<&Token>) -> Self {
        Self { detail: redact(self.detail, token), ..self }
    }

    /// Whether the way to the market may be to blame: nobody answered.
    pub(crate) fn is_of_the_way(&self) -> bool {
        self.status.is_none()
            && matches!(
                self.code,
                ReasonCode::Unreachable
                    | ReasonCode::Dns
                    | ReasonCode::Timeout
                    | ReasonCode::ProxyUnreachable
                    | ReasonCode::Silent
                    | ReasonCode::Cut
            )
    }

    /// As a log may have it: without what an answer said, which may quote a token or a user. A
    /// redirect's detail is no more than a host.
    pub(crate) fn redacted(&self) -> Self {
        let is_own = self.status.is_none() || self.code == ReasonCode::Redirect;
        Self { detail: self.detail.clone().filter(|_| is_own), ..self.clone() }
    }
}

impl ReasonCode {
    /// Whether it is about TLS: something that a retry in a second can't cure.
    #[must_use]
    pub fn is_tls(self) -> bool {
        matches!(
            self,
            Self::TlsExpired
                | Self::TlsNotYetValid
                | Self::TlsWrongName
                | Self::TlsUnknownIssuer
                | Self::TlsOther
        )
    }

    fn words(self) -> &'static str {
        match self {
            Self::NoNetwork => "this machine has no network",
            Self::Unreachable => "the market can't be reached",
            Self::Dns => "the market's name can't be resolved",
            Self::Timeout => "no answer in time",
            Self::TlsExpired => "the market's certificate has expired",
            Self::TlsNotYetValid => {
                "the market's certificate isn't valid yet: check this machine's clock"
            }
            Self::TlsWrongName => "the market's certificate is for another name",
            Self::TlsUnknownIssuer => "the market's certificate has an unknown issuer",
            Self::TlsOther => "no secure connection",
            Self::Proxy => "the proxy refused",
            Self::ProxyUnreachable => "the proxy can't be reached",
            Self::NotEventStream => "the answer is not an event stream",
            Self::Encoding => "the answer is encoded although nothing was asked for",
            Self::Redirect => "the market redirects to where this is not followed",
            Self::Busy => "the market asks to wait",
            Self::Away => "the market is away",
            Self::ServerError => "the market has an error",
            Self::BadRequest => "the market calls the request malformed",
            Self::ConnectionsTaken => "all connections that the market allows this user are taken",
            Self::Rejected => "the market rejects the request",
            Self::UnexpectedStatus => "an unexpected answer",
            Self::HeldBack => "something between here and the market holds the stream back",
            Self::Silent => "the stream fell silent",
            Self::Cut => "the connection was cut",
            Self::Ended => "the market ended the stream",
            Self::Setup => "the request can't be made",
            Self::ProxyAuth => "the proxy wants a sign-in",
            Self::NoContent => "the market asked not to connect again",
            Self::Gone => "the market no longer knows this client id",
            Self::TokenWanted => "the market wants a token, and there is none",
            Self::Unauthorized => "the market doesn't accept the token",
            Self::Forbidden => "this account may not receive alerts",
            Self::NoToken => "the token is not to be had",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.words())?;
        if let Some(status) = self.status {
            write!(formatter, " ({status})")?;
        }
        if let Some(detail) = &self.detail {
            write!(formatter, ": {detail}")?;
        }
        Ok(())
    }
}

/// What an error says, for a person. A certificate's names are a stranger's, and TLS quotes them.
fn said(error: &(dyn Error + 'static)) -> Option<String> {
    text::line(&without_addresses(&error.to_string()))
}

/// An error and all that caused it. An `io::Error` hides the error it wraps from `source`.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        match wrapped {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// A text without the addresses of its author's documentation, which are for programmers.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.contains("://"));
    let text = words.collect::<Vec<_>>().join(" ");
    text.trim_end_matches([':', ' ', '(']).to_owned()
}

fn code_of_transport(error: &reqwest::Error) -> ReasonCode {
    // Before all else: what follows is about the proxy's name and address then, not the market's.
    if let Some(code) = code_of_proxy(error) {
        return code;
    }
    for cause in chain(error) {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return code_of_tls(tls);
        }
        if cause.is::<NameNotResolved>() {
            return ReasonCode::Dns;
        }
    }
    if error.is_builder() {
        ReasonCode::Setup
    } else if error.is_timeout() {
        ReasonCode::Timeout
    } else if error.is_connect() {
        ReasonCode::Unreachable
    } else {
        ReasonCode::Cut
    }
}

fn code_of_tls(error: &rustls::Error) -> ReasonCode {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return ReasonCode::TlsOther;
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ReasonCode::TlsExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ReasonCode::TlsNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ReasonCode::TlsWrongName
        }
        CertificateError::UnknownIssuer => ReasonCode::TlsUnknownIssuer,
        _ => ReasonCode::TlsOther,
    }
}

fn certificate_error(error: &reqwest::Error) -> Option<&CertificateError> {
    chain(error).find_map(|cause| match cause.downcast_ref()? {
        rustls::Error::InvalidCertificate(certificate) => Some(certificate),
        _ => None,
    })
}

/// Whether the proxy wants to be signed in to before it lets anything through.
pub(crate) fn is_proxy_sign_in(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        matches!(
            said_of_proxy(&cause.to_string()),
            Some(
                "proxy authorization required"
                    | "credentials not accepted"
                    | "server does not support user/pass authentication"
            )
        )
    })
}

/// What is wrong with the proxy, or with the way to it, if that is what failed.
fn code_of_proxy(error: &reqwest::Error) -> Option<ReasonCode> {
    let said = chain(error).find_map(|cause| said_of_proxy(&cause.to_string()).map(code_of_said));
    said.or_else(|| is_of_forwarding(error).then_some(ReasonCode::ProxyUnreachable))
}

/// What the proxy's error says. Its types aren't public; their texts are.
fn said_of_proxy(text: &str) -> Option<&str> {
    text.strip_prefix("tunnel error: ").or_else(|| text.strip_prefix("SOCKS error: "))
}

fn code_of_said(said: &str) -> ReasonCode {
    match said {
        "failed to create underlying connection" => ReasonCode::ProxyUnreachable,
        // It is there, and the market isn't.
        "network unreachable" | "host unreachable" | "connection refused" | "ttl expired" => {
            ReasonCode::Unreachable
        }
        _ => ReasonCode::Proxy,
    }
}

/// Whether it is the connection to a proxy that passes requests on as they are, which it does without
/// TLS.
fn is_of_forwarding(error: &reqwest::Error) -> bool {
    let Some(to) = error.url().filter(|to| to.scheme() == "http" && !is_loopback(to)) else {
        return false;
    };
    let proxies = Proxies::of_process().unwrap_or_default();
    error.is_connect()
        && proxies.through(to).is_some_and(|proxy| proxy.scheme().starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificate_failures_are_told_apart() {
        for (certificate, code) in [
            (CertificateError::Expired, ReasonCode::TlsExpired),
            (CertificateError::NotValidYet, ReasonCode::TlsNotYetValid),
            (CertificateError::NotValidForName, ReasonCode::TlsWrongName),
            (CertificateError::UnknownIssuer, ReasonCode::TlsUnknownIssuer),
            (CertificateError::Revoked, ReasonCode::TlsOther),
        ] {
            assert_eq!(code_of_tls(&rustls::Error::InvalidCertificate(certificate)), code);
        }
        assert_eq!(code_of_tls(&rustls::Error::DecryptError), ReasonCode::TlsOther);
    }

    #[test]
    fn a_proxy_that_is_away_is_told_from_one_that_refuses() {
        for (text, code) in [
            ("tunnel error: failed to create underlying connection", ReasonCode::ProxyUnreachable),
            ("SOCKS error: failed to create underlying connection", ReasonCode::ProxyUnreachable),
            ("tunnel error: unsuccessful", ReasonCode::Proxy),
            ("tunnel error: unexpected end of file", ReasonCode::Proxy),
            ("SOCKS error: connection not allowed", ReasonCode::Proxy),
            ("SOCKS error: host unreachable", ReasonCode::Unreachable),
            ("SOCKS error: connection refused", ReasonCode::Unreachable),
        ] {
            assert_eq!(said_of_proxy(text).map(code_of_said), Some(code), "{text}");
        }
        assert_eq!(said_of_proxy("tcp connect error"), None);
    }

    #[test]
    fn a_wrapped_error_is_found_behind_io_errors() {
        let inner = io::Error::other(rustls::Error::DecryptError);
        let outer = io::Error::other(inner);
        assert!(chain(&outer).any(<dyn Error>::is::<rustls::Error>));
    }

    #[test]
    fn a_librarys_address_is_in_no_reason() {
        for (text, shown) in [
            (
                "peer closed connection without sending TLS close_notify: https://docs.rs/rustls/x.html#eof",
                "peer closed connection without sending TLS close_notify",
            ),
            ("broken (see http://a.example/b)", "broken (see"),
            ("Connection refused (os error 111)", "Connection refused (os error 111)"),
        ] {
            assert_eq!(without_addresses(text), shown);
        }
    }

    #[test]
    fn what_tls_quotes_is_cleaned_and_cut() {
        let hostile = "valid for \u{202e}gro.\u{200b}evil\n\u{1b}[31m only";
        let error = rustls::Error::General(hostile.to_owned());
        assert_eq!(said(&error).unwrap(), "unexpected error: valid for gro.evil [31m only");
        let named = CertificateError::NotValidForNameContext {
            expected: "market.example".try_into().unwrap(),
            presented: vec!["DnsName(\"a.example\")".to_owned(); 1_000],
        };
        let said = said(&rustls::Error::InvalidCertificate(named)).unwrap();
        assert!(said.chars().count() <= 201 && said.contains("a.example"), "{said}");
    }

    #[test]
    fn a_code_is_stored_in_snake_case() {
        let code = serde_json::to_string(&ReasonCode::TlsUnknownIssuer).unwrap();
        assert_eq!(code, "\"tls_unknown_issuer\"");
    }
}
