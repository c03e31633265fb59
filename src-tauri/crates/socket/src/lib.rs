//! What the resident and its window, two programs on Linux, know of each other: by which name an app is
//! found, where its private socket is, who may speak on it, and what is said there.
//!
//! Leaves out what a call means: it passes as JSON, from the page to whoever answers it.

#![cfg(target_os = "linux")]

mod frame;
mod name;
mod place;

pub use frame::{FrameReader, FrameWriter, FromWindow, Theme, ToWindow, gone};
pub use name::bus_name;
pub use place::{Listener, connect, connect_at};

/// The version that both sides must have: that of the packages, which come as one.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The resident's program, which lies beside the window's.
pub const RESIDENT: &str = "agora-notifier";
/// The window's program.
pub const WINDOW: &str = "agora-notifier-window";
