//! Toasts as a test sees them: everything that is said on the bus about notifications,
//! and a real click on the notification daemon's window.
//!
//! Owns the eavesdropping connection. Leaves out the daemon itself: see `session`.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use zbus::fdo::MonitoringProxy;
use zbus::message::Type;
use zbus::zvariant::OwnedValue;
use zbus::{MatchRule, Message, MessageStream};

use super::session::{Session, within};

const INTERFACE: &str = "org.freedesktop.Notifications";

/// A call of `Notify` (Desktop Notifications Specification 1.2), as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Notify {
    /// What the daemon answered: the toast's id; `None` until then, or without a daemon.
    pub(crate) id: Option<u32>,
    /// The name of the sending application.
    pub(crate) app_name: String,
    /// The toast that this one takes the place of, or 0.
    pub(crate) replaces_id: u32,
    /// An icon's name or path.
    pub(crate) icon: String,
    /// The title, plain text.
    pub(crate) summary: String,
    /// The text, with markup when the daemon has `body-markup`.
    pub(crate) body: String,
    /// Key and label of each action, in turns.
    pub(crate) actions: Vec<String>,
    /// Urgency, category and the like.
    pub(crate) hints: HashMap<String, OwnedValue>,
    /// Milliseconds; -1 leaves it to the daemon, 0 is for ever.
    pub(crate) timeout: i32,
}

/// One thing that was said about notifications on the bus.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// An application asked for a toast.
    Notify(Notify),
    /// An application asked for the end of a toast.
    CloseNotification { id: u32 },
    /// The daemon reports a click on a toast (`default`) or on one of its actions.
    ActionInvoked { id: u32, key: String },
    /// The daemon reports the end of a toast: 1 expired, 2 dismissed, 3 closed by a call.
    NotificationClosed { id: u32, reason: u32 },
}

/// Records everything said about notifications since its start, in order.
#[derive(Debug)]
pub(crate) struct Recorder {
    log: watch::Receiver<Vec<Said>>,
    listener: JoinHandle<()>,
}

impl Recorder {
    /// Listens from now on: what is said after this returns is not missed.
    pub(crate) async fn start(session: &Session) -> Self {
        let connection = session.bus().await;
        let mut messages = MessageStream::from(&connection);
        let monitor = MonitoringProxy::new(&connection).await.expect("the bus");
        let rule = || MatchRule::builder().interface(INTERFACE).expect("a valid name");
        let rules = [
            rule().msg_type(Type::MethodCall).build(),
            rule().msg_type(Type::Signal).build(),
            // The answers to the calls; they carry no interface.
            MatchRule::builder()
                .msg_type(Type::MethodReturn)
                .sender(INTERFACE)
                .expect("a valid name")
                .build(),
        ];
        let accepted = monitor.become_monitor(&rules, 0).await;
        accepted.expect("the bus lets its owner listen");

        let (write, log) = watch::channel(Vec::new());
        let listener = tokio::spawn(async move {
            let mut asked = HashMap::new();
            while let Some(Ok(message)) = messages.next().await {
                write.send_modify(|log| note(log, &mut asked, &message));
            }
        });
        Self { log, listener }
    }

    /// All that was said so far.
    pub(crate) fn said(&self) -> Vec<Said> {
        self.log.borrow().clone()
    }

    /// The toasts that were asked for so far.
    pub(crate) fn toasts(&self) -> Vec<Notify> {
        self.said().into_iter().filter_map(toast).collect()
    }

    /// The first toast since the start for which `wanted` holds, past or to come.
    ///
    /// # Panics
    /// When it doesn't come in time, with everything that was said.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Notify) -> bool) -> Notify {
        let is_wanted = |said: &Said| matches!(said, Said::Notify(toast) if wanted(toast));
        toast(self.wait_for_said(is_wanted).await).expect("it was a toast")
    }

    /// The first thing said since the start for which `wanted` holds, past or to come.
    ///
    /// # Panics
    /// When it isn't said in time, with everything else that was.
    pub(crate) async fn wait_for_said(&self, wanted: impl Fn(&Said) -> bool) -> Said {
        let mut log = self.log.clone();
        let wait = log.wait_for(|log| log.iter().any(&wanted));
        let found = match tokio::time::timeout(super::session::LIMIT, wait).await {
            Ok(log) => log.expect("the bus stays").iter().find(|said| wanted(said)).cloned(),
            Err(_) => None,
        };
        found.unwrap_or_else(|| panic!("not said in time; heard: {:#?}", self.said()))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Waits for a toast on the screen and clicks it, as a person would. Of several, it is
/// the one on top: the oldest of the most urgent.
pub(crate) async fn click_toast(session: &Session) {
    let mut xdotool = session.command("xdotool");
    xdotool.args(["search", "--sync", "--onlyvisible", "--class", "^Dunst$"]);
    xdotool.args(["mousemove", "--window", "%1", "40", "20", "click", "1"]);
    let status = within("a toast to click", xdotool.status()).await;
    assert!(status.expect("xdotool runs").success(), "xdotool clicked no toast");
}

/// The calls that wait for their answer: who asked with which serial, and where the
/// call stands in the log.
type Asked = HashMap<(String, u32), usize>;

fn note(log: &mut Vec<Said>, asked: &mut Asked, message: &Message) {
    let header = message.header();
    let member = header.member().map_or("", |member| member.as_str());
    let body = message.body();
    match (message.message_type(), member) {
        (Type::MethodCall, "Notify") => {
            let Ok((app_name, replaces_id, icon, summary, body, actions, hints, timeout)) =
                body.deserialize()
            else {
                panic!("Notify with a wrong signature: {message}");
            };
            if let Some(sender) = header.sender() {
                let serial = header.primary().serial_num().get();
                asked.insert((sender.to_string(), serial), log.len());
            }
            log.push(Said::Notify(Notify {
                id: None,
                app_name,
                replaces_id,
                icon,
                summary,
                body,
                actions,
                hints,
                timeout,
            }));
        }
        (Type::MethodReturn, _) => {
            let call = header.destination().zip(header.reply_serial());
            let call = call.map(|(caller, serial)| (caller.to_string(), serial.get()));
            let place = call.and_then(|call| asked.remove(&call));
            if let Some(Said::Notify(toast)) = place.and_then(|place| log.get_mut(place)) {
                toast.id = body.deserialize().ok();
            }
        }
        (Type::MethodCall, "CloseNotification") => {
            log.extend(body.deserialize().map(|id| Said::CloseNotification { id }));
        }
        (Type::Signal, "ActionInvoked") => {
            let said = body.deserialize();
            log.extend(said.map(|(id, key)| Said::ActionInvoked { id, key }));
        }
        (Type::Signal, "NotificationClosed") => {
            let said = body.deserialize();
            log.extend(said.map(|(id, reason)| Said::NotificationClosed { id, reason }));
        }
        _ => {}
    }
}

fn toast(said: Said) -> Option<Notify> {
    match said {
        Said::Notify(toast) => Some(toast),
        _ => None,
    }
}
