//! What to connect to: the market under a client id, or any event stream by its URL.

use url::Url;

use crate::base_url::{is_loopback, parse_stream_url};
use crate::{ClientId, Endpoint, InvalidInput, PlainHttp, Token};

/// Where the stream is, and the credential for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Market(Endpoint),
    Url { url: Url, token: Option<Token> },
}

impl Target {
    /// The market's stream. Leaving it tells the market so.
    #[must_use]
    pub fn market(endpoint: Endpoint) -> Self {
        Self(Kind::Market(endpoint))
    }

    /// Any event stream by its full URL, a query included. There is nothing to tell on leaving,
    /// and no client id that connecting too often would spoil.
    pub fn url(
        text: &str,
        token: Option<Token>,
        plain_http: PlainHttp,
    ) -> Result<Self, InvalidInput> {
        Ok(Self(Kind::Url { url: parse_stream_url(text, plain_http)?, token }))
    }

    /// The stream under the client id as it was given.
    pub(super) fn stream_url(&self) -> Url {
        match &self.0 {
            Kind::Market(endpoint) => endpoint.stream_url(&endpoint.client_id),
            Kind::Url { url, .. } => url.clone(),
        }
    }

    pub(super) fn token(&self) -> Option<&Token> {
        match &self.0 {
            Kind::Market(endpoint) => endpoint.token.as_ref(),
            Kind::Url { token, .. } => token.as_ref(),
        }
    }

    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        match &self.0 {
            Kind::Market(endpoint) => Some(endpoint),
            Kind::Url { .. } => None,
        }
    }

    /// What a log may call it.
    pub(super) fn redacted(&self) -> String {
        self.endpoint().map(|endpoint| &endpoint.client_id).map_or_else(
            || if is_loopback(&self.stream_url()) { "a local URL" } else { "a URL" }.to_owned(),
            ClientId::redacted,
        )
    }
}

impl Endpoint {
    /// The stream of a client at this market.
    pub(super) fn stream_url(&self, client_id: &ClientId) -> Url {
        self.base.join("sse/connect", Some(client_id.as_str()))
    }
}

impl std::fmt::Debug for Kind {
    /// A stream's URL may hold a secret in its query, and is not shown.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Market(endpoint) => endpoint.fmt(formatter),
            Self::Url { token, .. } => {
                formatter.debug_struct("Url").field("token", token).finish_non_exhaustive()
            }
        }
    }
}
