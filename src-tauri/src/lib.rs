//! The desktop app's window: it shows the page and passes on its calls, and decides nothing.
//!
//! On Linux it is a program of its own, which the resident starts ([`linux`]); elsewhere one program with
//! the resident ([`elsewhere`]). The page is answered from a [`backend`], wherever that is.

mod backend;
mod commands;
mod page;
mod place;
mod window;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod tray;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::run;
#[cfg(target_os = "linux")]
pub use linux::run;
