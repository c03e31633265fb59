//! The desktop's services on the session bus of Linux: who shows toasts, and who shows tray icons.

use super::Check;
use std::time::Duration;
use tokio::time::timeout;
use zbus::proxy::{Builder, CacheProperties};
use zbus::{Connection, Proxy};

/// How long a service may take; the bus may have to start it first.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks the notification daemon who it is and what it can do (Desktop Notifications Specification 1.3).
pub(super) async fn toasts() -> Check {
    const NAME: &str = "toasts";
    match within_limit(notification_daemon()).await {
        Ok(daemon) => {
            let mut check = Check::good(NAME, format!("{} {}", daemon.name, daemon.version));
            if !daemon.capabilities.iter().any(|capability| capability == "actions") {
                check.detail.push_str("; it has no actions, so a click on a toast opens nothing");
            }
            check
        }
        Err(error) => Check::bad(
            NAME,
            format!("no notification daemon answers: {error}"),
            "start one, such as dunst, mako or the desktop's own; alerts stay in the inbox meanwhile",
        ),
    }
}

/// Asks for a host of status notifier items, which is where the tray icon is shown.
pub(super) async fn tray() -> Check {
    const NAME: &str = "tray";
    let advice = "add one, on GNOME the extension AppIndicator; without it, starting the app again \
                  shows its window";
    match within_limit(tray_host()).await {
        Ok(true) => Check::good(NAME, "there is a host for tray icons"),
        Ok(false) => Check::bad(NAME, "there is a watcher for tray icons, but no host", advice),
        Err(error) => Check::bad(NAME, format!("no host for tray icons answers: {error}"), advice),
    }
}

struct Daemon {
    name: String,
    version: String,
    capabilities: Vec<String>,
}

async fn notification_daemon() -> zbus::Result<Daemon> {
    let proxy = proxy("org.freedesktop.Notifications", "/org/freedesktop/Notifications").await?;
    let (name, _vendor, version, _specification): (String, String, String, String) =
        proxy.call("GetServerInformation", &()).await?;
    let capabilities = proxy.call("GetCapabilities", &()).await?;
    Ok(Daemon { name, version, capabilities })
}

async fn tray_host() -> zbus::Result<bool> {
    let proxy = proxy("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").await?;
    proxy.get_property("IsStatusNotifierHostRegistered").await
}

/// An object of a service whose interface has the service's name.
async fn proxy(service: &'static str, path: &'static str) -> zbus::Result<Proxy<'static>> {
    let bus = Connection::session().await?;
    Builder::new(&bus)
        .destination(service)?
        .path(path)?
        .interface(service)?
        .cache_properties(CacheProperties::No)
        .build()
        .await
}

async fn within_limit<T>(asked: impl Future<Output = zbus::Result<T>>) -> Result<T, String> {
    match timeout(LIMIT, asked).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", LIMIT.as_secs())),
    }
}
