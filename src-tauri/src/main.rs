//! The desktop app, as people start it. On Linux it is the resident, and the window is the program
//! beside it (`window_program.rs`); elsewhere it is both in one.

// A console window beside the app would be one window too many on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

// Naming the library would link GTK and WebKit.
#[cfg(not(target_os = "linux"))]
use agora_notifier::run;
#[cfg(target_os = "linux")]
use agora_resident::run;

use agora_resident::Args;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    run(Args::parse())
}
