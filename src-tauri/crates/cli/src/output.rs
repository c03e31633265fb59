//! The two outputs: JSON lines on standard output, and words for people on standard error.

use agora_inbox::json_line;
use serde_json::Value;
use std::fmt::Display;
use std::future::pending;
use std::io::{self, ErrorKind, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
use tokio::io::{AsyncWriteExt, Stdout};
#[cfg(unix)]
use tokio::{io::Interest, net::unix::pipe::Sender};

/// Standard output, one JSON object a line, each flushed before the next is taken. Nothing in a line
/// steers a terminal.
///
/// The writing is done off this thread, so that a reader who stalls doesn't keep a signal from
/// being heard.
#[derive(Debug)]
pub(crate) struct Lines(Stdout);

/// Why a line could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The other end of the pipe is closed: no fault.
    #[error("nobody reads the standard output")]
    NobodyReads,
    /// Anything else, such as a full disk.
    #[error("the standard output can't be written")]
    Failed(#[source] io::Error),
}

impl Lines {
    /// Standard output.
    pub(crate) fn new() -> Self {
        Self(tokio::io::stdout())
    }

    /// Writes one line and flushes it.
    pub(crate) async fn write(&mut self, line: &Value) -> Result<(), OutputError> {
        self.write_text(&(json_line(line) + "\n")).await
    }

    /// Writes a text that is for people and flushes it.
    pub(crate) async fn write_text(&mut self, text: &str) -> Result<(), OutputError> {
        self.0.write_all(text.as_bytes()).await?;
        self.0.flush().await?;
        Ok(())
    }
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Failed(error),
        }
    }
}

/// Comes when the reader of the standard output has closed it; never where the system doesn't tell,
/// as of a file.
#[cfg(unix)]
pub(crate) async fn reader_gone() {
    // A copy of the descriptor: how it is written to stays as it is, blocking.
    let copy = io::stdout().as_fd().try_clone_to_owned();
    if let Ok(pipe) = copy.and_then(Sender::from_owned_fd_unchecked)
        && pipe.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    pending::<()>().await;
}

/// Never comes: the system doesn't tell.
#[cfg(not(unix))]
pub(crate) async fn reader_gone() {
    pending::<()>().await;
}

/// Says something on standard error. A closed one must not end a command that has work to do.
pub(crate) fn say(words: impl Display) {
    let _ = writeln!(io::stderr(), "agora: {words}");
}

/// Says on standard error what to do about what was said before.
pub(crate) fn hint(words: impl Display) {
    let _ = writeln!(io::stderr(), "hint: {words}");
}
