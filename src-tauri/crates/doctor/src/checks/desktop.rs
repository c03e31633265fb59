//! The desktop's services on the session bus of Linux: who shows toasts, and who shows tray icons.

use crate::{Check, Finding, Part, named};
use std::time::Duration;
use tokio::time::timeout;
use zbus::proxy::{Builder, CacheProperties};
use zbus::{Connection, Proxy};

/// How long a service may take; the bus may have to start it first.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks the notification daemon who it is and what it can do (Desktop Notifications Specification 1.3).
pub async fn toasts() -> Check {
    let found = match within_limit(notification_daemon()).await {
        Ok(Daemon { daemon, has_actions: true }) => Finding::Toasts { daemon },
        Ok(Daemon { daemon, has_actions: false }) => Finding::ToastsWithoutActions { daemon },
        Err(error) => Finding::NoToasts(error),
    };
    Check::of(Part::Toasts, found)
}

/// Asks for a host of status notifier items, which is where the tray icon is shown.
pub async fn tray() -> Check {
    let found = match within_limit(tray_host()).await {
        Ok(true) => Finding::Tray,
        Ok(false) => Finding::TrayWithoutHost,
        Err(error) => Finding::NoTray(error),
    };
    Check::of(Part::Tray, found)
}

struct Daemon {
    /// Its name and version.
    daemon: String,
    has_actions: bool,
}

async fn notification_daemon() -> zbus::Result<Daemon> {
    let proxy = proxy("org.freedesktop.Notifications", "/org/freedesktop/Notifications").await?;
    let (name, _vendor, version, _specification): (String, String, String, String) =
        proxy.call("GetServerInformation", &()).await?;
    let capabilities: Vec<String> = proxy.call("GetCapabilities", &()).await?;
    Ok(Daemon {
        daemon: named(&format!("{name} {version}")).unwrap_or_default(),
        has_actions: capabilities.iter().any(|capability| capability == "actions"),
    })
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
