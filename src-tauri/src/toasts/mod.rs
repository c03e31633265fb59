//! Toasts: the system's notifications of alerts that were just committed.
//!
//! They hang on the receiver's changes and never hold up the stream. While the system is busy with
//! one, what arrives piles up, and then becomes a few toasts and one that counts the rest.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;
mod pile;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use crate::shell::Shell;
use crate::window;
use agora_inbox::{AlertId, Category};
use agora_receiver::Change;
use pile::Pile;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// The most toasts whose click is waited for. Each holds a connection to the bus, or a thread.
const CLICKABLE: usize = 16;
/// A system that takes longer than this for a toast is not given many.
const SLOW: Duration = Duration::from_secs(1);

/// What a toast shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    title: String,
    /// Plain text.
    body: String,
    urgent: bool,
    category: Category,
    /// The alert that a click opens; the inbox where there is none.
    opens: Option<AlertId>,
    /// How many alerts it tells of; 0 where nobody counted them.
    stands_for: usize,
}

/// Shows toasts until the app quits.
pub(crate) async fn run(shell: Arc<Shell>) {
    let mut changes = shell.receiver.subscribe().changes;
    let daemon = system::Daemon::watch(&shell).await;
    let mut clicks = Clicks::default();
    let mut pile = Pile::default();
    while gather(&mut pile, &mut changes).await {
        let mut toasts = VecDeque::from(pile.take(shell.language()));
        while let Some(toast) = toasts.pop_front() {
            let began = Instant::now();
            if let Some(shown) = daemon.show(&toast).await {
                clicks.wait_for(shown, toast.opens, shell.clone());
            }
            let slow = began.elapsed() > SLOW;
            pile.slow(slow);
            if slow {
                toasts.drain(..).for_each(|toast| pile.put_back(&toast));
            }
        }
    }
}

/// Puts on the pile what has happened, and waits for something where nothing has. `false` at the
/// end.
async fn gather(pile: &mut Pile, changes: &mut broadcast::Receiver<Change>) -> bool {
    if pile.is_empty() {
        match changes.recv().await {
            Ok(change) => pile.add(change),
            Err(RecvError::Lagged(_)) => pile.missed(),
            Err(RecvError::Closed) => return false,
        }
    }
    // No more than there are now: what comes meanwhile has its turn.
    for _ in 0..changes.len() {
        match changes.try_recv() {
            Ok(change) => pile.add(change),
            Err(TryRecvError::Lagged(_)) => pile.missed(),
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    true
}

/// The toasts whose click is waited for.
#[derive(Default)]
struct Clicks {
    tasks: JoinSet<()>,
    /// Oldest first; those that ended are among them until the next one comes.
    order: VecDeque<AbortHandle>,
}

impl Clicks {
    fn wait_for(&mut self, shown: system::Shown, opens: Option<AlertId>, shell: Arc<Shell>) {
        while self.tasks.try_join_next().is_some() {}
        self.order.retain(|click| !click.is_finished());
        if self.order.len() == CLICKABLE
            && let Some(oldest) = self.order.pop_front()
        {
            oldest.abort();
        }
        self.order.push_back(self.tasks.spawn(async move {
            if shown.clicked().await {
                match opens {
                    Some(id) => shell.open_alert(id),
                    None => window::show(&shell.app),
                }
            }
        }));
    }
}
