//! How a demo market is set up.

use std::time::Duration;

/// The settings of one market. The default is the real market's behaviour, on a free port, without a
/// scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Whether events carry ids, and are replayed to a client that sends `Last-Event-ID`.
    pub ids: bool,
    /// How many events are kept for replay, when there are ids.
    pub backlog: usize,
    /// Events of the scenario a minute; 0 for no scenario.
    pub rate: f64,
    /// What the scenario is drawn from: the same seed tells the same story.
    pub seed: u64,
    /// The time between heartbeats, longer than nothing.
    pub heartbeat: Duration,
    /// The time between `SYSTEM_TIME` events, longer than nothing.
    pub system_time: Duration,
    /// After how long the server ends a stream.
    pub stream_length: Duration,
    /// How long a token that was handed out is good for.
    pub token_lifetime: Duration,
    /// Whether every push call wants a token, as the newer host does.
    pub require_token: bool,
    /// Whether only the four push operations exist: no sign-in, no notifications, no status.
    pub push_only: bool,
    /// Whether there are the calls to stored notifications; without, they answer 404. What is pushed stays
    /// the same.
    pub notifications: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            ids: false,
            backlog: 1_000,
            rate: 0.0,
            seed: 1,
            heartbeat: Duration::from_secs(30),
            system_time: Duration::from_secs(30),
            stream_length: Duration::from_secs(30 * 60),
            token_lifetime: Duration::from_secs(2 * 60 * 60),
            require_token: false,
            push_only: false,
            notifications: true,
        }
    }
}
