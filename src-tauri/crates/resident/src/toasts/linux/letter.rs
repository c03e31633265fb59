//! A toast in the specification's terms, as far as the daemon says that it understands them.

use crate::toasts::Action;
use crate::toasts::toast::{Toast, label};
use agora_alert::catalogue::Language;
use agora_inbox::Category;
use notify_rust::{Hint, Notification, Urgency};
use zbus::zvariant::{Structure, Value};

/// The name of the file by which the desktop knows the app, as the packages install it: by it a
/// desktop has settings for the app's toasts, and groups them.
const DESKTOP_ENTRY: &str = agora_home::APP_ID;

/// What the daemon says that it can do.
///
/// Of `persistence` nothing depends: a toast is taken away once its alert is read, so that what a
/// daemon keeps is what is unread, and how long it shows one is the person's setting there. What is
/// urgent stays by the specification ("critical notifications should not automatically expire").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    /// It shows a body.
    body: bool,
    /// It takes markup in a body, so plain text has to be escaped for it.
    markup: bool,
    /// It offers actions.
    actions: bool,
}

impl Abilities {
    pub(super) fn of(capabilities: &[String]) -> Self {
        let has = |wanted: &str| capabilities.iter().any(|name| name == wanted);
        Self { body: has("body"), markup: has("body-markup"), actions: has("actions") }
    }

    /// Of a daemon that doesn't say: escaped text is ugly in one that takes none, and unescaped text
    /// is dangerous in one that does.
    pub(super) const UNKNOWN: Self = Self { body: true, markup: true, actions: true };
}

/// The toast as it is handed over, but for its icon.
pub(super) fn notification(
    toast: &Toast,
    abilities: Abilities,
    language: Language,
) -> Notification {
    let mut notification = Notification::new();
    let (summary, body) = words(toast, abilities);
    notification.appname("Agora").icon("agora-notifier").summary(&summary).body(&body);
    if abilities.actions {
        for action in &toast.actions {
            notification.action(key(*action), label(*action, language));
        }
    }
    for hint in hints(toast) {
        notification.hint(hint);
    }
    notification
}

/// What people do by an action of this key.
pub(super) fn action(key: &str) -> Option<Action> {
    [
        Action::Open,
        Action::OpenInMarket,
        Action::MarkRead,
        Action::RemindInAnHour,
        Action::RemindTomorrow,
    ]
    .into_iter()
    .find(|action| self::key(*action) == key)
}

fn key(action: Action) -> &'static str {
    match action {
        // The specification's key for a click on the toast itself.
        Action::Open => "default",
        Action::OpenInMarket => "open-in-market",
        Action::MarkRead => "mark-read",
        Action::RemindInAnHour => "remind-in-an-hour",
        Action::RemindTomorrow => "remind-tomorrow",
    }
}

/// Summary and body. Without a body, its first line is in the summary, which is never markup.
fn words(toast: &Toast, abilities: Abilities) -> (String, String) {
    if !abilities.body {
        let line = toast.body.lines().next().unwrap_or_default();
        let summary = [&*toast.title, line].into_iter().filter(|text| !text.is_empty());
        return (summary.collect::<Vec<_>>().join(" · "), String::new());
    }
    let body = if abilities.markup { escaped(&toast.body) } else { toast.body.clone() };
    (toast.title.clone(), body)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hints(toast: &Toast) -> Vec<Hint> {
    vec![
        Hint::Urgency(if toast.urgent { Urgency::Critical } else { Urgency::Normal }),
        Hint::Category(category(toast.category).into()),
        Hint::DesktopEntry(DESKTOP_ENTRY.into()),
        if toast.sound { Hint::SoundName(sound(toast).into()) } else { Hint::SuppressSound(true) },
    ]
}

/// The specification's own category where there is one that fits, and otherwise one of ours in the
/// form that it wants.
fn category(category: Category) -> &'static str {
    match category {
        Category::Chat => "im.received",
        Category::Orders => "x-agora.orders",
        Category::Delivery => "x-agora.delivery",
        Category::Money => "x-agora.money",
        Category::Security => "x-agora.security",
        Category::Products => "x-agora.products",
        Category::Store => "x-agora.store",
        Category::System => "x-agora.system",
    }
}

/// By the Sound Naming Specification. A theme without the sound plays that of the name's beginning:
/// `message`.
fn sound(toast: &Toast) -> &'static str {
    match toast.category {
        _ if toast.urgent => "dialog-warning",
        Category::Security => "dialog-warning",
        Category::Chat => "message-new-instant",
        _ => "message-new-email",
    }
}

/// The category's icon, as the specification's hint `image-data` carries pixels. The library's own
/// hint would first ask the daemon for its version, with a call that blocks and has no end.
pub(super) fn icon(category: Category) -> anyhow::Result<Value<'static>> {
    let bytes: &[u8] = match category {
        Category::Orders => include_bytes!("../../../../../../icons/category/orders.png"),
        Category::Delivery => include_bytes!("../../../../../../icons/category/delivery.png"),
        Category::Money => include_bytes!("../../../../../../icons/category/money.png"),
        Category::Chat => include_bytes!("../../../../../../icons/category/chat.png"),
        Category::Security => include_bytes!("../../../../../../icons/category/security.png"),
        Category::Products => include_bytes!("../../../../../../icons/category/products.png"),
        Category::Store => include_bytes!("../../../../../../icons/category/store.png"),
        Category::System => include_bytes!("../../../../../../icons/category/system.png"),
    };
    let pixels = crate::system::pixels::decode(bytes)?;
    let (channels, bits, has_alpha) = (4, 8, true);
    let row = pixels.width * channels;
    let image = (pixels.width, pixels.height, row, has_alpha, bits, channels, pixels.rgba);
    Ok(Structure::from(image).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toast() -> Toast {
        Toast {
            title: "A & B".into(),
            body: "<b>1</b> & 2\nmore".into(),
            category: Category::Orders,
            urgent: false,
            sound: true,
            actions: vec![Action::Open, Action::OpenInMarket, Action::MarkRead],
        }
    }

    fn abilities(names: &[&str]) -> Abilities {
        Abilities::of(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_body_is_escaped_for_daemons_that_take_markup_only() {
        let marked = abilities(&["body", "body-markup"]);
        let words = words(&toast(), marked);
        assert_eq!(words, ("A & B".into(), "&lt;b&gt;1&lt;/b&gt; &amp; 2\nmore".into()));
        let plain = super::words(&toast(), abilities(&["body"]));
        assert_eq!(plain, ("A & B".into(), "<b>1</b> & 2\nmore".into()));
    }

    #[test]
    fn without_a_body_its_first_line_is_in_the_summary() {
        let words = words(&toast(), abilities(&["actions", "body-markup"]));
        assert_eq!(words, ("A & B · <b>1</b> & 2".into(), String::new()));
        let hidden = Toast { body: String::new(), ..toast() };
        assert_eq!(super::words(&hidden, abilities(&[])), ("A & B".into(), String::new()));
    }

    #[test]
    fn actions_are_offered_to_daemons_that_have_them_and_come_back() {
        let of = |names| notification(&toast(), abilities(names), Language::EN).actions;
        let expected = [
            ("default", "Open"),
            ("open-in-market", "Open in the market"),
            ("mark-read", "Mark as read"),
        ];
        assert_eq!(of(&["actions"]), expected.map(|(key, label)| [key, label]).concat());
        let came_back: Vec<_> = expected.iter().filter_map(|(key, _)| action(key)).collect();
        assert_eq!(came_back, toast().actions);
        assert_eq!(action("0"), None);
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn a_sound_has_its_name_or_is_suppressed() {
        let named = |category, urgent| sound(&Toast { category, urgent, ..toast() });
        assert_eq!(named(Category::Chat, false), "message-new-instant");
        assert_eq!(named(Category::Chat, true), "dialog-warning");
        assert_eq!(named(Category::Security, false), "dialog-warning");
        assert_eq!(named(Category::Money, false), "message-new-email");
        let has = |sound, hint| hints(&Toast { sound, ..toast() }).contains(&hint);
        let name = || Hint::SoundName("message-new-email".into());
        assert!(has(true, name()) && !has(true, Hint::SuppressSound(true)));
        assert!(!has(false, name()) && has(false, Hint::SuppressSound(true)));
    }

    #[test]
    fn the_desktop_entry_is_the_one_that_the_packages_install() {
        let config = include_str!("../../../../../../tauri.linux.conf.json");
        let config: serde_json::Value = serde_json::from_str(config).unwrap();
        let installed = format!("/usr/share/applications/{DESKTOP_ENTRY}.desktop");
        for package in ["deb", "rpm"] {
            assert!(config["bundle"]["linux"][package]["files"][&installed].is_string());
        }
        assert!(hints(&toast()).contains(&Hint::DesktopEntry(DESKTOP_ENTRY.into())));
    }

    #[test]
    fn every_category_has_an_icon() {
        for category in Category::ALL {
            let icon = icon(category).unwrap();
            assert_eq!(icon.value_signature(), "(iiibiiay)");
        }
    }
}
