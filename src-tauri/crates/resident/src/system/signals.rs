//! When the system asks the app to end.

/// Waits for SIGTERM, SIGINT or SIGHUP (elsewhere: Ctrl+C).
pub(crate) async fn asked_to_end() {
    if let Err(error) = watch().await {
        tracing::error!(%error, "signals can't be watched");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn watch() -> std::io::Result<()> {
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
async fn watch() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
