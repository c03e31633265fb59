//! One window that is connected: its calls are answered, its page is fed, and its end is told.

use crate::desk::Tasks;
use crate::page::Page;
use agora_socket::{FrameReader, FrameWriter, FromWindow, ToWindow, gone};
use serde_json::Value;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

/// What waits to be said to a window that takes its time. What is to be told of alerts then waits with
/// the page's feed, which is bounded too.
const WAITING: usize = 32;
/// How many calls are answered at a time; the others wait on the socket.
const CALLS: usize = 64;

/// What a window tells of itself.
pub(super) enum Heard {
    /// Its page has painted.
    Painted,
    /// It was shown, as it was told to.
    Shown,
    /// It is gone.
    Ended(Ended),
}

/// How a window went.
pub(super) enum Ended {
    /// As the person wished.
    Closed,
    /// By itself: why.
    Lost(String),
}

/// A connected window. Dropping it cuts the connection.
#[derive(Debug)]
pub(super) struct Session {
    number: u64,
    tell: mpsc::Sender<ToWindow>,
    /// Cancelled once it is gone.
    gone: CancellationToken,
    _cut: DropGuard,
}

impl Session {
    /// Answers a window until it is gone, and tells what it hears with the session's number.
    pub(super) fn start(
        page: &Page,
        tasks: &Tasks,
        reader: FrameReader,
        writer: FrameWriter,
        heard: mpsc::Sender<(u64, Heard)>,
    ) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let (tell, frames) = mpsc::channel(WAITING);
        let (cut, gone) = (CancellationToken::new(), CancellationToken::new());
        let answerer = Answerer { page: page.clone(), tasks: tasks.clone(), tell: tell.clone() };
        // As the app quits, the window is still to hear of that, and is waited for.
        let (end, is_gone) = (cut.clone(), gone.clone().drop_guard());
        tasks.spawn_to_its_end(|_| async move {
            end.run_until_cancelled(say(writer, frames)).await;
        });
        let end = cut.clone();
        tasks.spawn_to_its_end(|_| async move {
            let answering = answerer.run(reader, &heard, number);
            let ended = end.run_until_cancelled(answering).await;
            drop(is_gone);
            if let Some(ended) = ended {
                // Nobody is left to hear it as the app quits.
                let _ = heard.send((number, Heard::Ended(ended))).await;
            }
        });
        Self { number, tell, gone, _cut: cut.drop_guard() }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Says something; a window that hasn't heard what was said before has no room for it.
    pub(super) fn tell(&self, frame: ToWindow) {
        if self.tell.try_send(frame).is_err() {
            tracing::warn!("the window doesn't listen");
        }
    }

    /// Waits until it is gone.
    pub(super) async fn gone(&self) {
        self.gone.cancelled().await;
    }
}

/// Says what there is to say, until nobody has anything more to say or nobody listens.
async fn say(mut writer: FrameWriter, mut frames: mpsc::Receiver<ToWindow>) {
    while let Some(frame) = frames.recv().await {
        let said = match writer.send(&frame).await {
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                tracing::error!(%error, "the window can't be told");
                match frame {
                    ToWindow::Answer { number, .. } => {
                        writer.send(&ToWindow::Problem { number, problem: gone() }).await
                    }
                    _ => Ok(()),
                }
            }
            said => said,
        };
        if said.is_err() {
            return;
        }
    }
}

struct Answerer {
    page: Page,
    tasks: Tasks,
    tell: mpsc::Sender<ToWindow>,
}

impl Answerer {
    async fn run(
        &self,
        mut reader: FrameReader,
        heard: &mpsc::Sender<(u64, Heard)>,
        session: u64,
    ) -> Ended {
        let calls = Arc::new(Semaphore::new(CALLS));
        let mut is_closed = false;
        let ended = loop {
            // One that no longer listens is read to its end: its last word may be among that.
            match reader.next().await {
                Ok(Some(FromWindow::Attach)) => self.attach(),
                Ok(Some(FromWindow::Detach)) => self.page.detach(),
                // It goes away only with the app.
                Ok(Some(FromWindow::Painted)) => {
                    let _ = heard.send((session, Heard::Painted)).await;
                }
                Ok(Some(FromWindow::Shown)) => {
                    let _ = heard.send((session, Heard::Shown)).await;
                }
                Ok(Some(FromWindow::Call { number, call })) => {
                    let Ok(permit) = calls.clone().acquire_owned().await else {
                        break Ended::Closed;
                    };
                    let (page, tell) = (self.page.clone(), self.tell.clone());
                    self.tasks.spawn(async move {
                        let frame = answer(&page, number, call).await;
                        // The window may be gone.
                        let _ = tell.send(frame).await;
                        drop(permit);
                    });
                }
                Ok(Some(FromWindow::Closed)) => is_closed = true,
                // It has said that already.
                Ok(Some(FromWindow::Hello { .. })) => {}
                // What it hadn't read by then is an error.
                Ok(None) | Err(_) if is_closed => break Ended::Closed,
                Ok(None) => break Ended::Lost("it has gone without a word".to_owned()),
                Err(error) => break Ended::Lost(error.to_string()),
            }
        };
        self.page.detach();
        ended
    }

    fn attach(&self) {
        let tell = self.tell.clone();
        self.page.attach(move |event| {
            let tell = tell.clone();
            async move {
                let event = crate::page::as_json(event);
                tell.send(ToWindow::Event { event }).await.is_ok()
            }
        });
    }
}

async fn answer(page: &Page, number: u64, call: Value) -> ToWindow {
    match page.call(call).await {
        Ok(answer) => ToWindow::Answer { number, answer },
        Err(problem) => ToWindow::Problem { number, problem },
    }
}
