//! What WebKitGTK leaves running when its last view is gone: its network process, which it starts
//! anew when it wants one, and a thread that looks at the machine's memory every five seconds.

use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::Path;

/// The network process's name, as far as the kernel keeps it.
const NAME: &str = "WebKitNetworkPr";

/// Keeps the thread from being there at all. Before any other thread is.
pub(crate) fn prevent() {
    const SWITCH: &str = "WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR";
    if std::env::var_os(SWITCH).is_none()
        && let Err(error) = gtk::glib::setenv(SWITCH, "1", false)
    {
        tracing::warn!(%error, "WebKit's watch on the memory stays");
    }
}

/// Ends the network process. Only where there is no view: on the main thread, on which views are
/// made. A driver of the webview (WebDriver) would take it for the crash of a page.
pub(crate) fn end() {
    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        return;
    }
    for child in children() {
        if let Err(error) = kill_process(child, Signal::TERM) {
            tracing::warn!(%error, "WebKit's network process stays");
        }
    }
}

/// The network processes that are children of this one.
fn children() -> Vec<Pid> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let ids: Vec<i32> = lists
        .flat_map(|list| {
            list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()
        })
        .collect();
    ids.into_iter().filter(|id| is_named(*id)).filter_map(Pid::from_raw).collect()
}

fn is_named(id: i32) -> bool {
    let name = Path::new("/proc").join(id.to_string()).join("comm");
    fs::read_to_string(name).is_ok_and(|name| name.trim_end() == NAME)
}
