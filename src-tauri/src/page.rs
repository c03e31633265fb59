//! The page in the window is the app's own, and stays it: it leads nowhere else, opens no window and
//! loads nothing down, whatever is dropped on it and whatever runs in it. The window is called what it
//! calls itself. Its policy (the CSP) holds
//! what it loads, and not where it goes. When its process dies it comes back.

#[cfg(target_os = "linux")]
pub(crate) use death::revive;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewWindowBuilder, Wry};

/// Lets the page be nothing but itself.
pub(crate) fn confined<'a>(
    app: &AppHandle,
    builder: WebviewWindowBuilder<'a, Wry, AppHandle>,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    // In development the page comes from Vite.
    let served = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    builder
        .on_navigation(move |url| {
            let stays = is_own(url, served.as_ref());
            if !stays {
                // Where to isn't written down: it may hold what the page knows.
                tracing::warn!(scheme = url.scheme(), "the page was to lead elsewhere, and stays");
            }
            stays
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_document_title_changed(|window, title| {
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(%error, "the window can't be called what it shows");
            }
        })
}

/// Whether a URL is the page's own, with whatever it says of itself behind `?` and `#`.
fn is_own(url: &Url, served: Option<&Url>) -> bool {
    let is_page = matches!(url.path(), "" | "/" | "/index.html");
    let has_no_credentials = url.username().is_empty() && url.password().is_none();
    let own = match served {
        Some(served) => served.origin() == url.origin(),
        None if cfg!(windows) => {
            url.scheme() == "http" && url.host_str() == Some("tauri.localhost")
        }
        None => url.scheme() == "tauri" && url.host_str() == Some("localhost"),
    };
    own && is_page && has_no_credentials && (served.is_some() || url.port().is_none())
}

/// Brings the page back when its process has died.
#[cfg(target_os = "macos")]
pub(crate) fn revive(webview: &tauri::Webview) {
    if let Err(error) = webview.reload() {
        tracing::error!(%error, "the page can't be brought back");
    }
}

#[cfg(target_os = "linux")]
mod death {
    use crate::backend::Backend;
    use std::cell::RefCell;
    use std::collections::VecDeque;
    use std::time::{Duration, Instant};
    use tauri::{Manager, WebviewWindow};
    use webkit2gtk::WebViewExt;

    /// A page whose process has died this often within [`LATELY`] dies of itself.
    const OFTEN: usize = 3;
    const LATELY: Duration = Duration::from_mins(1);

    /// Brings the page back each time that its process has died. One that dies again and again takes
    /// its window with it, so that it can be opened anew.
    pub(crate) fn revive(window: &WebviewWindow) -> tauri::Result<()> {
        let page = window.clone();
        // Not what the webview says it shows: it may have died before it showed anything.
        let first = window.url()?;
        window.with_webview(move |webview| {
            let deaths = RefCell::new(Deaths::default());
            webview.inner().connect_web_process_terminated(move |view, reason| {
                let is_hopeless = deaths.borrow_mut().add(Instant::now());
                tracing::error!(?reason, is_hopeless, "the page's process died");
                // What it is to be told waits for the one that comes.
                if let Some(backend) = page.try_state::<Backend>() {
                    backend.detach();
                }
                if !is_hopeless {
                    view.load_uri(view.uri().as_deref().unwrap_or(first.as_str()));
                } else if let Err(error) = page.destroy() {
                    tracing::error!(%error, "the page's window can't be closed");
                }
            });
        })
    }

    /// When the page's process died lately.
    #[derive(Debug, Default)]
    struct Deaths(VecDeque<Instant>);

    impl Deaths {
        /// One more. Whether these are so many that the next would follow.
        fn add(&mut self, now: Instant) -> bool {
            self.0.retain(|death| now.duration_since(*death) < LATELY);
            self.0.push_back(now);
            self.0.len() >= OFTEN
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn one_that_dies_again_and_again_is_hopeless_and_one_that_dies_now_and_then_is_not() {
            let begin = Instant::now();
            let at = |seconds| begin + Duration::from_secs(seconds);
            let mut deaths = Deaths::default();
            assert!(![0, 31, 62, 93].into_iter().any(|seconds| deaths.add(at(seconds))));
            assert!(deaths.add(at(94)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(url: &str, served: Option<&str>) -> bool {
        let parse = |url| Url::parse(url).unwrap();
        is_own(&parse(url), served.map(parse).as_ref())
    }

    #[test]
    #[cfg(not(windows))]
    fn the_page_is_itself_whatever_is_behind_and_nothing_else_is() {
        for url in [
            "tauri://localhost",
            "tauri://localhost/",
            "tauri://localhost/index.html",
            "tauri://localhost/?a=b#compose",
            "TAURI://localhost/#settings/data",
        ] {
            assert!(own(url, None), "{url}");
        }
        for url in [
            "https://evil.example/",
            "https://evil.example/?tauri://localhost/",
            "http://localhost/",
            "http://tauri.localhost/",
            "https://localhost/",
            "tauri://evil.example/",
            "tauri://localhost.evil.example/",
            "tauri://localhost@evil.example/",
            "tauri://user:secret@localhost/",
            "tauri://localhost:1/",
            "tauri://localhost/other.html",
            "tauri://localhost/assets/x.svg",
            "tauri:localhost",
            "ipc://localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
            "blob:tauri://localhost/1",
            "about:blank",
            "about:srcdoc",
            "javascript:alert(1)",
            "view-source:tauri://localhost/",
        ] {
            assert!(!own(url, None), "{url}");
        }
    }

    #[test]
    fn in_development_it_is_the_one_that_is_served() {
        let served = Some("http://localhost:1420/");
        assert!(own("http://localhost:1420/", served));
        assert!(own("http://localhost:1420/#compose", served));
        for url in ["http://localhost/", "http://localhost:1421/", "https://localhost:1420/"] {
            assert!(!own(url, served), "{url}");
        }
    }
}
