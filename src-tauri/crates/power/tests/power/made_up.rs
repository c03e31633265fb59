//! Runs a test once more in a process of its own, in surroundings that can't be made within one:
//! another environment, another network.

use std::env;
use std::io::{Write, stderr};
use std::process::{Command, Stdio};

/// Set in the second process.
const INSIDE: &str = "AGORA_POWER_TEST_INSIDE";

/// Whether this is the second process, where the test does what it is for.
pub(crate) fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Runs the test of this name within `wrapper`, a program that takes a command line, on the
/// system bus at this address.
pub(crate) fn run_inside(test: &str, wrapper: &[&str], system_bus: &str) {
    let output = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("DBUS_SYSTEM_BUS_ADDRESS", system_bus)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    // A name that fits no test would succeed as well.
    let passed = output.status.success() && told.contains("1 passed");
    assert!(passed, "inside: {}\n{told}\n{complained}", output.status);
}

/// Whether a command succeeds here.
pub(crate) fn works(command: &[&str]) -> bool {
    let command = Command::new(command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    command.is_ok_and(|status| status.success())
}

/// Says why a test was not run.
#[expect(clippy::explicit_write, reason = "the harness keeps what eprintln says, if a test passes")]
pub(crate) fn skip(why: &str) {
    writeln!(stderr(), "skipped: {why}").unwrap();
}
