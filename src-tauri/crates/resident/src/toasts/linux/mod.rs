//! The freedesktop notification daemon (Desktop Notifications Specification 1.3).
//!
//! A toast is composed with notify-rust, and carried over one connection of ours, for as long as the
//! app runs. The library would open one for each toast, and GNOME takes an app's toasts away with the
//! connection of the first; it knows no activation tokens; and waiting for an action, it hears the
//! first of two signals only, where daemons tell a token and then the action that it is for.

mod bus;
mod letter;

use super::app::App;
use super::port::{self, Port as _};
use super::toast::Toast;
use super::{Event, NotShown, ToastId};
use bus::{NAME, NotificationsProxy};
use futures_util::StreamExt;
use letter::Abilities;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use zbus::Message;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::names::WellKnownName;
use zbus::proxy::{CacheProperties, SignalStream};

/// How long the daemon or the bus may take. They answer in milliseconds, unless the daemon is
/// drowning in toasts.
const LIMIT: Duration = Duration::from_secs(10);

/// The notification daemon. Clones share what is known of it.
#[derive(Clone)]
pub(super) struct Daemon {
    app: App,
    /// `None` without a session bus.
    bus: Option<Bus>,
    /// What it can do; unknown until it was asked.
    abilities: Arc<Mutex<Option<Abilities>>>,
}

#[derive(Clone)]
struct Bus {
    names: DBusProxy<'static>,
    daemon: NotificationsProxy<'static>,
}

impl Daemon {
    /// Looks whether there is a daemon, and tells from now on what happens to toasts.
    pub(super) async fn watch(app: &App, tell: mpsc::Sender<Event>) -> Self {
        let mut daemon = Self { app: app.clone(), bus: None, abilities: Arc::default() };
        // Listen first, then look: nothing is missed between the two.
        match timeout(LIMIT, listen()).await {
            Ok(Ok((bus, owners, signals))) => {
                daemon.bus = Some(bus.clone());
                // Asking starts a daemon that the bus knows how to start.
                if daemon.abilities(&bus).await.is_ok() {
                    daemon.notice(false, None);
                }
                app.spawn(daemon.clone().follow(bus, owners, signals, tell));
            }
            Ok(Err(error)) => daemon.notice(true, Some(error.to_string())),
            Err(_) => daemon.notice(true, Some("the session bus doesn't answer".to_owned())),
        }
        daemon
    }

    /// What the daemon can do: asked once.
    async fn abilities(&self, bus: &Bus) -> Result<Abilities, NotShown> {
        if let Some(known) = *self.known() {
            return Ok(known);
        }
        match timeout(LIMIT, bus.daemon.get_capabilities()).await {
            Ok(Ok(capabilities)) => {
                tracing::debug!(?capabilities, "there is a notification daemon");
                let abilities = Abilities::of(&capabilities);
                *self.known() = Some(abilities);
                Ok(abilities)
            }
            Ok(Err(error)) => match self.why_not(bus, Some(error.to_string())).await {
                NotShown::NoDaemon => Err(NotShown::NoDaemon),
                NotShown::Refused => Ok(Abilities::UNKNOWN),
            },
            Err(_) => {
                tracing::warn!("the notification daemon doesn't say what it can do");
                Err(self.why_not(bus, None).await)
            }
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Abilities>> {
        self.abilities.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a call that failed, which would have started a daemon: says so where there is none. One
    /// that is there has only refused that call.
    async fn why_not(&self, bus: &Bus, detail: Option<String>) -> NotShown {
        let name = WellKnownName::from_static_str_unchecked(NAME);
        if let Ok(Ok(true)) = timeout(LIMIT, bus.names.name_has_owner(name.into())).await {
            return NotShown::Refused;
        }
        self.notice(true, detail);
        NotShown::NoDaemon
    }

    fn notice(&self, is_missing: bool, detail: Option<String>) {
        self.app.daemon_is_missing(is_missing, detail);
    }

    /// Tells what happens to toasts, in the order in which it does.
    async fn follow(
        self,
        bus: Bus,
        mut owners: NameOwnerChangedStream,
        mut signals: SignalStream<'static>,
        tell: mpsc::Sender<Event>,
    ) {
        let mut hearing = Hearing::default();
        loop {
            let event = tokio::select! {
                Some(signal) = signals.next() => hearing.event(&signal),
                Some(change) = owners.next() => match change.args() {
                    Ok(args) => {
                        *self.known() = None;
                        self.changed_owner(&bus, args.new_owner().is_some()).await;
                        args.old_owner().is_some().then_some(Event::Gone)
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the bus speaks strangely");
                        None
                    }
                },
                else => return,
            };
            if let Some(event) = event
                && tell.send(event).await.is_err()
            {
                return;
            }
        }
    }

    async fn changed_owner(&self, bus: &Bus, is_there: bool) {
        // The next toast starts one that the bus knows how to start.
        if is_there || !starts_on_demand(bus).await {
            self.notice(!is_there, None);
        }
    }
}

impl port::Daemon for Daemon {
    async fn show(&self, toast: &Toast, replaces: Option<ToastId>) -> Result<ToastId, NotShown> {
        let bus = self.bus.as_ref().ok_or(NotShown::NoDaemon)?;
        let abilities = self.abilities(bus).await?;
        let icon = letter::icon(toast.category);
        let toast = letter::notification(toast, abilities, self.app.language());
        let mut hints: HashMap<_, _> = toast.hints.iter().map(Into::into).collect();
        match icon {
            Ok(icon) => {
                hints.insert("image-data", icon);
            }
            Err(error) => tracing::warn!(%error, "a toast without its icon"),
        }
        let call = bus.daemon.notify(
            &toast.appname,
            replaces.unwrap_or(0),
            &toast.icon,
            &toast.summary,
            &toast.body,
            &toast.actions,
            hints,
            toast.timeout.into(),
        );
        match timeout(LIMIT, call).await {
            Ok(Ok(id)) => {
                self.notice(false, None);
                Ok(id)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "no toast");
                Err(self.why_not(bus, Some(error.to_string())).await)
            }
            Err(_) => {
                tracing::warn!("the notification daemon doesn't answer");
                Err(NotShown::Refused)
            }
        }
    }

    async fn close(&self, toast: ToastId) {
        let Some(bus) = &self.bus else { return };
        match timeout(LIMIT, bus.daemon.close_notification(toast)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a toast can't be closed"),
            Err(_) => tracing::warn!("the notification daemon doesn't close a toast"),
        }
    }
}

/// What the daemon's signals say.
#[derive(Default)]
struct Hearing {
    /// What lets a window come to the front, told just before the action that it is for.
    token: Option<(ToastId, String)>,
}

impl Hearing {
    /// `None` for what isn't for us.
    fn event(&mut self, signal: &Message) -> Option<Event> {
        let header = signal.header();
        let body = signal.body();
        match header.member()?.as_str() {
            "ActivationToken" => {
                self.token = body.deserialize().ok();
                None
            }
            "ActionInvoked" => {
                let (toast, key): (ToastId, String) = body.deserialize().ok()?;
                let token = self.token.take().filter(|(of, _)| *of == toast);
                let action = letter::action(&key)?;
                Some(Event::Acted { toast, action, token: token.map(|(_, token)| token) })
            }
            "NotificationClosed" => {
                let (toast, _reason): (ToastId, u32) = body.deserialize().ok()?;
                Some(Event::Closed { toast })
            }
            _ => None,
        }
    }
}

/// The bus, the daemon's comings and goings on it, and what it tells.
async fn listen() -> zbus::Result<(Bus, NameOwnerChangedStream, SignalStream<'static>)> {
    let connection = zbus::Connection::session().await?;
    let names = DBusProxy::new(&connection).await?;
    let owners = names.receive_name_owner_changed_with_args(&[(0, NAME)]).await?;
    let builder = NotificationsProxy::builder(&connection);
    let daemon = builder.cache_properties(CacheProperties::No).build().await?;
    let signals = daemon.inner().receive_all_signals().await?;
    Ok((Bus { names, daemon }, owners, signals))
}

async fn starts_on_demand(bus: &Bus) -> bool {
    let names = timeout(LIMIT, bus.names.list_activatable_names()).await;
    names.is_ok_and(|names| names.is_ok_and(|names| names.iter().any(|name| *name == NAME)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toasts::Action;
    use zbus::zvariant::Type;

    fn signal(name: &str, body: &(u32, impl serde::Serialize + Type)) -> Message {
        let path = "/org/freedesktop/Notifications";
        Message::signal(path, NAME, name).unwrap().build(body).unwrap()
    }

    #[test]
    fn an_activation_token_goes_with_the_action_of_its_toast() {
        let mut hearing = Hearing::default();
        let invoked = signal("ActionInvoked", &(7, "default"));
        let mut token_after = |of: Option<u32>| {
            if let Some(of) = of {
                assert!(hearing.event(&signal("ActivationToken", &(of, "let me"))).is_none());
            }
            match hearing.event(&invoked) {
                Some(Event::Acted { toast: 7, action: Action::Open, token }) => token,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(token_after(None), None);
        assert_eq!(token_after(Some(7)).as_deref(), Some("let me"));
        assert_eq!(token_after(None), None, "it is used once");
        assert_eq!(token_after(Some(8)), None, "it is another toast's");
    }

    #[test]
    fn what_says_nothing_to_us_is_nothing() {
        let mut hearing = Hearing::default();
        assert!(hearing.event(&signal("ActionInvoked", &(7, "unknown"))).is_none());
        assert!(hearing.event(&signal("ActionInvoked", &(7, 7_u32))).is_none());
        assert!(hearing.event(&signal("NotificationReplied", &(7, "x"))).is_none());
        let closed = hearing.event(&signal("NotificationClosed", &(7, 2_u32)));
        assert!(matches!(closed, Some(Event::Closed { toast: 7 })));
    }
}
