//! How a demo market is set up.

use std::time::Duration;

/// The settings of one market. The default is the real market's behaviour on a free port, without a
/// scenario, and kind where deployments differ; [`Config::true_to_life`] is not.
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
    /// How long after its own start the server completes an emitter. Its clean-up then removes whatever entry
    /// its client id has, a newer stream's too, which stays open and silent from then on.
    pub emitter_timeout: Duration,
    /// Whether Spring's bare `SSE connection timed out` stands behind the last event of an emitter that timed
    /// out.
    pub timeout_text: bool,
    /// Whether a socket that its client closed is noticed at once. Otherwise it is at the next event or
    /// heartbeat that can't be written, and never when the emitter's client id has connected again or was
    /// disconnected, since nothing is written to it any more.
    pub notices_closed: bool,
    /// How long a token that was handed out is good for.
    pub token_lifetime: Duration,
    /// Whether a token that was handed out is good only for the client it was handed to, by its `User-Agent`.
    pub binds_tokens: bool,
    /// Whether a sign-in by password wants a browser's captcha.
    pub wants_captcha: bool,
    /// Whether every push call wants a token, as the newer host does.
    pub require_token: bool,
    /// Whether a call that wants a token and has none is answered with 403 in place of 401.
    pub forbids_without_token: bool,
    /// Whether any signed-in member may write anything to anyone, as on some deployments.
    pub members_write: bool,
    /// The server's zone, in minutes east of UTC, at most 18 hours; `None` is the zone of this machine.
    pub utc_offset: Option<i32>,
    /// Whether the calls to stored notifications write the server's plain local time with a fixed `+08:00`
    /// behind it, whatever its zone.
    pub fixed_zone: bool,
    /// Whether pages of stored notifications say their `number`.
    pub numbered_pages: bool,
    /// Whether every stream is held back on the way, as [`crate::Fault::HoldBack`] does with one, until the
    /// faults are cleared.
    pub holds_back: bool,
    /// Whether only the four push operations exist: no sign-in, no notifications, no status.
    pub push_only: bool,
    /// Whether there are the calls to stored notifications; without, they answer 404. What is pushed stays
    /// the same.
    pub notifications: bool,
}

impl Config {
    /// Every surprise that the real market is known for, at once: closed sockets that go unnoticed, the text at
    /// an emitter's timeout, members who write to anyone, stored times with a fixed zone behind a server in
    /// UTC, pages without a number, tokens that are good for one
    /// client only, and a 403 where a token is missing.
    #[must_use]
    pub fn true_to_life() -> Self {
        Self {
            timeout_text: true,
            notices_closed: false,
            binds_tokens: true,
            require_token: true,
            forbids_without_token: true,
            members_write: true,
            utc_offset: Some(0),
            fixed_zone: true,
            numbered_pages: false,
            ..Self::default()
        }
    }
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
            emitter_timeout: Duration::from_mins(30),
            timeout_text: false,
            notices_closed: true,
            token_lifetime: Duration::from_hours(2),
            binds_tokens: false,
            wants_captcha: false,
            require_token: false,
            forbids_without_token: false,
            members_write: false,
            utc_offset: None,
            fixed_zone: false,
            numbered_pages: true,
            holds_back: false,
            push_only: false,
            notifications: true,
        }
    }
}
