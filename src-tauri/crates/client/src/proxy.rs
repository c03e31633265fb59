//! Which proxy the environment names for a URL: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`,
//! in either case, as curl reads them.
//!
//! What reqwest makes of them by itself differs in three ways that leave people without their proxy, and
//! unaware of it: an empty variable hides the one in the other case, `socks://` (what desktops set)
//! is unknown, and a proxy that can't be used is passed over. Here the first does nothing, the second is
//! SOCKS 5 with names resolved by the proxy, and the third is an error.

use std::env;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// What may stand before a proxy's address.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxies that the environment names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies {
    for_http: Option<Url>,
    for_https: Option<Url>,
    except: String,
}

/// A variable holds no proxy. Its value may hold a password, and is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the proxy in {0} can't be used: it must be a host and port, with http://, https://, socks5:// or \
     socks5h:// before it"
)]
pub struct UnusableProxy(String);

impl Proxies {
    /// Reads the variables of this process.
    pub(crate) fn of_process() -> Result<Self, UnusableProxy> {
        Self::of(|name| env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, UnusableProxy> {
        let first = |names: &[&str]| {
            names.iter().find_map(|name| {
                let value = variable(name)?.trim().to_owned();
                (!value.is_empty()).then(|| ((*name).to_owned(), value))
            })
        };
        // A web server puts a header of whoever asks into the first (CVE-2016-5385).
        let upper = if variable("REQUEST_METHOD").is_some() { "http_proxy" } else { "HTTP_PROXY" };
        let all = first(&["ALL_PROXY", "all_proxy"]);
        let parsed = |found: Option<(String, String)>| {
            found.or_else(|| all.clone()).map(|(name, value)| parse(&name, &value)).transpose()
        };
        Ok(Self {
            for_http: parsed(first(&[upper, "http_proxy"]))?,
            for_https: parsed(first(&["HTTPS_PROXY", "https_proxy"]))?,
            except: first(&["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, value)| value),
        })
    }

    /// Whether there is none at all; the system's settings may then name one, where it has such.
    pub(crate) fn is_empty(&self) -> bool {
        self.for_http.is_none() && self.for_https.is_none()
    }

    /// The proxy for a request to `to`.
    pub(crate) fn through(&self, to: &Url) -> Option<&Url> {
        let proxy = if to.scheme() == "https" { &self.for_https } else { &self.for_http };
        let proxy = proxy.as_ref()?;
        let to = to.as_str().parse().ok()?;
        let matcher = Matcher::builder().all(proxy.as_str()).no(self.except.as_str()).build();
        matcher.intercept(&to).map(|_| proxy)
    }
}

fn parse(variable: &str, value: &str) -> Result<Url, UnusableProxy> {
    let text = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let text = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("socks") => format!("socks5h://{rest}"),
        _ => text,
    };
    let usable = |url: &Url| {
        SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty())
    };
    Url::parse(&text).ok().filter(usable).ok_or_else(|| UnusableProxy(variable.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Proxies, UnusableProxy> {
        Proxies::of(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn through(variables: &[(&str, &str)], to: &str) -> Option<String> {
        let proxies = of(variables).unwrap();
        proxies.through(&Url::parse(to).unwrap()).map(ToString::to_string)
    }

    const HTTPS: &str = "https://market.test/x";
    const HTTP: &str = "http://market.test/x";

    #[test]
    fn an_empty_variable_hides_no_other() {
        for (variables, to) in [
            (&[("HTTPS_PROXY", ""), ("https_proxy", "http://p:1")], HTTPS),
            (&[("https_proxy", " "), ("HTTPS_PROXY", "http://p:1")], HTTPS),
            (&[("HTTPS_PROXY", ""), ("ALL_PROXY", "http://p:1")], HTTPS),
            (&[("HTTP_PROXY", ""), ("http_proxy", "http://p:1")], HTTP),
            (&[("http_proxy", ""), ("all_proxy", "p:1")], HTTP),
            (&[("ALL_PROXY", ""), ("all_proxy", "p:1")], HTTP),
        ] {
            assert_eq!(through(variables, to).as_deref(), Some("http://p:1/"), "{variables:?}");
        }
        let except = [("NO_PROXY", ""), ("no_proxy", "market.test"), ("ALL_PROXY", "http://p:1")];
        assert_eq!(through(&except, HTTPS), None);
    }

    #[test]
    fn each_kind_of_proxy_is_known_by_its_scheme() {
        for (value, proxy) in [
            ("p:1", "http://p:1/"),
            ("10.0.0.1:1", "http://10.0.0.1:1/"),
            ("[2001:db8::1]:1", "http://[2001:db8::1]:1/"),
            ("HTTP://p:1", "http://p:1/"),
            ("https://p:1", "https://p:1/"),
            ("socks4a://p:1", "socks4a://p:1"),
            ("socks5://p:1", "socks5://p:1"),
            ("socks5h://user:p%40ss@p:1", "socks5h://user:p%40ss@p:1"),
            ("socks://p:1/", "socks5h://p:1/"),
            ("SOCKS://[2001:db8::1]:1", "socks5h://[2001:db8::1]:1"),
        ] {
            let variables = [("all_proxy", value)];
            for to in [HTTP, HTTPS, "https://[2001:db8::2]/x"] {
                assert_eq!(through(&variables, to).as_deref(), Some(proxy), "{value} for {to}");
            }
        }
    }

    #[test]
    fn a_proxy_that_cant_be_used_is_said_by_its_variable_and_without_its_password() {
        for value in ["socks6://p:1", "ftp://p", "http://", "://", "user:secret@", "http://p:port"]
        {
            let error = of(&[("https_proxy", value)]).unwrap_err().to_string();
            assert!(error.contains("https_proxy") && !error.contains("secret"), "{value}: {error}");
        }
    }

    #[test]
    fn the_more_special_variable_goes_before_and_exceptions_go_before_all() {
        let variables = [
            ("HTTPS_PROXY", "http://for-https:1"),
            ("ALL_PROXY", "socks5://for-all:1"),
            ("NO_PROXY", "else.test, 10.0.0.0/8, 2001:db8::1, .inner.test"),
        ];
        for (to, proxy) in [
            (HTTPS, Some("http://for-https:1/")),
            (HTTP, Some("socks5://for-all:1")),
            ("https://else.test/x", None),
            ("https://10.1.2.3/x", None),
            ("https://[2001:db8::1]:8443/x", None),
            ("https://[2001:db8::2]:8443/x", Some("http://for-https:1/")),
            ("http://a.inner.test/x", None),
        ] {
            assert_eq!(through(&variables, to).as_deref(), proxy, "{to}");
        }
    }

    #[test]
    fn a_web_servers_header_names_no_proxy() {
        let variables = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://p:1")];
        assert_eq!(through(&variables, HTTP), None);
    }
}
