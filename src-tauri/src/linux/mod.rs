//! The window as a program of its own: it shows the page, asks the resident, and ends when it is closed.
//!
//! [`run`] is the composition root. The program holds no token, no inbox and no connection to the market.
//! Started by hand it connects to the resident, or starts it.

mod appearance;
mod graphics;
mod remote;
mod zone;

pub(crate) use remote::Remote;

use crate::{commands, window};
use agora_home::{APP_ID, Files, begin};
use anyhow::Context;
use remote::{Connected, Said, Wish};
use std::ffi::OsString;
use std::process::ExitCode;
use tauri::{AppHandle, Manager, RunEvent};

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    graphics::prepare();
    zone::prepare();
    // WebKit's processes would inherit it. A resident that has to be started gets it.
    let token = std::env::var_os("AGORA_TOKEN");
    gtk::glib::unsetenv("AGORA_TOKEN");
    // By it desktops know whose window this is: the name of the desktop entry.
    gtk::glib::set_prgname(Some(APP_ID));
    begin("agora-notifier-window", |files| try_run(files, token))
}

fn try_run(files: Files, token: Option<OsString>) -> anyhow::Result<ExitCode> {
    // Tauri would panic.
    gtk::init().context("no display answers; DISPLAY or WAYLAND_DISPLAY say where one is")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime can't be started")?;
    tauri::async_runtime::set(runtime.handle().clone());
    let connected = runtime.block_on(remote::connect(files, token));
    let (remote, said) = match connected.context("the resident can't be reached")? {
        Connected::AsWindow(remote, said) => (remote, said),
        // It is shown.
        Connected::Taken => return Ok(ExitCode::SUCCESS),
        Connected::OtherVersion(version) => anyhow::bail!(
            "the app that runs is version {version}, and this window {}: quit it and start it again",
            agora_socket::VERSION
        ),
    };
    // What is typed into the page passes through WebKit's processes.
    agora_home::leave_no_dumps();
    let app = tauri::Builder::default()
        .invoke_handler(commands::handler())
        .setup(move |app| {
            app.manage(remote.clone());
            tauri::async_runtime::spawn(appearance::run(remote.theme(), app.handle().clone()));
            let text_size = window::follow_text_size(remote.text_size(), app.handle().clone());
            tauri::async_runtime::spawn(text_size);
            tauri::async_runtime::spawn(obey(said, remote.clone(), app.handle().clone()));
            window::show(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window can't be made")?;
    let code = app.run_return(|app, event| {
        if let RunEvent::Exit = event
            && let Some(remote) = app.try_state::<Remote>()
        {
            tauri::async_runtime::block_on(remote.close());
        }
    });
    runtime.shutdown_background();
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// Does what the resident says, until it is gone.
async fn obey(mut said: Said, remote: Remote, app: AppHandle) {
    while let Some(Wish::Show) = said.recv().await {
        window::show(&app);
        remote.shown();
    }
    window::end(&app);
    app.exit(0);
}
