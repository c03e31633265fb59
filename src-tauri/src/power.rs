//! Tells the receiver when the machine woke, and when its network came up or is lost. What it makes of that is the
//! connection's schedule.

use crate::shell::Shell;
use agora_power::{Cause, Watch};
use std::sync::Arc;

/// Passes it on until the app quits.
pub(crate) async fn run(shell: Arc<Shell>) {
    let mut watch = Watch::start().await;
    loop {
        let cause = watch.next().await;
        tracing::info!(%cause, "the connection is told");
        match cause {
            Cause::Woke | Cause::ClockJumped => shell.receiver.woke().await,
            Cause::NetworkUp => shell.receiver.network_up().await,
            Cause::NetworkLost => shell.receiver.network_lost().await,
        }
    }
}
