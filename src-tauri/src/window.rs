//! The one window: made when it is wanted, gone when it is closed, so that no webview stays behind.

#[cfg(target_os = "linux")]
use crate::leftovers;
use crate::page;
use agora_account::make_private_folder;
use agora_resident::{Resident, Theme as Chosen, Window};
use std::path::PathBuf;
use std::time::Duration;
use tauri::window::Color;
use tauri::{
    AppHandle, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tokio::time::sleep;

/// The window's label, which the capability names.
const LABEL: &str = "main";
/// A page that hasn't said by then that it has painted is shown as it is: a blank window tells more
/// than none.
const PAINT: Duration = Duration::from_secs(5);
/// What is seen before the page has painted: the themes' backgrounds.
const LIGHT: Color = Color(0xff, 0xff, 0xff, 0xff);
const DARK: Color = Color(0x1c, 0x1c, 0x1e, 0xff);

/// Shows the window, and makes it first where there is none. May be called from any thread.
pub(crate) fn show(app: &AppHandle) {
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || match handle.get_webview_window(LABEL) {
        Some(window) => raise(&window),
        None => {
            if let Err(error) = make(&handle) {
                tracing::error!(%error, "the window can't be made");
            }
        }
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the window can't be asked for");
    }
}

/// Shows it each time that it is wished for, until the app quits.
pub(crate) async fn follow(wishes: Window, app: AppHandle) {
    let mut times = wishes.wishes();
    while times.changed().await.is_ok() {
        show(&app);
    }
}

/// Tauri's word for a theme.
pub(crate) fn theme(chosen: Chosen) -> Theme {
    match chosen {
        Chosen::Light => Theme::Light,
        Chosen::Dark => Theme::Dark,
    }
}

/// The page has painted: now it may be seen. One that came back is where it was.
pub(crate) fn painted(window: &WebviewWindow) {
    if !window.is_visible().unwrap_or_default() {
        raise(window);
    }
}

/// Makes the window light or dark: `None` is what GTK's own settings don't call dark.
#[cfg(target_os = "linux")]
pub(crate) fn set_theme(app: &AppHandle, theme: Option<Theme>) {
    use gtk::prelude::GtkSettingsExt;
    let handle = app.clone();
    // It fails only when the app ends.
    let _ = app.run_on_main_thread(move || {
        if let Some(settings) = gtk::Settings::default() {
            settings.set_gtk_application_prefer_dark_theme(theme == Some(Theme::Dark));
        }
        if let Some(window) = handle.get_webview_window(LABEL) {
            paint_background(&window);
        }
    });
}

/// Forces a theme on the window that is open, or lets it follow the system, at each change.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn follow_theme(
    mut chosen: tokio::sync::watch::Receiver<Option<Chosen>>,
    app: AppHandle,
) {
    while chosen.changed().await.is_ok() {
        let theme = chosen.borrow_and_update().map(theme);
        if let Some(window) = app.get_webview_window(LABEL)
            && let Err(error) = window.set_theme(theme)
        {
            tracing::warn!(%error, "the window's theme can't be set");
        }
    }
}

fn raise(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    use_activation(window);
    let raised = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window can't be raised");
    }
}

/// Only on the main thread, as all of GTK.
#[cfg(target_os = "linux")]
fn use_activation(window: &WebviewWindow) {
    let token = window.try_state::<Resident>().and_then(|it| it.window().take_activation());
    if let (Some(token), Ok(window)) = (token, window.gtk_window()) {
        gtk::prelude::GtkWindowExt::set_startup_id(&window, &token);
    }
}

fn make(app: &AppHandle) -> tauri::Result<()> {
    let resident = app.try_state::<Resident>().map(|resident| resident.inner().clone());
    let forced = resident.as_ref().and_then(|resident| resident.theme().borrow().map(theme));
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Agora")
        .inner_size(980.0, 680.0)
        .min_inner_size(640.0, 480.0)
        .theme(forced)
        .visible(false);
    let builder = page::confined(app, builder);
    let builder = match resident.as_ref().and_then(webview_folder) {
        Some(folder) => builder.data_directory(folder),
        // Without a place of ours it would take one that all homes share.
        None => builder.incognito(true),
    };
    let window = builder.build()?;
    #[cfg(target_os = "linux")]
    page::revive(&window)?;
    paint_background(&window);
    if let Some(resident) = resident {
        let page_of = resident.clone();
        #[cfg(target_os = "linux")]
        let app = app.clone();
        window.on_window_event(move |event| {
            if let WindowEvent::Destroyed = event {
                page_of.detach();
                #[cfg(target_os = "linux")]
                {
                    let app = app.clone();
                    page_of.spawn(async move { end_leftovers(&app) });
                }
            }
        });
        resident.spawn(async move {
            sleep(PAINT).await;
            let app = window.app_handle().clone();
            // Elsewhere than on the main thread the question would wait for it. It fails only when
            // the app ends.
            let _ = app.run_on_main_thread(move || raise_unpainted(&window));
        });
    }
    Ok(())
}

/// Only on the main thread, as all of GTK.
fn paint_background(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    let is_dark = gtk::Settings::default().is_some_and(|settings| {
        gtk::prelude::GtkSettingsExt::is_gtk_application_prefer_dark_theme(&settings)
    });
    #[cfg(not(target_os = "linux"))]
    let is_dark = window.theme().is_ok_and(|theme| theme == Theme::Dark);
    if let Err(error) = window.set_background_color(Some(if is_dark { DARK } else { LIGHT })) {
        tracing::warn!(%error, "the window's background can't be painted");
    }
}

/// Shows a window that isn't seen yet; one that was closed stays so.
fn raise_unpainted(window: &WebviewWindow) {
    if window.is_visible().is_ok_and(|visible| !visible) {
        tracing::warn!("the page hasn't painted in time");
        raise(window);
    }
}

/// Once the window that was closed is gone, nothing of its webview stays.
#[cfg(target_os = "linux")]
fn end_leftovers(app: &AppHandle) {
    let handle = app.clone();
    // It fails only when the app ends.
    let _ = app.run_on_main_thread(move || {
        // A new one may have come by now.
        if handle.get_webview_window(LABEL).is_none() {
            leftovers::end();
        }
    });
}

/// Where the webview keeps what it wants to keep: beside the inbox, so that two homes share
/// nothing. `None` where the folder can't be made.
fn webview_folder(resident: &Resident) -> Option<PathBuf> {
    let folder = resident.files().inbox.parent()?.join("webview");
    match make_private_folder(&folder) {
        Ok(()) => Some(folder),
        Err(error) => {
            tracing::warn!(%error, "the webview can't keep anything");
            None
        }
    }
}
