//! The journal of a connection while the app runs: told by whoever hears something, read by the page, and kept
//! in a file beside the inbox.
//!
//! It wakes up for nothing of its own: it is told when the status changes, when events come and when the
//! system has something to say, and writes the file at such moments, seldom.

use agora_doctor::{Day, Happening, Journal, Kept, Moment, Said, Standing, State};
use agora_power::Cause;
use agora_receiver::{Beat, Pulse, Receiver, SignedOut, Status, Subscription};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

/// The journal of one connection. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct KeptJournal(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    journal: Mutex<Journal>,
    /// Where it is kept, if it is. Held while it is written.
    path: Mutex<Option<PathBuf>>,
    told: watch::Sender<Told>,
}

/// What it was told, as counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Entries: a state, or what happened.
    pub(crate) entries: u64,
    /// How often events or a heartbeat came.
    pub(crate) pulse: u64,
}

impl KeptJournal {
    /// Goes on with the one that was kept there, or keeps none. It reads a small file.
    pub(crate) fn open(path: Option<PathBuf>) -> Self {
        let journal = Journal::begun(path.as_deref().and_then(Kept::read), Moment::now()).into();
        Self(Arc::new(Shared { journal, path: path.into(), told: watch::Sender::default() }))
    }

    /// From now on nothing is written: its folder is to go.
    pub(crate) async fn keep_no_longer(&self) {
        let shared = self.0.clone();
        // A write that is under way is waited for.
        let _ = spawn_blocking(move || shared.path().take()).await;
    }

    /// The system says so.
    pub(crate) fn heard(&self, cause: Cause) {
        let what = match cause {
            Cause::Woke => Happening::Woke,
            // By how much, the clocks say by themselves.
            Cause::ClockJumped => return,
            Cause::NetworkUp => Happening::NetworkUp,
            Cause::NetworkLost => Happening::NetworkLost,
        };
        self.journal().happened(Moment::now(), what);
        self.tell(false);
    }

    /// Says each time that it was told something.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Told> {
        self.0.told.subscribe()
    }

    /// The day up to now.
    pub(crate) fn day(&self) -> Day {
        self.journal().day(Moment::now().wall_ms)
    }

    /// How many events came in this minute, and when it began; and the last heartbeats.
    pub(crate) fn pulse(&self) -> ((i64, u32), Vec<agora_doctor::Beat>) {
        let journal = self.journal();
        (journal.minute(Moment::now().wall_ms), journal.beats())
    }

    /// Tells it what becomes of a connection, until the end, which is told too.
    pub(crate) async fn run(self, receiver: Receiver, end: CancellationToken) {
        let Subscription { mut status, mut pulse, .. } = receiver.subscribe();
        drop(receiver);
        let mut before = Pulse::default();
        loop {
            let (standing, open_since) = standing(&status.borrow_and_update());
            self.journal().became(Moment::now(), standing, open_since);
            self.tell(false);
            self.write(|journal| journal.to_keep(Moment::now())).await;
            // A stream's state is heard before what comes over it.
            while !tokio::select! {
                biased;
                () = end.cancelled() => return self.close().await,
                Ok(()) = status.changed() => true,
                Ok(()) = pulse.changed() => false,
                else => return self.close().await,
            } {
                let now = pulse.borrow_and_update().clone();
                self.take(&before, &now);
                before = now;
                self.write(|journal| journal.to_keep(Moment::now())).await;
            }
        }
    }

    fn take(&self, before: &Pulse, now: &Pulse) {
        let mut journal = self.journal();
        let moment = Moment::now();
        if now.events > before.events {
            journal.events(moment, now.events - before.events);
        }
        if now.beat != before.beat
            && let Some(beat) = &now.beat
        {
            journal.beat(moment, said(beat));
        }
        drop(journal);
        self.tell(true);
    }

    /// Tells whoever listens what is new, if anything is.
    fn tell(&self, is_pulse: bool) {
        let entries = self.journal().entered();
        self.0.told.send_if_modified(|told| {
            let pulse = told.pulse + u64::from(is_pulse);
            let now = Told { entries, pulse };
            std::mem::replace(told, now) != now
        });
    }

    async fn close(&self) {
        self.write(|journal| {
            let now = Moment::now();
            journal.ended(now);
            Some(journal.keep(now))
        })
        .await;
    }

    /// Writes what there is to keep. That it can't be is no reason to stop.
    async fn write(&self, kept: impl FnOnce(&mut Journal) -> Option<Kept>) {
        let Some(kept) = kept(&mut self.journal()) else { return };
        let shared = self.0.clone();
        let write = move || shared.path().as_deref().map_or(Ok(()), |path| kept.write(path));
        if let Ok(Err(error)) = spawn_blocking(write).await {
            tracing::info!(%error, "the connection's journal can't be kept");
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.0.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn path(&self) -> MutexGuard<'_, Option<PathBuf>> {
        self.path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn said(beat: &Beat) -> Said {
    let Beat { number: _, interval_ms, wait_ms, ahead_ms, calls } = beat.clone();
    Said { interval_ms, wait_ms, ahead_ms, calls }
}

/// A status as the journal has it, and since when a stream is open.
fn standing(status: &Status) -> (Standing, Option<i64>) {
    let mut open_since = None;
    let (mut wait_ms, mut code) = (None, None);
    let state = match status {
        Status::Connecting => State::Connecting,
        Status::Connected { since, .. } => {
            open_since = Some(millis(*since));
            State::Connected
        }
        Status::NoNetwork => State::NoNetwork,
        Status::Waiting { until, reason } => {
            let wait = until.duration_since(SystemTime::now()).unwrap_or_default();
            wait_ms = i64::try_from(wait.as_millis()).ok();
            code = reason.status;
            State::Waiting
        }
        Status::Checking { reason, .. } => {
            code = reason.status;
            State::Checking
        }
        Status::Paused { .. } => State::Paused,
        Status::SignedOut(signed_out) => {
            if let SignedOut::Market { status, .. } = signed_out {
                code = Some(*status);
            }
            State::SignedOut
        }
        Status::Refused { status, .. } => {
            code = *status;
            State::Refused
        }
        Status::NoInbox => State::NoInbox,
    };
    (Standing { state, reason: status.reason_code(), status: code, wait_ms }, open_since)
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_client::{Reason, ReasonCode};
    use std::time::Duration;

    #[test]
    fn a_status_is_entered_with_its_reason_and_wait_and_without_any_text() {
        let detail = Some("user_4021 of tea.example".to_owned());
        let reason = Reason { code: ReasonCode::Away, status: Some(503), detail: detail.clone() };
        let until = SystemTime::now() + Duration::from_mins(1);
        let waiting = Status::Waiting { until, reason: reason.clone() };
        let checked = SystemTime::now();
        let signed_out = SignedOut::Market { status: 403, message: detail, had_token: true };
        for (status, state, reason, code) in [
            (waiting, State::Waiting, Some(ReasonCode::Away), Some(503)),
            (
                Status::Checking { checked, reason },
                State::Checking,
                Some(ReasonCode::Away),
                Some(503),
            ),
            (
                Status::SignedOut(signed_out),
                State::SignedOut,
                Some(ReasonCode::Forbidden),
                Some(403),
            ),
            (Status::SignedOut(SignedOut::NoAccount), State::SignedOut, None, None),
            (Status::NoNetwork, State::NoNetwork, Some(ReasonCode::NoNetwork), None),
            (Status::Paused { until: None }, State::Paused, None, None),
        ] {
            let (standing, open_since) = standing(&status);
            assert_eq!((standing.state, standing.reason, standing.status), (state, reason, code));
            assert_eq!(standing.wait_ms.is_some(), state == State::Waiting);
            assert_eq!(open_since, None);
        }
        let since = UNIX_EPOCH + Duration::from_secs(7);
        let connected = standing(&Status::Connected { since, heard: SystemTime::now() });
        assert_eq!(connected, (State::Connected.into(), Some(7_000)));
    }
}
