//! Tells each account's receiver, sender and journal when the machine woke, and when its network came up or is lost. What
//! the receiver makes of that is the connection's schedule.

use crate::accounts::Roster;
use agora_power::{Cause, Watch};

/// Passes it on until the app quits.
pub(crate) async fn run(roster: Roster) {
    let mut watch = Watch::start().await;
    loop {
        let cause = watch.next().await;
        tracing::info!(%cause, "the connection is told");
        if matches!(cause, Cause::Woke | Cause::ClockJumped) {
            roster.shared.woke.send_modify(|times| *times += 1);
        }
        for account in roster.all() {
            account.diagnostics.journal.heard(cause);
            let receiver = account.receiver;
            if matches!(cause, Cause::Woke | Cause::ClockJumped) {
                account.sender.woke();
            }
            match cause {
                Cause::Woke | Cause::ClockJumped => receiver.woke().await,
                Cause::NetworkUp => receiver.network_up().await,
                Cause::NetworkLost => receiver.network_lost().await,
            }
        }
    }
}
