//! The system around the app: its language, sleep and network, and what it opens.

pub(crate) mod child;
pub(crate) mod locale;
pub(crate) mod opener;
#[cfg(target_os = "linux")]
pub(crate) mod pixels;
pub(crate) mod power;
pub(crate) mod signals;
