//! Where an alert's link leads, and whether it may be opened. The market's data is not trusted:
//! only https, or http to this machine, is ever handed to the system.

use crate::ipc::LinkView;
use agora_client::BaseUrl;
use url::{Host, Url};

/// A link that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Link {
    /// It may be opened.
    Opens(Url),
    /// It may not; the text is for showing only.
    Closed(String),
}

impl Link {
    /// Looks at a link as an event gave it. A path is one of the market's web site: the base URL's
    /// host.
    pub(crate) fn of(text: &str, base: Option<&BaseUrl>) -> Self {
        let closed = || Self::Closed(text.chars().take(200).collect());
        let parsed = match Url::parse(text) {
            Ok(url) => Ok(url),
            Err(url::ParseError::RelativeUrlWithoutBase) => match base {
                Some(base) => Url::parse(&base.to_string()).and_then(|base| base.join(text)),
                None => return closed(),
            },
            Err(error) => Err(error),
        };
        match parsed {
            Ok(url) if may_open(&url) => Self::Opens(url),
            _ => closed(),
        }
    }

    /// The host that it leads to, as the page shows it.
    pub(crate) fn view(&self) -> LinkView {
        match self {
            Self::Opens(url) => LinkView { host: host(url), opens: true },
            Self::Closed(text) => LinkView { host: text.clone(), opens: false },
        }
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn may_open(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    !has_credentials && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> BaseUrl {
        BaseUrl::parse("https://market.example/api").unwrap()
    }

    #[test]
    fn paths_and_https_open() {
        let opens = |text: &str, url: &str| {
            assert_eq!(
                Link::of(text, Some(&base())),
                Link::Opens(Url::parse(url).unwrap()),
                "{text}"
            );
        };
        opens("/orders/1", "https://market.example/orders/1");
        opens("https://elsewhere.example/x", "https://elsewhere.example/x");
        opens("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x");
    }

    #[test]
    fn everything_else_stays_closed() {
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "http://market.example/",
            "mailto:a@b.example",
            "https://user:pass@market.example/",
            "https://market.example@evil.example/",
            "",
            "//",
        ] {
            let link = Link::of(text, Some(&base()));
            let opened_here =
                matches!(&link, Link::Opens(url) if url.host_str() == Some("market.example"));
            assert!(
                matches!(link, Link::Closed(_)) || (text.is_empty() && opened_here),
                "{text}: {link:?}"
            );
        }
        assert_eq!(Link::of("/x", None), Link::Closed("/x".into()));
    }
}
