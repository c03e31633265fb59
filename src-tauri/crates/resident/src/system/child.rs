//! The programs that this one starts.

use std::ffi::OsStr;
use tokio::process::Command;

/// A program that inherits what this one was started with, and not the market's token.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    withhold(&mut command);
    command
}

/// Keeps the market's token from a program.
pub(crate) fn withhold(command: &mut Command) {
    command.env_remove("AGORA_TOKEN");
}
