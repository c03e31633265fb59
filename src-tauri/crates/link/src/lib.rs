//! Where an alert's link leads, and whether it may be opened. The market's data is not trusted.
//!
//! Only https, or http to this machine, ever opens, and only what is written as it is read: a link
//! of which two readers could see two hosts leads nowhere. What isn't the market's own opens after
//! the person was asked, and was warned where its name is like the market's; what can't be told
//! from the market's at a glance doesn't open at all. Who opens one asks here first.

mod look_alike;

use agora_alert::LONGEST_LINK;
use agora_client::{BaseUrl, Rule};
use look_alike::{looks_like, resembles};
use serde::{Deserialize, Serialize};
use std::fmt;
use url::{Host, Url};

/// How many characters of a link that doesn't open are shown.
const SHOWN: usize = 200;
/// DNS's own limits, in bytes.
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The market's pages for people, such as `https://market.example/`: what relative links are
/// relative to. It is a setting, since the market's API doesn't tell; see [`WebSite::of_market`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebSite(Url);

/// A link that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// It may be opened.
    Opens {
        /// What is handed to the system: this, never the text.
        url: Url,
        /// The host to show, with its port where it is an unusual one. ASCII.
        host: String,
        /// The host in its own script, where that is another: shown beside it, not instead.
        unicode: Option<String>,
        /// It is the market's own. Another opens only after the person was asked.
        trusted: bool,
        /// The market's own host that this one, which isn't, resembles: what to warn of.
        resembles: Option<String>,
    },
    /// It may not.
    Closed {
        /// The link for showing only: cut short, and harmless in a line of text.
        text: String,
        /// Why not.
        why: Why,
    },
}

/// Why a link doesn't open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is neither https nor http.
    Scheme,
    /// It is http, and to another machine.
    PlainHttp,
    /// It has a user name or a password, which can be taken for a host.
    Credentials,
    /// Its host can't be told from the market's at a glance, or is in another script.
    LookAlike,
    /// It is no link, or none that everybody reads in the same way.
    Malformed,
}

impl Link {
    /// Looks at a link as an event gave it. `api` is where the market's API is.
    pub fn of(text: &str, web_site: &WebSite, api: Option<&BaseUrl>) -> Self {
        let api = api.and_then(|api| Url::parse(&api.to_string()).ok());
        let own = Own { web_site: &web_site.0, api: api.as_ref() };
        match target(text, &own) {
            Ok(url) => Self::Opens {
                host: host_and_port(&url),
                unicode: in_its_script(&url),
                trusted: own.is_trusted(&url),
                resembles: url.domain().and_then(|name| own.resembled_by(name)),
                url,
            },
            Err(why) => Self::Closed { text: harmless(text), why },
        }
    }
}

impl WebSite {
    /// Where the pages of Agora Market are.
    pub const AGORA: &str = "https://agoramarket.purrtechllc.com/";
    /// The hosts of its API, which serve no pages.
    const AGORA_API: [&str; 2] = ["agoramarketapi.onrender.com", "agoramarketapi.purrtechllc.com"];

    /// Reads a web site: https, or http to this machine, without credentials, query and fragment.
    /// The error is the rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        BaseUrl::parse(text).map_err(|refused| refused.rule).and_then(|site| Self::at(&site))
    }

    /// The default: Agora Market's for its API, and for any other market the root of the host that
    /// its API is on, as nothing else is known of it.
    pub fn of_market(api: &BaseUrl) -> Result<Self, Rule> {
        if Self::AGORA_API.contains(&api.host()) {
            return Self::parse(Self::AGORA);
        }
        let Self(mut url) = Self::at(api)?;
        url.set_path("/");
        Ok(Self(url))
    }

    /// Links relative to a folder are within it.
    fn at(site: &BaseUrl) -> Result<Self, Rule> {
        Url::parse(&format!("{site}/")).map(Self).map_err(|_| Rule::Url)
    }
}

impl fmt::Display for WebSite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

impl TryFrom<String> for WebSite {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|rule| format!("{text:?} is no web site: {rule:?}"))
    }
}

impl From<WebSite> for String {
    fn from(site: WebSite) -> Self {
        site.to_string()
    }
}

/// What is the market's own.
struct Own<'a> {
    web_site: &'a Url,
    api: Option<&'a Url>,
}

impl Own<'_> {
    /// The same scheme, host and port as the web site's or the API's; or a name below the web
    /// site's, on the usual port.
    fn is_trusted(&self, url: &Url) -> bool {
        let is_origin = |own: &Url| own.origin() == url.origin();
        let is_below = match (self.web_site.host(), url.host()) {
            (Some(Host::Domain(own)), Some(Host::Domain(name))) => is_below(name, own),
            _ => false,
        };
        is_origin(self.web_site)
            || self.api.is_some_and(is_origin)
            || (is_below && url.scheme() == "https" && url.port().is_none())
    }

    /// Their names; that of this machine is nobody's own.
    fn names(&self) -> impl Iterator<Item = &str> {
        let own = [Some(self.web_site), self.api].into_iter().flatten().filter_map(Url::domain);
        own.filter(|name| name.contains('.'))
    }

    /// Whether a name is one of these, or below one; or of the API of Agora Market.
    fn has(&self, name: &str) -> bool {
        WebSite::AGORA_API.contains(&name)
            || self.names().any(|own| own == name || is_below(name, own))
    }

    /// The one that a name of others resembles.
    fn resembled_by(&self, name: &str) -> Option<String> {
        let mut names = self.names().filter(|own| !self.has(name) && resembles(name, own));
        names.next().map(ToOwned::to_owned)
    }
}

fn is_below(name: &str, own: &str) -> bool {
    own.contains('.') && name.strip_suffix(own).is_some_and(|rest| rest.ends_with('.'))
}

/// Where the text leads, if it may lead there.
fn target(text: &str, own: &Own<'_>) -> Result<Url, Why> {
    let is_text = (1..=LONGEST_LINK).contains(&text.len()) && !text.chars().any(is_hidden);
    // Browsers read a backslash as a slash, others don't.
    if !is_text || text.contains('\\') {
        return Err(Why::Malformed);
    }
    let authority = match scheme(text) {
        Some((scheme, rest)) if is_web(scheme) => {
            Some(rest.strip_prefix("//").ok_or(Why::Malformed)?)
        }
        Some(_) => return Err(Why::Scheme),
        None => text.strip_prefix("//"),
    }
    .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return Err(Why::Credentials);
    }
    let url = own.web_site.join(text).map_err(|_| Why::Malformed)?;
    if let Some(authority) = authority {
        check_host(authority, &url, own)?;
    }
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(Why::PlainHttp);
    }
    Ok(url)
}

/// Whether a host is read as it is written, and can't be taken for another.
fn check_host(authority: &str, url: &Url, own: &Own<'_>) -> Result<(), Why> {
    let host = url.host_str().ok_or(Why::Malformed)?;
    let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let written = &authority[..port.unwrap_or(authority.len())];
    if written.is_ascii() && !written.eq_ignore_ascii_case(host) {
        return Err(Why::Malformed);
    }
    let Some(name) = url.domain() else {
        return if written.is_ascii() { Ok(()) } else { Err(Why::LookAlike) };
    };
    let is_label = |label: &str| (1..=LONGEST_LABEL).contains(&label.len());
    if name.len() > LONGEST_NAME || !name.split('.').all(is_label) {
        return Err(Why::Malformed);
    }
    let is_foreign = name.split('.').any(|label| label.starts_with("xn--")) || !written.is_ascii();
    if !own.has(name) && (is_foreign || own.names().any(|own| looks_like(name, own))) {
        return Err(Why::LookAlike);
    }
    Ok(())
}

/// The scheme and what follows its colon, where there is one.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some((scheme, rest))
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a character would be dropped, or hides what is written.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn harmless(text: &str) -> String {
    text.chars().take(SHOWN).map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn in_its_script(url: &Url) -> Option<String> {
    let name = url.domain()?;
    let (unicode, read) = idna::domain_to_unicode(name);
    (read.is_ok() && unicode != name).then_some(unicode)
}

#[cfg(test)]
mod tests;
