//! Ends the app in order when the system asks it to.

use tauri::AppHandle;

/// Waits for SIGTERM, SIGINT or SIGHUP (elsewhere: Ctrl+C), then quits.
pub(crate) async fn watch(app: AppHandle) {
    match asked_to_end().await {
        Ok(()) => app.exit(0),
        Err(error) => tracing::error!(%error, "signals can't be watched"),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
