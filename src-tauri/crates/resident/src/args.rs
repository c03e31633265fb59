//! The app's command line.

use clap::Parser;
#[cfg(target_os = "linux")]
use clap::ValueEnum;

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
    /// Start as with the computer: in the tray, unless the settings want the window then
    #[arg(long, conflicts_with_all = ["show", "hidden", "quit"])]
    pub at_login: bool,
    /// Show the window, of the running instance if there is one (the default)
    #[arg(long, conflicts_with = "quit")]
    pub show: bool,
    /// Ask the running instance to connect now, whatever its schedule says
    #[arg(long, conflicts_with_all = ["show", "hidden", "at_login", "quit"])]
    pub reconnect: bool,
    /// Ask the running instance to quit, and wait until it has
    #[arg(long)]
    pub quit: bool,
    /// Print how the running instance is, as JSON
    #[cfg(target_os = "linux")]
    #[arg(long, conflicts_with_all = ["show", "hidden", "at_login", "quit", "reconnect"])]
    pub status: bool,
    /// Have the running instance, or the one that starts, do something
    #[cfg(target_os = "linux")]
    #[arg(long, value_enum, conflicts_with_all = ["show", "hidden", "at_login", "quit", "reconnect", "status"])]
    pub action: Option<Action>,
}

/// What a launcher, or a second start, can have done.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Action {
    /// Show the window
    Open,
    /// Show the form for messages
    Compose,
    /// Show no notifications for two hours
    Snooze,
    /// Ask for how long to disconnect
    Disconnect,
    /// Connect again
    Connect,
    /// Connect now, whatever the schedule says
    Reconnect,
    /// Quit
    Quit,
}

#[cfg(target_os = "linux")]
impl Action {
    pub(crate) const ALL: [Self; 7] = [
        Self::Open,
        Self::Compose,
        Self::Snooze,
        Self::Disconnect,
        Self::Connect,
        Self::Reconnect,
        Self::Quit,
    ];

    /// As it is called on the bus, and in the desktop entry.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Compose => "compose",
            Self::Snooze => "snooze",
            Self::Disconnect => "disconnect",
            Self::Connect => "connect",
            Self::Reconnect => "reconnect",
            Self::Quit => "quit",
        }
    }
}
