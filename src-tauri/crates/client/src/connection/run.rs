//! The loop: connect, read, wait, again. It owns the cursor and the order of what is told; the
//! table of answers is `attempt`'s and the delays are `backoff`'s.

use std::pin::pin;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use reqwest::Client;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::attempt::{Attempt, Body, End, Failure};
use super::backoff::{Backoff, Delay, Heard, Outcome};
use super::config::{Config, Control, Controls, Ended};
use super::journal;
use super::liveness::Liveness;
use super::target::Target;
use super::timing::Timing;
use super::update::{ConnectionStatus, Stop, StreamEvent, Update};
use crate::http::{SetupError, stream_client};
use crate::{CallLimits, Market, Reason, ReasonCode, Token};

/// The least time between two [`Update::Heard`].
const HEARD_EVERY: Duration = Duration::from_secs(1);

/// Keeps the stream open until it is cancelled, stopped by the market, or nobody takes its
/// updates any more.
///
/// Cancelling closes the stream at once, whatever state it is in, then tells the market
/// (`DELETE /sse/disconnect`) within a limit of two seconds; no request follows. Updates that
/// are in the channel by then are of this connection still: whoever starts another one drops the
/// channel with them.
pub async fn run(
    config: Config,
    updates: mpsc::Sender<Update>,
    control: mpsc::Receiver<Control>,
    cancel: CancellationToken,
) -> Result<Ended, SetupError> {
    let target = config.target.clone();
    let timing = config.timing.clone();
    let ended = {
        let mut connection = Connection::new(config, updates, control)?;
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ended::Cancelled,
            ended = connection.keep() => ended.unwrap_or(Ended::Cancelled),
        }
        // The stream is closed here, before the goodbye.
    };
    if ended == Ended::Cancelled {
        tracing::info!(client = target.redacted(), "leaving");
        say_goodbye(&target, &timing).await?;
    }
    Ok(ended)
}

async fn say_goodbye(target: &Target, timing: &Timing) -> Result<(), SetupError> {
    let Some(endpoint) = target.endpoint() else { return Ok(()) };
    let limits = CallLimits {
        connect: timing.connect,
        whole: timing.leave,
        refusal_body: timing.refusal_body,
    };
    let market = Market::with_limits(endpoint.base.clone(), endpoint.token.clone(), limits)?;
    match timeout(timing.leave, market.disconnect(&endpoint.client_id)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(status = error.status(), "the goodbye failed"),
        Err(_) => tracing::debug!("the goodbye took too long"),
    }
    Ok(())
}

/// Nobody takes the updates any more.
struct NobodyListens;

/// What comes after a connection, or after the try to make one.
enum Next {
    Wait(Outcome, Reason),
    /// Connect at once: a person asked, or it is worth a try without the last event ID.
    AtOnce(Reason),
    Stop(Stop),
}

impl Next {
    /// All that is told of why passes here: nothing in it quotes the token.
    fn without(self, token: Option<&Token>) -> Self {
        match self {
            Self::Wait(outcome, reason) => Self::Wait(outcome, reason.without(token)),
            Self::AtOnce(reason) => Self::AtOnce(reason.without(token)),
            Self::Stop(stop) => Self::Stop(stop.without(token)),
        }
    }
}

struct Connection {
    target: Target,
    url: Url,
    client: Client,
    once: bool,
    timing: Timing,
    updates: mpsc::Sender<Update>,
    control: Controls,
    backoff: Backoff,
    liveness: Liveness,
    cursor: Option<String>,
    heard: Option<Instant>,
}

impl Connection {
    fn new(
        config: Config,
        updates: mpsc::Sender<Update>,
        control: mpsc::Receiver<Control>,
    ) -> Result<Self, SetupError> {
        let mut timing = config.timing;
        if config.target.endpoint().is_none() {
            timing.same_client_gap = Duration::ZERO;
        }
        let url = config.target.stream_url();
        Ok(Self {
            client: stream_client(&url, timing.connect)?,
            url,
            target: config.target,
            once: config.once,
            updates,
            control: Controls::new(control),
            backoff: Backoff::new(timing.clone(), Instant::now()),
            liveness: Liveness::new(&timing),
            cursor: config.last_event_id.filter(|id| !id.is_empty()),
            heard: None,
            timing,
        })
    }

    async fn keep(&mut self) -> Result<Ended, NobodyListens> {
        loop {
            self.tell_status(ConnectionStatus::Connecting).await?;
            match self.connect().await?.without(self.target.token()) {
                Next::Stop(stop) => {
                    self.tell_status(ConnectionStatus::Stopped(stop.clone())).await?;
                    return Ok(Ended::Stopped(stop));
                }
                Next::Wait(_, reason) if self.once => return Ok(Ended::Once(reason)),
                Next::Wait(outcome, reason) => self.wait(outcome, reason).await?,
                Next::AtOnce(reason) => {
                    tracing::debug!(reason = %reason.redacted(), "connecting again at once");
                }
            }
        }
    }

    /// One connection, from the request to its end.
    async fn connect(&mut self) -> Result<Next, NobodyListens> {
        let (started, started_at) = (Instant::now(), SystemTime::now());
        let attempt = Attempt {
            client: &self.client,
            url: &self.url,
            token: self.target.token(),
            last_event_id: self.cursor.as_deref(),
            timing: &self.timing,
        };
        let answer = {
            let mut opening = pin!(attempt.open());
            loop {
                tokio::select! {
                    answer = &mut opening => break answer,
                    control = self.control.next() => {
                        // The wall clock goes on while the machine sleeps; the other may not.
                        let on_the_wall = started_at.elapsed().unwrap_or_default();
                        let age = started.elapsed().max(on_the_wall);
                        match control {
                            // A second click is no wish to throw away what the first began, and
                            // a network comes up in more than one step.
                            _ if age < self.timing.same_client_gap => {}
                            Control::ReconnectNow => {
                                return Ok(Next::AtOnce(Reason::of(ReasonCode::Timeout)));
                            }
                            Control::NetworkUp => return Ok(network_up()),
                        }
                    }
                }
            }
        };
        match answer {
            Ok(body) => self.read(body).await,
            Err(Failure::Retry(reason, retry_after)) => {
                Ok(Next::Wait(Outcome::Failed { retry_after }, reason))
            }
            Err(Failure::Slow(reason, retry_after)) => {
                Ok(Next::Wait(Outcome::Slow { retry_after }, reason))
            }
            Err(Failure::LastEventIdRefused) => {
                self.cursor = None;
                Ok(Next::AtOnce(Reason::of(ReasonCode::BadRequest)))
            }
            Err(Failure::Stop(stop)) => Ok(Next::Stop(stop)),
        }
    }

    /// Reads an open stream to its end.
    async fn read(&mut self, mut body: Body) -> Result<Next, NobodyListens> {
        self.backoff.opened(Instant::now());
        self.liveness.opened();
        let since = SystemTime::now();
        self.tell_status(ConnectionStatus::Connected { since }).await?;
        let mut heard = Heard::Nothing;
        let next = loop {
            // Counted from here, so that a slow reader isn't taken for a silent market.
            let deadline = Instant::now() + self.liveness.limit();
            let item = tokio::select! {
                item = timeout_at(deadline, body.next()) => item,
                control = self.control.next() => break match control {
                    Control::ReconnectNow => Next::AtOnce(Reason::of(ReasonCode::Ended)),
                    Control::NetworkUp => network_up(),
                },
            };
            match item {
                Err(_) => {
                    if heard == Heard::ToTheEnd {
                        heard = Heard::ThenSilence;
                    }
                    break failed(Reason::of(ReasonCode::Silent));
                }
                Ok(Some(Ok(event))) => {
                    heard = Heard::ToTheEnd;
                    self.take(event).await?;
                }
                Ok(Some(Err(end))) => break after_end(end),
                Ok(None) => break after_end(End::Clean),
            }
        };
        self.backoff.closed(Instant::now(), heard);
        Ok(next)
    }

    /// Takes one item off the stream.
    async fn take(&mut self, item: eventsource_stream::Event) -> Result<(), NobodyListens> {
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

    /// Waits as the schedule says, or less if someone asks.
    async fn wait(&mut self, outcome: Outcome, reason: Reason) -> Result<(), NobodyListens> {
        let now = Instant::now();
        let delay = self.backoff.next(outcome, now, rand::random());
        let mut until = now + delay.length;
        let asked_until = outcome.retry_after().map(|_| SystemTime::now() + delay.length);
        self.tell_waiting(delay, until, outcome, &reason).await?;
        loop {
            tokio::select! {
                () = sleep_until(until) => return Ok(()),
                control = self.control.next() => match control {
                    Control::ReconnectNow => return Ok(()),
                    // The market asked for this wait, whatever became of the network. The wall
                    // clock goes on while the machine sleeps; the timer's may not.
                    Control::NetworkUp if asked_until > Some(SystemTime::now()) => {}
                    Control::NetworkUp => {
                        let now = Instant::now();
                        let delay = self.backoff.next(Outcome::NetworkUp, now, rand::random());
                        if now + delay.length < until {
                            until = now + delay.length;
                            self.tell_waiting(delay, until, outcome, &reason).await?;
                        }
                    }
                }
            }
        }
    }

    /// Tells of a wait that begins now and ends at `until`, after what `outcome` says.
    async fn tell_waiting(
        &self,
        delay: Delay,
        until: Instant,
        outcome: Outcome,
        reason: &Reason,
    ) -> Result<(), NobodyListens> {
        if delay.fused {
            tracing::warn!(seconds = delay.length.as_secs(), "opened too often: the fuse tripped");
        }
        self.tell_status(ConnectionStatus::Waiting {
            until,
            until_time: SystemTime::now() + delay.length,
            delay: delay.length,
            reason: reason.clone(),
            slow: matches!(outcome, Outcome::Slow { .. }) || delay.fused,
            quiet: matches!(outcome, Outcome::Ended | Outcome::NetworkUp) && !delay.fused,
        })
        .await
    }

    async fn tell_status(&self, status: ConnectionStatus) -> Result<(), NobodyListens> {
        journal::log(&self.target.redacted(), &status);
        self.tell(Update::Status(status)).await
    }

    async fn tell(&self, update: Update) -> Result<(), NobodyListens> {
        self.updates.send(update).await.map_err(|_| NobodyListens)
    }
}

fn failed(reason: Reason) -> Next {
    Next::Wait(Outcome::Failed { retry_after: None }, reason)
}

/// A connection from before a sleep or on a lost route may be dead without a sign of it, and
/// would only be missed when the heartbeat is.
fn network_up() -> Next {
    let detail = "the machine woke, or its network changed";
    Next::Wait(Outcome::NetworkUp, Reason::with_detail(ReasonCode::Cut, detail))
}

fn after_end(end: End) -> Next {
    match end {
        End::Clean => Next::Wait(Outcome::Ended, Reason::of(ReasonCode::Ended)),
        End::Fault(reason) if reason.code == ReasonCode::Encoding => {
            Next::Wait(Outcome::Slow { retry_after: None }, reason)
        }
        End::Fault(reason) => failed(reason),
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
