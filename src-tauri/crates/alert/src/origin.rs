//! Which way an alert came, as far as that can be known, and so how much its word is worth.
//!
//! The market's own answers say what it has stored. Nothing on the stream says who sent it; what can be
//! told is how it was sent. A broadcast, which only administrators can send, always comes under the name
//! `message`, and a message to one user under its own type, where it has one. On some markets any member
//! can send the latter, saying anything.

use super::fields::Fields;
use crate::{NewAlert, Notice};
use agora_wire::{Json, text};

/// The event name of a broadcast, and of what has no type.
const MESSAGE: &str = "message";
/// The event name of what this program made itself: no event of a stream is named so.
pub const OWN: &str = "";

/// Which way an alert came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The market has it stored, wherever it came first.
    Stored,
    /// Over the stream, to everyone.
    Broadcast,
    /// Over the stream, to this user; anybody may have sent it.
    Message,
    /// From this program itself.
    Own,
}

impl Origin {
    /// The way that an alert came.
    pub fn of(alert: &NewAlert) -> Self {
        match alert.notice {
            Notice::Stored(_) => Self::Stored,
            _ if alert.event == OWN => Self::Own,
            _ => Self::of_event(&alert.event, Json::read(&alert.raw).and_then(Fields::of).as_ref()),
        }
    }

    /// The way that an event came over the stream.
    pub(super) fn of_event(event: &str, fields: Option<&Fields<'_>>) -> Self {
        let is_unnamed = text::line(event).is_none_or(|event| event == MESSAGE);
        let kind = fields.and_then(|fields| fields.own().get("type")?.text());
        // One to a user would be named by its type, unless that can't be a name as it is.
        let is_name = |kind: &str| kind != MESSAGE && text::line(kind).as_deref() == Some(kind);
        if is_unnamed && kind.is_some_and(|kind| is_name(&kind)) {
            Self::Broadcast
        } else {
            Self::Message
        }
    }

    /// Whether it is more than anybody's word.
    pub fn is_vouched(self) -> bool {
        self != Self::Message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use crate::{Category, Words};
    use crate::{KINDS, read, read_stored};

    fn origin(event: &str, data: &str) -> Origin {
        Origin::of(&read(event, data, None, 0).unwrap())
    }

    #[test]
    fn a_broadcast_is_told_from_a_message_by_how_it_was_sent() {
        assert_eq!(origin("message", r#"{"type":"ACCOUNT_LOCKED"}"#), Origin::Broadcast);
        assert_eq!(origin("message", r#"{"type":"NOBODY_KNOWS","title":"t"}"#), Origin::Broadcast);
        for (event, data) in [
            ("ACCOUNT_LOCKED", r#"{"type":"ACCOUNT_LOCKED"}"#),
            ("ACCOUNT_LOCKED", r#"{"type":"ORDER_SHIPPED"}"#),
            ("ACCOUNT_LOCKED", "plain"),
            // What has no type comes under the same name from whomever.
            ("message", r#"{"title":"t","isUrgent":true}"#),
            ("message", r#"{"type":"message","title":"t"}"#),
            ("message", r#"{"type":"","title":"t"}"#),
            ("message", r#"{"type":7,"title":"t"}"#),
            ("message", "plain"),
            // Nor has what is made to look as if it had another.
            ("message", r#"{"type":"ACCOUNT_LOCKED\nevent:message"}"#),
            ("message", r#"{"type":" ACCOUNT_LOCKED"}"#),
            ("\u{202e}message", r#"{"type":"\u202emessage"}"#),
            ("\u{0}", r#"{"type":"\u0000","title":"t"}"#),
            ("", r#"{"title":"t"}"#),
        ] {
            assert_eq!(origin(event, data), Origin::Message, "{event} {data}");
        }
    }

    #[test]
    fn what_the_market_lists_is_stored_and_its_own_words_are_the_apps() {
        let stored = read_stored(r#"{"id":7,"type":"ACCOUNT_LOCKED"}"#, 0).unwrap();
        assert_eq!(stored.title.english(), "Your account was locked");
        let listed = NewAlert { notice: Notice::Stored(7), ..stored };
        assert_eq!(Origin::of(&listed), Origin::Stored);
        assert!(Origin::Stored.is_vouched() && !Origin::Message.is_vouched());
    }

    #[test]
    fn of_security_the_app_says_in_its_own_words_what_is_vouched_for_and_no_more() {
        let said = |event: &str, data: &str| read(event, data, None, 0).unwrap().title;
        let locked = r#"{"type":"ACCOUNT_LOCKED"}"#;
        assert_eq!(said("message", locked).english(), "Your account was locked");
        assert_eq!(
            said("ACCOUNT_LOCKED", locked).english(),
            "A message says: Your account was locked"
        );
        let title = said("ACCOUNT_LOCKED", locked);
        let title = Language::ZH_TW.of(&title);
        assert!(title.starts_with("有訊息說："), "{title}");
        let own = r#"{"type":"ACCOUNT_LOCKED","title":"鎖定"}"#;
        assert_eq!(said("ACCOUNT_LOCKED", own).english(), "鎖定");
        // Nor what to do about it: whoever sent it may wait for just that.
        let advice = |event: &str, data: &str| {
            read(event, data, None, 0).unwrap().content.english().to_owned()
        };
        assert_eq!(advice("message", locked), "Contact the market to unlock it.");
        assert_eq!(advice("ACCOUNT_LOCKED", locked), "");
        assert_eq!(advice("ACCOUNT_LOCKED", own), "");
        let login = r#"{"type":"LOGIN_ANOMALY","device":"Firefox","ip":"10.0.0.1","title":"t"}"#;
        assert_eq!(advice("LOGIN_ANOMALY", login), "Firefox · 10.0.0.1");
        for kind in KINDS.iter().filter(|kind| kind.category == Category::Security) {
            let bare = format!(r#"{{"type":"{}"}}"#, kind.name);
            let Some(alert) = read(kind.name, &bare, None, 0) else { continue };
            assert_eq!(alert.content, Words::default(), "{}", kind.name);
            assert!(alert.title.english().starts_with("A message says: "), "{}", kind.name);
        }
        assert_eq!(
            said("ORDER_SHIPPED", r#"{"type":"ORDER_SHIPPED"}"#).english(),
            "An order shipped"
        );
    }

    #[test]
    fn what_this_program_made_is_its_own() {
        let made = NewAlert { event: OWN.to_owned(), ..read("message", "hello", None, 0).unwrap() };
        assert_eq!(Origin::of(&made), Origin::Own);
    }
}
