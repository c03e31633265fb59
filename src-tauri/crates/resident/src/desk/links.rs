//! Where alerts' links lead here: against the market's web site as it is set. What may open
//! is judged by [`Link`].

use agora_account::Accounts;
use agora_client::BaseUrl;
use agora_link::{Link, WebSite};

/// What links are looked at with.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    web_site: Option<WebSite>,
    api: BaseUrl,
}

impl Links {
    /// With the web site that the person chose, for the market at `api`; the default one's without an
    /// account.
    pub(crate) fn of(chosen: Option<&str>, api: Option<BaseUrl>) -> Self {
        let api = api.unwrap_or_else(Accounts::default_base_url);
        let chosen = chosen.and_then(|text| WebSite::parse(text).ok());
        Self { web_site: chosen.or_else(|| WebSite::of_market(&api).ok()), api }
    }

    /// Looks at a link as an event gave it.
    pub(crate) fn look_at(&self, text: &str) -> Link {
        match &self.web_site {
            Some(web_site) => Link::of(text, web_site, Some(&self.api)),
            // Not reached: every base URL has a root. Nothing opens then.
            None => Link::Closed { text: String::new(), why: agora_link::Why::Malformed },
        }
    }

    /// The web site, as the person sees it.
    pub(crate) fn web_site(&self) -> String {
        self.web_site.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}
