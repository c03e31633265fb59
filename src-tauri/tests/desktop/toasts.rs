//! Toasts as a test sees them: every call of `Notify` on the bus, and a real click on the
//! notification daemon's window.
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

use super::session::{LIMIT, Session, within};

const INTERFACE: &str = "org.freedesktop.Notifications";

/// A call of `Notify` (Desktop Notifications Specification 1.2), as it was sent.
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
}

/// Records every toast that is asked for since its start, in order.
#[derive(Debug)]
pub(crate) struct Recorder {
    log: watch::Receiver<Vec<Notify>>,
    listener: JoinHandle<()>,
}

impl Recorder {
    /// Listens from now on: what is said after this returns is not missed.
    pub(crate) async fn start(session: &Session) -> Self {
        let connection = session.bus().await;
        let mut messages = MessageStream::from(&connection);
        let monitor = MonitoringProxy::new(&connection).await.expect("the bus");
        let calls = MatchRule::builder().interface(INTERFACE).expect("a valid name");
        let calls = calls.member("Notify").expect("a valid name");
        let rule = calls.msg_type(Type::MethodCall).build();
        let accepted = monitor.become_monitor(&[rule], 0).await;
        accepted.expect("the bus lets its owner listen");

        let (write, log) = watch::channel(Vec::new());
        let listener = tokio::spawn(async move {
            while let Some(Ok(message)) = messages.next().await {
                write.send_modify(|log| log.extend(notify(&message)));
            }
        });
        Self { log, listener }
    }

    /// The toasts that were asked for so far.
    pub(crate) fn toasts(&self) -> Vec<Notify> {
        self.log.borrow().clone()
    }

    /// The first toast since the start for which `wanted` holds, past or to come.
    ///
    /// # Panics
    /// When it doesn't come in time, with every toast that did.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Notify) -> bool) -> Notify {
        let mut log = self.log.clone();
        let wait = log.wait_for(|log| log.iter().any(&wanted));
        let found = match tokio::time::timeout(LIMIT, wait).await {
            Ok(log) => log.expect("the bus stays").iter().find(|toast| wanted(toast)).cloned(),
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

/// A monitor is told of other things too, such as that it lost its name.
fn notify(message: &Message) -> Option<Notify> {
    let header = message.header();
    if header.member().is_none_or(|member| member.as_str() != "Notify") {
        return None;
    }
    let body = message.body();
    let (app_name, replaces_id, _icon, summary, body, actions, hints, _timeout): Arguments =
        body.deserialize().expect("Notify with its own signature");
    Some(Notify { app_name, replaces_id, summary, body, actions, hints })
}
