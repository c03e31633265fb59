//! Who is connected: the registry of clients, its limits, and the routing of events to them.
//!
//! A client is *forgotten* when its id connects again, disconnects or is disconnected by force. As with the
//! real market its stream then stays open and silent: a zombie. The bytes of one stream are `body`'s; when it
//! times out or fails, and what that does to others, is in `emitters`.

mod emitters;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use self::emitters::Emitter;
use crate::clock::Clock;
use crate::config::Config;
use crate::io::Break;
use crate::people::{self, Role};
use crate::wire;

/// Connections that one user may have.
pub const CONNECTIONS_PER_USER: usize = 5;

/// Connections that the market serves.
pub(crate) const CONNECTIONS: usize = 1_000;

/// A second connect of a client id within this time is misbehaviour.
const HURRY: Duration = Duration::from_secs(5);

/// No emitter lives longer, so that its end is a moment that a clock can tell.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// Events that wait for a slow reader. One more, and writing to it has failed.
const WAITING: usize = 65_536;

/// Whom an event is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Every connected client; the event is named `message`.
    Everyone,
    /// Every client of the user with this id; the event is named by the type in its data.
    User(String),
}

impl To {
    /// The user with this id.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts alike, without a `&` at each call"
    )]
    pub fn user(id: impl ToString) -> Self {
        Self::User(id.to_string())
    }

    fn includes(&self, user: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::User(id) => id == user,
        }
    }
}

/// A client that the market counts as connected: its entry. Zombies have none; one whose socket was closed still
/// has its entry as long as the market didn't notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connected {
    /// The client id.
    pub client_id: String,
    /// The user id in it.
    pub user_id: String,
    /// When it connected, in the server's local time without a zone.
    pub since: String,
    /// Counts the streams from 1: tells two connections of the same client id apart.
    pub stream: u64,
}

/// What a stream is told to do next.
#[derive(Debug)]
pub(crate) enum Frame {
    /// Write these bytes.
    Bytes(Bytes),
    /// Write these bytes and break the connection after them.
    Break(Bytes, Break),
    /// End the response cleanly.
    End,
    /// Send heartbeats and the time, or keep silent.
    Heartbeats(bool),
}

/// What the market counts for its status call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) connections: u64,
    pub(crate) disconnections: u64,
    pub(crate) messages: u64,
    pub(crate) errors: u64,
    pub(crate) connected_time: Duration,
}

/// A stream that was let in.
pub(crate) struct Opened {
    pub(crate) stream: u64,
    pub(crate) frames: mpsc::Receiver<Frame>,
    /// When the server completes it.
    pub(crate) ends: Instant,
    /// How long after the last connect of the same client id, when that was too short.
    pub(crate) hurried: Option<Duration>,
}

/// The registry.
#[derive(Debug)]
pub(crate) struct Streams {
    /// How many events are kept for replay; `None` sends no ids at all.
    backlog: Option<usize>,
    heartbeat: Duration,
    emitter_timeout: Duration,
    notices_closed: bool,
    clock: Arc<Clock>,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    /// The entries, by client id.
    clients: BTreeMap<String, Client>,
    /// By the number of their stream.
    emitters: BTreeMap<u64, Emitter>,
    opened: u64,
    last_id: u64,
    kept: VecDeque<Kept>,
    recent: VecDeque<(String, Instant)>,
    totals: Totals,
}

#[derive(Debug)]
struct Client {
    connected: Connected,
    opened: Instant,
    frames: mpsc::Sender<Frame>,
    /// When a heartbeat finds out that the client closed the socket.
    found_out: Option<Instant>,
}

#[derive(Debug)]
struct Kept {
    id: u64,
    to: To,
    bytes: Bytes,
}

impl Streams {
    pub(crate) fn new(config: &Config, clock: Arc<Clock>) -> Self {
        Self {
            backlog: config.ids.then_some(config.backlog),
            heartbeat: config.heartbeat,
            emitter_timeout: config.emitter_timeout,
            notices_closed: config.notices_closed,
            clock,
            state: Mutex::default(),
            changed: watch::Sender::default(),
        }
    }

    /// Lets a client in, or says what the market says when it is full. Events after `last_event_id` wait
    /// in the new stream already; an id that this market has not given yet comes from an earlier run of it,
    /// and replays everything kept.
    pub(crate) fn open(
        &self,
        client_id: &str,
        user: &str,
        last_event_id: Option<u64>,
    ) -> Result<Opened, String> {
        let mut state = self.lock();
        let of_user = |client: &&Client| {
            client.connected.user_id == user && client.connected.client_id != client_id
        };
        let again = state.clients.contains_key(client_id);
        if state.clients.values().filter(of_user).count() >= CONNECTIONS_PER_USER {
            state.totals.errors += 1;
            return Err(format!("Maximum connections per user exceeded: {CONNECTIONS_PER_USER}"));
        }
        if !again && state.clients.len() >= CONNECTIONS {
            state.totals.errors += 1;
            return Err(format!("Maximum connections exceeded: {CONNECTIONS}"));
        }
        let (sender, frames) = mpsc::channel(WAITING);
        if let Some(mut last) = last_event_id {
            if last > state.last_id {
                last = 0;
            }
            let missed = state.kept.iter().filter(|kept| kept.id > last && kept.to.includes(user));
            for bytes in missed.map(|kept| kept.bytes.clone()) {
                // The backlog is bounded, and a stream's room is larger than any sensible backlog.
                if sender.try_send(Frame::Bytes(bytes)).is_err() {
                    break;
                }
            }
        }
        state.forget(client_id);
        state.opened += 1;
        state.totals.connections += 1;
        let stream = state.opened;
        let connected = Connected {
            client_id: client_id.to_owned(),
            user_id: user.to_owned(),
            since: self.clock.now(),
            stream,
        };
        let opened = Instant::now();
        let ends = opened + self.emitter_timeout.min(LONGEST);
        state.emitters.insert(stream, Emitter { client_id: client_id.to_owned(), ends });
        let client = Client { connected, opened, frames: sender, found_out: None };
        state.clients.insert(client_id.to_owned(), client);
        let hurried = state.note_connect(client_id);
        drop(state);
        self.changed.send_replace(());
        Ok(Opened { stream, frames, ends, hurried })
    }

    /// Sends an event; says how many clients it was handed to. `name` overrides the market's own rule.
    pub(crate) fn send(&self, to: &To, name: Option<&str>, data: &str) -> usize {
        let own_name = match to {
            To::Everyone => "message".to_owned(),
            To::User(_) => wire::name_for_user(data),
        };
        let mut state = self.lock();
        let id = self.backlog.map(|_| state.last_id + 1);
        let bytes = wire::event(id, name.unwrap_or(&own_name), data);
        if let (Some(id), Some(most)) = (id, self.backlog) {
            state.last_id = id;
            state.kept.push_back(Kept { id, to: to.clone(), bytes: bytes.clone() });
            while state.kept.len() > most {
                state.kept.pop_front();
            }
        }
        state.hand_to(|client| to.includes(&client.user_id), &bytes)
    }

    /// Forgets a client; its stream becomes a zombie. Nothing happens when it is unknown.
    pub(crate) fn forget(&self, client_id: &str) {
        self.lock().forget(client_id);
        self.changed.send_replace(());
    }

    /// Forgets everyone; says how many there were.
    pub(crate) fn forget_all(&self) -> usize {
        let mut state = self.lock();
        let all: Vec<_> = state.clients.keys().cloned().collect();
        for client_id in &all {
            state.forget(client_id);
        }
        drop(state);
        self.changed.send_replace(());
        all.len()
    }

    /// Tells one client's stream what to do; `false` when the client is not connected or too far behind.
    pub(crate) fn tell(&self, client_id: &str, frame: Frame) -> bool {
        let state = self.lock();
        state.clients.get(client_id).is_some_and(|client| client.frames.try_send(frame).is_ok())
    }

    /// Who is connected, by client id.
    pub(crate) fn connected(&self) -> Vec<Connected> {
        self.lock().clients.values().map(|client| client.connected.clone()).collect()
    }

    /// The client that has this id, or else the newest of the device that ids of it begin with: a device may
    /// connect under another suffix each time, as in `user_1001_terminal-x7q2`.
    pub(crate) fn find(&self, name: &str) -> Option<Connected> {
        let state = self.lock();
        let exact = state.clients.get(name);
        let of_device = state.clients.values().filter(|client| {
            let suffix = client.connected.client_id.strip_prefix(name);
            suffix.is_some_and(|suffix| suffix.starts_with(['-', '_']))
        });
        let found = exact.or_else(|| of_device.max_by_key(|client| client.connected.stream));
        found.map(|client| client.connected.clone())
    }

    /// The users that play a role and are connected. A user the market doesn't know buys.
    pub(crate) fn users_with(&self, role: Role) -> Vec<String> {
        let role_of = |user: &str| people::by_id(user).map_or(Role::Buyer, |person| person.role);
        let state = self.lock();
        let users = state.clients.values().map(|client| client.connected.user_id.clone());
        let mut users: Vec<_> = users.filter(|user| role_of(user) == role).collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    /// What was counted so far.
    pub(crate) fn totals(&self) -> Totals {
        self.lock().totals
    }

    /// Ticks whenever a client comes or goes.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, client_id: &str) {
        if let Some(client) = self.clients.remove(client_id) {
            self.totals.disconnections += 1;
            self.totals.connected_time += client.opened.elapsed();
        }
    }

    /// Notes the connect; the time since the client's last one when that was misbehaviour.
    fn note_connect(&mut self, client_id: &str) -> Option<Duration> {
        self.recent.retain(|(_, moment)| moment.elapsed() < HURRY);
        let last = self
            .recent
            .iter()
            .rev()
            .find(|(id, _)| id == client_id)
            .map(|(_, moment)| moment.elapsed());
        if self.recent.len() == CONNECTIONS {
            self.recent.pop_front();
        }
        self.recent.push_back((client_id.to_owned(), Instant::now()));
        last
    }

    fn hand_to(&mut self, wanted: impl Fn(&Connected) -> bool, bytes: &Bytes) -> usize {
        let mut reached = 0;
        let mut failed = Vec::new();
        for client in self.clients.values().filter(|client| wanted(&client.connected)) {
            match client.frames.try_send(Frame::Bytes(bytes.clone())) {
                Ok(()) => reached += 1,
                Err(_) => failed.push(client.connected.stream),
            }
        }
        for stream in failed {
            self.totals.errors += 1;
            self.clean_up(stream);
        }
        self.totals.messages += u64::try_from(reached).unwrap_or(u64::MAX);
        reached
    }
}

#[cfg(test)]
mod tests;
