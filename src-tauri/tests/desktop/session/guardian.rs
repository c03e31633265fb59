//! The end of a session: no process outlives it, however the test ends.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Every process of a session carries this variable, with the session's folder.
pub(super) const MARK: &str = "AGORA_DESKTOP_TEST";

/// Ends whatever carries the session's mark, when told to or when the test program is
/// gone, however it went: its standard input is a pipe from the test.
#[derive(Debug)]
pub(super) struct Guardian(Child);

impl Guardian {
    /// Daemons that fork away, services that the bus started and processes of the
    /// webview are found as well, by the environment that they inherited.
    const SCRIPT: &str = r#"
        cat >/dev/null
        marked() { grep -lszxF "$1" /proc/[0-9]*/environ | cut -d/ -f3; }
        kill -TERM $(marked "$1")
        for turn in $(seq 100); do
            [ -n "$(marked "$1")" ] || exit 0
            sleep 0.03
        done
        kill -KILL $(marked "$1")
    "#;

    pub(super) fn start(folder: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", Self::SCRIPT, "sh"]);
        shell.arg(format!("{MARK}={}", folder.display()));
        // A group of its own: an interrupt at the keyboard mustn't end it first.
        shell.process_group(0).stdin(Stdio::piped());
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        Self(shell.spawn().expect("sh starts"))
    }

    pub(super) fn end(&mut self) {
        drop(self.0.stdin.take());
        // Nothing to do about a guardian that can't be waited for.
        let _ = self.0.wait();
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        self.end();
    }
}
