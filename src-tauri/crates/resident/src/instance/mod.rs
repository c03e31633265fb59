//! The resident as a program of its own, on Linux: its start, its second start, and its end.
//!
//! [`run`] is the composition root there. One app runs a home, whoever starts it how often: which one is
//! the session bus's to say.

mod application;
mod bus;

use crate::args::{Action, Args};
use crate::resident::Resident;
use crate::system::child;
use agora_account::{Accounts, Environment};
use agora_home::{Files, begin};
use agora_socket::bus_name;
use anyhow::Context;
use bus::Bus;
use serde_json::json;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use tokio::sync::watch;

/// Runs the app until it quits; or, where it runs, has that one do what was asked.
pub fn run(args: Args) -> ExitCode {
    begin("agora-notifier", |files| {
        // Before there is a token in it.
        agora_home::keep_memory_private();
        let environment = Environment::of_process().context("the environment is wrong")?;
        try_run(args, environment, files)
    })
}

fn try_run(args: Args, environment: Environment, files: Files) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    let end = runtime.block_on(live(args, environment, files));
    // A call that hangs on the bus or the keyring is no reason to stay.
    runtime.shutdown_background();
    match end? {
        End::Done => Ok(ExitCode::SUCCESS),
        End::Again => Err(start_again()),
    }
}

/// What follows once the app has ended.
enum End {
    Done,
    /// It starts again, as the program that is installed by now.
    Again,
}

async fn live(args: Args, environment: Environment, files: Files) -> anyhow::Result<End> {
    let (started, resident) = watch::channel(None);
    let bus = Bus::connect(bus_name(&files), resident).await;
    let bus = bus.inspect_err(|error| tracing::warn!(%error, "there is no session bus")).ok();
    if let Some(bus) = &bus {
        if !is_first(bus, args).await? {
            return Ok(End::Done);
        }
    } else if asks_only(args) {
        anyhow::bail!("without a session bus the running one can't be asked");
    }
    let accounts = Arc::new(Accounts::new(files, environment));
    let app = Resident::start(&accounts);
    if let Some(bus) = &bus {
        app.tasks.spawn(bus.quit_with_it(app.quit.clone()));
    }
    started.send_replace(Some(app.clone()));
    match args.action {
        None if args.hidden || (args.at_login && app.starts_hidden()) => {}
        action => application::act(&app, action.unwrap_or(Action::Open), bus::own_token()),
    }
    app.quit_wanted().await;
    app.end().await;
    // The name goes with the process: whoever waits for it finds nothing left of this one.
    Ok(if app.quit.restarts() { End::Again } else { End::Done })
}

/// Becomes the home's app; or has the one that runs do what was asked, and isn't the first then. One
/// that is quitting is waited for.
async fn is_first(bus: &Bus, args: Args) -> anyhow::Result<bool> {
    let running = bus.is_running().await.context("the session bus doesn't answer")?;
    if asks_only(args) {
        ask(bus, args, running).await?;
        return Ok(false);
    }
    loop {
        let became = bus.become_it().await;
        if became.context("the session bus gives no name")? {
            return Ok(true);
        }
        let asked = if args.hidden || args.at_login {
            bus.status().await.map(drop)
        } else {
            bus.ask(args.action.unwrap_or(Action::Open)).await
        };
        let Err(error) = asked else { return Ok(false) };
        tracing::info!(%error, "the running one is about to end");
        if !bus.ended().await.context("the session bus doesn't answer")? {
            anyhow::bail!("the running one neither answers nor ends: {error}");
        }
    }
}

/// Whether this start only has something to ask of the one that runs.
fn asks_only(args: Args) -> bool {
    args.quit || args.reconnect || args.status
}

#[expect(clippy::print_stdout, reason = "the status is what was asked for")]
async fn ask(bus: &Bus, args: Args, is_running: bool) -> anyhow::Result<()> {
    if args.status {
        let status = if is_running {
            bus.status().await.context("the running one doesn't say how it is")?
        } else {
            json!({ "running": false }).to_string()
        };
        println!("{status}");
        return Ok(());
    }
    // With nothing running there is nobody to ask.
    if !is_running {
        return Ok(());
    }
    if args.reconnect {
        return bus.ask(Action::Reconnect).await.context("the running one can't be asked");
    }
    // One that is quitting already says no, and is waited for all the same.
    if let Err(error) = bus.ask(Action::Quit).await {
        tracing::info!(%error, "the running one is about to end");
    }
    anyhow::ensure!(
        bus.ended().await.context("the session bus doesn't answer")?,
        "the running one doesn't end"
    );
    Ok(())
}

/// Becomes the program that lies where this one did. Gives what went wrong.
fn start_again() -> anyhow::Error {
    match child::own() {
        Ok(program) => Command::new(program).arg("--show").exec().into(),
        Err(error) => error.into(),
    }
}
