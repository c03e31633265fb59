//! The app's command line. It is read twice: by the instance that starts, and, where that is a
//! second one, by the first, which is handed it.

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
    /// Ask the running instance to quit
    #[arg(long)]
    pub quit: bool,
}
