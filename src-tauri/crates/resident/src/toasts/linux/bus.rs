//! The calls of the notification daemon, as the Desktop Notifications Specification 1.3 has them.

use std::collections::HashMap;
use zbus::zvariant::Value;

/// The daemon's name on the session bus.
pub(super) const NAME: &str = "org.freedesktop.Notifications";

/// The daemon.
#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
pub(super) trait Notifications {
    /// What the daemon can do.
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    /// Shows a toast, in the place of `replaces_id` unless that is 0, and gives its id. `actions`
    /// are keys and labels in turns; `expire_timeout` is in milliseconds, -1 as the daemon is set.
    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[String],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    /// Closes a toast.
    fn close_notification(&self, id: u32) -> zbus::Result<()>;
}
