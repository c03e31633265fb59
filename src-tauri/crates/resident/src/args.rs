//! The app's command line.

use clap::Parser;

/// Receives the alerts of Agora Market and shows them on this desktop.
#[derive(Debug, Clone, Copy, Default, Parser)]
#[command(
    name = "agora-notifier",
    version,
    about,
    after_help = "\
Only one instance runs. Starting it again shows its window.

Environment: AGORA_BASE_URL, AGORA_CLIENT_ID and AGORA_TOKEN go before the settings; AGORA_HOME=DIR
puts settings, inbox, device id and logs into one folder; AGORA_LOG=debug logs more."
)]
pub struct Args {
    /// Start in the tray, without a window
    #[arg(long, conflicts_with_all = ["show", "quit"])]
    pub hidden: bool,
    /// Show the window, of the running instance if there is one (the default)
    #[arg(long, conflicts_with = "quit")]
    pub show: bool,
    /// Ask the running instance to connect now, whatever its schedule says
    #[arg(long, conflicts_with_all = ["show", "hidden", "quit"])]
    pub reconnect: bool,
    /// Ask the running instance to quit, and wait until it has
    #[arg(long)]
    pub quit: bool,
    /// Print how the running instance is, as JSON
    #[cfg(target_os = "linux")]
    #[arg(long, conflicts_with_all = ["show", "hidden", "quit", "reconnect"])]
    pub status: bool,
    /// Have the running instance, or the one that starts, do something
    #[cfg(target_os = "linux")]
    #[arg(long, value_enum, conflicts_with_all = ["show", "hidden", "quit", "reconnect", "status"])]
    pub action: Option<crate::instance::Action>,
}
