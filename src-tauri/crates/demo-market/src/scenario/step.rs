//! One event of a story, and who should hear of it.

use serde_json::Value;

use crate::people::Role;

pub(super) const BUYER: Audience = Audience::Role(Role::Buyer);
pub(super) const SELLER: Audience = Audience::Role(Role::Seller);
pub(super) const COURIERS: Audience = Audience::Role(Role::Courier);
pub(super) const ADMINISTRATORS: Audience = Audience::Role(Role::Administrator);

/// Who should hear of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// All clients, as a broadcast.
    Everyone,
    /// Every connected user of the role.
    Role(Role),
    /// Some connected user.
    Anyone,
}

/// One event of a story, still without its timestamp.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) to: Audience,
    pub(super) body: Value,
}

impl Step {
    /// Whether nobody needs to be told of it: typing, call signalling, the fate of one's own messages.
    pub(super) fn is_quiet(&self) -> bool {
        let kind = self.body["type"].as_str().unwrap_or_default();
        ["USER_TYPING_", "WEBRTC_", "MESSAGE_"].iter().any(|start| kind.starts_with(start))
    }
}

/// A step.
pub(super) fn step(to: Audience, body: Value) -> Step {
    Step { to, body }
}

/// Puts more fields into an event.
pub(super) fn extend(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}
