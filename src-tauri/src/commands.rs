//! What Tauri lets the page do: attach itself, say that it has painted, and call. What it calls passes
//! through as it is.

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use crate::window;
use agora_resident::Resident;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

/// Feeds the page with what happens: a snapshot, then changes.
#[tauri::command]
pub(crate) fn attach(resident: State<'_, Resident>, on_event: Channel<Value>) {
    resident.attach(move |event| on_event.send(event).is_ok());
}

/// The page has painted, so that the window may be shown. Once a page.
#[tauri::command]
pub(crate) fn painted(window: WebviewWindow) {
    window::painted(&window);
}

/// Answers a call.
#[tauri::command]
pub(crate) async fn call(resident: State<'_, Resident>, call: Value) -> Result<Value, Value> {
    resident.call(call).await
}
