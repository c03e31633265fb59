//! The freedesktop notification daemon (Desktop Notifications Specification 1.3).

use super::Toast;
use crate::ipc::NoticeCode;
use crate::notices::Notices;
use crate::shell::Shell;
use agora_inbox::Category;
use agora_receiver::catalogue;
use futures_util::StreamExt;
use notify_rust::{Hint, Image, Notification, NotificationHandle, NotificationResponse, Urgency};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::names::WellKnownName;

const NAME: &str = "org.freedesktop.Notifications";
/// How long the daemon or the bus may take. They answer in milliseconds, unless the daemon is
/// drowning in toasts.
const LIMIT: Duration = Duration::from_secs(10);

/// What is known of the notification daemon.
pub(super) struct Daemon {
    shell: Arc<Shell>,
    /// `None` without a session bus.
    bus: Option<DBusProxy<'static>>,
    abilities: watch::Receiver<Option<Abilities>>,
}

/// What the daemon says of itself; unknown until there is one.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    /// It takes markup in a body, so plain text has to be escaped for it.
    markup: bool,
}

/// A toast that is on the screen.
pub(super) struct Shown(NotificationHandle);

impl Daemon {
    /// Looks whether there is a daemon, and watches from now on whether it comes or goes.
    pub(super) async fn watch(shell: &Arc<Shell>) -> Self {
        let (tell, abilities) = watch::channel(None);
        let notices = shell.notices.clone();
        // Listen first, then look: nothing is missed between the two.
        let bus = match timeout(LIMIT, owners()).await {
            Ok(Ok((bus, owners))) => {
                look(&bus, &notices, &tell).await;
                shell.spawn(follow(bus.clone(), owners, notices, tell));
                Some(bus)
            }
            Ok(Err(error)) => {
                notices.set(NoticeCode::NoToasts, true, Some(error.to_string()));
                None
            }
            Err(_) => {
                let detail = "the session bus doesn't answer".to_owned();
                notices.set(NoticeCode::NoToasts, true, Some(detail));
                None
            }
        };
        Self { shell: shell.clone(), bus, abilities }
    }

    /// Shows a toast; `None` where there is nothing to show it, or it wasn't in time. One that was
    /// too late for us may still appear, so it is not to be shown again.
    pub(super) async fn show(&self, toast: &Toast) -> Option<Shown> {
        let notification = self.notification(toast);
        let notices = &self.shell.notices;
        match timeout(LIMIT, notification.show_async()).await {
            Ok(Ok(handle)) => {
                notices.set(NoticeCode::NoToasts, false, None);
                Some(Shown(handle))
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "no toast");
                if let Some(bus) = &self.bus {
                    notice_absence(bus, notices, Some(error.to_string())).await;
                }
                None
            }
            Err(_) => {
                tracing::warn!("the notification daemon doesn't answer");
                None
            }
        }
    }

    fn notification(&self, toast: &Toast) -> Notification {
        let abilities = *self.abilities.borrow();
        let escapes = abilities.is_none_or(|abilities| abilities.markup);
        let mut notification = Notification::new();
        notification
            .appname("Agora")
            .icon("agora-notifier")
            .summary(&toast.title)
            .body(&if escapes { escaped(&toast.body) } else { toast.body.clone() })
            .hint(Hint::DesktopEntry("agora-notifier".into()))
            .urgency(if toast.urgent { Urgency::Critical } else { Urgency::Normal })
            .action("default", catalogue::text(self.shell.language(), "toast.open"));
        // An image's hint depends on the daemon's version, which the library looks up only once.
        if abilities.is_some() {
            match icon(toast.category) {
                Ok(image) => {
                    notification.image_data(image);
                }
                Err(error) => tracing::warn!(%error, "a toast without its icon"),
            }
        }
        notification
    }
}

impl Shown {
    /// Waits until the toast is clicked (`true`) or gone.
    pub(super) async fn clicked(self) -> bool {
        let mut clicked = false;
        self.0
            .wait_for_action_async(|response| {
                clicked = matches!(response, NotificationResponse::Default);
            })
            .await;
        clicked
    }
}

/// The bus, and the daemon's comings and goings on it.
async fn owners() -> zbus::Result<(DBusProxy<'static>, NameOwnerChangedStream)> {
    let bus = DBusProxy::new(&zbus::Connection::session().await?).await?;
    let owners = bus.receive_name_owner_changed_with_args(&[(0, NAME)]).await?;
    Ok((bus, owners))
}

async fn follow(
    bus: DBusProxy<'static>,
    mut owners: NameOwnerChangedStream,
    notices: Notices,
    abilities: watch::Sender<Option<Abilities>>,
) {
    while let Some(change) = owners.next().await {
        match change.args().map(|args| args.new_owner().is_some()) {
            Ok(true) => look(&bus, &notices, &abilities).await,
            // The next toast starts one that the bus knows how to start.
            Ok(false) if starts_on_demand(&bus).await => {}
            Ok(false) => notice_absence(&bus, &notices, None).await,
            Err(error) => tracing::warn!(%error, "the bus speaks strangely"),
        }
    }
}

/// Asks the daemon what it can do. Asking starts one that the bus knows how to start.
async fn look(
    bus: &DBusProxy<'_>,
    notices: &Notices,
    abilities: &watch::Sender<Option<Abilities>>,
) {
    let detail = match timeout(LIMIT, capabilities(bus)).await {
        Ok(Ok(capabilities)) => {
            tracing::debug!(?capabilities, "there is a notification daemon");
            let markup = capabilities.iter().any(|name| name == "body-markup");
            abilities.send_replace(Some(Abilities { markup }));
            notices.set(NoticeCode::NoToasts, false, None);
            return;
        }
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => None,
    };
    tracing::warn!(?detail, "the notification daemon doesn't say what it can do");
    notice_absence(bus, notices, detail).await;
}

async fn capabilities(bus: &DBusProxy<'_>) -> anyhow::Result<Vec<String>> {
    let call = bus.inner().connection().call_method(
        Some(NAME),
        "/org/freedesktop/Notifications",
        Some(NAME),
        "GetCapabilities",
        &(),
    );
    let capabilities = call.await?.body().deserialize()?;
    // The library asks for the version with a call that blocks, at its first use.
    tokio::task::spawn_blocking(|| *notify_rust::SPEC_VERSION).await?;
    Ok(capabilities)
}

/// After a call that failed, which would have started a daemon: says so where there is none. One
/// that is there has only refused that call.
async fn notice_absence(bus: &DBusProxy<'_>, notices: &Notices, detail: Option<String>) {
    let has_owner =
        timeout(LIMIT, bus.name_has_owner(WellKnownName::from_static_str_unchecked(NAME).into()));
    if !matches!(has_owner.await, Ok(Ok(true))) {
        notices.set(NoticeCode::NoToasts, true, detail);
    }
}

async fn starts_on_demand(bus: &DBusProxy<'_>) -> bool {
    let names = timeout(LIMIT, bus.list_activatable_names()).await;
    names.is_ok_and(|names| names.is_ok_and(|names| names.iter().any(|name| *name == NAME)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The category's icon, as the pixels that the specification's `image-data` hint carries.
fn icon(category: Category) -> anyhow::Result<Image> {
    let bytes: &[u8] = match category {
        Category::Orders => include_bytes!("../../../icons/category/orders.png"),
        Category::Delivery => include_bytes!("../../../icons/category/delivery.png"),
        Category::Money => include_bytes!("../../../icons/category/money.png"),
        Category::Chat => include_bytes!("../../../icons/category/chat.png"),
        Category::Security => include_bytes!("../../../icons/category/security.png"),
        Category::Products => include_bytes!("../../../icons/category/products.png"),
        Category::Store => include_bytes!("../../../icons/category/store.png"),
        Category::System => include_bytes!("../../../icons/category/system.png"),
    };
    let pixels = crate::pixels::decode(bytes)?;
    Ok(Image::from_rgba(pixels.width, pixels.height, pixels.rgba)?)
}
