//! The wait for the next connect: as the schedule says, or less if someone asks.

use std::time::SystemTime;

use tokio::time::{Instant, sleep_until};

use super::super::backoff::{Delay, Outcome};
use super::super::config::Control;
use super::super::update::ConnectionStatus;
use super::{Connection, NobodyListens};
use crate::{Reason, ReasonCode};

impl Connection {
    /// Waits after what `outcome` and `reason` say.
    pub(super) async fn wait(
        &mut self,
        outcome: Outcome,
        reason: Reason,
    ) -> Result<(), NobodyListens> {
        let now = Instant::now();
        let mut delay = self.backoff.next(outcome, now, rand::random());
        let mut until = now + delay.length;
        let asked_until = outcome.retry_after().map(|_| SystemTime::now() + delay.length);
        if delay.fused {
            tracing::warn!(seconds = delay.length.as_secs(), "opened too often: the fuse tripped");
        }
        self.tell_waiting(delay, until, outcome, &reason).await?;
        loop {
            let control = tokio::select! {
                () = sleep_until(until) => return Ok(()),
                control = self.control.next() => control,
            };
            let now = Instant::now();
            match control {
                Control::ReconnectNow => return Ok(()),
                Control::NetworkLost => {
                    if std::mem::replace(&mut self.offline, true) {
                        continue;
                    }
                }
                Control::Woke | Control::NetworkUp => {
                    let was_offline = self.offline;
                    self.offline &= control == Control::Woke;
                    // The market asked for this wait, whatever became of the network. The wall
                    // clock goes on while the machine sleeps; the timer's may not.
                    let is_asked_for = asked_until > Some(SystemTime::now());
                    let sooner = (!is_asked_for)
                        .then(|| self.backoff.next(Outcome::NetworkUp, now, rand::random()))
                        .filter(|sooner| now + sooner.length < until);
                    match sooner {
                        Some(sooner) => (delay, until) = (sooner, now + sooner.length),
                        None if was_offline != self.offline => {}
                        None => continue,
                    }
                }
            }
            let left = Delay { length: until.saturating_duration_since(now), ..delay };
            self.tell_waiting(left, until, outcome, &reason).await?;
        }
    }

    /// Tells of a wait that goes on until then, after what `outcome` says.
    async fn tell_waiting(
        &self,
        delay: Delay,
        until: Instant,
        outcome: Outcome,
        reason: &Reason,
    ) -> Result<(), NobodyListens> {
        let no_network = Reason::of(ReasonCode::NoNetwork);
        let reason = if self.offline && reason.is_of_the_way() { &no_network } else { reason };
        self.tell_status(ConnectionStatus::Waiting {
            until,
            until_time: SystemTime::now() + delay.length,
            delay: delay.length,
            reason: reason.clone(),
            slow: matches!(outcome, Outcome::Slow { .. }) || delay.fused,
            quiet: matches!(outcome, Outcome::Ended | Outcome::NetworkUp)
                && !delay.fused
                && !self.offline,
        })
        .await
    }
}
