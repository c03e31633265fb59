//! The window's program: started when somebody wants to see the window, spoken to over the private
//! socket, and gone when the window is closed.
//!
//! [`run`] owns what is known of it: whether it runs, whether it is connected, whether its page has
//! painted. What becomes of the program is never the receiver's matter: where it crashes, hangs or has no
//! display, alerts go on arriving. A connected window is a [`Session`].

mod program;
mod session;

use crate::desk::{Announcement, Announcements, Choices, Quit, Tasks, Window};
use crate::page::Page;
use agora_home::Files;
use agora_socket::{FrameReader, FrameWriter, FromWindow, Listener, ToWindow, VERSION};
use program::Program;
use session::{Ended, Heard, Session};
use std::future::pending;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// A page that hasn't painted by then doesn't.
const PAINT: Duration = Duration::from_secs(10);
/// How long a program that connects has to say what it is.
const HELLO: Duration = Duration::from_secs(5);
/// A window that dies again so soon after it was opened anew isn't opened by itself any more.
const SOON: Duration = Duration::from_mins(1);
/// How long a window may take to close as the app quits.
const LEAVING: Duration = Duration::from_millis(300);
/// What is heard and not yet acted upon.
const HEARD: usize = 16;

/// What the window's program needs of the rest of the app.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    pub(crate) page: Page,
    pub(crate) wishes: Window,
    pub(crate) choices: Choices,
    pub(crate) announcements: Announcements,
    pub(crate) tasks: Tasks,
    pub(crate) quit: Quit,
    pub(crate) files: Files,
}

/// A program that has connected and said which version it is.
struct Arrived {
    version: String,
    reader: FrameReader,
    writer: FrameWriter,
}

/// Shows the window when it is wished for, until the app quits; it closes then.
pub(crate) async fn run(port: Port, end: CancellationToken) {
    let listener = match Listener::bind(&port.files).await {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::error!(%error, "no window can connect");
            None
        }
    };
    let wishes = port.wishes.wishes();
    let mut keeper = Keeper {
        port,
        program: None,
        session: None,
        paint_by: None,
        reopened: None,
        in_use: false,
        is_owed: false,
    };
    end.run_until_cancelled(keeper.run(listener, wishes)).await;
    if timeout(LEAVING, keeper.leave()).await.is_err() {
        tracing::warn!("the window doesn't close");
        keeper.kill().await;
    }
}

struct Keeper {
    port: Port,
    /// The program that was started last, as long as it runs.
    program: Option<Program>,
    /// The window, once it has connected.
    session: Option<Session>,
    /// When it is to be said that the page hasn't painted.
    paint_by: Option<Instant>,
    /// When a window was opened anew by itself.
    reopened: Option<Instant>,
    /// The page has painted, and the person hasn't closed it.
    in_use: bool,
    /// The window was told to be shown, and hasn't said that it did. It may be about to end.
    is_owed: bool,
}

impl Keeper {
    async fn run(&mut self, listener: Option<Listener>, mut wishes: watch::Receiver<u64>) {
        let mut theme = self.port.choices.theme();
        let mut text_size = self.port.choices.text_size();
        let mut renewals = self.port.wishes.renewals();
        let (tell, mut heard) = mpsc::channel(HEARD);
        let (greet, mut arrived) = mpsc::channel(1);
        loop {
            tokio::select! {
                Ok(()) = wishes.changed() => self.wished(),
                Ok(()) = renewals.changed() => self.renew().await,
                Some(connected) = accepted(listener.as_ref()) => {
                    let greet = greet.clone();
                    self.port.tasks.spawn(async move {
                        if let Some(arrived) = hello(connected).await {
                            // Only at the end nobody takes it.
                            let _ = greet.send(arrived).await;
                        }
                    });
                }
                Some(arrived) = arrived.recv() => self.arrived(arrived, &tell).await,
                Some((number, heard)) = heard.recv() => self.heard(number, &heard),
                failed = exited(&mut self.program) => self.exited(failed),
                Ok(()) = theme.changed() => {
                    let theme = theme.borrow_and_update().map(Into::into);
                    self.tell(ToWindow::Theme { theme });
                }
                Ok(()) = text_size.changed() => {
                    let percent = *text_size.borrow_and_update();
                    self.tell(ToWindow::TextSize { percent });
                }
                () = at(self.paint_by) => self.not_painted(),
            }
        }
    }

    fn wished(&mut self) {
        if self.session.is_some() {
            let activation = self.port.wishes.take_activation();
            self.tell(ToWindow::Show { activation });
            self.is_owed = true;
        } else if self.program.is_none() {
            self.start();
        }
        // One that is on its way is shown when it has come.
    }

    fn start(&mut self) {
        match Program::start() {
            Ok(program) => {
                self.program = Some(program);
                self.paint_by = Some(Instant::now() + PAINT);
            }
            Err(error) => {
                tracing::error!(%error, "the window's program can't be started");
                self.port.announcements.say(Announcement::NoWindow);
            }
        }
    }

    /// Has another take the place of one that shows nothing.
    async fn renew(&mut self) {
        self.session = None;
        self.in_use = false;
        self.kill().await;
        self.program = None;
        self.start();
    }

    async fn arrived(&mut self, arrived: Arrived, tell: &mpsc::Sender<(u64, Heard)>) {
        let Arrived { version, reader, mut writer } = arrived;
        let refusal = if version != VERSION {
            tracing::error!(version, own = VERSION, "the window is of another version");
            self.paint_by = None;
            let word =
                if program::is_replaced() { Announcement::Updated } else { Announcement::NoWindow };
            self.port.announcements.say(word);
            Some(ToWindow::OtherVersion { version: VERSION.to_owned() })
        } else if self.session.is_some() {
            self.wished();
            Some(ToWindow::Taken)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            // It may have gone.
            let _ = writer.send(&refusal).await;
            return;
        }
        self.in_use = false;
        self.paint_by = self.paint_by.or(Some(Instant::now() + PAINT));
        self.session =
            Some(Session::start(&self.port.page, &self.port.tasks, reader, writer, tell.clone()));
        let theme = self.port.choices.theme().borrow().map(Into::into);
        let activation = self.port.wishes.take_activation();
        let text_size = *self.port.choices.text_size().borrow();
        self.tell(ToWindow::Welcome { theme, text_size, activation });
    }

    fn tell(&self, frame: ToWindow) {
        if let Some(session) = &self.session {
            session.tell(frame);
        }
    }

    /// What a window says; of one that was here before, nothing matters any more.
    fn heard(&mut self, number: u64, heard: &Heard) {
        if self.session.as_ref().is_none_or(|session| session.number() != number) {
            return;
        }
        match heard {
            Heard::Painted => {
                self.paint_by = None;
                self.in_use = true;
            }
            Heard::Shown => self.is_owed = false,
            Heard::Ended(ended) => self.ended(ended),
        }
    }

    fn ended(&mut self, ended: &Ended) {
        self.session = None;
        // What has gone needn't have ended yet, and another is started without waiting for that.
        if let Some(program) = self.program.take() {
            program.leave();
        }
        let was_awaited = self.paint_by.take().is_some();
        let was_in_use = std::mem::take(&mut self.in_use);
        if let Ended::Lost(why) = ended {
            tracing::error!(why, "the window's program has died");
            // One that dies again at once would die for ever.
            let is_again = self.reopened.is_some_and(|at| at.elapsed() < SOON);
            if was_in_use && !is_again && !self.port.quit.is_wanted() {
                self.reopened = Some(Instant::now());
                self.is_owed = true;
            } else if was_awaited {
                self.port.announcements.say(Announcement::NoWindow);
            }
        }
        if std::mem::take(&mut self.is_owed) {
            self.start();
        }
    }

    /// The program has ended. One that never connected is missed.
    fn exited(&mut self, failed: Option<String>) {
        self.program = None;
        if self.session.is_none()
            && self.paint_by.take().is_some()
            && let Some(why) = failed
        {
            tracing::error!(why, "the window can't be shown");
            self.port.announcements.say(Announcement::NoWindow);
        }
    }

    fn not_painted(&mut self) {
        self.paint_by = None;
        tracing::error!("the window's page hasn't painted");
        self.port.announcements.say(Announcement::NotPainted);
    }

    /// Has the window close, and waits for it.
    async fn leave(&mut self) {
        if let Some(session) = &self.session {
            session.tell(ToWindow::Quit);
            session.gone().await;
        }
        if let Some(program) = &mut self.program {
            program.ended().await;
        }
    }

    async fn kill(&mut self) {
        if let Some(program) = &mut self.program {
            program.kill().await;
        }
    }
}

/// The next program that connects; never, where none can.
async fn accepted(listener: Option<&Listener>) -> Option<(FrameReader, FrameWriter)> {
    match listener {
        Some(listener) => listener
            .accept()
            .await
            .inspect_err(|error| tracing::warn!(%error, "a window can't connect"))
            .ok(),
        None => pending().await,
    }
}

/// What a program says first.
async fn hello((mut reader, writer): (FrameReader, FrameWriter)) -> Option<Arrived> {
    let said = timeout(HELLO, reader.next()).await;
    let Ok(Ok(Some(FromWindow::Hello { version }))) = said else {
        tracing::warn!("what has connected is no window");
        return None;
    };
    Some(Arrived { version, reader, writer })
}

/// The end of the program: how it failed, if it did; never, where none runs.
async fn exited(program: &mut Option<Program>) -> Option<String> {
    match program {
        Some(program) => program.ended().await,
        None => pending().await,
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => pending().await,
    }
}
