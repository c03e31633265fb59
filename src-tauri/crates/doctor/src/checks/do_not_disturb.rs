//! Whether the desktop shows the toasts that it takes.

use crate::{Check, Finding, Part};
use agora_do_not_disturb::{DoNotDisturb, ask};

/// Asks the desktop whether it is in do-not-disturb.
pub async fn check() -> Check {
    let found = match ask().await {
        DoNotDisturb::Off => Finding::DoNotDisturbOff,
        DoNotDisturb::On { .. } => Finding::DoNotDisturbOn,
        DoNotDisturb::Unknown => Finding::DoNotDisturbUnknown,
    };
    Check::of(Part::DoNotDisturb, found)
}
