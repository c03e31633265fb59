//! The life of emitters, which is not that of the clients' entries: a client id that connects again replaces
//! its entry and leaves the older emitter as it is, until that times out. **The clean-up of an emitter removes
//! whatever entry its client id has then**, as the real market's does. So no entry is older than the timeout, and
//! the real market's rule to pass over those that are has nothing left to do.

use tokio::time::{Instant, sleep_until};

use super::{State, Streams};

/// One that was opened and has neither timed out nor failed yet, whether it is an entry's or not.
#[derive(Debug)]
pub(super) struct Emitter {
    pub(super) client_id: String,
    pub(super) ends: Instant,
}

impl Streams {
    /// The server completed the emitter, or writing to it failed.
    pub(crate) fn ended(&self, stream: u64) {
        self.lock().clean_up(stream);
        self.changed.send_replace(());
    }

    /// The client closed the socket of an emitter. The server finds out when it writes to it next, which it
    /// does only to those that are an entry's.
    pub(crate) fn closed(&self, client_id: &str, stream: u64) {
        let mut state = self.lock();
        let holder = state.clients.get_mut(client_id);
        let Some(holder) = holder.filter(|client| client.connected.stream == stream) else {
            return;
        };
        if self.notices_closed {
            state.clean_up(stream);
        } else {
            holder.found_out = Some(next_beat(holder.opened, self.heartbeat));
        }
        drop(state);
        self.changed.send_replace(());
    }

    /// Cleans up emitters when they time out, and when a heartbeat finds their socket closed, until it is
    /// dropped.
    pub(crate) async fn keep_time(&self) {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let due = self.lock().due();
            tokio::select! {
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.lock().settle(Instant::now());
                    self.changed.send_replace(());
                }
                // It is this registry that tells of changes: they go on as long as it does.
                _ = changes.changed() => {}
            }
        }
    }
}

impl State {
    /// What the market does with an emitter that is over: once for each, and to whoever has the entry.
    pub(super) fn clean_up(&mut self, stream: u64) {
        if let Some(emitter) = self.emitters.remove(&stream) {
            self.forget(&emitter.client_id);
        }
    }

    fn settle(&mut self, now: Instant) {
        let found_out = |client: &&super::Client| client.found_out.is_some_and(|due| due <= now);
        let found_out = self.clients.values().filter(found_out);
        let found_out: Vec<_> = found_out.map(|client| client.connected.stream).collect();
        let timed_out = self.emitters.iter().filter(|(_, emitter)| emitter.ends <= now);
        let timed_out: Vec<_> = timed_out.map(|(stream, _)| *stream).collect();
        for stream in found_out.into_iter().chain(timed_out) {
            self.clean_up(stream);
        }
    }

    /// When something is to be settled next. All emitters have the same time: the oldest ends first.
    fn due(&self) -> Option<Instant> {
        let ends = self.emitters.values().next().map(|emitter| emitter.ends);
        self.clients.values().filter_map(|client| client.found_out).chain(ends).min()
    }
}

/// The first heartbeat after now of a stream that opened then.
fn next_beat(opened: Instant, heartbeat: std::time::Duration) -> Instant {
    let beats = opened.elapsed().as_nanos() / heartbeat.as_nanos().max(1) + 1;
    opened + heartbeat.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}
