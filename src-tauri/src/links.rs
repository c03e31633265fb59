//! Where alerts' links lead here: against the market's web site as it is set, and opened by the
//! system. What may open is judged by [`Link`].

use crate::ipc::Preferences;
use agora_account::Accounts;
use agora_client::BaseUrl;
use agora_receiver::link::{Link, WebSite};
use tokio::task::spawn_blocking;

/// What links are looked at with.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    web_site: Option<WebSite>,
    api: BaseUrl,
}

impl Links {
    /// For the market at `api`; the default one's without an account.
    pub(crate) fn of(preferences: &Preferences, api: Option<BaseUrl>) -> Self {
        let api = api.unwrap_or_else(Accounts::default_base_url);
        let chosen = preferences.web_site.as_deref().and_then(|text| WebSite::parse(text).ok());
        Self { web_site: chosen.or_else(|| WebSite::of_market(&api).ok()), api }
    }

    /// Looks at a link as an event gave it.
    pub(crate) fn look_at(&self, text: &str) -> Link {
        match &self.web_site {
            Some(web_site) => Link::of(text, web_site, Some(&self.api)),
            // Not reached: every base URL has a root. Nothing opens then.
            None => Link::Closed { text: String::new(), why: agora_receiver::link::Why::Malformed },
        }
    }

    /// The web site, as the person sees it.
    pub(crate) fn web_site(&self) -> String {
        self.web_site.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

/// Hands a link to the system. A click's token lets the window that shows it come to the front.
pub(crate) async fn open(url: url::Url, token: Option<String>) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(token) = token {
        return open_with(&url, &token).await;
    }
    #[cfg(not(target_os = "linux"))]
    drop(token);
    // It waits a moment for the opener to fail.
    Ok(spawn_blocking(move || open::that_detached(url.as_str())).await??)
}

/// What the library does, with the token as desktops look for it: on Wayland, and on X11.
#[cfg(target_os = "linux")]
async fn open_with(url: &url::Url, token: &str) -> anyhow::Result<()> {
    use std::process::Stdio;
    use std::time::Duration;
    use tokio::time::timeout;
    /// How long an opener may take to fail. One that still runs then has found its program.
    const MOMENT: Duration = Duration::from_millis(250);
    for opener in open::commands(url.as_str()) {
        let mut opener = tokio::process::Command::from(opener);
        opener.env("XDG_ACTIVATION_TOKEN", token).env("DESKTOP_STARTUP_ID", token);
        opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut started) = opener.process_group(0).spawn() else { continue };
        match timeout(MOMENT, started.wait()).await {
            Ok(Ok(status)) if !status.success() => {}
            _ => return Ok(()),
        }
    }
    anyhow::bail!("no program here opens links")
}
