//! A notification daemon in the test's own hands: it answers when the test lets it, and says what
//! the test wants a person to have done.

#![expect(clippy::used_underscore_binding, reason = "the interface macro passes every argument on")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::{Semaphore, watch};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, fdo};

use super::session::{Session, within};

const PATH: &str = "/org/freedesktop/Notifications";

/// A toast that the daemon was asked to show.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Its title.
    pub(crate) title: String,
    /// Its text.
    pub(crate) body: String,
    /// Whether it was to make no sound.
    pub(crate) silent: bool,
    /// Keys and labels, in turns.
    pub(crate) actions: Vec<String>,
    /// The id that it got, or gets.
    pub(crate) id: u32,
    /// Who asked.
    sender: String,
}

/// The daemon, for as long as this lives.
pub(crate) struct OwnDaemon {
    bus: Connection,
    asked: watch::Receiver<Vec<Asked>>,
    /// A permit for each toast that may be answered.
    pub(crate) answers: Arc<Semaphore>,
    /// Whether a toast that is replaced is closed, and its successor gets an id of its own.
    pub(crate) renews: Arc<AtomicBool>,
}

impl OwnDaemon {
    /// Puts a daemon on the session's bus, which says as Plasma's does whether it is in do-not-disturb.
    pub(crate) async fn start(session: &Session) -> Self {
        Self::begin(session, Some(("Plasma", "KDE"))).await
    }

    /// One that answers at once and says that it is this program of this vendor.
    pub(crate) async fn named(session: &Session, name: &'static str, vendor: &'static str) -> Self {
        let daemon = Self::begin(session, Some((name, vendor))).await;
        daemon.answers.add_permits(10_000);
        daemon
    }

    /// One that says nothing of itself: it refuses to tell what it can do, and never answers what it
    /// is called. Toasts it takes at once.
    pub(crate) async fn silent(session: &Session) -> Self {
        let daemon = Self::begin(session, None).await;
        daemon.answers.add_permits(10_000);
        daemon
    }

    async fn begin(session: &Session, who: Option<(&'static str, &'static str)>) -> Self {
        let (tell, asked) = watch::channel(Vec::new());
        let answers = Arc::new(Semaphore::new(0));
        let renews = Arc::<AtomicBool>::default();
        let ids = AtomicU32::new(0);
        let (answers_of, renews_of) = (answers.clone(), renews.clone());
        let daemon =
            Interface { tell, answers: answers_of, ids, who, inhibited: false, renews: renews_of };
        let bus = session.bus().await;
        bus.object_server().at(PATH, daemon).await.unwrap();
        bus.request_name("org.freedesktop.Notifications").await.unwrap();
        Self { bus, asked, answers, renews }
    }

    /// One that answers at once.
    pub(crate) async fn quick(session: &Session) -> Self {
        let daemon = Self::start(session).await;
        daemon.answers.add_permits(10_000);
        daemon
    }

    /// The person has it keep toasts, or show them again.
    pub(crate) async fn inhibit(&self, inhibited: bool) {
        let server = self.bus.object_server();
        let interface = server.interface::<_, Interface>(PATH).await.unwrap();
        let mut daemon = interface.get_mut().await;
        daemon.inhibited = inhibited;
        daemon.inhibited_changed(interface.signal_emitter()).await.unwrap();
    }

    /// Waits for as many toasts, and expects these titles, in this order.
    pub(crate) async fn expect(&self, titles: &[&str]) -> Vec<Asked> {
        let mut asked = self.asked.clone();
        let enough = asked.wait_for(|asked| asked.len() >= titles.len());
        let asked = within("a toast", enough).await.unwrap().clone();
        let came: Vec<_> = asked.iter().map(|asked| &*asked.title).collect();
        assert_eq!(came, titles);
        asked
    }

    /// Waits for as many toasts, whatever they say.
    pub(crate) async fn wait_for_count(&self, count: usize) {
        let mut asked = self.asked.clone();
        within("a toast", asked.wait_for(|asked| asked.len() >= count)).await.unwrap();
    }

    /// Waits for a toast with this title, and gives the last one.
    pub(crate) async fn wait_for(&self, title: &'static str) -> Asked {
        let mut asked = self.asked.clone();
        let is_it = |asked: &&Asked| asked.title == title;
        let there = asked.wait_for(|asked| asked.iter().any(|asked| is_it(&asked)));
        let asked = within(title, there).await.unwrap();
        asked.iter().rfind(is_it).cloned().unwrap()
    }

    /// The person does something with a toast, which the app must know to be there. As in dunst and
    /// in GNOME, only who asked for it is told.
    pub(crate) async fn act(&self, toast: &Asked, key: &str) {
        self.act_with(toast, key, "a-click_TIME1").await;
    }

    /// The same, with the desktop's own token for it.
    pub(crate) async fn act_with(&self, toast: &Asked, key: &str, token: &str) {
        Interface::activation_token(&self.to(toast), toast.id, token).await.unwrap();
        Interface::action_invoked(&self.to(toast), toast.id, key).await.unwrap();
        self.close(toast).await;
    }

    /// The same, but what the person did is told after the toast's end.
    pub(crate) async fn act_late(&self, toast: &Asked, key: &str) {
        self.close(toast).await;
        Interface::action_invoked(&self.to(toast), toast.id, key).await.unwrap();
    }

    /// The person closes a toast.
    pub(crate) async fn close(&self, toast: &Asked) {
        Interface::notification_closed(&self.to(toast), toast.id, 2).await.unwrap();
    }

    fn to<'a>(&self, toast: &'a Asked) -> SignalEmitter<'a> {
        let emitter = SignalEmitter::new(&self.bus, PATH).unwrap();
        emitter.set_destination(toast.sender.as_str().try_into().unwrap())
    }
}

struct Interface {
    tell: watch::Sender<Vec<Asked>>,
    answers: Arc<Semaphore>,
    ids: AtomicU32,
    /// Its name and vendor, if it tells them.
    who: Option<(&'static str, &'static str)>,
    inhibited: bool,
    renews: Arc<AtomicBool>,
}

#[expect(clippy::unused_self, reason = "the interface's own signatures")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Interface {
    fn get_capabilities(&self) -> fdo::Result<Vec<String>> {
        if self.who.is_none() {
            return Err(fdo::Error::NotSupported("nobody needs to know".into()));
        }
        Ok(vec!["actions".to_owned(), "body".to_owned()])
    }

    async fn get_server_information(&self) -> (String, String, String, String) {
        let Some((name, vendor)) = self.who else { return std::future::pending().await };
        (name.to_owned(), vendor.to_owned(), "1".to_owned(), "1.2".to_owned())
    }

    #[zbus(property)]
    fn inhibited(&self) -> bool {
        self.inhibited
    }

    fn close_notification(&self, _id: u32) {}

    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    async fn notify(
        &self,
        _app_name: String,
        replaces_id: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> fdo::Result<u32> {
        let refused = summary == "refused";
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let renews = self.renews.load(Ordering::Relaxed);
        if renews && replaces_id != 0 {
            Self::notification_closed(&emitter, replaces_id, 3).await?;
        }
        let id = match replaces_id {
            id if id != 0 && !renews => id,
            _ => self.ids.fetch_add(1, Ordering::Relaxed) + 1,
        };
        let silent = hints.contains_key("suppress-sound");
        let toast = Asked { title: summary, body, silent, actions, id, sender };
        self.tell.send_modify(|asked| asked.push(toast));
        let answer = self.answers.acquire().await.map_err(|_| fdo::Error::Failed("over".into()))?;
        answer.forget();
        if refused {
            return Err(fdo::Error::LimitsExceeded("too many toasts".into()));
        }
        Ok(id)
    }

    #[zbus(signal)]
    async fn activation_token(
        emitter: &SignalEmitter<'_>,
        id: u32,
        token: &str,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(
        emitter: &SignalEmitter<'_>,
        id: u32,
        reason: u32,
    ) -> zbus::Result<()>;
}
