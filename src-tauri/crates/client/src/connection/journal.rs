//! The log of the connection: one line for each change of its state, with the reason. It owns what
//! a log may hold: neither the token, nor the user in the client id, nor any text of the market's,
//! which may quote both.

use super::update::ConnectionStatus;

/// Writes down a change; `client` is what a log may call it.
pub(super) fn log(client: &str, status: &ConnectionStatus) {
    match status {
        ConnectionStatus::Connecting => tracing::info!(client, "connecting"),
        ConnectionStatus::Connected { .. } => tracing::info!(client, "connected"),
        ConnectionStatus::NoNetwork => tracing::info!(client, "no network"),
        ConnectionStatus::Waiting { delay, reason, slow, .. } => {
            let seconds = format!("{:.3}", delay.as_secs_f64());
            let reason = reason.redacted();
            tracing::info!(client, %reason, %seconds, slow, "waiting");
        }
        ConnectionStatus::Stopped(stop) => {
            tracing::info!(client, status = stop.status(), "stopped");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Reason, ReasonCode};

    #[test]
    fn an_answers_text_is_in_no_log() {
        let detail = Some("user_7_device-01 has no token secret".to_owned());
        for code in [ReasonCode::ServerError, ReasonCode::BadRequest, ReasonCode::NotEventStream] {
            let reason = Reason { code, status: Some(500), detail: detail.clone() };
            let shown = reason.redacted().to_string();
            assert!(shown.ends_with("(500)"), "{shown}");
        }
        let system = Reason::with_detail(ReasonCode::Unreachable, "Connection refused");
        assert_eq!(system.redacted(), system);
    }
}
