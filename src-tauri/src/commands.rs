//! What Tauri lets the page do: attach itself, say that it has painted, paste, be closed, and call. What it calls passes
//! through as it is.

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use crate::backend::Backend;
use crate::window;
use serde_json::Value;
use tauri::ipc::{Channel, Invoke};
use tauri::{State, WebviewWindow, Wry};

/// What answers them.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![attach, painted, paste, close, call]
}

/// Feeds the page with what happens: a snapshot, then changes.
#[tauri::command]
fn attach(backend: State<'_, Backend>, on_event: Channel<Value>) {
    backend.attach(move |event| on_event.send(event).is_ok());
}

/// The page has painted, so that the window may be shown. Once a page.
#[tauri::command]
fn painted(window: WebviewWindow) {
    window::painted(&window);
}

/// Pastes what is on the clipboard into the field that has the keyboard. Whether it was: elsewhere than on
/// Linux the page asks its webview for the clipboard.
#[tauri::command]
fn paste(window: WebviewWindow) -> bool {
    window::paste(&window)
}

/// Closes the window, as the system's own button does.
#[tauri::command]
fn close(window: WebviewWindow) {
    window::close(&window);
}

/// Answers a call.
#[tauri::command]
async fn call(backend: State<'_, Backend>, call: Value) -> Result<Value, Value> {
    backend.call(call).await
}
