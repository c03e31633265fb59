//! What the tray shows: a pure function of what is true.

use crate::desk::Summary;
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
    /// That it is quiet, and until when; can't be chosen.
    Quiet,
    /// How many alerts are unread; opens the window.
    Unread,
    /// How one of several accounts is, by its number; opens it.
    Account(u64),
    /// A line between others.
    Separator,
    /// Opens the window.
    Open,
    /// Until when toasts are snoozed; can't be chosen.
    Snoozed,
    /// Shows no toasts for so long.
    SnoozeFor(SnoozeChoice),
    /// Asks for how long to disconnect.
    Disconnect,
    /// Connects again.
    Connect,
    /// Connects now.
    Reconnect,
    /// Opens the settings.
    Settings,
    /// Ends the app.
    Quit,
}

/// For how long toasts can be snoozed: lines of the menu itself. A panel that asks for a submenu's lines
/// before it has made the submenu, as Xfce's does when answers overtake each other, shows it empty.
const SNOOZES: [Item; 3] = [
    Item::SnoozeFor(SnoozeChoice::HalfHour),
    Item::SnoozeFor(SnoozeChoice::TwoHours),
    Item::SnoozeFor(SnoozeChoice::UntilTomorrow),
];

impl Item {
    /// A text that stands for the line, for desktops that know lines by one.
    pub fn id(self) -> String {
        format!("{self:?}")
    }

    /// Whether it only says something.
    pub fn only_says(self) -> bool {
        matches!(self, Self::Status | Self::Quiet | Self::Snoozed)
    }

    /// The line of a text.
    pub fn of_id(id: &str) -> Option<Self> {
        let account = id.strip_prefix("Account(").and_then(|rest| rest.strip_suffix(')'));
        if let Some(number) = account {
            return number.parse().ok().map(Self::Account);
        }
        CHOICES.into_iter().chain(SNOOZES).find(|item| item.id() == id)
    }
}

/// What can be chosen, whatever the accounts are.
const CHOICES: [Item; 8] = [
    Item::Unread,
    Item::Open,
    Item::SnoozeFor(SnoozeChoice::Off),
    Item::Disconnect,
    Item::Connect,
    Item::Reconnect,
    Item::Settings,
    Item::Quit,
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
    /// Until when toasts are snoozed, in words.
    pub(super) snoozed: Option<String>,
    /// That these are quiet hours, and until when, in words.
    pub(super) quiet: Option<String>,
    /// Where there are several: each with its line.
    pub(super) accounts: Vec<(u64, String)>,
}

impl Model {
    /// With the accounts that people see: the icon is that of the one that needs somebody most, or else
    /// of the one that is furthest from receiving.
    pub fn of(accounts: &[Summary], language: Language) -> Self {
        let gravest = accounts.iter().max_by_key(|account| gravity(icon(&account.status)));
        let (icon, status) = match gravest {
            Some(one) if accounts.len() == 1 => (icon(&one.status), words(&one.status, language)),
            Some(one) if icon(&one.status) == Icon::Connected => {
                (Icon::Connected, words(&one.status, language))
            }
            Some(one) => {
                let values =
                    [("account", &*one.called()), ("status", &*words(&one.status, language))];
                let said = catalogue::text_with(language, "tray.of_account", &values);
                (icon(&one.status), said)
            }
            None => (Icon::Connecting, words(&Status::Connecting, language)),
        };
        let lines = accounts.iter().map(|account| (account.number, line(account, language)));
        Self {
            icon,
            status,
            unread: accounts.iter().map(|account| account.unread).sum(),
            language,
            paused: !accounts.is_empty() && accounts.iter().all(|account| account.paused),
            snoozed: None,
            quiet: None,
            accounts: if accounts.len() > 1 { lines.collect() } else { Vec::new() },
        }
    }

    /// The menu, top down.
    pub fn menu(&self) -> Vec<Item> {
        let mut menu = vec![Item::Status];
        menu.extend(self.quiet.is_some().then_some(Item::Quiet));
        menu.extend((self.unread > 0).then_some(Item::Unread));
        if !self.accounts.is_empty() {
            menu.push(Item::Separator);
            menu.extend(self.accounts.iter().map(|(number, _)| Item::Account(*number)));
        }
        menu.extend([Item::Separator, Item::Open, Item::Separator]);
        if self.snoozed.is_some() {
            menu.extend([Item::Snoozed, Item::SnoozeFor(SnoozeChoice::Off)]);
        } else {
            menu.extend(SNOOZES);
        }
        menu.extend([
            Item::Separator,
            Item::Reconnect,
            if self.paused { Item::Connect } else { Item::Disconnect },
            Item::Settings,
            Item::Separator,
            Item::Quit,
        ]);
        menu
    }

    /// What the icon says when the pointer rests on it: a line each.
    pub fn tooltip(&self) -> String {
        let unread = (self.unread > 0).then(|| self.label(Item::Unread));
        let hushed = self.snoozed.as_ref().or(self.quiet.as_ref()).cloned();
        let lines: Vec<_> =
            [Some(self.status.clone()), unread, hushed].into_iter().flatten().collect();
        lines.join("\n")
    }

    /// A line's words.
    pub fn label(&self, item: Item) -> String {
        let text = |path: &str| catalogue::text(self.language, path).to_owned();
        match item {
            Item::Status => self.status.clone(),
            Item::Unread => {
                let count = self.unread.to_string();
                catalogue::text_with(self.language, "tray.unread", &[("count", &count)])
            }
            Item::Separator => String::new(),
            Item::Account(number) => {
                let line = self.accounts.iter().find(|(of, _)| *of == number);
                line.map(|(_, line)| line.clone()).unwrap_or_default()
            }
            Item::Open => text("tray.open"),
            Item::Quiet => self.quiet.clone().unwrap_or_default(),
            Item::Snoozed => self.snoozed.clone().unwrap_or_default(),
            Item::SnoozeFor(SnoozeChoice::HalfHour) => text("tray.snooze_half_hour"),
            Item::SnoozeFor(SnoozeChoice::TwoHours) => text("tray.snooze_two_hours"),
            Item::SnoozeFor(SnoozeChoice::UntilTomorrow) => text("tray.snooze_until_tomorrow"),
            Item::SnoozeFor(SnoozeChoice::Off) => text("tray.snooze_off"),
            Item::Disconnect => text("tray.disconnect"),
            Item::Connect => text("tray.connect"),
            Item::Reconnect => text("tray.reconnect"),
            Item::Settings => text("tray.settings"),
            Item::Quit => text("tray.quit"),
        }
    }
}

/// That something lasts until then, in the words at a path.
pub(super) fn until(path: &str, at: Timestamp, now: &ZonedDateTime, language: Language) -> String {
    let clock = at.to_zoned_datetime(now.time_zone().clone()).strftime("%H:%M").to_string();
    catalogue::text_with(language, path, &[("until", &clock)])
}

fn icon(status: &Status) -> Icon {
    match status {
        Status::Connecting => Icon::Connecting,
        Status::Connected { .. } => Icon::Connected,
        Status::Waiting { .. } | Status::Checking { .. } | Status::NoNetwork => Icon::Waiting,
        Status::Paused { .. } => Icon::Paused,
        Status::SignedOut(_) | Status::Refused { .. } | Status::NoInbox => Icon::Attention,
    }
}

/// Which of several accounts' icons is shown.
fn gravity(icon: Icon) -> u8 {
    match icon {
        Icon::Paused => 0,
        Icon::Connected => 1,
        Icon::Connecting => 2,
        Icon::Waiting => 3,
        Icon::Attention => 4,
    }
}

/// One of several accounts in the menu.
fn line(account: &Summary, language: Language) -> String {
    let (called, status) = (account.called(), words(&account.status, language));
    let unread = account.unread.to_string();
    let values = [("account", &*called), ("status", &*status), ("count", &*unread)];
    let path = if account.unread > 0 { "tray.of_account_unread" } else { "tray.of_account" };
    catalogue::text_with(language, path, &values)
}

fn words(status: &Status, language: Language) -> String {
    let path = match status {
        Status::Paused { until: Some(end) } => {
            let now = ZonedDateTime::now();
            let end = Timestamp::try_from(*end).unwrap_or(Timestamp::MAX);
            return until("tray.paused_until", end, &now, language);
        }
        Status::Connecting => "tray.connecting",
        Status::Connected { .. } => "tray.connected",
        Status::NoNetwork => "tray.no_network",
        Status::Waiting { .. } => "tray.waiting",
        Status::Checking { .. } => "tray.checking",
        Status::Paused { until: None } => "tray.paused",
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
    use agora_account::AccountName;
    use std::time::{Duration, SystemTime};

    fn account(number: u64, status: &Status, paused: bool, unread: u32) -> Summary {
        Summary {
            name: AccountName::main(),
            number,
            is_demo: false,
            label: Some(format!("account {number}")),
            account: None,
            status: status.clone(),
            paused,
            unread,
        }
    }

    const PAUSED: Status = Status::Paused { until: None };

    fn alone(status: &Status, paused: bool, unread: u32, language: Language) -> Model {
        Model::of(&[account(0, status, paused, unread)], language)
    }

    fn connected(heard: SystemTime) -> Status {
        Status::Connected { since: SystemTime::UNIX_EPOCH, heard }
    }

    #[test]
    fn a_heartbeat_changes_nothing_that_is_shown() {
        let first = alone(&connected(SystemTime::UNIX_EPOCH), false, 2, Language::EN);
        let second = alone(&connected(SystemTime::now()), false, 2, Language::EN);
        assert_eq!(first, second);
    }

    #[test]
    fn the_menu_begins_with_the_status_and_offers_what_can_be_done() {
        let model = alone(&PAUSED, true, 0, Language::ZH_TW);
        assert_eq!(model.label(model.menu()[0]), "已中斷連線");
        assert!(model.menu().contains(&Item::Connect) && !model.menu().contains(&Item::Disconnect));
        assert!(!model.menu().contains(&Item::Unread));
        let model = alone(&connected(SystemTime::UNIX_EPOCH), false, 1, Language::EN);
        assert_eq!(model.label(model.menu()[1]), "1 unread alert");
    }

    #[test]
    fn a_pause_can_be_ended_whatever_the_status_is() {
        let menu = alone(&Status::NoInbox, true, 0, Language::EN).menu();
        assert!(menu.contains(&Item::Connect) && !menu.contains(&Item::Disconnect));
    }

    #[test]
    fn a_snooze_says_until_when_and_can_be_ended() {
        let plain = alone(&connected(SystemTime::UNIX_EPOCH), false, 0, Language::EN);
        let off = Item::SnoozeFor(SnoozeChoice::Off);
        assert!(SNOOZES.iter().all(|choice| plain.menu().contains(choice)));
        assert!(!plain.menu().contains(&Item::Snoozed) && !plain.menu().contains(&off));
        let snoozed = Model { snoozed: Some("Snoozed until 14:30".into()), ..plain };
        assert!(SNOOZES.iter().all(|choice| !snoozed.menu().contains(choice)));
        assert!(snoozed.menu().contains(&Item::Snoozed) && snoozed.menu().contains(&off));
        assert_eq!(snoozed.label(Item::Snoozed), "Snoozed until 14:30");
    }

    #[test]
    fn the_tooltip_says_what_there_is_to_know_and_no_more() {
        let plain = alone(&connected(SystemTime::UNIX_EPOCH), false, 0, Language::EN);
        assert_eq!(plain.tooltip(), "Connected");
        let quiet = Model { unread: 2, quiet: Some("Quiet until 08:00".into()), ..plain };
        assert_eq!(quiet.tooltip(), "Connected\n2 unread alerts\nQuiet until 08:00");
        assert_eq!(quiet.label(quiet.menu()[1]), "Quiet until 08:00");
        let both = Model { snoozed: Some("Snoozed until 07:00".into()), ..quiet };
        assert!(both.tooltip().ends_with("\nSnoozed until 07:00"));
    }

    #[test]
    fn a_pause_that_ends_by_itself_says_when() {
        let end = SystemTime::now() + Duration::from_mins(30);
        let status = Status::Paused { until: Some(end) };
        let end = Timestamp::try_from(end).unwrap();
        let clock = end.to_zoned_datetime(ZonedDateTime::now().time_zone().clone());
        let expected = clock.strftime("Disconnected until %H:%M").to_string();
        assert_eq!(words(&status, Language::EN), expected);
    }

    #[test]
    fn a_lost_network_is_said_and_is_no_connection() {
        let model = alone(&Status::NoNetwork, false, 0, Language::EN);
        assert_eq!(model.label(Item::Status), "No network");
        assert_eq!(model.icon, Icon::Waiting);
        assert_eq!(words(&Status::NoNetwork, Language::ZH_TW), "沒有網路");
    }

    #[test]
    fn a_refusal_is_said_with_its_reason() {
        let status = Status::Refused { status: Some(410), message: None };
        let text = words(&status, Language::EN);
        assert!(!text.contains('{') && !text.contains("reason."), "{text}");
    }

    #[test]
    fn of_several_accounts_the_one_that_needs_somebody_is_told_and_each_has_a_line() {
        let connected = connected(SystemTime::UNIX_EPOCH);
        let signed_out = Status::SignedOut(SignedOut::NoToken);
        let both = |first: &Status, second: &Status| {
            Model::of(&[account(4, first, false, 2), account(7, second, false, 1)], Language::EN)
        };
        let well = both(&connected, &connected);
        assert_eq!((well.icon, &*well.status, well.unread), (Icon::Connected, "Connected", 3));
        let menu = well.menu();
        assert_eq!(menu[3..5], [Item::Account(4), Item::Account(7)]);
        assert_eq!(well.label(menu[3]), "account 4: Connected · 2 unread");
        let other = both(&connected, &signed_out);
        assert_eq!(
            (other.icon, &*other.status),
            (Icon::Attention, "account 7: Signed out: open the window to sign in")
        );
        let paused = both(&PAUSED, &connected);
        assert_eq!((paused.icon, &*paused.status), (Icon::Connected, "Connected"));
        assert!(paused.menu().contains(&Item::Disconnect));
    }

    #[test]
    fn every_line_that_can_be_chosen_is_known_by_its_text() {
        for item in CHOICES.into_iter().chain(SNOOZES).chain([Item::Account(12)]) {
            assert_eq!(Item::of_id(&item.id()), Some(item));
        }
        assert_eq!(Item::of_id("Account(x)"), None);
    }
}
