//! The desktop app.

// A console window beside the app would be one window too many on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    agora_notifier::run(agora_notifier::Args::parse())
}
