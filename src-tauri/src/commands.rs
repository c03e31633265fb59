//! What Tauri lets the page do: attach itself, say that it has painted, and call.

use crate::ipc::{Answer, Call, PageEvent};
use crate::shell::Shell;
use crate::window;
use serde_json::Value;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

/// Feeds the page with what happens: a snapshot, then changes.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]
pub(crate) fn attach(shell: State<'_, Arc<Shell>>, on_event: Channel<PageEvent>) {
    shell.attach(on_event);
}

/// The page has painted, so that the window may be shown. Once a page.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]
pub(crate) fn painted(window: WebviewWindow) {
    window::painted(&window);
}

/// Answers a call.
#[tauri::command]
pub(crate) async fn call(shell: State<'_, Arc<Shell>>, call: Call) -> Answer<Value> {
    call.answered_by(&**shell).await
}
