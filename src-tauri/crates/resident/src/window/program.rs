//! Starting the window's program, and what is known of our own.

use crate::system::child;
use agora_socket::WINDOW;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::process::Child;

/// The window's program, running. It outlives the value, unless it is killed.
#[derive(Debug)]
pub(super) struct Program(Child);

impl Program {
    /// Starts the one that lies beside our own.
    pub(super) fn start() -> io::Result<Self> {
        let mut command = child::command(child::own()?.with_file_name(WINDOW));
        // What it says goes where ours does.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        // What a terminal interrupts is this program, which then ends the window in order.
        command.process_group(0);
        Ok(Self(command.spawn()?))
    }

    /// Waits for its end. How it failed, if it did. Cancel-safe.
    pub(super) async fn ended(&mut self) -> Option<String> {
        match self.0.wait().await {
            Ok(status) if status.success() => None,
            Ok(status) => Some(status.to_string()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Leaves it to itself: it has said its last, and ends soon.
    pub(super) fn leave(self) {
        child::leave(self.0);
    }

    /// Kills it.
    pub(super) async fn kill(&mut self) {
        if let Err(error) = self.0.kill().await {
            tracing::warn!(%error, "the window's program can't be killed");
        }
    }
}

/// Whether another program has taken the place of ours since we started, as an upgrade does.
pub(super) fn is_replaced() -> bool {
    let file = |path: PathBuf| path.metadata().map(|it| (it.dev(), it.ino()));
    match (file("/proc/self/exe".into()), child::own().and_then(file)) {
        (Ok(running), Ok(installed)) => running != installed,
        _ => false,
    }
}
