//! What the stream hints at of the market's stored notifications. Anybody may be able to write to it,
//! so nothing that it says of them is done: it is a reason to look at what the market's own answers
//! say, and one look answers many hints.

use super::Actor;
use agora_alert::{Event, Origin};
use agora_inbox::{Alert, NewAlert, Notice};
use agora_wire::Json;
use std::collections::HashSet;

/// The kind of event that tells of a notification that was read, here or on another device.
const READ: &str = "NOTIFICATION_READ";
/// The kind that tells of a new one.
const RECEIVED: &str = "NOTIFICATION_RECEIVED";
/// The most ids that are looked up here first; whoever names more is looked after at once.
const IDS: usize = 100;

/// Hints that nobody has followed yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// These are said to be read.
    ids: HashSet<i64>,
    /// There is reason to look, whatever is known here.
    look: bool,
}

impl Hints {
    /// Takes note of an event, if it is a hint.
    pub(super) fn hear(&mut self, event: &Event<'_>) {
        if event.kind() != READ {
            return;
        }
        match event.get("notificationId").and_then(Json::id) {
            Some(id) if self.ids.len() < IDS => {
                self.ids.insert(id);
            }
            _ => self.look = true,
        }
    }

    /// An alert that is new may be one: of a notification without its words, or of something urgent that
    /// was muted because nobody vouches for it. If the market has it stored, it isn't muted any more.
    pub(super) fn keep(&mut self, alert: &Alert) {
        let NewAlert { kind, notice, urgent, toast, .. } = &alert.body;
        let is_wordless = kind == RECEIVED && *notice == Notice::None;
        let is_muted = *urgent && toast.is_some() && !Origin::of(&alert.body).is_vouched();
        self.look |= is_wordless || is_muted;
    }
}

impl Actor {
    /// Looks at what the market says, if there was a hint to do so that says anything new: that what is
    /// read here is read there, the market tells after each time that it is told so.
    pub(super) async fn follow_hints(&mut self) {
        let Hints { ids, mut look } = std::mem::take(&mut self.hints);
        let (Some(inbox), Some(account)) = (self.store.inbox().cloned(), &self.account) else {
            return;
        };
        let mailbox = account.mailbox();
        for id in ids {
            look = look || !inbox.is_read(mailbox.clone(), id).await.unwrap_or(false);
        }
        if look {
            self.sync.reach_back();
            self.sync().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(hints: &mut Hints, data: &str) {
        hints.hear(&Event::read(READ, data));
    }

    #[test]
    fn a_reading_is_a_hint_whatever_it_names() {
        let hints = |data: &str| {
            let mut hints = Hints::default();
            heard(&mut hints, data);
            hints
        };
        let half = r#"{"notificationId":7,"title":"\ud83d"}"#;
        for known in [r#"{"notificationId":7}"#, r#"{"notificationId":"7"}"#, half] {
            assert_eq!(hints(known), Hints { ids: [7].into(), look: false }, "{known}");
        }
        for unknown in ["{}", "7", "", r#"{"all":true}"#, r#"{"notificationId":{}}"#] {
            assert_eq!(hints(unknown), Hints { ids: [].into(), look: true }, "{unknown}");
        }
        let mut hints = Hints::default();
        for (event, data) in [
            ("CHAT_MESSAGE", r#"{"type":"CHAT_MESSAGE","content":"NOTIFICATION_READ"}"#),
            (READ, r#"{"type":"CHAT_MESSAGE"}"#),
        ] {
            hints.hear(&Event::read(event, data));
        }
        assert_eq!(hints, Hints::default());
    }

    #[test]
    fn no_flood_of_hints_grows_without_end() {
        let mut hints = Hints::default();
        for id in 0..10_000 {
            heard(&mut hints, &format!(r#"{{"notificationId":{id}}}"#));
        }
        assert!(hints.look && hints.ids.len() == IDS);
    }
}
