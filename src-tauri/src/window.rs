//! The one window: made when it is wanted, gone when it is closed, so that no webview stays behind.

use crate::backend::{Backend, Theme as Chosen};
use crate::page;
use crate::place::{self, Place};
use agora_home::make_private_folder;
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

/// Tauri's word for a theme.
pub(crate) fn theme(chosen: Chosen) -> Theme {
    match chosen {
        Chosen::Light => Theme::Light,
        Chosen::Dark => Theme::Dark,
    }
}

/// The page has painted: now it may be seen. One that came back is where it was.
pub(crate) fn painted(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    if let Some(backend) = window.try_state::<Backend>() {
        backend.painted();
    }
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

/// Shows everything in the window that is open at the size that the person chose, at each change.
pub(crate) async fn follow_text_size(
    mut chosen: tokio::sync::watch::Receiver<u16>,
    app: AppHandle,
) {
    while chosen.changed().await.is_ok() {
        let percent = *chosen.borrow_and_update();
        if let Some(window) = app.get_webview_window(LABEL) {
            set_text_size(&window, percent);
        }
    }
}

/// By the webview's own zoom: the page is laid out anew, as in a window that is smaller by as much.
fn set_text_size(window: &WebviewWindow, percent: u16) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!(%error, "the window's text can't be given its size");
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
    let token = window.try_state::<Backend>().and_then(|it| it.take_activation());
    if let (Some(token), Ok(window)) = (token, window.gtk_window()) {
        gtk::prelude::GtkWindowExt::set_startup_id(&window, &token);
    }
}

fn make(app: &AppHandle) -> tauri::Result<()> {
    let backend = app.state::<Backend>().inner().clone();
    let forced = backend.theme().borrow().map(theme);
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Agora")
        .inner_size(place::USUAL.0, place::USUAL.1)
        .min_inner_size(place::LEAST.0, place::LEAST.1)
        .theme(forced)
        .visible(false);
    let builder = page::confined(app, builder);
    let builder = match webview_folder(&backend) {
        Some(folder) => builder.data_directory(folder),
        // Without a place of ours it would take one that all homes share.
        None => builder.incognito(true),
    };
    let window = builder.build()?;
    set_text_size(&window, *backend.text_size().borrow());
    #[cfg(target_os = "linux")]
    {
        page::revive(&window)?;
        show_what_is_composed(&window)?;
    }
    paint_background(&window);
    if app.try_state::<Place>().is_none() {
        app.manage(Place::read(backend.files().inbox.with_file_name("window.json")));
    }
    if let Err(error) = app.state::<Place>().take(&window) {
        tracing::warn!(%error, "the window can't be put in its place");
    }
    let handle = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::Destroyed = event {
            backend.detach();
        } else if let Some(window) = handle.get_webview_window(LABEL) {
            let place = handle.state::<Place>();
            match event {
                WindowEvent::Resized(size) => place.resized(&window, *size),
                WindowEvent::Moved(corner) => place.moved(&window, *corner),
                WindowEvent::CloseRequested { .. } => place.keep(&window),
                _ => {}
            }
        }
    });
    tauri::async_runtime::spawn(async move {
        sleep(PAINT).await;
        let app = window.app_handle().clone();
        // Elsewhere than on the main thread the question would wait for it. It fails only when
        // the app ends.
        let _ = app.run_on_main_thread(move || raise_unpainted(&window));
    });
    Ok(())
}

/// What an input method composes stands in the field that is typed into. Wry hands it to a window of the
/// input method's own, for the sake of one whose list of characters was misplaced by an older WebKit.
#[cfg(target_os = "linux")]
fn show_what_is_composed(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{InputMethodContextExt, WebViewExt};
    window.with_webview(|webview| {
        if let Some(method) = webview.inner().input_method_context() {
            method.set_enable_preedit(true);
        }
    })
}

/// Takes the window away, where there is one: the app ends.
pub(crate) fn end(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Some(place) = app.try_state::<Place>() {
        place.keep(&window);
    }
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "the window can't be closed");
    }
}

/// Closes it, for whoever asked for that by a key.
pub(crate) fn close(window: &WebviewWindow) {
    if let Err(error) = window.close() {
        tracing::warn!(%error, "the window can't be closed");
    }
}

/// Pastes where the person types, as they asked by the page's own menu: the page itself may not read the
/// clipboard. Whether this webview can be told to.
#[cfg(target_os = "linux")]
pub(crate) fn paste(window: &WebviewWindow) -> bool {
    use webkit2gtk::WebViewExt;
    window.with_webview(|webview| webview.inner().execute_editing_command("Paste")).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn paste(_window: &WebviewWindow) -> bool {
    false
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

/// Where the webview keeps what it wants to keep: beside the inbox, so that two homes share
/// nothing. `None` where the folder can't be made.
fn webview_folder(backend: &Backend) -> Option<PathBuf> {
    let folder = backend.files().inbox.parent()?.join("webview");
    match make_private_folder(&folder) {
        Ok(()) => Some(folder),
        Err(error) => {
            tracing::warn!(%error, "the webview can't keep anything");
            None
        }
    }
}
