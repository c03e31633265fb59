//! Ends the app in order when the system asks it to.

use crate::desk::Quit;

/// Waits for SIGTERM, SIGINT or SIGHUP (elsewhere: Ctrl+C), then has the app quit.
pub(crate) async fn watch(quit: Quit) {
    match asked_to_end().await {
        Ok(()) => quit.now(),
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
