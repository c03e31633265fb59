//! Desktops that always have toasts and a tray: there is no service to ask.

use crate::{Check, Finding, Part};

/// Toasts are part of the system.
#[expect(clippy::unused_async, reason = "on Linux a bus is asked")]
pub async fn toasts() -> Check {
    Check::of(Part::Toasts, Finding::ToastsOfSystem)
}

/// The tray is part of the system.
#[expect(clippy::unused_async, reason = "on Linux a bus is asked")]
pub async fn tray() -> Check {
    Check::of(Part::Tray, Finding::TrayOfSystem)
}
