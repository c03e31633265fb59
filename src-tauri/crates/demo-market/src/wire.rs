//! The bytes and texts of the market's wire: events as Spring's `SseEmitter` writes them, the events that
//! the server sends by itself, and the form of a client id.
//!
//! Pure functions of their arguments and the clock; who receives what is decided in `streams`.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::clock::Clock;

/// One event as the market writes it: `data:` first, then `event:`, no space after the colon. `id` comes
/// only from a market started with ids, and stands first. Data of several lines gets a `data:` a line.
pub(crate) fn event(id: Option<u64>, name: &str, data: &str) -> Bytes {
    let mut text = String::with_capacity(data.len() + 48);
    if let Some(id) = id {
        text.extend(["id:", &id.to_string(), "\n"]);
    }
    for line in data.split('\n') {
        text.push_str("data:");
        text.push_str(line);
        text.push('\n');
    }
    text.extend(["event:", name, "\n\n"]);
    Bytes::from(text)
}

/// The first event of every stream.
pub(crate) fn hello(client_id: &str, heartbeat: Duration, clock: &Clock) -> Bytes {
    let data = json!({
        "type": "SYSTEM_TIME_WAIT",
        "waitSeconds": seconds(heartbeat),
        "nextHeartbeatTime": clock.after(heartbeat),
        "heartbeatInterval": seconds(heartbeat),
        "clientId": client_id,
        "timestamp": clock.now(),
    });
    event(None, "SYSTEM_TIME_WAIT", &data.to_string())
}

/// The sign of life that comes at each heartbeat interval.
pub(crate) fn heartbeat(client_id: &str, clock: &Clock) -> Bytes {
    let data = json!({ "type": "HEARTBEAT", "clientId": client_id, "timestamp": clock.now(), "callState": "IDLE" });
    event(None, "HEARTBEAT", &data.to_string())
}

/// The server's clock, which the market sends as a plain message.
pub(crate) fn system_time(clock: &Clock) -> Bytes {
    event(None, "message", &json!({ "type": "SYSTEM_TIME", "time": clock.now() }).to_string())
}

/// The beginning of an event, without its end: what a connection that breaks leaves behind.
pub(crate) fn half_event() -> Bytes {
    Bytes::from_static(br#"data:{"type":"ORDER_CREATED","orderNumb"#)
}

/// What Spring appends to a stream whose emitter timed out: no field, no line end.
pub(crate) const TIMED_OUT: &[u8] = b"SSE connection timed out";

/// The name under which a message to one user travels: its own type, when it is an object that has one.
pub(crate) fn name_for_user(data: &str) -> String {
    let kind = serde_json::from_str::<Value>(data).ok();
    let kind = kind.as_ref().and_then(|value| value.get("type")?.as_str());
    kind.filter(|kind| !kind.is_empty() && !kind.contains(['\r', '\n']))
        .unwrap_or("message")
        .to_owned()
}

/// A moment as sign-in writes it: UTC, ISO-8601 with `Z`, to the second.
pub(crate) fn utc(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Seconds as JSON: whole ones as an integer, as the market does; the fractions of tests as they are.
fn seconds(duration: Duration) -> Value {
    if duration.subsec_nanos() == 0 {
        json!(duration.as_secs())
    } else {
        json!(duration.as_secs_f64())
    }
}

/// The user id in a client id of the form `user_{userId}_{deviceId}`, or `None` if it doesn't fit
/// `^user_(\d+)_([a-zA-Z0-9\-_]{8,32})$`.
pub(crate) fn user_of(client_id: &str) -> Option<&str> {
    let (user, device) = client_id.strip_prefix("user_")?.split_once('_')?;
    let user_fits = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
    let device_fits = (8..=32).contains(&device.len())
        && device.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (user_fits && device_fits).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_its_data_first_and_no_space() {
        assert_eq!(event(None, "HEARTBEAT", "{}"), "data:{}\nevent:HEARTBEAT\n\n");
        assert_eq!(event(Some(7), "message", "a\nb"), "id:7\ndata:a\ndata:b\nevent:message\n\n");
    }

    #[test]
    fn a_client_id_is_taken_apart_only_when_it_fits() {
        assert_eq!(user_of("user_4021_ab-CD_34"), Some("4021"));
        assert_eq!(user_of(&format!("user_1_{}", "x".repeat(32))), Some("1"));
        for bad in [
            "",
            "user_1_short",
            "user__abcdefgh",
            "user_1a_abcdefgh",
            "User_1_abcdefgh",
            "user_1_abcdefg!",
        ] {
            assert_eq!(user_of(bad), None, "{bad}");
        }
        assert_eq!(user_of(&format!("user_1_{}", "x".repeat(33))), None);
    }

    #[test]
    fn a_message_to_a_user_is_named_by_its_type() {
        assert_eq!(name_for_user(r#"{"type":"CHAT_MESSAGE"}"#), "CHAT_MESSAGE");
        for nameless in [r#"{"type":5}"#, r#"{"a":1}"#, "[1]", "plain", r#"{"type":""}"#] {
            assert_eq!(name_for_user(nameless), "message", "{nameless}");
        }
    }
}
