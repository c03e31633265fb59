//! What the tray shows: a pure function of what is true.

use crate::ipc::SnoozeChoice;
use agora_alert::catalogue::{self, Language};
use agora_receiver::{SignedOut, Status};
use jiff::{Timestamp, ZonedDateTime};

/// The icons' names, and what each stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// The stream is open and heard.
    Connected,
    /// On the way.
    Connecting,
    /// Waiting for the next try.
    Waiting,
    /// The person paused it.
    Paused,
    /// A person has to act.
    Attention,
}

/// A line of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// The status in words; can't be chosen.
    Status,
    /// How many alerts are unread; opens the window.
    Unread,
    /// A line between others.
    Separator,
    /// Opens the window.
    Open,
    /// Opens [`SNOOZES`]; says until when, where toasts are snoozed.
    Snooze,
    /// Shows no toasts for so long.
    SnoozeFor(SnoozeChoice),
    /// Disconnects.
    Pause,
    /// Connects again.
    Resume,
    /// Connects now.
    Reconnect,
    /// Opens the settings.
    Settings,
    /// Ends the app.
    Quit,
}

/// What the line [`Item::Snooze`] opens; the last only while toasts are snoozed.
pub const SNOOZES: [Item; 4] = [
    Item::SnoozeFor(SnoozeChoice::HalfHour),
    Item::SnoozeFor(SnoozeChoice::TwoHours),
    Item::SnoozeFor(SnoozeChoice::UntilTomorrow),
    Item::SnoozeFor(SnoozeChoice::Off),
];

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The icon that stands for the status.
    pub icon: Icon,
    /// The status in words.
    pub status: String,
    /// How many alerts are unread.
    pub unread: u32,
    pub(super) language: Language,
    /// Whether it is paused, which the status may have something graver to say than.
    pub(super) paused: bool,
    /// Until when toasts are snoozed, as a time of the day.
    pub(super) snoozed: Option<String>,
}

impl Model {
    pub(super) fn of(status: &Status, paused: bool, unread: u32, language: Language) -> Self {
        let (icon, status) = (icon(status), words(status, language));
        Self { icon, status, unread, language, paused, snoozed: None }
    }

    /// The menu, top down.
    pub fn menu(&self) -> Vec<Item> {
        let receiving = if self.paused { Item::Resume } else { Item::Pause };
        [
            Some(Item::Status),
            (self.unread > 0).then_some(Item::Unread),
            Some(Item::Separator),
            Some(Item::Open),
            Some(Item::Snooze),
            Some(receiving),
            Some(Item::Reconnect),
            Some(Item::Settings),
            Some(Item::Separator),
            Some(Item::Quit),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What a line opens; nothing for one that is chosen itself.
    pub fn under(&self, item: Item) -> &'static [Item] {
        match item {
            Item::Snooze if self.snoozed.is_some() => &SNOOZES,
            Item::Snooze => &SNOOZES[..SNOOZES.len() - 1],
            _ => &[],
        }
    }

    /// A line's words.
    pub fn label(&self, item: Item) -> String {
        let text = |path: &str| catalogue::text(self.language, path).to_owned();
        match item {
            Item::Status => self.status.clone(),
            Item::Unread => {
                let path = if self.unread == 1 { "tray.unread_one" } else { "tray.unread_other" };
                let count = self.unread.to_string();
                catalogue::text_with(self.language, path, &[("count", &count)])
            }
            Item::Separator => String::new(),
            Item::Open => text("tray.open"),
            Item::Snooze => match &self.snoozed {
                Some(until) => {
                    catalogue::text_with(self.language, "tray.snoozed", &[("until", until)])
                }
                None => text("tray.snooze"),
            },
            Item::SnoozeFor(SnoozeChoice::HalfHour) => text("tray.snooze_half_hour"),
            Item::SnoozeFor(SnoozeChoice::TwoHours) => text("tray.snooze_two_hours"),
            Item::SnoozeFor(SnoozeChoice::UntilTomorrow) => text("tray.snooze_until_tomorrow"),
            Item::SnoozeFor(SnoozeChoice::Off) => text("tray.snooze_off"),
            Item::Pause => text("tray.pause"),
            Item::Resume => text("tray.resume"),
            Item::Reconnect => text("tray.reconnect"),
            Item::Settings => text("tray.settings"),
            Item::Quit => text("tray.quit"),
        }
    }
}

/// A time as a clock on the wall shows it.
pub(super) fn clock(at_ms: i64, now: &ZonedDateTime) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned_datetime(now.time_zone().clone()).strftime("%H:%M").to_string()
}

fn icon(status: &Status) -> Icon {
    match status {
        Status::Connecting => Icon::Connecting,
        Status::Connected { .. } => Icon::Connected,
        Status::Waiting { .. } | Status::Checking { .. } | Status::NoNetwork => Icon::Waiting,
        Status::Paused => Icon::Paused,
        Status::SignedOut(_) | Status::Refused { .. } | Status::NoInbox => Icon::Attention,
    }
}

fn words(status: &Status, language: Language) -> String {
    let path = match status {
        Status::Connecting => "tray.connecting",
        Status::Connected { .. } => "tray.connected",
        Status::NoNetwork => "tray.no_network",
        Status::Waiting { .. } => "tray.waiting",
        Status::Checking { .. } => "tray.checking",
        Status::Paused => "tray.paused",
        Status::SignedOut(SignedOut::NoAccount) => "tray.no_account",
        Status::SignedOut(_) => "tray.signed_out",
        Status::Refused { .. } => "tray.refused",
        Status::NoInbox => "tray.no_inbox",
    };
    let reason = status.reason_code().map_or_else(String::new, |code| {
        catalogue::text(language, &format!("reason.{}", code.name())).to_owned()
    });
    catalogue::text_with(language, path, &[("reason", &reason)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    fn connected(heard: SystemTime) -> Status {
        Status::Connected { since: SystemTime::UNIX_EPOCH, heard }
    }

    #[test]
    fn a_heartbeat_changes_nothing_that_is_shown() {
        let first = Model::of(&connected(SystemTime::UNIX_EPOCH), false, 2, Language::En);
        let second = Model::of(&connected(SystemTime::now()), false, 2, Language::En);
        assert_eq!(first, second);
    }

    #[test]
    fn the_menu_begins_with_the_status_and_offers_what_can_be_done() {
        let model = Model::of(&Status::Paused, true, 0, Language::ZhTw);
        assert_eq!(model.label(model.menu()[0]), "已暫停");
        assert!(model.menu().contains(&Item::Resume) && !model.menu().contains(&Item::Pause));
        assert!(!model.menu().contains(&Item::Unread));
        let model = Model::of(&connected(SystemTime::UNIX_EPOCH), false, 1, Language::En);
        assert_eq!(model.label(model.menu()[1]), "1 unread alert");
    }

    #[test]
    fn a_pause_can_be_ended_whatever_the_status_is() {
        let menu = Model::of(&Status::NoInbox, true, 0, Language::En).menu();
        assert!(menu.contains(&Item::Resume) && !menu.contains(&Item::Pause));
    }

    #[test]
    fn a_snooze_says_until_when_and_can_be_ended() {
        let plain = Model::of(&Status::Paused, false, 0, Language::En);
        assert_eq!(plain.label(Item::Snooze), "Snooze toasts");
        assert!(!plain.under(Item::Snooze).contains(&Item::SnoozeFor(SnoozeChoice::Off)));
        let snoozed = Model { snoozed: Some("14:30".into()), ..plain };
        assert_eq!(snoozed.label(Item::Snooze), "Toasts snoozed until 14:30");
        assert_eq!(snoozed.under(Item::Snooze), SNOOZES);
        assert!(snoozed.under(Item::Open).is_empty());
    }

    #[test]
    fn a_lost_network_is_said_and_is_no_connection() {
        let model = Model::of(&Status::NoNetwork, false, 0, Language::En);
        assert_eq!(model.label(Item::Status), "No network");
        assert_eq!(model.icon, Icon::Waiting);
        assert_eq!(words(&Status::NoNetwork, Language::ZhTw), "沒有網路");
    }

    #[test]
    fn a_refusal_is_said_with_its_reason() {
        let status = Status::Refused { status: Some(410), message: None };
        let text = words(&status, Language::En);
        assert!(!text.contains('{') && !text.contains("reason."), "{text}");
    }
}
