//! Where requests go: the market's base URL, and any stream's full URL. It owns the rules on
//! schemes and the building of paths; it leaves the token to `http`.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::input::{Field, InvalidInput, Rule};

/// All but RFC 3986's unreserved characters: `;` too, which some servers cut a path at.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where plain `http://` may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlainHttp {
    /// To this machine only.
    #[default]
    ThisMachine,
    /// Anywhere, after someone asked for it explicitly. A token still doesn't go there.
    Anywhere,
}

/// The market's base URL, such as `https://market.example/api`: no trailing slash, query, fragment
/// or credentials.
///
/// Deserializing allows plain http only to this machine, as [`BaseUrl::parse`] does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL; plain http only to this machine.
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        Self::parse_with(text, PlainHttp::ThisMachine)
    }

    /// Reads a base URL; plain http as `plain_http` says.
    pub fn parse_with(text: &str, plain_http: PlainHttp) -> Result<Self, InvalidInput> {
        let mut url = parse_http(Field::BaseUrl, text, plain_http)?;
        if url.query().is_some() {
            return Err(InvalidInput::new(Field::BaseUrl, Rule::NoQuery));
        }
        if url.fragment().is_some() {
            return Err(InvalidInput::new(Field::BaseUrl, Rule::NoFragment));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The base URL that is most likely meant by a text that is none: with the scheme that it lacks, or
    /// without what doesn't belong to it. `None` where nothing of the kind makes it one.
    #[must_use]
    pub fn meant_by(text: &str) -> Option<Self> {
        let text = text.trim().split(['?', '#']).next().unwrap_or_default();
        let secure = match text.split_once("://") {
            None => format!("https://{text}"),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => {
                format!("https://{rest}")
            }
            Some(_) => text.to_owned(),
        };
        let meant = Self::parse(text).or_else(|_| Self::parse(&secure)).ok()?;
        // A single word is more likely to be something else.
        (meant.host().contains('.') || meant.is_loopback()).then_some(meant)
    }

    /// The same with `/api` behind it, where most markets have their calls; `None` where it has a path.
    #[must_use]
    pub fn with_api(&self) -> Option<Self> {
        let has_path = !self.0.path().trim_end_matches('/').is_empty();
        (!has_path).then(|| Self(self.join("api", None)))
    }

    /// The host's name or address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether a token may go there: over https anywhere, over http to this machine only.
    #[must_use]
    pub fn may_carry_token(&self) -> bool {
        may_carry_token(&self.0)
    }

    /// The URL of `fixed` path segments and, behind them, `last`, percent-encoded as one segment.
    pub(crate) fn join(&self, fixed: &str, last: Option<&str>) -> Url {
        let mut path = format!("{}/{fixed}", self.0.path().trim_end_matches('/'));
        if let Some(last) = last {
            path.push('/');
            path.extend(utf8_percent_encode(last, SEGMENT));
        }
        let mut url = self.0.clone();
        url.set_path(&path);
        url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = InvalidInput;

    fn try_from(text: String) -> Result<Self, InvalidInput> {
        Self::parse(&text)
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.to_string()
    }
}

/// Reads the full URL of a stream: a query is its own affair, a fragment is never sent.
pub(crate) fn parse_stream_url(text: &str, plain_http: PlainHttp) -> Result<Url, InvalidInput> {
    let mut url = parse_http(Field::StreamUrl, text, plain_http)?;
    url.set_fragment(None);
    Ok(url)
}

fn parse_http(field: Field, text: &str, plain_http: PlainHttp) -> Result<Url, InvalidInput> {
    let refuse = |rule| InvalidInput::new(field, rule);
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse(Rule::Required));
    }
    // The parser would drop tabs and line breaks without a word.
    if text.chars().any(char::is_control) {
        return Err(refuse(Rule::NoControlCharacters));
    }
    let url = Url::parse(text).map_err(|_| refuse(Rule::Url))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse(Rule::HttpScheme));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(Rule::NoCredentials));
    }
    if url.scheme() == "http" && plain_http == PlainHttp::ThisMachine && !is_loopback(&url) {
        return Err(refuse(Rule::HttpOnlyToThisMachine));
    }
    Ok(url)
}

/// The one name of this machine.
pub(crate) const LOCALHOST: &str = "localhost";

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // With a dot at its end it is a name like any other: DNS is asked for it.
        Some(Host::Domain(name)) => name == LOCALHOST,
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(crate) fn may_carry_token(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        BaseUrl::parse(text).unwrap_err().rule
    }

    #[test]
    fn trailing_slashes_are_folded() {
        for text in ["https://a.example/api", "https://a.example/api/", " https://A.example/api// "]
        {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), "https://a.example/api");
        }
        assert_eq!(BaseUrl::parse("https://a.example/").unwrap().to_string(), "https://a.example");
    }

    #[test]
    fn what_is_nearly_one_is_mended() {
        for (text, meant) in [
            ("market.example/api", Some("https://market.example/api")),
            (" market.example ", Some("https://market.example")),
            ("http://market.example/api", Some("https://market.example/api")),
            ("HTTP://market.example", Some("https://market.example")),
            ("https://market.example/api?tea=1#x", Some("https://market.example/api")),
            ("http://127.0.0.1:8080/api?x", Some("http://127.0.0.1:8080/api")),
            ("tea", None),
            ("", None),
            ("ftp://market.example", None),
            ("https://name:secret@market.example", None),
        ] {
            assert_eq!(
                BaseUrl::meant_by(text).map(|url| url.to_string()).as_deref(),
                meant,
                "{text}"
            );
        }
        let api = |text| BaseUrl::parse(text).unwrap().with_api().map(|url| url.to_string());
        assert_eq!(api("https://market.example/").as_deref(), Some("https://market.example/api"));
        assert_eq!(api("https://market.example/v2"), None);
    }

    #[test]
    fn each_refusal_names_its_rule() {
        assert_eq!(rule(" "), Rule::Required);
        assert_eq!(rule("market"), Rule::Url);
        assert_eq!(rule("https://"), Rule::Url);
        assert_eq!(rule("ftp://a.example"), Rule::HttpScheme);
        assert_eq!(rule("http://a.example/api"), Rule::HttpOnlyToThisMachine);
        assert_eq!(rule("http://localhost.example"), Rule::HttpOnlyToThisMachine);
        assert_eq!(rule("https://u:p@a.example"), Rule::NoCredentials);
        assert_eq!(rule("https://a.example/?x=1"), Rule::NoQuery);
        assert_eq!(rule("https://a.example/#x"), Rule::NoFragment);
        assert_eq!(rule("https://a.ex\nample/"), Rule::NoControlCharacters);
    }

    #[test]
    fn plain_http_goes_to_this_machine_or_where_it_was_allowed() {
        for text in ["http://localhost:1/api", "http://127.0.0.2:1", "http://[::1]:1"] {
            assert!(BaseUrl::parse(text).unwrap().may_carry_token(), "{text}");
        }
        let allowed = BaseUrl::parse_with("http://a.example", PlainHttp::Anywhere).unwrap();
        assert!(!allowed.may_carry_token());
    }

    #[test]
    fn this_machine_is_what_nobody_else_can_answer_for() {
        for (text, is_this_machine) in [
            ("http://localhost", true),
            ("http://LocalHost:1", true),
            ("http://ｌocalhost", true),
            ("http://%6cocalhost", true),
            ("http://127.0.0.1", true),
            ("http://127.0.0.1.", true),
            ("http://127.255.255.255", true),
            ("http://0x7f.1", true),
            ("http://[::1]", true),
            ("http://localhost.", false),
            ("http://localhost.:1", false),
            ("http://localhost。", false),
            ("http://LOCALHOST.", false),
            ("http://localhost.localdomain", false),
            ("http://x.localhost", false),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example", false),
            ("http://0.0.0.0", false),
            ("http://[::]", false),
            ("http://[::ffff:127.0.0.1]", false),
            ("http://128.0.0.1", false),
        ] {
            let base = BaseUrl::parse_with(text, PlainHttp::Anywhere).unwrap();
            assert_eq!(base.is_loopback(), is_this_machine, "{text}");
            assert_eq!(base.may_carry_token(), is_this_machine, "{text}");
            assert_eq!(BaseUrl::parse(text).is_ok(), is_this_machine, "{text}");
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let base = BaseUrl::parse("https://a.example/api/").unwrap();
        let url = base.join("sse/connect", Some("../a b;c?d#e%2e\\商"));
        assert_eq!(
            url.as_str(),
            "https://a.example/api/sse/connect/..%2Fa%20b%3Bc%3Fd%23e%252e%5C%E5%95%86"
        );
        let root = BaseUrl::parse("https://a.example").unwrap();
        assert_eq!(root.join("sse/broadcast", None).as_str(), "https://a.example/sse/broadcast");
    }

    #[test]
    fn it_is_stored_as_text_and_checked_when_read() {
        let base = BaseUrl::parse("https://a.example/api/").unwrap();
        let stored = serde_json::to_string(&base).unwrap();
        assert_eq!(stored, "\"https://a.example/api\"");
        assert_eq!(serde_json::from_str::<BaseUrl>(&stored).unwrap(), base);
        assert!(serde_json::from_str::<BaseUrl>("\"http://a.example\"").is_err());
    }
}
