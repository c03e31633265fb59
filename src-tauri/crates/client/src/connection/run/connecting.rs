//! One connection, from the request to its end.

use std::pin::pin;
use std::time::SystemTime;

use tokio::time::Instant;

use super::super::attempt::{Attempt, Failure};
use super::super::backoff::Outcome;
use super::super::config::Control;
use super::super::update::ConnectionStatus;
use super::{Connection, Next, NobodyListens, at, network_up};
use crate::{Reason, ReasonCode, Token};

impl Connection {
    pub(super) async fn connect(&mut self, token: Option<&Token>) -> Result<Next, NobodyListens> {
        self.names.make_room().await;
        let url = self.names.next();
        let (begun, begun_at) = (Instant::now(), SystemTime::now());
        let attempt = Attempt {
            client: &self.client,
            url: &url,
            token,
            last_event_id: self.cursor.as_deref(),
            timing: &self.timing,
        };
        // A network comes up in more than one step: what has just begun has a while to make use of
        // it, and is then thrown away all the same.
        let mut given_up = None;
        let answer = {
            let mut opening = pin!(attempt.open());
            loop {
                let control = tokio::select! {
                    answer = &mut opening => break answer,
                    () = at(given_up) => return Ok(network_up()),
                    control = self.control.next() => control,
                };
                // The wall clock goes on while the machine sleeps; the other may not.
                let on_the_wall = begun_at.elapsed().unwrap_or_default();
                let has_just_begun = begun.elapsed().max(on_the_wall) < self.timing.just_begun;
                match control {
                    // A second click is no wish to throw away what the first began.
                    Control::ReconnectNow if has_just_begun => {}
                    Control::ReconnectNow => {
                        return Ok(Next::AtOnce(Reason::of(ReasonCode::Timeout)));
                    }
                    Control::Woke | Control::NetworkUp if !has_just_begun => {
                        return Ok(network_up());
                    }
                    Control::Woke => given_up = Some(begun + self.timing.just_begun),
                    Control::NetworkUp => {
                        given_up = Some(begun + self.timing.just_begun);
                        if std::mem::take(&mut self.offline) {
                            self.tell_status(ConnectionStatus::Connecting).await?;
                        }
                    }
                    Control::NetworkLost => {
                        if !std::mem::replace(&mut self.offline, true) {
                            self.tell_status(ConnectionStatus::NoNetwork).await?;
                        }
                    }
                }
            }
        };
        let failure = match answer {
            Ok(body) => {
                self.names.part();
                return self.read(body).await;
            }
            Err(failure) => failure,
        };
        if !failure.may_be_taken() {
            self.names.refused();
        }
        if failure.is_of_the_market() {
            self.names.part();
        }
        Ok(match failure {
            // It was under way already when the network came up.
            Failure::Retry(reason, None) if given_up.is_some() => {
                Next::Wait(Outcome::NetworkUp, reason)
            }
            Failure::Retry(reason, retry_after) => {
                Next::Wait(Outcome::Failed { retry_after }, reason)
            }
            Failure::NoRoom(reason) => {
                // The market finds out who has left when it writes to them.
                let heartbeat = self.liveness.heartbeat().unwrap_or(self.timing.heartbeat);
                Next::Wait(Outcome::Failed { retry_after: Some(heartbeat) }, reason)
            }
            Failure::Slow(reason, retry_after) => Next::Wait(Outcome::Slow { retry_after }, reason),
            Failure::LastEventIdRefused => {
                self.cursor = None;
                Next::AtOnce(Reason::of(ReasonCode::BadRequest))
            }
            Failure::Stop(stop) => Next::Stop(stop),
        })
    }
}
