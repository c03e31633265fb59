//! How much silence a stream may have. It owns the heartbeat that the market announces, the one
//! thing that the client itself reads out of an event.

use std::time::Duration;

use agora_wire::Json;

use super::StreamEvent;
use super::timing::Timing;

/// The kind of event that announces the heartbeat.
const ANNOUNCEMENT: &str = "SYSTEM_TIME_WAIT";

/// How many heartbeats may be missed, and how many prove a stream.
const HEARTBEATS: u32 = 3;

/// A longer interval than this is nonsense, and would switch the watchdog off.
const MAX_INTERVAL_SECONDS: f64 = 3600.0;

/// The watchdog's measure.
#[derive(Debug)]
pub(super) struct Liveness {
    unannounced: Duration,
    least: Duration,
    heartbeat: Option<Duration>,
    /// Whether this connection's first event is still to come. The market announces its heartbeat
    /// there; what looks like it later is a message that somebody sent.
    is_new: bool,
}

impl Liveness {
    pub(super) fn new(timing: &Timing) -> Self {
        Self {
            unannounced: timing.silence_unannounced,
            least: timing.silence_least,
            heartbeat: None,
            is_new: true,
        }
    }

    /// A new connection is open. What the one before announced holds until this one does.
    pub(super) fn opened(&mut self) {
        self.is_new = true;
    }

    /// How often the market has something to say by itself, if it said so.
    pub(super) fn heartbeat(&self) -> Option<Duration> {
        self.heartbeat
    }

    /// Whether one that has been heard for `heard_for` since it opened is healthy by the heartbeats
    /// that it brought, whatever becomes of it.
    pub(super) fn is_proven_by(&self, heard_for: Duration) -> bool {
        self.heartbeat.is_some_and(|heartbeat| heard_for >= heartbeat * HEARTBEATS)
    }

    /// The longest silence that isn't a fault.
    pub(super) fn limit(&self) -> Duration {
        match self.heartbeat {
            Some(heartbeat) => (heartbeat * HEARTBEATS).max(self.least),
            None => self.unannounced,
        }
    }

    /// Looks whether an event announces the heartbeat: the first one of a connection may.
    pub(super) fn observe(&mut self, event: &StreamEvent) {
        if std::mem::take(&mut self.is_new)
            && let Some(heartbeat) = announced(event)
        {
            self.heartbeat = Some(heartbeat);
        }
    }
}

fn announced(event: &StreamEvent) -> Option<Duration> {
    // Most events are neither, and needn't be parsed for it.
    if event.event != ANNOUNCEMENT && !event.data.contains(ANNOUNCEMENT) {
        return None;
    }
    let data = Json::read(&event.data)?.object()?;
    let kind = data.get("type").and_then(Json::text).unwrap_or_else(|| event.event.clone());
    if kind != ANNOUNCEMENT {
        return None;
    }
    let seconds = data.get("heartbeatInterval")?.number()?;
    (seconds > 0.0 && seconds <= MAX_INTERVAL_SECONDS).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit_after(event: &str, data: &str) -> u64 {
        let mut liveness = Liveness::new(&Timing::default());
        liveness.observe(&StreamEvent {
            event: event.to_owned(),
            data: data.to_owned(),
            id: None,
            id_is_own: false,
        });
        liveness.limit().as_secs()
    }

    #[test]
    fn three_heartbeats_may_be_missed_and_at_least_45_seconds() {
        let wait = "SYSTEM_TIME_WAIT";
        assert_eq!(limit_after(wait, r#"{"type":"SYSTEM_TIME_WAIT","heartbeatInterval":30}"#), 90);
        assert_eq!(limit_after(wait, r#"{"heartbeatInterval":15}"#), 45);
        assert_eq!(limit_after(wait, r#"{"heartbeatInterval":1.5}"#), 45);
        assert_eq!(limit_after(wait, r#"{"heartbeatInterval":"30"}"#), 90);
        assert_eq!(
            limit_after(wait, r#"{"clientId":"\ud83d","x":1e400,"heartbeatInterval":30.0}"#),
            90
        );
    }

    #[test]
    fn the_kind_is_the_datas_type_before_the_events_name() {
        let data = r#"{"type":"SYSTEM_TIME_WAIT","heartbeatInterval":30}"#;
        assert_eq!(limit_after("message", data), 90);
        let other = r#"{"type":"OTHER","heartbeatInterval":30}"#;
        assert_eq!(limit_after("SYSTEM_TIME_WAIT", other), 300);
    }

    #[test]
    fn only_a_connections_first_event_announces_anything() {
        let mut liveness = Liveness::new(&Timing::default());
        let observe = |liveness: &mut Liveness, event: &str, data: &str| {
            liveness.observe(&StreamEvent {
                event: event.to_owned(),
                data: data.to_owned(),
                id: None,
                id_is_own: false,
            });
            liveness.limit().as_secs()
        };
        let announced = |seconds: u32| format!(r#"{{"heartbeatInterval":{seconds}}}"#);
        let wait = "SYSTEM_TIME_WAIT";
        assert_eq!(observe(&mut liveness, wait, &announced(30)), 90);
        assert_eq!(observe(&mut liveness, wait, &announced(3_600)), 90, "somebody's message");
        liveness.opened();
        assert_eq!(liveness.limit().as_secs(), 90, "as before, until it is announced anew");
        assert_eq!(observe(&mut liveness, wait, &announced(20)), 60);
        liveness.opened();
        observe(&mut liveness, "ORDER_SHIPPED", "{}");
        assert_eq!(observe(&mut liveness, wait, &announced(3_600)), 60, "the market didn't say it");
    }

    #[test]
    fn nonsense_announces_nothing() {
        for interval in ["0", "-1", "1e9", "1e400", "\"soon\"", "null"] {
            let data = format!(r#"{{"heartbeatInterval":{interval}}}"#);
            assert_eq!(limit_after("SYSTEM_TIME_WAIT", &data), 300, "{interval}");
        }
        assert_eq!(limit_after("SYSTEM_TIME_WAIT", "SYSTEM_TIME_WAIT"), 300);
    }
}
