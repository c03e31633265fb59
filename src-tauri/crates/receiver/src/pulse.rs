//! The stream's pulse: how many events came, and what its last heartbeat said. For whoever keeps a journal
//! of the connection; nothing follows from it here, since anybody may be able to write a heartbeat.

use agora_alert::Event;
use agora_client::MarketTime;
use agora_wire::Json;

/// The kind that announces the heartbeat, at a stream's beginning.
const ANNOUNCEMENT: &str = "SYSTEM_TIME_WAIT";
/// The heartbeat.
const HEARTBEAT: &str = "HEARTBEAT";
/// The market's clock, which comes beside it.
const CLOCK: &str = "SYSTEM_TIME";
/// No interval is as long, in seconds.
const DAY: f64 = 86_400.0;
/// A word that says how it is with calls is no longer.
const WORD: usize = 16;

/// What the stream has brought since the program began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// How many events, without those that the market sends of itself.
    pub events: u64,
    /// The last heartbeat.
    pub beat: Option<Beat>,
}

/// What a heartbeat said, or its announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beat {
    /// Which it is since the program began.
    pub number: u64,
    /// How often it is going to come, in milliseconds.
    pub interval_ms: Option<i64>,
    /// How long until the first one, in milliseconds.
    pub wait_ms: Option<i64>,
    /// How far the clock in it is ahead of UTC, in milliseconds.
    pub ahead_ms: Option<i64>,
    /// How it is with calls: a word of capital letters.
    pub calls: Option<String>,
}

impl Pulse {
    /// Takes note of an event that came at `now_ms` (since 1970, UTC).
    pub(crate) fn hear(&mut self, event: &Event<'_>, now_ms: i64) {
        match event.kind() {
            ANNOUNCEMENT | HEARTBEAT => {
                let number = self.beat.take().map_or(0, |beat| beat.number) + 1;
                self.beat = Some(Beat::read(number, event, now_ms));
            }
            CLOCK => {}
            _ => self.events += 1,
        }
    }
}

impl Beat {
    fn read(number: u64, event: &Event<'_>, now_ms: i64) -> Self {
        let shown = event.get("timestamp").and_then(MarketTime::read);
        let calls = event.get("callState").and_then(Json::text);
        Self {
            number,
            interval_ms: event.get("heartbeatInterval").and_then(in_ms),
            wait_ms: event.get("waitSeconds").and_then(in_ms),
            ahead_ms: shown.map(|shown| shown.local_ms().saturating_sub(now_ms)),
            calls: calls.filter(|word| is_word(word)),
        }
    }
}

/// Seconds that can be some, in milliseconds.
fn in_ms(seconds: Json<'_>) -> Option<i64> {
    let seconds = seconds.number()?;
    #[expect(clippy::cast_possible_truncation, reason = "a day's milliseconds fit")]
    (0.0..=DAY).contains(&seconds).then_some((seconds * 1_000.0) as i64)
}

fn is_word(text: &str) -> bool {
    (1..=WORD).contains(&text.len())
        && text.bytes().all(|letter| letter.is_ascii_uppercase() || letter == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-08-22T13:55:00Z.
    const NOW: i64 = 1_787_406_900_000;

    fn heard(events: &[(&str, &str)]) -> Pulse {
        let mut pulse = Pulse::default();
        for (event, data) in events {
            pulse.hear(&Event::read(event, data), NOW);
        }
        pulse
    }

    #[test]
    fn events_are_counted_without_what_the_market_sends_of_itself() {
        let pulse = heard(&[
            ("SYSTEM_TIME_WAIT", "{}"),
            ("message", r#"{"type":"SYSTEM_TIME","time":"2026-08-22T21:55:00"}"#),
            ("HEARTBEAT", "{}"),
            ("CHAT_MESSAGE", r#"{"content":"tea?"}"#),
            ("message", "plain words"),
        ]);
        assert_eq!((pulse.events, pulse.beat.unwrap().number), (2, 2));
    }

    #[test]
    fn a_heartbeats_own_figures_are_read_and_nothing_else_of_it() {
        let said = |event, data| heard(&[(event, data)]).beat.unwrap();
        let announced = r#"{"type":"SYSTEM_TIME_WAIT","waitSeconds":12.5,"heartbeatInterval":"30",
            "clientId":"user_7_device01","timestamp":"2026-08-22T21:55:02"}"#;
        let beat = Beat {
            number: 1,
            interval_ms: Some(30_000),
            wait_ms: Some(12_500),
            ahead_ms: Some(8 * 3_600_000 + 2_000),
            calls: None,
        };
        assert_eq!(said("SYSTEM_TIME_WAIT", announced), beat);
        assert_eq!(
            said("HEARTBEAT", r#"{"callState":"IN_CALL"}"#).calls.as_deref(),
            Some("IN_CALL")
        );
        for nonsense in [
            r#"{"callState":"mei@tea.example","heartbeatInterval":-1,"waitSeconds":1e9}"#,
            r#"{"callState":"A_WORD_THAT_IS_TOO_LONG","heartbeatInterval":null,"timestamp":7}"#,
            r#"{"callState":["IDLE"],"heartbeatInterval":1e400}"#,
            "",
        ] {
            let nothing = Beat { number: 1, ..Beat::default() };
            assert_eq!(said("HEARTBEAT", nonsense), nothing, "{nonsense}");
        }
    }
}
