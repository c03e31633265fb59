//! What we sent and our own stream may bring back: known by its reference, or, where a market drops members
//! that it doesn't know, by the whole of the rest.

use crate::post::REFERENCE;
use agora_client::Message;
use agora_ledger::SendingId;
use serde_json::Value;
use std::collections::VecDeque;

/// How many bodies are remembered, and for how long: milliseconds. References are the ledger's.
const REMEMBERED: usize = 32;
const AWAITED: i64 = 10 * 60 * 1000;

/// The longest body that is compared, in bytes.
const LONGEST: usize = 64 * 1024;

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A reference; the ledger knows whose.
    Reference(String),
    /// The body of a line.
    Body(SendingId, u32),
}

/// What is awaited.
#[derive(Debug, Default)]
pub(crate) struct Echoes(VecDeque<Awaited>);

#[derive(Debug)]
struct Awaited {
    body: Value,
    line: (SendingId, u32),
    since: i64,
}

impl Echoes {
    /// A message has left for somebody whose stream we hear.
    pub(crate) fn expect(&mut self, message: &Message, line: (SendingId, u32), now: i64) {
        if message.as_json().len() > LONGEST {
            return;
        }
        let Ok(body) = serde_json::from_str(message.as_json()) else { return };
        self.0.retain(|awaited| awaited.line != line);
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Awaited { body, line, since: now });
    }

    /// What an event is of it, if anything. A body is taken for one line only.
    pub(crate) fn heard(&mut self, data: &str, now: i64) -> Option<Heard> {
        self.0.retain(|awaited| now - awaited.since <= AWAITED);
        if !data.contains(REFERENCE) && self.0.is_empty() {
            return None;
        }
        let body: Value = serde_json::from_str(data).ok()?;
        if let Some(reference) = body.get(REFERENCE).and_then(Value::as_str) {
            return Some(Heard::Reference(reference.to_owned()));
        }
        let place = self.0.iter().position(|awaited| awaited.body == body)?;
        let (id, number) = self.0.remove(place)?.line;
        Some(Heard::Body(id, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_goes_before_the_body_and_a_body_is_taken_once() {
        let message = Message::from_json(r#"{"title":"a","n":1}"#).unwrap();
        let mut echoes = Echoes::default();
        echoes.expect(&message, (7, 1), 0);
        let with = message.with_text(REFERENCE, "r");
        assert_eq!(echoes.heard(with.as_json(), 1), Some(Heard::Reference("r".into())));
        assert_eq!(echoes.heard(r#"{"title":"a","n":2}"#, 1), None);
        assert_eq!(echoes.heard(r#"{"n":1,"title":"a"}"#, 1), Some(Heard::Body(7, 1)));
        assert_eq!(echoes.heard(r#"{"n":1,"title":"a"}"#, 1), None);
        echoes.expect(&message, (8, 1), 0);
        assert_eq!(echoes.heard(message.as_json(), AWAITED + 1), None);
    }
}
