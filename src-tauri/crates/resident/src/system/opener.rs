//! Hands links and folders to the program that the system opens them with. Which links may open is
//! judged before.

use std::ffi::OsStr;

/// Opens a link or a folder. A click's activation token lets the window that shows it come to the
/// front (Wayland's and X11's; other systems have none).
pub(crate) async fn open(target: impl AsRef<OsStr>, token: Option<&str>) -> anyhow::Result<()> {
    platform::open(target.as_ref(), token).await
}

#[cfg(target_os = "linux")]
mod platform {
    use crate::system::child::{leave, withhold};
    use std::ffi::OsStr;
    use std::process::Stdio;
    use std::time::Duration;
    use tokio::process::Command;
    use tokio::time::timeout;

    /// How long an opener may take to fail. One that still runs then has found its program.
    const MOMENT: Duration = Duration::from_millis(250);

    pub(super) async fn open(target: &OsStr, token: Option<&str>) -> anyhow::Result<()> {
        for opener in open::commands(target) {
            let mut opener = prepared(opener.into(), token);
            let Ok(mut started) = opener.spawn() else { continue };
            match timeout(MOMENT, started.wait()).await {
                Ok(Ok(status)) if !status.success() => {}
                _ => {
                    leave(started);
                    return Ok(());
                }
            }
        }
        anyhow::bail!("no program here opens it")
    }

    /// A browser outlives this app and starts programs itself: it gets the click's token as desktops
    /// look for it, and not the market's.
    fn prepared(mut opener: Command, token: Option<&str>) -> Command {
        opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        withhold(&mut opener);
        if let Some(token) = token {
            opener.env("XDG_ACTIVATION_TOKEN", token).env("DESKTOP_STARTUP_ID", token);
        }
        opener
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_opener_gets_the_clicks_token_and_not_the_markets() {
            let opener = prepared(Command::new("xdg-open"), Some("click"));
            let given: Vec<_> = opener.as_std().get_envs().collect();
            for name in ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"] {
                assert!(given.contains(&(name.as_ref(), Some("click".as_ref()))), "{given:?}");
            }
            assert!(given.contains(&("AGORA_TOKEN".as_ref(), None)), "{given:?}");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::ffi::OsStr;
    use tokio::task::spawn_blocking;

    /// It waits a moment for the opener to fail.
    pub(super) async fn open(target: &OsStr, _token: Option<&str>) -> anyhow::Result<()> {
        let target = target.to_owned();
        Ok(spawn_blocking(move || open::that_detached(target)).await??)
    }
}
