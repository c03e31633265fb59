//! The programs that this one starts, and where those are that were installed with it.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
#[cfg(target_os = "linux")]
use tokio::process::Child;
use tokio::process::Command;

/// A program that inherits what this one was started with, and not the market's token.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    withhold(&mut command);
    command
}

/// Where our own program is, or was before another took its place.
pub(crate) fn own() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let text = path.to_string_lossy();
    // As the kernel names one whose file is gone: proc(5), `/proc/pid/exe`.
    Ok(text.strip_suffix(" (deleted)").map_or_else(|| path.clone(), PathBuf::from))
}

/// Leaves a program that may still run to itself. Its end is waited for: nobody else takes note of it,
/// and the system would keep its entry until something else ends.
#[cfg(target_os = "linux")]
pub(crate) fn leave(mut child: Child) {
    tokio::spawn(async move {
        // How it ended doesn't matter any more.
        let _ = child.wait().await;
    });
}

/// Keeps the market's token from a program.
pub(crate) fn withhold(command: &mut Command) {
    command.env_remove("AGORA_TOKEN");
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    /// Nothing but the end of the program wakes the runtime here, as in an idle app.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn the_system_keeps_nothing_of_a_program_that_was_left_and_has_ended() {
        let child = command("sleep").arg("0.2").spawn().unwrap();
        let entry = PathBuf::from(format!("/proc/{}", child.id().unwrap()));
        leave(child);
        assert!(entry.exists());
        let begun = Instant::now();
        while entry.exists() {
            assert!(begun.elapsed() < Duration::from_secs(10), "it stays a zombie");
            sleep(Duration::from_millis(10));
        }
    }
}
