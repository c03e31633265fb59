//! The watch against a machine that each test makes up: a system bus of its own with a logind that
//! python-dbusmock plays, and a network namespace of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod logind;
mod made_up;
mod network;

use std::time::Duration;

use agora_power::{Cause, Watch};
use tokio::time::timeout;

/// Longer than a busy machine takes: it is heard at once, or not at all.
const SOON: Duration = Duration::from_secs(20);

/// Long enough for what was told already to arrive. What doesn't come can't be waited for.
const A_MOMENT: Duration = Duration::from_millis(200);

/// A watch that has said already whether this machine has a network.
async fn watch_of_a_machine() -> Watch {
    let mut watch = Watch::start().await;
    if let Ok(cause) = timeout(A_MOMENT, watch.next()).await {
        assert_eq!(cause, Cause::NetworkLost);
    }
    watch
}

/// The cause that must have come, or come soon.
async fn soon(watch: &mut Watch) -> Cause {
    timeout(SOON, watch.next()).await.expect("nothing was heard")
}

/// Says that there is nothing to hear.
async fn assert_quiet(watch: &mut Watch) {
    if let Ok(cause) = timeout(A_MOMENT, watch.next()).await {
        panic!("heard of nothing: {cause}");
    }
}
