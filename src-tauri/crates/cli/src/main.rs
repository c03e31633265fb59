//! `agora`, the command line: the receiver's and the administrator's side of the market for scripts,
//! servers and tests, on the same crates as the app and without a GUI library.
//!
//! This file parses, dispatches and exits; each command has a module of its own.

mod account;
mod args;
mod doctor;
mod exit;
mod identity;
mod inbox;
mod listen;
mod output;
mod send;
mod sent;
mod signals;
mod terminal;

use anyhow::Context;
use args::{Arguments, Command};
use clap::Parser;
use exit::Failure;
use identity::Whose;
use output::Lines;
use std::io::stderr;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    agora_home::keep_memory_private();
    match log().and_then(|()| in_runtime(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn in_runtime(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    let result = runtime.block_on(run(arguments));
    // A write to a reader who has stalled is still out on its thread, and is not waited for.
    runtime.shutdown_background();
    result
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let lines = Lines::new();
    let whose = Whose(arguments.account);
    match arguments.command {
        Command::Listen(arguments) => Box::pin(listen::run(&whose, arguments, lines)).await,
        Command::Send(arguments) => Box::pin(send::run(&whose, arguments, lines)).await,
        Command::Sent { list, json } => sent::run(&whose, list, json, lines).await,
        Command::Broadcast { message, yes } => send::broadcast(&whose, message, yes, lines).await,
        Command::Account(command) => account::run(&whose, command, lines).await,
        Command::Inbox(command) => inbox::run(&whose, command, lines).await,
        Command::Doctor { report: true, .. } => doctor::report(&whose, lines).await,
        Command::Doctor { json, .. } => doctor::run(&whose, json, lines).await,
    }
}

/// Logs to standard error. Only our own crates can be made to say more: what they log holds neither
/// a token nor the user of a client id, and for a library's finer levels nobody can promise that.
fn log() -> Result<(), Failure> {
    let level = agora_home::log_level()
        .map_err(|error| Failure::wrong_use(error.to_string()))?
        .unwrap_or(LevelFilter::WARN);
    let filter =
        Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("agora", level);
    let format = tracing_subscriber::fmt::layer().with_writer(stderr).log_internal_errors(false);
    tracing_subscriber::registry().with(format).with(filter).init();
    Ok(())
}
