//! The loop: connect, read, wait, again. It owns the cursor and the order of what is told; the
//! table of answers is `attempt`'s, the delays are `backoff`'s, and the ids are `names`'.

mod connecting;
mod reading;
mod waiting;

use std::time::Duration;

use reqwest::Client;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::ancestors::Ancestors;
use super::backoff::{Backoff, Outcome};
use super::config::{Config, Control, Controls, Ended};
use super::journal;
use super::liveness::Liveness;
use super::names::Names;
use super::queue::{NobodyListens, Teller};
use super::target::Target;
use super::timing::Timing;
use super::update::{ConnectionStatus, Stop, Update};
use crate::base_url::is_loopback;
use crate::http::{SetupError, stream_client};
use crate::{Reason, ReasonCode, Token};

/// Keeps the stream open until it is cancelled, stopped by the market, or nobody takes its
/// updates any more.
///
/// Each connect goes out under an id of its own, and the market is told (`DELETE /sse/disconnect`)
/// which one it may forget, beside the new connection. Cancelling closes the stream at once,
/// whatever state it is in, then tells the market within a limit of two seconds; no request
/// follows. Updates that are in the queue by then are of this connection still: whoever starts
/// another one drops the queue with them.
pub async fn run(
    config: Config,
    updates: Teller,
    control: mpsc::Receiver<Control>,
    cancel: CancellationToken,
) -> Result<Ended, SetupError> {
    let mut connection = Connection::new(config, updates, control)?;
    let ended = tokio::select! {
        biased;
        () = cancel.cancelled() => Ended::Cancelled,
        ended = connection.keep() => ended.unwrap_or(Ended::Cancelled),
    };
    // The stream is closed by now, and nobody hears of the goodbye.
    let Connection { names, target, updates, .. } = connection;
    drop(updates);
    if ended == Ended::Cancelled {
        tracing::info!(client = target.redacted(), "leaving");
        names.leave().await;
    }
    Ok(ended)
}

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
    client: Client,
    once: bool,
    timing: Timing,
    updates: Teller,
    control: Controls,
    names: Names,
    /// Only under an id that can't be varied.
    ancestors: Option<Ancestors>,
    backoff: Backoff,
    liveness: Liveness,
    cursor: Option<String>,
    /// Whether this machine has no way out, as far as it is known.
    offline: bool,
    heard: Option<Instant>,
}

impl Connection {
    fn new(
        config: Config,
        updates: Teller,
        control: mpsc::Receiver<Control>,
    ) -> Result<Self, SetupError> {
        let mut timing = config.timing;
        let repeats_its_id =
            config.target.endpoint().is_some_and(|endpoint| !endpoint.client_id.fits_form());
        if !repeats_its_id {
            timing.same_client_gap = Duration::ZERO;
        }
        let url = config.target.stream_url();
        Ok(Self {
            client: stream_client(&url, timing.connect)?,
            control: Controls::new(control, is_loopback(&url)),
            names: Names::new(config.target.clone(), &timing),
            ancestors: repeats_its_id.then(|| Ancestors::new(timing.stream_life)),
            target: config.target,
            once: config.once,
            updates,
            backoff: Backoff::new(timing.clone(), Instant::now()),
            liveness: Liveness::new(&timing),
            cursor: config.last_event_id.filter(|id| !id.is_empty()),
            offline: false,
            heard: None,
            timing,
        })
    }

    async fn keep(&mut self) -> Result<Ended, NobodyListens> {
        loop {
            self.tell_status(ConnectionStatus::Connecting).await?;
            let token = self.target.token();
            match self.connect(token.as_ref()).await?.without(token.as_ref()) {
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

    async fn tell_status(&self, status: ConnectionStatus) -> Result<(), NobodyListens> {
        journal::log(&self.target.redacted(), &status);
        self.tell(Update::Status(status)).await
    }

    async fn tell(&self, update: Update) -> Result<(), NobodyListens> {
        self.updates.tell(update).await
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

/// When a time has come; never, where there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
