//! The tray: an icon by status, and a menu whose first line is the status in words.
//!
//! What it shows is a [`Model`], a pure function of what is true; it is handed to the platform's
//! tray only when it differs from the one before.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod pictures;

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

use crate::ipc::SnoozeChoice;
use crate::shell::Shell;
use crate::window;
use agora_receiver::catalogue::{self, Language};
use agora_receiver::{Receiver, SignedOut, Status};
use jiff::{Timestamp, ZonedDateTime};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

/// The icons' names, and what each stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Icon {
    Connected,
    Connecting,
    Waiting,
    Paused,
    /// A person has to act.
    Attention,
}

/// A line of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// The status in words; can't be chosen.
    Status,
    /// How many alerts are unread; opens the window.
    Unread,
    Separator,
    Open,
    /// Opens [`SNOOZES`]; says until when, where toasts are snoozed.
    Snooze,
    SnoozeFor(SnoozeChoice),
    Pause,
    Resume,
    Reconnect,
    Settings,
    Quit,
}

/// What the line [`Item::Snooze`] opens; the last only while toasts are snoozed.
const SNOOZES: [Item; 4] = [
    Item::SnoozeFor(SnoozeChoice::HalfHour),
    Item::SnoozeFor(SnoozeChoice::TwoHours),
    Item::SnoozeFor(SnoozeChoice::UntilTomorrow),
    Item::SnoozeFor(SnoozeChoice::Off),
];

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Model {
    icon: Icon,
    /// The status in words.
    status: String,
    unread: u32,
    language: Language,
    /// Whether it is paused, which the status may have something graver to say than.
    paused: bool,
    /// Until when toasts are snoozed, as a time of the day.
    snoozed: Option<String>,
}

impl Model {
    fn of(status: &Status, paused: bool, unread: u32, language: Language) -> Self {
        let (icon, status) = (icon(status), words(status, language));
        Self { icon, status, unread, language, paused, snoozed: None }
    }

    /// The menu, top down.
    fn menu(&self) -> Vec<Item> {
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
    fn under(&self, item: Item) -> &'static [Item] {
        match item {
            Item::Snooze if self.snoozed.is_some() => &SNOOZES,
            Item::Snooze => &SNOOZES[..SNOOZES.len() - 1],
            _ => &[],
        }
    }

    fn label(&self, item: Item) -> String {
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

/// Keeps the tray as things are, until the app quits.
pub(crate) async fn run(shell: Arc<Shell>) {
    let mut told = shell.receiver.subscribe();
    let mut changes = shell.receiver.changes();
    let mut preferences = shell.preferences();
    let mut unread = unread(&shell.receiver).await;
    let mut shown = None;
    let mut tray = system::Tray::new(shell.clone());
    loop {
        let status = told.status.borrow_and_update().clone();
        let (language, snooze) = {
            let preferences = preferences.borrow_and_update();
            (preferences.resolved_language(), preferences.choices().snooze)
        };
        let paused = *told.paused.borrow_and_update();
        let now = ZonedDateTime::now();
        let snoozed_until = snooze.active_until_ms(&now);
        let snoozed = snoozed_until.map(|until| clock(until, &now));
        let model = Model { snoozed, ..Model::of(&status, paused, unread, language) };
        if shown.as_ref() != Some(&model) {
            tray.show(&model).await;
            shown = Some(model);
        }
        tokio::select! {
            Ok(()) = told.status.changed() => {}
            Ok(()) = told.paused.changed() => {}
            Ok(()) = preferences.changed() => {}
            () = after(snoozed_until, &now) => {}
            Ok(()) = told.inbox.changed() => unread = self::unread(&shell.receiver).await,
            change = changes.recv() => match change {
                Ok(change) => unread = change.counts().unread(),
                Err(RecvError::Lagged(_)) => unread = self::unread(&shell.receiver).await,
                Err(RecvError::Closed) => return,
            },
        }
    }
}

/// Does what was chosen.
fn choose(shell: &Arc<Shell>, item: Item) {
    let receiver = shell.receiver.clone();
    match item {
        Item::Status | Item::Separator | Item::Snooze => {}
        Item::Unread | Item::Open => window::show(&shell.app),
        Item::Settings => shell.show_settings(),
        Item::SnoozeFor(choice) => {
            let shell_of = shell.clone();
            shell.spawn(async move {
                if let Err(error) = shell_of.snooze(choice).await {
                    tracing::error!("toasts can't be snoozed: {error:#}");
                }
            });
        }
        Item::Pause => shell.spawn(async move { receiver.pause(true).await }),
        Item::Resume => shell.spawn(async move { receiver.pause(false).await }),
        Item::Reconnect => shell.spawn(async move { receiver.reconnect().await }),
        Item::Quit => shell.app.exit(0),
    }
}

/// A time as a clock on the wall shows it.
fn clock(at_ms: i64, now: &ZonedDateTime) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned_datetime(now.time_zone().clone()).strftime("%H:%M").to_string()
}

/// When a time has come, by the wall's clock as it is now; never, where there is none. A machine
/// that slept meanwhile comes late: the line says something past until the menu is drawn anew.
async fn after(at_ms: Option<i64>, now: &ZonedDateTime) {
    match at_ms {
        Some(at_ms) => {
            let left = at_ms.saturating_sub(now.timestamp().as_millisecond());
            sleep(Duration::from_millis(u64::try_from(left).unwrap_or_default())).await;
        }
        None => std::future::pending().await,
    }
}

async fn unread(receiver: &Receiver) -> u32 {
    match receiver.inbox() {
        Some(inbox) => inbox.counts().await.map_or(0, |counts| counts.unread()),
        None => 0,
    }
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
        catalogue::text(language, &format!("reason.{code}")).to_owned()
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
