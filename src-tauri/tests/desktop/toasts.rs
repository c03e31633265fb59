//! Toasts as a test sees them: every call of `Notify` and `CloseNotification` on the bus, and a
//! real click on the notification daemon's window.
//!
//! Owns the eavesdropping connection. Leaves out the daemon itself: see `session`, and
//! `own_daemon` for one in the test's own hands.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use zbus::fdo::MonitoringProxy;
use zbus::message::Type;
use zbus::names::MemberName;
use zbus::zvariant::OwnedValue;
use zbus::{MatchRule, Message, MessageStream};

use super::session::{LIMIT, Session, within};

const INTERFACE: &str = "org.freedesktop.Notifications";

/// A call of `Notify` (Desktop Notifications Specification 1.3), as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Notify {
    /// The name of the sending application.
    pub(crate) app_name: String,
    /// The toast that this one takes the place of, or 0.
    pub(crate) replaces_id: u32,
    /// The title, plain text.
    pub(crate) summary: String,
    /// The text, with markup when the daemon has `body-markup`.
    pub(crate) body: String,
    /// Key and label of each action, in turns.
    pub(crate) actions: Vec<String>,
    /// Urgency, image and the like.
    pub(crate) hints: HashMap<String, OwnedValue>,
    /// The daemon's answer: the toast's id. `None` while it hasn't answered.
    pub(crate) id: Option<u32>,
    /// Who called, and in which call.
    call: (String, u32),
}

impl Notify {
    /// Whether the toast is as urgent as can be.
    pub(crate) fn is_urgent(&self) -> bool {
        self.hints.get("urgency").and_then(|urgency| u8::try_from(urgency).ok()) == Some(2)
    }
}

/// What was said about toasts, in order.
#[derive(Clone, Debug, Default)]
struct Log {
    toasts: Vec<Notify>,
    /// The ids that `CloseNotification` was called for.
    closed: Vec<u32>,
}

/// Records every toast that is asked for since its start, in order.
#[derive(Debug)]
pub(crate) struct Recorder {
    log: watch::Receiver<Log>,
    listener: JoinHandle<()>,
}

impl Recorder {
    /// Listens from now on: what is said after this returns is not missed.
    pub(crate) async fn start(session: &Session) -> Self {
        let connection = session.bus().await;
        let mut messages = MessageStream::from(&connection);
        let monitor = MonitoringProxy::new(&connection).await.expect("the bus");
        let calls = MatchRule::builder().interface(INTERFACE).expect("a valid name");
        let calls = calls.msg_type(Type::MethodCall).build();
        let answers = MatchRule::builder().msg_type(Type::MethodReturn).build();
        let accepted = monitor.become_monitor(&[calls, answers], 0).await;
        accepted.expect("the bus lets its owner listen");

        let (write, log) = watch::channel(Log::default());
        let listener = tokio::spawn(async move {
            while let Some(Ok(message)) = messages.next().await {
                write.send_if_modified(|log| log.hear(&message));
            }
        });
        Self { log, listener }
    }

    /// The toasts that were asked for so far.
    pub(crate) fn toasts(&self) -> Vec<Notify> {
        self.log.borrow().toasts.clone()
    }

    /// How many calls of `Notify` there were so far.
    pub(crate) fn count(&self) -> usize {
        self.log.borrow().toasts.len()
    }

    /// Waits until the toast was asked to be closed.
    pub(crate) async fn wait_until_closed(&self, id: u32) {
        let mut log = self.log.clone();
        let closed = log.wait_for(|log| log.closed.contains(&id));
        within("the end of a toast", closed).await.expect("the bus stays");
    }

    /// The first toast since the start for which `wanted` holds and that the daemon has answered,
    /// past or to come.
    ///
    /// # Panics
    /// When it doesn't come in time, with every toast that did.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Notify) -> bool) -> Notify {
        let mut log = self.log.clone();
        let is_it = |toast: &&Notify| toast.id.is_some() && wanted(toast);
        let wait = log.wait_for(|log| log.toasts.iter().any(|toast| is_it(&toast)));
        let found = match tokio::time::timeout(LIMIT, wait).await {
            Ok(log) => log.expect("the bus stays").toasts.iter().find(is_it).cloned(),
            Err(_) => None,
        };
        found.unwrap_or_else(|| panic!("no such toast in time; there were: {:#?}", self.toasts()))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// The number that a title begins with: how many alerts a sum counts; 0 where it counts none.
pub(crate) fn counted(title: &str) -> u32 {
    title.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
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

/// The arguments of `Notify`, in order.
type Arguments =
    (String, u32, String, String, String, Vec<String>, HashMap<String, OwnedValue>, i32);

impl Log {
    /// Takes note of a message; whether it says something about toasts. A monitor is told of other
    /// things too, such as that it lost its name.
    fn hear(&mut self, message: &Message) -> bool {
        let header = message.header();
        let member = header.member();
        match (header.message_type(), member.map(MemberName::as_str)) {
            (Type::MethodCall, Some("Notify")) => self.toasts.push(notify(message)),
            (Type::MethodCall, Some("CloseNotification")) => {
                self.closed.push(message.body().deserialize().expect("an id"));
            }
            (Type::MethodReturn, _) => {
                let to = header.destination().map(ToString::to_string).unwrap_or_default();
                let call = (to, header.reply_serial().map_or(0, u32::from));
                let Some(toast) = self.toasts.iter_mut().rfind(|toast| toast.call == call) else {
                    return false;
                };
                toast.id = Some(message.body().deserialize().expect("an id"));
            }
            _ => return false,
        }
        true
    }
}

fn notify(message: &Message) -> Notify {
    let header = message.header();
    let from = header.sender().map(ToString::to_string).unwrap_or_default();
    let call = (from, header.primary().serial_num().into());
    let body = message.body();
    let (app_name, replaces_id, _icon, summary, body, actions, hints, _timeout): Arguments =
        body.deserialize().expect("Notify with its own signature");
    Notify { app_name, replaces_id, summary, body, actions, hints, id: None, call }
}
