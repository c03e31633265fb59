//! Inside Flatpak: the portal that starts a program with the desktop, if the person lets it
//! (`org.freedesktop.portal.Background`). It answers what was asked, and can't be asked how it is.

use super::AT_LOGIN;
use anyhow::Context;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::timeout;
use zbus::Connection;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

/// How long a person may take for an answer.
const ANSWER: Duration = Duration::from_mins(3);
/// The name of the program within its Flatpak.
const PROGRAM: &str = "agora-notifier";

#[zbus::proxy(
    interface = "org.freedesktop.portal.Background",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop",
    gen_blocking = false
)]
trait Background {
    fn request_background(
        &self,
        parent_window: &str,
        options: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<OwnedObjectPath>;
}

#[zbus::proxy(
    interface = "org.freedesktop.portal.Request",
    default_service = "org.freedesktop.portal.Desktop",
    gen_blocking = false
)]
trait Request {
    #[zbus(signal)]
    fn response(&self, response: u32, results: HashMap<String, OwnedValue>) -> zbus::Result<()>;
}

/// Flatpak says so itself, in every program of it.
pub(super) fn is_inside_flatpak() -> bool {
    std::env::var_os("FLATPAK_ID").is_some_and(|id| !id.is_empty())
}

/// Asks that the app be started with the desktop, or not. Gives what then is so.
pub(super) async fn request(on: bool) -> anyhow::Result<bool> {
    let asked = async { ask(on).await.context("the desktop's portal doesn't answer") };
    timeout(ANSWER, asked).await.context("nobody answered what the desktop's portal asked")?
}

async fn ask(on: bool) -> anyhow::Result<bool> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let bus = Connection::session().await?;
    let token = format!("agora{}", ASKED.fetch_add(1, Ordering::Relaxed));
    let sender = bus.unique_name().context("the bus gave no name")?;
    let sender = sender.trim_start_matches(':').replace('.', "_");
    let path = format!("/org/freedesktop/portal/desktop/request/{sender}/{token}");
    // Listen first, then ask: nothing is missed between the two.
    let request = RequestProxy::new(&bus, path.as_str()).await?;
    let mut responses = request.receive_response().await?;
    let options = HashMap::from([
        ("handle_token", Value::from(token.as_str())),
        ("autostart", on.into()),
        ("commandline", vec![PROGRAM, AT_LOGIN].into()),
        ("dbus-activatable", false.into()),
    ]);
    let handle = BackgroundProxy::new(&bus).await?.request_background("", options).await?;
    anyhow::ensure!(handle.as_str() == path, "it answers elsewhere than it was asked to");
    let response = responses.next().await.context("it has gone")?;
    let answer = response.args()?;
    // 0 is a yes; 1 was dismissed, 2 ended otherwise.
    let starts = answer.results().get("autostart").and_then(|starts| bool::try_from(starts).ok());
    match (*answer.response(), starts) {
        (0, Some(starts)) => Ok(starts),
        (0, None) => anyhow::bail!("it doesn't say what it did"),
        // What was asked is not so; what was before, it may be.
        (_, _) => Ok(!on),
    }
}
