//! Desktops that always have toasts and a tray: there is no service to ask.

use super::Check;

/// Toasts are part of the system.
#[expect(clippy::unused_async, reason = "on Linux a bus is asked")]
pub(super) async fn toasts() -> Check {
    Check::good("toasts", "not checked here: the system shows them itself")
}

/// The tray is part of the system.
#[expect(clippy::unused_async, reason = "on Linux a bus is asked")]
pub(super) async fn tray() -> Check {
    Check::good("tray", "not checked here: the system shows it itself")
}
