//! The running app on the session bus: an `org.freedesktop.Application` (Desktop Entry Specification,
//! *D-Bus Activation*), by which launchers start it, show it and choose its actions, and by which a second
//! start finds the first.

#![expect(clippy::used_underscore_binding, reason = "the interface macro passes every argument on")]

use crate::args::Action;
use crate::ipc::SnoozeChoice;
use crate::resident::Resident;
use crate::tray::Item;
use std::collections::HashMap;
use tokio::sync::watch;
use zbus::fdo;
use zbus::zvariant::OwnedValue;

/// What a launcher says beside the call itself.
pub(super) type PlatformData = HashMap<String, OwnedValue>;

/// The app, once it has started. What is asked of it before waits.
#[derive(Debug, Clone)]
pub(super) struct Application(watch::Receiver<Option<Resident>>);

impl Application {
    pub(super) fn new(resident: watch::Receiver<Option<Resident>>) -> Self {
        Self(resident)
    }

    /// The app, unless it is about to end: whoever asks then starts it again.
    async fn resident(&self) -> fdo::Result<Resident> {
        let mut started = self.0.clone();
        let resident = started.wait_for(Option::is_some).await.ok().and_then(|it| it.clone());
        resident
            .filter(|resident| !resident.quit.is_wanted())
            .ok_or_else(|| fdo::Error::Failed("it is quitting".into()))
    }

    async fn act(&self, action: Action, data: &PlatformData) -> fdo::Result<()> {
        act(&self.resident().await?, action, token(data));
        Ok(())
    }
}

/// Has it done. The token lets the window come to the front.
pub(super) fn act(resident: &Resident, action: Action, token: Option<String>) {
    let item = match action {
        Action::Open => Item::Open,
        Action::Compose => {
            if let Some(token) = token {
                resident.window.keep_activation(token);
            }
            return resident.window.show_compose();
        }
        Action::Snooze => Item::SnoozeFor(SnoozeChoice::TwoHours),
        Action::Disconnect => Item::Disconnect,
        Action::Connect => Item::Connect,
        Action::Reconnect => Item::Reconnect,
        Action::Quit => Item::Quit,
    };
    resident.deeds.choose(item, token);
}

/// What lets the window come to the front: Wayland's word for it, or X11's.
fn token(data: &PlatformData) -> Option<String> {
    let text = |name| data.get(name).and_then(|value| <&str>::try_from(value).ok());
    let token = text("activation-token").or_else(|| text("desktop-startup-id"))?;
    Some(token.to_owned()).filter(|token| !token.is_empty())
}

#[zbus::interface(name = "org.freedesktop.Application")]
impl Application {
    async fn activate(&self, platform_data: PlatformData) -> fdo::Result<()> {
        self.act(Action::Open, &platform_data).await
    }

    /// It opens no files of anybody's.
    async fn open(&self, _uris: Vec<String>, platform_data: PlatformData) -> fdo::Result<()> {
        self.act(Action::Open, &platform_data).await
    }

    async fn activate_action(
        &self,
        action_name: &str,
        _parameter: Vec<OwnedValue>,
        platform_data: PlatformData,
    ) -> fdo::Result<()> {
        match Action::ALL.into_iter().find(|action| action.name() == action_name) {
            Some(action) => self.act(action, &platform_data).await,
            None => Err(fdo::Error::InvalidArgs(format!("there is no action {action_name}"))),
        }
    }
}

/// What only the app's own second start asks.
#[derive(Debug, Clone)]
pub(super) struct Own(pub(super) Application);

#[zbus::interface(name = "market.agora.Notifier")]
impl Own {
    /// How it is, in JSON.
    async fn status(&self) -> fdo::Result<String> {
        Ok(self.0.resident().await?.status().await.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zbus::zvariant::Value;

    fn data(entries: &[(&str, &str)]) -> PlatformData {
        let owned = |text: &str| Value::from(text).try_into().unwrap();
        entries.iter().map(|(name, text)| ((*name).to_owned(), owned(text))).collect()
    }

    #[test]
    fn a_launcher_says_in_one_of_two_words_what_lets_the_window_come() {
        for (said, expected) in [
            (&[("activation-token", "a")][..], Some("a")),
            (&[("desktop-startup-id", "b")], Some("b")),
            (&[("desktop-startup-id", "b"), ("activation-token", "a")], Some("a")),
            (&[("activation-token", "")], None),
            (&[("other", "x")], None),
        ] {
            assert_eq!(token(&data(said)).as_deref(), expected, "{said:?}");
        }
        let number = PlatformData::from([("activation-token".to_owned(), 7_u32.into())]);
        assert_eq!(token(&number), None);
    }

    #[test]
    fn the_desktop_entrys_actions_are_ours() {
        let entry = include_str!("../../../../market.agora.notifier.desktop");
        let listed = entry.lines().find_map(|line| line.strip_prefix("Actions=")).unwrap();
        for name in listed.split_terminator(';') {
            assert!(Action::ALL.iter().any(|action| action.name() == name), "{name}");
            assert!(entry.contains(&format!("[Desktop Action {name}]")), "{name}");
        }
    }
}
