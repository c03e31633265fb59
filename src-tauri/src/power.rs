//! Tells the receiver when the machine woke or its network came up. What it makes of that is the
//! connection's schedule.

use crate::shell::Shell;
use agora_power::Watch;
use std::sync::Arc;

/// Passes it on until the app quits.
pub(crate) async fn run(shell: Arc<Shell>) {
    let mut watch = Watch::start().await;
    loop {
        let cause = watch.next().await;
        tracing::info!(%cause, "the connection is made anew");
        shell.receiver.network_up().await;
    }
}
