//! Each part that alerts need, asked whether it works. Nothing is left changed by it: what is put into the
//! keyring goes again, and what is sent to the market names a device that exists nowhere else, so that no
//! stream that is open is disturbed.

#[cfg(target_os = "linux")]
pub mod desktop;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
pub mod desktop;
pub mod disk;
pub mod do_not_disturb;
pub mod inbox;
pub mod keyring;
pub mod market;
pub mod stream;

pub use market::Probed;

use crate::{Check, Finding, Part};
use std::time::Duration;

/// How long any one check may take: a sleeping market needs most of a minute to wake up.
pub const LIMIT: Duration = Duration::from_secs(90);

/// A check that ends within the limit, whatever it waits for.
pub async fn within(limit: Duration, part: Part, check: impl Future<Output = Check>) -> Check {
    let ended = tokio::time::timeout(limit, check).await;
    ended.unwrap_or(Check::of(part, Finding::TookTooLong(limit)))
}
