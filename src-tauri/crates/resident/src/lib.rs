//! The app without a window: receives all day, keeps, tells by toasts and a tray, and answers the page.
//!
//! [`Resident::start`] is where its parts are put together: the receiver's changes go to the toasts, the
//! tray and the page, and what people do goes back to the receiver. It knows no toolkit and needs no
//! display. On Linux it is a program of its own, which [`run`] runs, and its window another. Elsewhere
//! whoever makes windows shows one when [`Window`] wishes it, hands [`Resident::attach`] a page's end, and
//! passes on its calls.

mod accounts;
mod args;
mod autostart;
mod desk;
#[cfg(target_os = "linux")]
mod instance;
mod ipc;
mod page;
mod resident;
mod system;
mod toasts;
pub mod tray;
#[cfg(target_os = "linux")]
mod window;

#[cfg(target_os = "linux")]
pub use args::Action;
pub use args::Args;
pub use desk::{Theme, Window};
#[cfg(target_os = "linux")]
pub use instance::run;
pub use ipc::SnoozeChoice;
pub use resident::Resident;
