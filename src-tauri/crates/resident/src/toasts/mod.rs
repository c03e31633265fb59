//! Toasts: the system's notifications of alerts that were just committed.
//!
//! They hang on the receiver's changes and never hold up the stream: the loop in [`run`] waits for
//! nothing but for something to happen. Which alert gets a toast of its own is the receiver's
//! [`Storm`] to say; here it is shown, updated, taken away, and what people do with it is passed on.

mod acting;
mod after_quiet;
mod app;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod port;
mod reminding;
mod screen;
mod showing;
mod toast;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(target_os = "macos")]
use macos as system;
#[cfg(windows)]
use windows as system;

use crate::desk::Announcement;
use agora_inbox::{AlertId, Counts};
use agora_receiver::Change;
use agora_rules::Fate;
use agora_rules::Mute;
use agora_rules::storm::{Plan, Storm};
pub(crate) use app::App;
use port::{Daemon, Port};
use reminding::{Due, Reminders};
use screen::Screen;
use showing::Shown;
use std::future::pending;
use std::pin::Pin;
use std::time::{Duration, Instant as StdInstant};
pub(crate) use toast::Toast;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// A system that takes longer than this for a toast is not given many.
const SLOW: Duration = Duration::from_secs(1);
/// How long taking the toasts away may keep the app from quitting.
const LEAVING: Duration = Duration::from_millis(400);
/// What people do with toasts, and hasn't been passed on yet.
const EVENTS: usize = 64;

/// The system's name for a toast.
type ToastId = u32;

/// What a person can do with a toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A click on the toast itself: it is opened in the window.
    Open,
    /// Its link is opened.
    OpenInMarket,
    /// It is marked as read.
    MarkRead,
    /// The person is reminded of it in an hour.
    RemindInAnHour,
    /// The person is reminded of it the next morning.
    RemindTomorrow,
}

/// What the system tells of toasts, others' among them.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere less is told"))]
#[derive(Debug)]
enum Event {
    /// The person did something with one.
    Acted {
        toast: ToastId,
        action: Action,
        /// What lets the window come to the front, where the system wants that shown.
        token: Option<String>,
    },
    /// One is gone: the person closed it, or its time was over.
    Closed { toast: ToastId },
    /// The system's part that showed them is gone, and they with it.
    Gone,
}

/// Why a toast isn't shown.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere they are always shown"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotShown {
    /// There is nothing to show it.
    NoDaemon,
    /// It was refused or took too long. It may still appear, so it isn't shown again.
    Refused,
}

/// Something that goes on beside the loop.
type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Shows toasts until the app quits, and takes them from the screen then: nobody is left to hear
/// what people do with them.
pub(crate) async fn run(app: App, announced: mpsc::Receiver<Announcement>, end: CancellationToken) {
    let (changes, reminded) = (app.changes(), app.reminded());
    let (tell, events) = mpsc::channel(EVENTS);
    let watch = system::Daemon::watch(&app, tell);
    let Some(daemon) = end.run_until_cancelled(watch).await else { return };
    let mut toasts = Toasts::new(app, daemon);
    end.run_until_cancelled(toasts.run(changes, reminded, events, announced)).await;
    if timeout(LEAVING, toasts.leave()).await.is_err() {
        tracing::warn!("toasts stay, as the notification daemon takes its time");
    }
}

struct Toasts<P, D> {
    port: P,
    daemon: D,
    storm: Storm,
    screen: Screen,
    /// What is being shown.
    showing: Option<Work<Shown>>,
    /// The toast that it is to take the place of.
    replaced: Option<ToastId>,
    /// The alert whose toast is being shown; read meanwhile, it is closed as soon as it is there.
    coming: Option<AlertId>,
    /// What the app itself has to say next.
    announced: Option<Announcement>,
    /// What came in quiet and is to be told of next.
    came: Vec<AlertId>,
    /// What the receiver hasn't been told yet. No more than has arrived: where the receiver has no
    /// time to hear it, nothing arrives.
    fates: Vec<(AlertId, Fate)>,
    /// What the person wants to be reminded of. At first the inbox is asked for it.
    reminders: Reminders,
    /// Nobody knows which of the alerts on the screen are still unread.
    doubted: bool,
}

impl<P: Port, D: Daemon> Toasts<P, D> {
    fn new(port: P, daemon: D) -> Self {
        Self {
            port,
            daemon,
            storm: Storm::default(),
            screen: Screen::default(),
            showing: None,
            replaced: None,
            coming: None,
            announced: None,
            came: Vec::new(),
            fates: Vec::new(),
            reminders: Reminders::unasked(),
            doubted: false,
        }
    }

    async fn run(
        &mut self,
        mut changes: broadcast::Receiver<Change>,
        mut reminded: watch::Receiver<u64>,
        mut events: mpsc::Receiver<Event>,
        mut announced: mpsc::Receiver<Announcement>,
    ) {
        let mut telling: Option<Work<()>> = None;
        let mut checking: Option<Work<Vec<AlertId>>> = None;
        let mut looking: Option<Work<Vec<AlertId>>> = None;
        let mut quiet = self.port.quiet();
        quiet.mark_changed();
        let mut asking: Option<Work<Vec<Due>>> = None;
        loop {
            if self.showing.is_none() {
                self.showing = self.next();
            }
            if telling.is_none() && !self.fates.is_empty() {
                telling = Some(self.tell());
            }
            if checking.is_none() && std::mem::take(&mut self.doubted) {
                checking = self.check();
            }
            if asking.is_none() && std::mem::take(&mut self.reminders.wanted) {
                asking = Some(self.ask_for_reminders());
            }
            let now = now();
            let tick = if self.showing.is_none() { self.storm.next_tick(now) } else { None };
            tokio::select! {
                // That a toast is there is heard before what becomes of it.
                biased;
                shown = done(&mut self.showing) => self.shown(shown),
                () = done(&mut telling) => {}
                read = done(&mut checking) => self.read(&read),
                came = done(&mut looking) => self.came = came,
                Ok(()) = quiet.changed(), if looking.is_none() => {
                    if *quiet.borrow_and_update() == Some(false) {
                        looking = Some(self.look_back());
                    }
                }
                due = done(&mut asking) => self.reminders_due(due),
                Ok(()) = reminded.changed() => self.reminders.wanted = true,
                Some(event) = events.recv() => self.event(event),
                Some(word) = announced.recv(), if self.announced.is_none() => {
                    self.announced = Some(word);
                }
                change = changes.recv() => match change {
                    Ok(change) => self.change(&change),
                    Err(RecvError::Lagged(_)) => {
                        self.storm.missed(now);
                        self.doubted = true;
                    }
                    Err(RecvError::Closed) => return,
                },
                () = at(tick) => {}
            }
        }
    }

    /// Leaves the screen, and waits for a toast that is only coming, which may take its time.
    async fn leave(&mut self) {
        self.leave_screen().await;
        if self.showing.is_some() {
            let shown = done(&mut self.showing).await;
            self.shown(shown);
            self.leave_screen().await;
        }
    }

    /// Tells what became of toasts, and takes away those on the screen.
    async fn leave_screen(&mut self) {
        if !self.fates.is_empty() {
            self.tell().await;
        }
        for toast in self.screen.take_all() {
            self.daemon.close(toast).await;
        }
    }

    fn change(&mut self, change: &Change) {
        let now = now();
        match change {
            Change::Arrived { passed, .. } => self.storm.arrived(now, passed.iter().copied()),
            Change::Synced { passed, read, .. } => {
                self.storm.away(now, passed.iter().copied());
                self.read(read);
            }
            Change::Marked { ids, read: true, .. } | Change::Deleted { ids, .. } => self.read(ids),
            Change::Marked { read: false, .. } | Change::Followed { .. } => {}
            Change::Much { counts } => self.much(counts),
        }
    }

    /// These are read or deleted: their toasts go, and those that were to come don't.
    fn read(&mut self, ids: &[AlertId]) {
        if ids.is_empty() {
            return;
        }
        let untold = self.storm.read(ids).into_iter();
        self.fates.extend(untold.map(|id| (id, Fate::Muted(Mute::Read))));
        self.no_reminders(ids);
        if self.coming.is_some_and(|coming| ids.contains(&coming)) {
            self.coming = None;
        }
        let toasts = self.screen.take_alerts(ids);
        self.close(toasts);
    }

    fn much(&mut self, counts: &Counts) {
        if counts.unread() == 0 {
            self.read(&self.told_of());
        } else {
            self.doubted = true;
        }
    }

    /// The alerts that toasts tell of or will.
    fn told_of(&self) -> Vec<AlertId> {
        let counted = self.storm.known().collect::<Vec<_>>().into_iter();
        let reminders = self.awaited_reminders();
        counted.chain(self.screen.alerts()).chain(self.coming).chain(reminders).collect()
    }

    /// Looks in the inbox which of the alerts that toasts tell of are read or gone.
    fn check(&self) -> Option<Work<Vec<AlertId>>> {
        let ids = self.told_of();
        let is_wanted = self.port.has_inbox() && !ids.is_empty();
        is_wanted.then(|| -> Work<_> { Box::pin(read_of(self.port.clone(), ids)) })
    }

    fn tell(&mut self) -> Work<()> {
        let fates = std::mem::take(&mut self.fates);
        let port = self.port.clone();
        Box::pin(async move { port.toasted(fates).await })
    }

    /// Takes toasts from the screen, in its own time.
    fn close(&self, toasts: impl IntoIterator<Item = ToastId>) {
        let toasts: Vec<_> = toasts.into_iter().collect();
        if toasts.is_empty() {
            return;
        }
        let daemon = self.daemon.clone();
        self.port.spawn(async move {
            for toast in toasts {
                daemon.close(toast).await;
            }
        });
    }
}

/// Those that are read, or no longer there.
async fn read_of(port: impl Port, ids: Vec<AlertId>) -> Vec<AlertId> {
    let mut read = Vec::new();
    for id in ids {
        match port.alert(id).await {
            Ok(Some(alert)) if !alert.read => {}
            Ok(_) => read.push(id),
            Err(error) => {
                tracing::warn!(%error, "toasts of alerts that were read may stay");
                break;
            }
        }
    }
    read
}

/// The end of something that goes on; never, where nothing does.
async fn done<T>(work: &mut Option<Work<T>>) -> T {
    let Some(going) = work else { return pending().await };
    let result = going.await;
    *work = None;
    result
}

/// The time, as the runtime has it.
fn now() -> StdInstant {
    Instant::now().into_std()
}

async fn at(time: Option<StdInstant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
