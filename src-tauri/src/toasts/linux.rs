//! The freedesktop notification daemon (Desktop Notifications Specification 1.3).

use super::Toast;
use crate::ipc::NoticeCode;
use crate::notices::Notices;
use crate::shell::Shell;
use agora_inbox::Category;
use futures_util::StreamExt;
use notify_rust::{Hint, Image, Notification, NotificationHandle, NotificationResponse, Urgency};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};

const NAME: &str = "org.freedesktop.Notifications";
/// How long the daemon may take. It answers in milliseconds, unless it is drowning in toasts.
const LIMIT: Duration = Duration::from_secs(10);

/// What is known of the notification daemon.
pub(super) struct Daemon {
    notices: Notices,
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
        match owners().await {
            Ok(owners) => {
                look(&notices, &tell).await;
                shell.spawn(follow(owners, notices, tell));
            }
            Err(error) => notices.set(NoticeCode::NoToasts, true, Some(error.to_string())),
        }
        Self { notices: shell.notices.clone(), abilities }
    }

    /// Shows a toast; `None` where there is nothing to show it.
    pub(super) async fn show(&self, toast: &Toast) -> Option<Shown> {
        let notification = self.notification(toast);
        match timeout(LIMIT, notification.show_async()).await {
            Ok(Ok(handle)) => {
                self.notices.set(NoticeCode::NoToasts, false, None);
                Some(Shown(handle))
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "no toast");
                self.notices.set(NoticeCode::NoToasts, true, Some(error.to_string()));
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
            .action("default", &toast.action);
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

/// The daemon's comings and goings.
async fn owners() -> zbus::Result<NameOwnerChangedStream> {
    let bus = zbus::Connection::session().await?;
    let names = DBusProxy::new(&bus).await?;
    names.receive_name_owner_changed_with_args(&[(0, NAME)]).await
}

async fn follow(
    mut owners: NameOwnerChangedStream,
    notices: Notices,
    abilities: watch::Sender<Option<Abilities>>,
) {
    while let Some(change) = owners.next().await {
        match change.args().map(|args| args.new_owner().is_some()) {
            Ok(true) => look(&notices, &abilities).await,
            Ok(false) => notices.set(NoticeCode::NoToasts, true, None),
            Err(error) => tracing::warn!(%error, "the bus speaks strangely"),
        }
    }
}

/// Asks the daemon what it can do. Asking starts one that the bus knows how to start.
async fn look(notices: &Notices, abilities: &watch::Sender<Option<Abilities>>) {
    match timeout(LIMIT, capabilities()).await {
        Ok(Ok(capabilities)) => {
            // The library asks for the version with a call that blocks, at its first use.
            let version = tokio::task::spawn_blocking(|| *notify_rust::SPEC_VERSION).await;
            tracing::debug!(?version, ?capabilities, "there is a notification daemon");
            let markup = capabilities.iter().any(|name| name == "body-markup");
            abilities.send_replace(Some(Abilities { markup }));
            notices.set(NoticeCode::NoToasts, false, None);
        }
        Ok(Err(error)) => notices.set(NoticeCode::NoToasts, true, Some(error.to_string())),
        Err(_) => notices.set(NoticeCode::NoToasts, true, None),
    }
}

async fn capabilities() -> zbus::Result<Vec<String>> {
    let bus = zbus::Connection::session().await?;
    let answer = bus
        .call_method(
            Some(NAME),
            "/org/freedesktop/Notifications",
            Some(NAME),
            "GetCapabilities",
            &(),
        )
        .await?;
    answer.body().deserialize()
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
