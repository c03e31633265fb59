//! The desktop program: gives the resident's parts a window, and decides nothing.
//!
//! What is shown comes from the [`Resident`]; what people do goes back to it. [`run`] is the composition
//! root.

#[cfg(target_os = "linux")]
mod appearance;
mod args;
mod commands;
mod graphics;
#[cfg(target_os = "linux")]
mod leftovers;
mod page;
#[cfg(not(target_os = "linux"))]
mod tray;
mod window;
#[cfg(target_os = "linux")]
mod zone;

pub use args::Args;

use agora_account::{Accounts, Claim, Environment, Files, make_private_folder};
use agora_resident::{APP_ID, Resident, logs};
use anyhow::Context;
use clap::Parser;
use fnv::FnvHasher;
use std::hash::Hasher;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{AppHandle, Manager, RunEvent};
use tracing::level_filters::LevelFilter;

/// Runs the app until it quits.
pub fn run(args: Args) -> ExitCode {
    match prepare() {
        Ok((environment, files, level)) => {
            // To the end: what goes wrong stands in the log, too.
            let _logs = logs::start(&files.logs, level);
            try_run(args, environment, files).unwrap_or_else(|error| {
                tracing::error!("{error:#}");
                ExitCode::FAILURE
            })
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// What has to be known and done before anything else starts.
fn prepare() -> anyhow::Result<(Environment, Files, Option<LevelFilter>)> {
    graphics::prepare();
    #[cfg(target_os = "linux")]
    {
        leftovers::prevent();
        zone::prepare();
    }
    let environment = Environment::of_process().context("the environment is wrong")?;
    let level = agora_account::log_level().context("the environment is wrong")?;
    // The page's processes would inherit it.
    #[cfg(target_os = "linux")]
    gtk::glib::unsetenv("AGORA_TOKEN");
    let files = Files::find(environment.home.as_deref())
        .context("there is no place for settings and inbox")?;
    Ok((environment, files, level))
}

fn try_run(args: Args, environment: Environment, files: Files) -> anyhow::Result<ExitCode> {
    // Tauri would panic.
    #[cfg(target_os = "linux")]
    gtk::init().context("no display answers; DISPLAY or WAYLAND_DISPLAY say where one is")?;
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
                .callback(|app, words, _| on_second_start(app, &words))
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
            let runtime = tauri::async_runtime::handle().inner().clone();
            let _runtime = runtime.enter();
            show(&Resident::start(accounts), app.handle());
            if !args.hidden {
                window::show(app.handle());
            }
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the app can't be started")?;

    let code = app.run_return(|app, event| match event {
        // The last window was closed: the app stays in the tray. Quit comes with a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::ExitRequested { code: Some(code), api, .. } => {
            if let Some(resident) = app.try_state::<Resident>()
                && !resident.has_ended()
            {
                api.prevent_exit();
                quit(app, &resident, code);
            }
        }
        // The Dock's icon was clicked, or the app was started again.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        // Where the system ended the loop without asking, this is still to be done.
        RunEvent::Exit => {
            if let Some(resident) = app.try_state::<Resident>() {
                tauri::async_runtime::block_on(resident.end());
            }
        }
        _ => {}
    });
    // A call that hangs on the bus or the keyring is no reason to stay.
    runtime.shutdown_background();
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Gives the resident what is Tauri's: windows, their theme, elsewhere than on Linux the tray, and the
/// loop that is to end when it wants to.
fn show(resident: &Resident, app: &AppHandle) {
    app.manage(resident.clone());
    resident.spawn(window::follow(resident.window().clone(), app.clone()));
    #[cfg(target_os = "linux")]
    resident.spawn(appearance::run(resident.theme(), app.clone()));
    #[cfg(not(target_os = "linux"))]
    {
        resident.spawn(window::follow_theme(resident.theme(), app.clone()));
        resident.show_tray(|deeds| tray::Icon::new(app.clone(), deeds));
    }
    let (quit, app) = (resident.quit_wanted(), app.clone());
    resident.spawn(async move {
        quit.await;
        app.exit(0);
    });
}

/// Quits: the window is gone at once, and the app when everything has ended.
fn quit(app: &AppHandle, resident: &Resident, code: i32) {
    static QUITTING: AtomicBool = AtomicBool::new(false);
    for window in app.webview_windows().into_values() {
        if let Err(error) = window.destroy() {
            tracing::warn!(%error, "the window can't be closed");
        }
    }
    // Who asks twice doesn't end it sooner.
    if !QUITTING.swap(true, Ordering::AcqRel) {
        let (app, resident) = (app.clone(), resident.clone());
        tauri::async_runtime::spawn(async move {
            resident.end().await;
            app.exit(code);
        });
    }
}

/// What a second start of the program asks of this one.
fn on_second_start(app: &AppHandle, words: &[String]) {
    match Args::try_parse_from(words) {
        Ok(Args { quit: true, .. }) => app.exit(0),
        Ok(Args { hidden: true, .. }) => {}
        Ok(Args { reconnect: true, .. }) => {
            if let Some(resident) = app.try_state::<Resident>() {
                resident.reconnect();
            }
        }
        // The second instance has told its user of words that it doesn't know.
        Ok(_) | Err(_) => window::show(app),
    }
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
    format!("{APP_ID}.h{:016x}", hasher.finish())
}

/// What a person sees who started the app from a terminal, as long as there is no log.
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
