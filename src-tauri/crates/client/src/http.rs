//! The two HTTP clients, and what every request has in common: no referrer, no silent repeat, the
//! environment's proxy but none to this machine, and the token only where it may go. Which proxy that
//! is stands in `proxy`, whom TLS trusts in `tls`.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::{self, Attempt, Policy};
use reqwest::{Client, ClientBuilder, Proxy, RequestBuilder};
use url::{Host, Url};

use crate::base_url::{LOCALHOST, is_loopback, may_carry_token};
use crate::proxy::{Proxies, UnusableProxy};
use crate::{Token, tls};

const USER_AGENT: &str = concat!("agora-notifier/", env!("CARGO_PKG_VERSION"));

/// How many redirects of one request are followed.
const MAX_REDIRECTS: usize = 5;

/// The HTTP client can't be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The environment names a proxy that can't be used.
    #[error(transparent)]
    Proxy(#[from] UnusableProxy),
    /// The market is an IPv6 address behind a proxy. reqwest takes the brackets of such an address for
    /// a part of the name that the certificate must have, and no certificate has them.
    #[error(
        "https to an IPv6 address can't go through a proxy: use the market's name, or add the address to \
         NO_PROXY"
    )]
    Ipv6BehindProxy,
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[from] rustls::Error),
    /// The client itself.
    #[error("the HTTP client can't be set up")]
    Client(#[from] reqwest::Error),
}

/// The client for the one stream: no limit on the whole, redirects on the same host.
pub(crate) fn stream_client(to: &Url, connect: Duration) -> Result<Client, SetupError> {
    let builder = common(to, connect)?.redirect(Policy::custom(follow_on_same_host));
    Ok(builder.build()?)
}

/// The client for the calls: a limit on the whole, no redirects, since one would turn a POST
/// into a GET or repeat it.
pub(crate) fn call_client(
    to: &Url,
    connect: Duration,
    whole: Duration,
) -> Result<Client, SetupError> {
    Ok(common(to, connect)?.timeout(whole).redirect(Policy::none()).build()?)
}

fn common(to: &Url, connect: Duration) -> Result<ClientBuilder, SetupError> {
    let builder = Client::builder()
        .use_preconfigured_tls(tls::config()?)
        .user_agent(USER_AGENT)
        .referer(false)
        .connect_timeout(connect)
        .dns_resolver(Arc::new(SystemNames))
        // A request on a connection kept from before can meet its end, and would be sent again.
        .pool_max_idle_per_host(0)
        .retry(reqwest::retry::never());
    if is_loopback(to) {
        return Ok(builder.no_proxy());
    }
    let proxies = Proxies::of_process()?;
    let is_ipv6 = matches!(to.host(), Some(Host::Ipv6(_)));
    if is_ipv6 && to.scheme() == "https" && proxies.through(to).is_some() {
        return Err(SetupError::Ipv6BehindProxy);
    }
    // Without any, reqwest asks the systems that have such settings.
    let by_environment =
        (!proxies.is_empty()).then(|| Proxy::custom(move |to| proxies.through(to).cloned()));
    Ok(by_environment.into_iter().fold(builder, ClientBuilder::proxy))
}

/// Puts the token on a request to `to`, unless that would show it to the network.
pub(crate) fn authorize(
    request: RequestBuilder,
    to: &Url,
    token: Option<&Token>,
) -> RequestBuilder {
    let Some(token) = token else { return request };
    if !may_carry_token(to) {
        tracing::warn!("the token is withheld: it would go over plain http to another machine");
        return request;
    }
    match HeaderValue::try_from(format!("Bearer {}", token.expose())) {
        Ok(mut value) => {
            value.set_sensitive(true);
            request.header(AUTHORIZATION, value)
        }
        // Not reached: a token is visible ASCII.
        Err(_) => request,
    }
}

fn follow_on_same_host(attempt: Attempt<'_>) -> redirect::Action {
    let follows = attempt.previous().len() <= MAX_REDIRECTS
        && attempt.previous().last().is_some_and(|from| may_follow(from, attempt.url()));
    // Stopping hands out the redirect itself, with its status.
    if follows { attempt.follow() } else { attempt.stop() }
}

/// The same host, at the same port or at the default ports of a change from http to https.
fn may_follow(from: &Url, to: &Url) -> bool {
    let same_host = from.host() == to.host();
    match (from.scheme(), to.scheme()) {
        (from_scheme, to_scheme) if from_scheme == to_scheme => {
            same_host && from.port_or_known_default() == to.port_or_known_default()
        }
        ("http", "https") => same_host && from.port().is_none() && to.port().is_none(),
        _ => false,
    }
}

/// The system's resolver, with an error that can be told from the others'. It isn't asked for this
/// machine, which others could answer for.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if name.as_str() == LOCALHOST {
                let own: [IpAddr; 2] = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
                return Ok(Box::new(own.map(|address| (address, 0u16).into()).into_iter()) as Addrs);
            }
            // An IPv6 address for a SOCKS proxy comes as it stands in a URL.
            let host = name.as_str().trim_start_matches('[').trim_end_matches(']');
            let addresses = tokio::net::lookup_host((host, 0)).await.map_err(NameNotResolved)?;
            Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// The host's name has no address.
#[derive(Debug)]
pub(crate) struct NameNotResolved(std::io::Error);

impl fmt::Display for NameNotResolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name has no address")
    }
}

impl Error for NameNotResolved {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn authorization(to: &str) -> Option<HeaderValue> {
        let to = url(to);
        let token = Token::parse("secret").unwrap();
        let request = authorize(Client::new().get(to.clone()), &to, Some(&token));
        request.build().unwrap().headers().get(AUTHORIZATION).cloned()
    }

    #[test]
    fn the_token_goes_over_https_or_to_this_machine_only() {
        for to in ["https://a.example/x", "http://127.0.0.1:1/x", "http://localhost/x"] {
            assert_eq!(authorization(to).unwrap(), "Bearer secret", "{to}");
        }
        for to in [
            "http://a.example/x",
            "http://10.0.0.1/x",
            "http://localhost.example/x",
            "http://localhost./x",
        ] {
            assert_eq!(authorization(to), None, "{to}");
        }
    }

    #[tokio::test]
    async fn nobody_is_asked_for_this_machines_address() {
        let addresses = SystemNames.resolve(LOCALHOST.parse().unwrap()).await.unwrap();
        let addresses: Vec<_> = addresses.map(|address| address.ip()).collect();
        assert!(addresses.len() == 2 && addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    }

    #[test]
    fn the_token_is_not_in_a_requests_debug() {
        assert!(!format!("{:?}", authorization("https://a.example/x")).contains("secret"));
    }

    #[test]
    fn a_redirect_stays_on_its_host_and_never_leaves_https() {
        for (from, to, follows) in [
            ("https://a.example/x", "https://a.example/y", true),
            ("http://a.example/x", "https://a.example/x", true),
            ("https://a.example/x", "https://a.example:443/y", true),
            ("https://a.example/x", "http://a.example/x", false),
            ("https://a.example/x", "https://b.example/x", false),
            ("https://a.example/x", "https://a.example:444/x", false),
            ("http://a.example:8080/x", "https://a.example/x", false),
        ] {
            assert_eq!(may_follow(&url(from), &url(to)), follows, "{from} -> {to}");
        }
    }
}
