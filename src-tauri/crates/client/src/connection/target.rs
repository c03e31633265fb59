//! What to connect to: the market under a client id, or any event stream by its URL; and the credential
//! for it, which may be renewed while the stream is open.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::base_url::{is_loopback, parse_stream_url};
use crate::{BaseUrl, ClientId, Endpoint, InvalidInput, PlainHttp, Token};

/// Where the stream is, and the credential for it, which clones share.
#[derive(Debug, Clone)]
pub struct Target {
    kind: Kind,
    token: Arc<Mutex<Option<Token>>>,
}

#[derive(Clone)]
enum Kind {
    Market { base: BaseUrl, client_id: ClientId },
    Url(Url),
}

impl Target {
    /// The market's stream. Leaving it tells the market so.
    #[must_use]
    pub fn market(endpoint: Endpoint) -> Self {
        let Endpoint { base, client_id, token } = endpoint;
        Self { kind: Kind::Market { base, client_id }, token: Arc::new(Mutex::new(token)) }
    }

    /// Any event stream by its full URL, a query included. There is nothing to tell on leaving,
    /// and no client id that connecting too often would spoil.
    pub fn url(
        text: &str,
        token: Option<Token>,
        plain_http: PlainHttp,
    ) -> Result<Self, InvalidInput> {
        let kind = Kind::Url(parse_stream_url(text, plain_http)?);
        Ok(Self { kind, token: Arc::new(Mutex::new(token)) })
    }

    /// From now on requests go with this token: the next connect, and the goodbyes. What is open stays.
    pub fn renew(&self, token: Token) {
        *self.lock() = Some(token);
    }

    /// The stream under the client id as it was given.
    pub(super) fn stream_url(&self) -> Url {
        match &self.kind {
            Kind::Market { base, client_id } => stream_url(base, client_id),
            Kind::Url(url) => url.clone(),
        }
    }

    /// What requests go with.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.lock().clone()
    }

    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        match &self.kind {
            Kind::Market { base, client_id } => Some(Endpoint {
                base: base.clone(),
                client_id: client_id.clone(),
                token: self.token(),
            }),
            Kind::Url(_) => None,
        }
    }

    /// What a log may call it.
    pub(super) fn redacted(&self) -> String {
        match &self.kind {
            Kind::Market { client_id, .. } => client_id.redacted(),
            Kind::Url(url) if is_loopback(url) => "a local URL".to_owned(),
            Kind::Url(_) => "a URL".to_owned(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stream of a client at a market.
pub(super) fn stream_url(base: &BaseUrl, client_id: &ClientId) -> Url {
    base.join("sse/connect", Some(client_id.as_str()))
}

impl std::fmt::Debug for Kind {
    /// A stream's URL may hold a secret in its query, and is not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Market { base, client_id } => formatter
                .debug_struct("Market")
                .field("base", base)
                .field("client_id", client_id)
                .finish(),
            Self::Url(_) => formatter.write_str("Url(…)"),
        }
    }
}
