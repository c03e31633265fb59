//! The window's program on Linux. Elsewhere it isn't built.

use std::process::ExitCode;

fn main() -> ExitCode {
    agora_notifier::run()
}
