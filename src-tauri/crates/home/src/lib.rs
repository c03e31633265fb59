//! The home of the app and of its command line: where the files are, how they are opened, the settings file
//! that both write, who of them does what only one may, and the log.
//!
//! It knows nothing of what stands in a file, and of no network.

mod account_name;
mod begin;
mod claim;
mod files;
mod logs;
#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]
#[path = "../../inbox/tests/inbox/mounted.rs"]
mod mounted;
pub mod private;
pub mod settings;
mod turn;

pub use account_name::{AccountName, NoAccountName};
pub use begin::{
    HomeError, begin, home_of_process, keep_memory_private, leave_no_dumps, log_level,
};
pub use claim::Claim;
pub use files::{Files, FilesError};
pub use private::{make_private_folder, open_to_append};
pub use turn::Turn;

/// The app's identifier, which installers and systems know it by.
pub const APP_ID: &str = "market.agora.notifier";
