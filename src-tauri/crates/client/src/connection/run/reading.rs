//! An open stream, read to its end: what it brings, whether it is alive, and what it is told to be.

use std::time::{Duration, SystemTime};

use eventsource_stream::Event;
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::super::attempt::{Body, End};
use super::super::backoff::{Heard, Outcome};
use super::super::config::Control;
use super::super::update::{ConnectionStatus, StreamEvent, Update};
use super::{Connection, Next, NobodyListens, at, failed, network_up};
use crate::{Reason, ReasonCode};

/// The least time between two [`Update::Heard`].
const HEARD_EVERY: Duration = Duration::from_secs(1);

/// What is known of the stream that is open.
struct Open {
    since: SystemTime,
    opened: Instant,
    /// When bytes were last taken off it, by both clocks: that of the wall goes on in a sleep. A
    /// reader that was slow to take them isn't taken for a silent market.
    heard: Instant,
    heard_at: SystemTime,
    /// Whether any came.
    is_heard: bool,
    /// Whether the last that was told is that it is connected.
    is_told: bool,
    /// The network changed: until then the stream has to be heard, or it didn't outlive that.
    doubted_until: Option<Instant>,
}

impl Open {
    fn now() -> Self {
        let (now, wall) = (Instant::now(), SystemTime::now());
        Self {
            since: wall,
            opened: now,
            heard: now,
            heard_at: wall,
            is_heard: false,
            is_told: false,
            doubted_until: None,
        }
    }
}

impl Connection {
    /// Reads an open stream to its end.
    pub(super) async fn read(&mut self, mut body: Body) -> Result<Next, NobodyListens> {
        let mut open = Open::now();
        self.backoff.opened(open.opened);
        self.liveness.opened();
        let death = self.ancestors.as_mut().and_then(|them| them.next_death(open.opened));
        let death = death.map(|death| death + self.timing.late);
        let (next, fell_silent, market_ended_it) = loop {
            let silent_at = open.heard + self.liveness.limit();
            let deadline = open.doubted_until.map_or(silent_at, |doubt| doubt.min(silent_at));
            let item = tokio::select! {
                item = timeout_at(deadline, body.next()) => item,
                () = at(death) => break (forgotten(), false, false),
                control = self.control.next() => match control {
                    Control::ReconnectNow => {
                        break (Next::AtOnce(Reason::of(ReasonCode::Ended)), false, false);
                    }
                    Control::Woke => break (network_up(), false, false),
                    Control::NetworkLost => {
                        self.lost_network(&mut open).await?;
                        continue;
                    }
                    Control::NetworkUp => {
                        if self.outlives_it(&mut open).await? {
                            continue;
                        }
                        break (network_up(), false, false);
                    }
                },
            };
            match item {
                Ok(Some(Ok(event))) => self.hear(event, &mut open).await?,
                Ok(Some(Err(End::Clean)) | None) => break (ended(), false, true),
                // What broke it was the change of this machine's own network.
                Ok(Some(Err(End::Fault(_)))) if open.doubted_until.is_some() => {
                    break (network_up(), false, false);
                }
                Ok(Some(Err(End::Fault(reason)))) => break (after_fault(reason), false, false),
                Err(_) if deadline < silent_at => break (network_up(), false, false),
                Err(_) => break (failed(Reason::of(ReasonCode::Silent)), true, false),
            }
        };
        let now = Instant::now();
        self.backoff.closed(now, self.heard_of(&open, fell_silent));
        if let Some(ancestors) = &mut self.ancestors {
            ancestors.add(open.opened, now, market_ended_it);
        }
        Ok(next)
    }

    /// Takes note that bytes came, and takes what they brought.
    async fn hear(&mut self, event: Event, open: &mut Open) -> Result<(), NobodyListens> {
        self.offline = false;
        open.doubted_until = None;
        open.is_heard = true;
        // Only now: that it opened says nothing of whether anything comes through, or can be read.
        if !std::mem::replace(&mut open.is_told, true) {
            self.tell_status(ConnectionStatus::Connected { since: open.since }).await?;
        }
        self.take(event).await?;
        (open.heard, open.heard_at) = (Instant::now(), SystemTime::now());
        Ok(())
    }

    async fn lost_network(&mut self, open: &mut Open) -> Result<(), NobodyListens> {
        open.is_told = false;
        if std::mem::replace(&mut self.offline, true) {
            return Ok(());
        }
        self.tell_status(ConnectionStatus::NoNetwork).await
    }

    /// Whether a stream may have outlived a sleep or a change of the network: while its next
    /// heartbeat isn't due. It has until then to be heard.
    async fn outlives_it(&mut self, open: &mut Open) -> Result<bool, NobodyListens> {
        let Some(heartbeat) = self.liveness.heartbeat() else { return Ok(false) };
        let on_the_wall = open.heard_at.elapsed().unwrap_or_default();
        let silent_for = open.heard.elapsed().max(on_the_wall);
        let Some(left) = (heartbeat + self.timing.late).checked_sub(silent_for) else {
            return Ok(false);
        };
        open.doubted_until.get_or_insert(Instant::now() + left);
        if std::mem::take(&mut self.offline) {
            self.tell_status(ConnectionStatus::Connecting).await?;
        }
        Ok(true)
    }

    /// What the schedule has to know of a stream that is over.
    fn heard_of(&self, open: &Open, fell_silent: bool) -> Heard {
        let is_proven = self.liveness.is_proven_by(open.heard - open.opened);
        match (open.is_heard, fell_silent) {
            (false, _) => Heard::Nothing,
            // Under an id that can't be varied another app may be taking it away by turns.
            (true, true) if !is_proven || self.ancestors.is_some() => Heard::ThenSilence,
            (true, _) if is_proven => Heard::Heartbeats,
            (true, _) => Heard::ToTheEnd,
        }
    }

    /// Takes one item off the stream.
    async fn take(&mut self, item: Event) -> Result<(), NobodyListens> {
        let now = Instant::now();
        if self.heard.is_none_or(|heard| now - heard >= HEARD_EVERY) {
            self.heard = Some(now);
            self.tell(Update::Heard(SystemTime::now())).await?;
        }
        if let Some(retry) = item.retry {
            self.backoff.set_base(retry);
        }
        if item.dropped > 0 {
            tracing::warn!(count = item.dropped, "dropped events that are too large");
        }
        let is_dispatched = item.is_dispatched();
        if item.has_own_id {
            self.cursor = Some(item.id).filter(|id| !id.is_empty());
        }
        if is_dispatched {
            let event = StreamEvent {
                event: item.event,
                data: item.data,
                id: self.cursor.clone(),
                id_is_own: item.has_own_id,
            };
            self.liveness.observe(&event);
            self.tell(Update::Event(event)).await?;
        } else if item.has_own_id {
            self.tell(Update::Cursor(self.cursor.clone())).await?;
        }
        Ok(())
    }
}

fn ended() -> Next {
    Next::Wait(Outcome::Ended, Reason::of(ReasonCode::Ended))
}

/// The market is about to forget this stream, since it forgets an earlier one of the same id.
fn forgotten() -> Next {
    let detail = "the market forgets it together with an earlier one of this client id";
    Next::Wait(Outcome::Ended, Reason::with_detail(ReasonCode::Ended, detail))
}

fn after_fault(reason: Reason) -> Next {
    if reason.code == ReasonCode::Encoding {
        Next::Wait(Outcome::Slow { retry_after: None }, reason)
    } else {
        failed(reason)
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
