//! The resident, as the window's program sees it: calls go over the socket and are answered from there,
//! and what the page is told comes from there.
//!
//! Every call is answered: where the resident goes away, with the problem `gone`. One that goes away
//! without a word is started again, once a minute, and the page goes on with a new snapshot.

use agora_home::Files;
use agora_socket::{
    FrameReader, FrameWriter, FromWindow, RESIDENT, Theme, ToWindow, VERSION, gone,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, ErrorKind};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::async_runtime::spawn;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

/// How long a resident may take to start. One that is quitting has to end first.
const START: Duration = Duration::from_secs(10);
/// Between two looks whether it is there.
const LOOK: Duration = Duration::from_millis(25);
/// A resident that goes away again so soon isn't started again.
const SOON: Duration = Duration::from_mins(1);
/// How long the last word to it may take.
const LEAVING: Duration = Duration::from_millis(500);
/// What waits to be said to it. Calls beyond that wait where they are made.
const WAITING: usize = 64;

/// What came of connecting.
pub(super) enum Connected {
    /// This program is the window.
    AsWindow(Remote, Said),
    /// There is one, and it is shown.
    Taken,
    /// The resident is of another version: which.
    OtherVersion(String),
}

/// What the resident says that is the window's to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// It is to be shown.
    Show,
    /// It is to end.
    Quit,
}

/// Its wishes, and then the end of the resident.
pub(super) type Said = mpsc::Receiver<Wish>;

/// The resident. Clones share it.
#[derive(Clone)]
pub(crate) struct Remote(Arc<Shared>);

struct Shared {
    files: Files,
    /// To the resident that is connected.
    tell: Mutex<mpsc::Sender<FromWindow>>,
    /// The calls that wait for their answer.
    calls: Mutex<HashMap<u64, oneshot::Sender<Result<Value, Value>>>>,
    number: AtomicU64,
    /// Takes what the page is told.
    page: Mutex<Option<Page>>,
    theme: watch::Sender<Option<Theme>>,
    /// In percent.
    text_size: watch::Sender<u16>,
    /// What lets the window come to the front the next time that it is shown.
    activation: Mutex<Option<String>>,
    /// The end is wanted, here or there.
    is_ending: AtomicBool,
}

type Page = Box<dyn FnMut(Value) -> bool + Send>;

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}

/// Connects to the resident of a home, and starts it first where there is none; it gets the token that
/// this program was started with.
pub(super) async fn connect(
    files: Files,
    token: Option<impl AsRef<OsStr>>,
) -> io::Result<Connected> {
    let token = token.as_ref().map(AsRef::as_ref);
    let (reader, writer, first) = greet(&files, token).await?;
    let (theme, text_size, activation) = match first {
        ToWindow::Welcome { theme, text_size, activation } => (theme, text_size, activation),
        ToWindow::Taken => return Ok(Connected::Taken),
        ToWindow::OtherVersion { version } => return Ok(Connected::OtherVersion(version)),
        _ => return Err(io::Error::new(ErrorKind::InvalidData, "it doesn't greet")),
    };
    let (say, said) = mpsc::channel(WAITING);
    let (tell, frames) = mpsc::channel(WAITING);
    let remote = Remote(Arc::new(Shared {
        files,
        tell: Mutex::new(tell),
        calls: Mutex::default(),
        number: AtomicU64::new(0),
        page: Mutex::default(),
        theme: watch::Sender::new(theme),
        text_size: watch::Sender::new(text_size),
        activation: Mutex::new(activation),
        is_ending: AtomicBool::new(false),
    }));
    spawn(remote.clone().live(reader, writer, frames, say));
    Ok(Connected::AsWindow(remote, said))
}

impl Remote {
    /// Where the app's files are.
    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }

    /// The theme that the person forces on the window, and each change; `None` follows the system.
    pub(crate) fn theme(&self) -> watch::Receiver<Option<Theme>> {
        self.0.theme.subscribe()
    }

    /// How large everything in the window is, in percent of its usual size, and each change.
    pub(crate) fn text_size(&self) -> watch::Receiver<u16> {
        self.0.text_size.subscribe()
    }

    /// Takes what lets the window come to the front.
    pub(crate) fn take_activation(&self) -> Option<String> {
        lock(&self.0.activation).take()
    }

    /// Answers a call of the page.
    pub(crate) async fn call(&self, call: Value) -> Result<Value, Value> {
        let (answer, answered) = oneshot::channel();
        let number = self.0.number.fetch_add(1, Ordering::Relaxed);
        lock(&self.0.calls).insert(number, answer);
        let tell = lock(&self.0.tell).clone();
        if tell.send(FromWindow::Call { number, call }).await.is_err() {
            lock(&self.0.calls).remove(&number);
        }
        answered.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Tells a page what happens, a snapshot first, in place of the one before.
    pub(crate) fn attach(&self, take: impl FnMut(Value) -> bool + Send + 'static) {
        *lock(&self.0.page) = Some(Box::new(take));
        self.tell(FromWindow::Attach);
    }

    /// The page is gone. What it was to be told waits for the next one.
    pub(crate) fn detach(&self) {
        *lock(&self.0.page) = None;
        self.tell(FromWindow::Detach);
    }

    /// The page has painted.
    pub(crate) fn painted(&self) {
        self.tell(FromWindow::Painted);
    }

    /// The window was shown, as it was told to.
    pub(super) fn shown(&self) {
        self.tell(FromWindow::Shown);
    }

    /// Says that the window ends as the person wished, and waits until that is said.
    pub(super) async fn close(&self) {
        self.0.is_ending.store(true, Ordering::Release);
        let tell = lock(&self.0.tell).clone();
        let said = async {
            // It may be gone already.
            let _ = tell.send(FromWindow::Closed).await;
            tell.closed().await;
        };
        if timeout(LEAVING, said).await.is_err() {
            tracing::warn!("the resident doesn't listen");
        }
    }

    fn tell(&self, frame: FromWindow) {
        if lock(&self.0.tell).try_send(frame).is_err() {
            tracing::warn!("the resident doesn't listen");
        }
    }

    /// Passes on what is said on both sides, until the end.
    async fn live(
        self,
        mut reader: FrameReader,
        mut writer: FrameWriter,
        mut frames: mpsc::Receiver<FromWindow>,
        say: mpsc::Sender<Wish>,
    ) {
        let mut since = Instant::now();
        let mut was_again = false;
        loop {
            let lost = tokio::select! {
                lost = self.hear(&mut reader, &say) => lost,
                () = self.say(&mut writer, &mut frames) => self.last_words(&mut reader, &say).await,
            };
            // Nobody takes another call before those that wait are refused.
            drop(frames);
            lock(&self.0.calls).clear();
            if self.0.is_ending.load(Ordering::Acquire) || (was_again && since.elapsed() < SOON) {
                return;
            }
            tracing::error!(error = ?lost.err(), "the resident has gone without a word");
            let Ok((next_reader, next_writer, ToWindow::Welcome { theme, text_size, .. })) =
                greet(&self.0.files, None).await
            else {
                tracing::error!("the resident can't be reached again");
                return;
            };
            (reader, writer) = (next_reader, next_writer);
            (since, was_again) = (Instant::now(), true);
            let (tell, next_frames) = mpsc::channel(WAITING);
            frames = next_frames;
            *lock(&self.0.tell) = tell;
            self.0.theme.send_replace(theme);
            self.0.text_size.send_replace(text_size);
            self.painted();
            if lock(&self.0.page).is_some() {
                self.tell(FromWindow::Attach);
            }
        }
    }

    /// Hears what a resident that no longer listens has said before: that it quits may be among it.
    async fn last_words(
        &self,
        reader: &mut FrameReader,
        say: &mpsc::Sender<Wish>,
    ) -> io::Result<()> {
        if self.0.is_ending.load(Ordering::Acquire) {
            return Ok(());
        }
        timeout(LEAVING, self.hear(reader, say)).await.unwrap_or(Ok(()))
    }

    async fn hear(&self, reader: &mut FrameReader, say: &mpsc::Sender<Wish>) -> io::Result<()> {
        while let Some(frame) = reader.next::<ToWindow>().await? {
            match frame {
                ToWindow::Answer { number, answer } => self.answered(number, Ok(answer)),
                ToWindow::Problem { number, problem } => self.answered(number, Err(problem)),
                ToWindow::Event { event } => {
                    let mut page = lock(&self.0.page);
                    if page.as_mut().is_some_and(|take| !take(event)) {
                        *page = None;
                    }
                }
                ToWindow::Theme { theme } => {
                    self.0.theme.send_replace(theme);
                }
                ToWindow::TextSize { percent } => {
                    self.0.text_size.send_replace(percent);
                }
                ToWindow::Show { activation } => {
                    *lock(&self.0.activation) = activation;
                    // Only as the program ends nobody does it.
                    let _ = say.send(Wish::Show).await;
                }
                ToWindow::Quit => {
                    self.0.is_ending.store(true, Ordering::Release);
                    let _ = say.send(Wish::Quit).await;
                }
                // Those come first.
                ToWindow::Welcome { .. } | ToWindow::OtherVersion { .. } | ToWindow::Taken => {}
            }
        }
        Ok(())
    }

    fn answered(&self, number: u64, answer: Result<Value, Value>) {
        if let Some(call) = lock(&self.0.calls).remove(&number) {
            // The page that called may be gone.
            let _ = call.send(answer);
        }
    }

    /// Says what there is to say, until the last word or until nobody listens.
    async fn say(&self, writer: &mut FrameWriter, frames: &mut mpsc::Receiver<FromWindow>) {
        while let Some(frame) = frames.recv().await {
            let is_last = matches!(frame, FromWindow::Closed);
            match writer.send(&frame).await {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::InvalidInput => {
                    if let FromWindow::Call { number, .. } = frame {
                        let message = error.to_string();
                        let problem =
                            json!({ "code": "internal", "message": message, "fields": [] });
                        self.answered(number, Err(problem));
                    }
                }
                Err(_) => return,
            }
            if is_last {
                return;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Connects, starting the resident where there is none, and says hello. Gives what it says first. One
/// that is about to end may let itself be connected to, and says nothing.
async fn greet(files: &Files, token: Option<&OsStr>) -> io::Result<Greeted> {
    let mut is_started = false;
    let reach = async {
        loop {
            match try_greet(files).await {
                Ok(greeted) => return Ok(greeted),
                Err(error) if !is_started => {
                    tracing::info!(%error, "the resident isn't there, and is started");
                    start(token)?;
                    is_started = true;
                }
                Err(_) => sleep(LOOK).await,
            }
        }
    };
    timeout(START, reach).await.map_err(|_| ErrorKind::TimedOut)?
}

type Greeted = (FrameReader, FrameWriter, ToWindow);

async fn try_greet(files: &Files) -> io::Result<Greeted> {
    let (mut reader, mut writer) = agora_socket::connect(files).await?;
    writer.send(&FromWindow::Hello { version: VERSION.to_owned() }).await?;
    let first = reader.next().await?.ok_or(ErrorKind::UnexpectedEof)?;
    Ok((reader, writer, first))
}

/// Starts the resident that lies beside this program. It outlives it.
fn start(token: Option<&OsStr>) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(std::env::current_exe()?.with_file_name(RESIDENT));
    command.arg("--hidden").stdin(Stdio::null()).stdout(Stdio::null()).process_group(0);
    if let Some(token) = token {
        command.env("AGORA_TOKEN", token);
    }
    command.spawn().map(drop)
}
