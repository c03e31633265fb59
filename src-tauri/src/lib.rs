//! The desktop shell: composes the receiver with a window, a tray and toasts, and decides nothing.
//!
//! What is shown comes from the receiver's [`Subscription`](agora_receiver::Subscription); what
//! people do goes back to it. [`run`] is the composition root.

mod account_form;
mod answers;
#[cfg(target_os = "linux")]
mod appearance;
mod args;
mod bridge;
mod commands;
mod compose;
mod exports;
mod fates;
mod graphics;
mod ipc;
#[cfg(target_os = "linux")]
mod leftovers;
mod links;
mod lists;
mod locale;
mod logs;
mod notices;
mod opener;
mod page;
#[cfg(target_os = "linux")]
mod pixels;
mod power;
mod preferences;
mod self_tests;
mod shell;
mod signals;
mod toasts;
mod tray;
mod view;
mod window;
#[cfg(target_os = "linux")]
mod zone;

pub use args::Args;

use crate::shell::Shell;
use agora_account::{Accounts, Claim, Environment, Files, make_private_folder};
use agora_receiver::Receiver;
use anyhow::Context;
use fnv::FnvHasher;
use std::hash::Hasher;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::{Manager, RunEvent};

/// Runs the app until it quits.
pub fn run(args: Args) -> ExitCode {
    match try_run(args) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn try_run(args: Args) -> anyhow::Result<ExitCode> {
    graphics::prepare();
    #[cfg(target_os = "linux")]
    {
        leftovers::prevent();
        zone::prepare();
    }
    let environment = Environment::of_process().context("the environment is wrong")?;
    let files = Files::find(environment.home.as_deref())
        .context("there is no place for settings and inbox")?;
    let _logs = logs::start(&files.logs);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    tauri::async_runtime::set(runtime.handle().clone());

    let instance = instance_id(&files.settings);
    let builder = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let builder = builder.on_web_content_process_terminate(page::revive);
    let app = builder
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, words, _| shell::on_second_start(app, &words))
                .dbus_id(instance)
                .build(),
        )
        .invoke_handler(tauri::generate_handler![
            commands::attach,
            commands::painted,
            commands::call,
        ])
        // A second instance has ended before it comes to this: only one ever connects.
        .setup(move |app| {
            // With nothing running there is nobody to ask.
            if args.quit || args.reconnect {
                app.handle().exit(0);
                return Ok(());
            }
            let accounts = Arc::new(Accounts::new(files, environment));
            // For the process's life: `agora listen` then takes another client id.
            match Claim::take(accounts.files()) {
                Ok(Some(claim)) => {
                    app.manage(claim);
                }
                Ok(None) => tracing::warn!("another program receives under this client id too"),
                Err(error) => tracing::warn!(%error, "no claim to this client id can be made"),
            }
            let preferences = preferences::load(&accounts);
            let _runtime = tauri::async_runtime::handle().inner().enter();
            let receiver = Receiver::start(accounts.clone(), accounts, preferences.choices());
            let shell = Shell::start(receiver, preferences, app.handle().clone());
            app.manage(shell);
            if !args.hidden {
                window::show(app.handle());
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the desktop can't be reached: is there a display?")?;

    let code = app.run_return(|app, event| match event {
        // The last window was closed: the app stays in the tray. Quit comes with a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::ExitRequested { code: Some(code), api, .. } => {
            if let Some(shell) = shell::of(app)
                && !shell.has_ended()
            {
                api.prevent_exit();
                shell.quit(code);
            }
        }
        // The Dock's icon was clicked, or the app was started again.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        // Where the system ended the loop without asking, this is still to be done.
        RunEvent::Exit => {
            if let Some(shell) = shell::of(app) {
                tauri::async_runtime::block_on(shell.end());
            }
        }
        _ => {}
    });
    // A call that hangs on the bus or the keyring is no reason to stay.
    runtime.shutdown_background();
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// One instance a home: two homes are two people's apps, even on one desktop. A home that is
/// written in two ways is one, and has one id in every version of the program (FNV-1a is no secret's
/// hash, but always the same).
fn instance_id(settings: &Path) -> String {
    let home = settings.parent().unwrap_or(Path::new("."));
    let made = make_private_folder(home).and_then(|()| home.canonicalize());
    let home = made.unwrap_or_else(|error| {
        tracing::warn!(%error, "the folder of the settings can't be made");
        home.to_owned()
    });
    let mut hasher = FnvHasher::default();
    hasher.write(home.as_os_str().as_encoded_bytes());
    format!("market.agora.notifier.h{:016x}", hasher.finish())
}

/// What a person sees who started the app from a terminal; the log has it too.
#[expect(clippy::print_stderr, reason = "the one sentence that must reach a terminal")]
fn complain(error: &anyhow::Error) {
    eprintln!("agora-notifier: {error:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_home_has_the_same_id_in_every_version() {
        let id = instance_id(Path::new("/settings.json"));
        assert_eq!(id, "market.agora.notifier.haf63a24c860189fe");
    }

    #[test]
    #[cfg(unix)]
    fn a_home_has_one_id_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let id = instance_id(&home.join("settings.json"));
        std::os::unix::fs::symlink(&home, folder.path().join("link")).unwrap();
        assert_eq!(instance_id(&folder.path().join("link/settings.json")), id);
        assert_eq!(instance_id(&home.join("../home/settings.json")), id);
        assert_ne!(instance_id(&folder.path().join("other/settings.json")), id);
    }
}
