//! Windows and macOS: the resident's parts and the window in one process, where tray and notifications
//! belong to the app's main thread and a closed webview costs little. [`run`] is the composition root
//! there.

#[cfg(target_os = "macos")]
use crate::page;
use crate::{commands, tray, window};
use agora_account::{Accounts, Environment};
use agora_home::{Files, begin};
use agora_resident::{Args, Resident, Window};
use anyhow::Context;
use clap::Parser;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{AppHandle, Manager, RunEvent};

/// Runs the app until it quits.
pub fn run(args: Args) -> ExitCode {
    begin("agora-notifier", |files| {
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
    tauri::async_runtime::set(runtime.handle().clone());

    let builder = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let builder = builder.on_web_content_process_terminate(page::revive);
    let app = builder
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, words, _| on_second_start(app, &words))
                .build(),
        )
        .invoke_handler(commands::handler())
        // A second instance has ended before it comes to this: only one ever connects.
        .setup(move |app| {
            // With nothing running there is nobody to ask.
            if args.quit || args.reconnect {
                app.handle().exit(0);
                return Ok(());
            }
            let accounts = Arc::new(Accounts::new(files, environment));
            let runtime = tauri::async_runtime::handle().inner().clone();
            let _runtime = runtime.enter();
            let resident = Resident::start(&accounts);
            show(&resident, app.handle());
            let is_hidden = args.hidden || (args.at_login && resident.starts_hidden());
            if !is_hidden {
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
    resident.spawn(follow(resident.window().clone(), app.clone()));
    resident.spawn(window::follow_theme(resident.theme(), app.clone()));
    resident.spawn(window::follow_text_size(resident.text_size(), app.clone()));
    resident.show_tray(|deeds| tray::Icon::new(app.clone(), deeds));
    let (quit, app) = (resident.quit_wanted(), app.clone());
    resident.spawn(async move {
        quit.await;
        app.exit(0);
    });
}

/// Shows the window each time that it is wished for, until the app quits.
async fn follow(wishes: Window, app: AppHandle) {
    let mut times = wishes.wishes();
    while times.changed().await.is_ok() {
        window::show(&app);
    }
}

/// Quits: the window is gone at once, and the app when everything has ended.
fn quit(app: &AppHandle, resident: &Resident, code: i32) {
    static QUITTING: AtomicBool = AtomicBool::new(false);
    window::end(app);
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
        Ok(Args { hidden: true, .. } | Args { at_login: true, .. }) => {}
        Ok(Args { reconnect: true, .. }) => {
            if let Some(resident) = app.try_state::<Resident>() {
                resident.reconnect();
            }
        }
        // The second instance has told its user of words that it doesn't know.
        Ok(_) | Err(_) => window::show(app),
    }
}
