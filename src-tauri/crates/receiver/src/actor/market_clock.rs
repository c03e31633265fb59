//! What the market's clock shows, from a connection's first event alone: the market sends that one by
//! itself, before anybody else could. What looks like its clock later may be a message that somebody
//! sent, and is none.

use agora_alert::Event;
use agora_client::MarketTime;

/// The kinds of event that carry the market's clock.
const KINDS: [&str; 3] = ["SYSTEM_TIME_WAIT", "HEARTBEAT", "SYSTEM_TIME"];
/// Where they have it.
const FIELDS: [&str; 2] = ["timestamp", "time"];

/// No zone is further from UTC; a zone is whole quarters of an hour, so that a clock that is wrong by less
/// than half of one is still in its zone.
const FURTHEST_MS: i64 = 14 * 60 * 60 * 1_000 + 15 * 60 * 1_000 / 2;

/// Whether the market's clock can be one in some zone, by ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Nothing was heard of it on this connection.
    #[default]
    Unheard,
    /// It can.
    Agrees,
    /// It can't: one of the two is wrong.
    Differs,
}

/// What was heard on the present connection.
#[derive(Debug, Default)]
pub(super) struct MarketClock {
    /// The first event is still to come.
    is_new: bool,
    agreement: Agreement,
}

impl MarketClock {
    /// A connection has opened.
    pub(super) fn opened(&mut self) {
        *self = Self { is_new: true, agreement: Agreement::Unheard };
    }

    pub(super) fn agreement(&self) -> Agreement {
        self.agreement
    }

    /// An event came at `now_ms` (since 1970, UTC). How far the market's clock is ahead of UTC, in
    /// milliseconds, where that is heard: its zone, with the difference of the two clocks in it.
    pub(super) fn hear(&mut self, event: &Event<'_>, now_ms: i64) -> Option<i64> {
        if !std::mem::take(&mut self.is_new) {
            return None;
        }
        let ahead_ms = shown(event)?.local_ms().saturating_sub(now_ms);
        if ahead_ms.saturating_abs() > FURTHEST_MS {
            tracing::warn!("the market's clock and this machine's can't both be right");
            self.agreement = Agreement::Differs;
            return None;
        }
        self.agreement = Agreement::Agrees;
        Some(ahead_ms)
    }
}

/// What the clock shows that an event carries.
fn shown(event: &Event<'_>) -> Option<MarketTime> {
    if !KINDS.contains(&event.kind()) {
        return None;
    }
    FIELDS.iter().find_map(|field| event.get(field).and_then(MarketTime::read))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-08-22T13:55:00Z.
    const NOW: i64 = 1_787_406_900_000;
    const HOUR: i64 = 60 * 60 * 1_000;

    fn hear(clock: &mut MarketClock, event: &str, data: &str) -> Option<i64> {
        clock.hear(&Event::read(event, data), NOW)
    }

    fn hear_time(clock: &mut MarketClock, time: &str) -> Option<i64> {
        hear(clock, "SYSTEM_TIME_WAIT", &format!(r#"{{"timestamp":"{time}"}}"#))
    }

    #[test]
    fn a_connections_first_event_is_believed_and_nothing_after_it() {
        let mut clock = MarketClock::default();
        assert_eq!(hear_time(&mut clock, "2026-08-22T21:55:00"), None, "no connection");
        clock.opened();
        assert_eq!(clock.agreement(), Agreement::Unheard);
        assert_eq!(hear_time(&mut clock, "2026-08-22T21:55:00"), Some(8 * HOUR));
        for forged in ["2026-08-22T20:55:00", "9999-01-01T00:00:00"] {
            assert_eq!(hear_time(&mut clock, forged), None);
        }
        assert_eq!(clock.agreement(), Agreement::Agrees);
        clock.opened();
        assert_eq!(clock.agreement(), Agreement::Unheard);
        assert_eq!(hear(&mut clock, "CHAT_MESSAGE", "{}"), None);
        assert_eq!(hear_time(&mut clock, "2026-08-22T20:55:00"), None, "it wasn't the first");
        clock.opened();
        assert_eq!(hear_time(&mut clock, "2026-08-22T22:55:00"), Some(9 * HOUR), "summer time");
    }

    #[test]
    fn every_zone_there_is_may_be_shown_and_no_other() {
        let heard = |event: &str, data: &str| {
            let mut clock = MarketClock::default();
            clock.opened();
            (hear(&mut clock, event, data), clock.agreement())
        };
        let at = |time: &str| heard("HEARTBEAT", &format!(r#"{{"timestamp":"{time}"}}"#));
        for (time, hours) in
            [("2026-08-23T03:55:00", 14), ("2026-08-21T23:55:00", -14), ("2026-08-22T13:55:00", 0)]
        {
            assert_eq!(at(time), (Some(hours * HOUR), Agreement::Agrees), "{time}");
        }
        // The zone that is written beside it is not what counts.
        assert_eq!(at("2026-08-22T13:55:00+08:00"), (Some(0), Agreement::Agrees));
        for time in ["2026-08-23T04:05:00", "2026-08-21T23:45:00", "9999-01-01T00:00:00"] {
            assert_eq!(at(time), (None, Agreement::Differs), "{time}");
        }
        let time = heard("message", r#"{"type":"SYSTEM_TIME","time":"2026-08-22T21:55:00"}"#);
        assert_eq!(time.0, Some(8 * HOUR));
        for (event, data) in [
            ("ORDER_SHIPPED", r#"{"timestamp":"2026-08-22T21:55:00"}"#),
            ("HEARTBEAT", r#"{"type":"ORDER_SHIPPED","timestamp":"2026-08-22T21:55:00"}"#),
            ("HEARTBEAT", r#"{"timestamp":7}"#),
            ("HEARTBEAT", r#"{"timestamp":"soon"}"#),
            ("HEARTBEAT", ""),
        ] {
            assert_eq!(heard(event, data), (None, Agreement::Unheard), "{event} {data}");
        }
    }
}
