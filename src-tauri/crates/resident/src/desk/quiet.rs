//! Whether it is quiet: by quiet hours, a snooze or the desktop's do-not-disturb. It wakes up when that
//! changes, and for nothing else.

use super::preferences::Preferences;
use agora_do_not_disturb::DoNotDisturb;
use agora_rules::{is_quiet, next_change_ms};
use jiff::ZonedDateTime;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Tells whether it is quiet, and each change; nothing while the desktop hasn't said how it is. `woke`
/// changes when the machine woke or its clock was set: what was to end meanwhile has ended.
pub(crate) async fn watch_quiet(
    tell: watch::Sender<Option<bool>>,
    mut preferences: watch::Receiver<Preferences>,
    mut do_not_disturb: watch::Receiver<Option<DoNotDisturb>>,
    mut woke: watch::Receiver<u64>,
) {
    loop {
        let chosen = preferences.borrow_and_update().choices();
        let desktop = *do_not_disturb.borrow_and_update();
        woke.mark_unchanged();
        let now = ZonedDateTime::now();
        let is_own = is_quiet(&chosen.rules, chosen.snooze, &now);
        let quiet = desktop.map(|desktop| desktop.is_on() || is_own);
        tell.send_if_modified(|told| std::mem::replace(told, quiet) != quiet);
        let snooze_ends = chosen.snooze.active_until_ms(&now);
        let next = snooze_ends.into_iter().chain(next_change_ms(&chosen.rules, &now)).min();
        let in_time = next.map(|at_ms| at_ms.saturating_sub(now.timestamp().as_millisecond()));
        tokio::select! {
            Ok(()) = preferences.changed() => {}
            Ok(()) = do_not_disturb.changed() => {}
            Ok(()) = woke.changed() => {}
            () = after(in_time) => {}
            else => return,
        }
    }
}

/// After so many milliseconds; never, where there are none.
async fn after(in_ms: Option<i64>) {
    match in_ms {
        Some(ms) => sleep(Duration::from_millis(u64::try_from(ms).unwrap_or_default())).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_do_not_disturb::Urgent;

    #[tokio::test]
    async fn it_is_quiet_by_each_of_the_three_and_over_when_all_are() {
        let (tell, mut quiet) = watch::channel(None);
        let preferences = watch::Sender::new(Preferences::default());
        let desktop = watch::Sender::new(None);
        let woke = watch::Sender::new(0);
        let watching =
            watch_quiet(tell, preferences.subscribe(), desktop.subscribe(), woke.subscribe());
        let watching = tokio::spawn(watching);
        let on = Some(DoNotDisturb::On { urgent: Urgent::Kept });
        let mut becomes = async |wanted| {
            let becomes = quiet.wait_for(|quiet| *quiet == wanted);
            let limit = Duration::from_secs(5);
            tokio::time::timeout(limit, becomes).await.expect("it becomes so").unwrap();
        };
        becomes(None).await;
        desktop.send_replace(on);
        becomes(Some(true)).await;
        desktop.send_replace(Some(DoNotDisturb::Unknown));
        becomes(Some(false)).await;
        let soon = ZonedDateTime::now().timestamp().as_millisecond() + 300;
        preferences.send_modify(|chosen| chosen.snoozed_until_ms = Some(soon));
        becomes(Some(true)).await;
        // Nothing else happens.
        becomes(Some(false)).await;
        assert!(ZonedDateTime::now().timestamp().as_millisecond() >= soon);
        preferences.send_modify(|chosen| {
            (chosen.rules.quiet.on, chosen.rules.quiet.from, chosen.rules.quiet.to) = (true, 0, 0);
        });
        becomes(Some(true)).await;
        watching.abort();
    }
}
