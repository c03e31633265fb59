//! Every duration and count of the connection, in one place.

use std::time::Duration;

/// The connection's limits and the schedule's numbers. The defaults are the ones that people get;
/// tests over real sockets take smaller ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// Limit to connect, the name's lookup and TLS included.
    pub connect: Duration,
    /// Limit until the answer's headers: Spring sends none before the first event, and a sleeping
    /// host takes a minute.
    pub headers: Duration,
    /// Limit to read the body of a refusal.
    pub refusal_body: Duration,
    /// Limit of the goodbye.
    pub leave: Duration,

    /// The heartbeat of a market that has announced none yet.
    pub heartbeat: Duration,
    /// What is due at a time may come this much later.
    pub late: Duration,
    /// How long the market keeps a stream, for all that is known at first.
    pub stream_life: Duration,
    /// Silence that is borne before the market has announced its heartbeat.
    pub silence_unannounced: Duration,
    /// The least silence that is borne once it has: three heartbeats may be shorter.
    pub silence_least: Duration,

    /// The least delay after a failure.
    pub least: Duration,
    /// The base delay where the stream sets none (`retry:`).
    pub base: Duration,
    /// Bounds of a base delay that the stream sets.
    pub base_bounds: (Duration, Duration),
    /// The most that doubling leads to.
    pub cap: Duration,
    /// The same after [`long_failure`](Self::long_failure).
    pub long_cap: Duration,
    /// From when on a failure is a long one.
    pub long_failure: Duration,
    /// The cap while the host may be waking up.
    pub waking_cap: Duration,
    /// How long that is.
    pub waking: Duration,
    /// After a silence this long the host may have gone to sleep.
    pub long_silence: Duration,
    /// Open for this long, with at least a byte: the count of attempts starts again.
    pub healthy: Duration,
    /// The same for one that fell silent at last, and where the market's heartbeats don't prove it
    /// healthy. Two apps under one client id that can't be varied take the stream from each other by
    /// turns, and each finds itself silent a few heartbeats later: that has to become rarer, not go
    /// on for ever.
    pub healthy_if_silent: Duration,

    /// The first connect comes within this where the stream's end was not this machine's own: after
    /// a clean end, and after a cut of one that had been open for [`healthy`](Self::healthy). All the
    /// others that the market serves come back at the same moment.
    pub spread: Duration,
    /// After the network came up it comes within this.
    pub network_up: Duration,
    /// The most that a `Retry-After` can make it wait.
    pub retry_after_most: Duration,
    /// First delay of the slow schedule.
    pub slow: Duration,
    /// The most that its doubling leads to.
    pub slow_cap: Duration,

    /// At most this many connections may open within [`fuse_window`](Self::fuse_window).
    pub fuse_count: usize,
    /// See [`fuse_count`](Self::fuse_count).
    pub fuse_window: Duration,
    /// No connect under the same client id within this of the last that opened: the market takes
    /// that for misbehaviour.
    pub same_client_gap: Duration,
    /// An attempt this young is not thrown away for what is asked meanwhile.
    pub just_begun: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        let minutes = |count: u64| seconds(60 * count);
        Self {
            connect: seconds(10),
            headers: seconds(120),
            refusal_body: seconds(5),
            leave: seconds(2),
            heartbeat: seconds(30),
            late: seconds(2),
            stream_life: minutes(30),
            silence_unannounced: minutes(5),
            silence_least: seconds(45),
            least: Duration::from_millis(500),
            base: seconds(1),
            base_bounds: (seconds(1), seconds(300)),
            cap: seconds(30),
            long_cap: seconds(300),
            long_failure: minutes(10),
            waking_cap: seconds(10),
            waking: minutes(3),
            long_silence: minutes(15),
            healthy: seconds(60),
            healthy_if_silent: minutes(10),
            spread: seconds(5),
            network_up: seconds(2),
            retry_after_most: minutes(15),
            slow: seconds(30),
            slow_cap: seconds(300),
            fuse_count: 20,
            fuse_window: minutes(10),
            same_client_gap: seconds(5),
            just_begun: seconds(5),
        }
    }
}
