//! The connection's task, from its start to its goodbye.

use agora_client::connection::{self, Config, Control, Ended, Target, Update, Updates};
use agora_client::{Endpoint, SetupError, Token};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How many controls wait while the connection waits for the actor. Sleep and network are told of
/// in turns of which the last counts, and these are more than come in a second.
const CONTROLS: usize = 16;

/// A running connection.
#[derive(Debug)]
pub(crate) struct Stream {
    /// What it tells, in order.
    pub(crate) updates: Updates,
    target: Target,
    control: mpsc::Sender<Control>,
    cancel: CancellationToken,
    task: Goodbye,
}

/// The rest of a connection that was closed: it tells the market, within a limit.
#[derive(Debug)]
pub(crate) struct Goodbye(JoinHandle<Result<Ended, SetupError>>);

impl Stream {
    pub(crate) fn start(endpoint: Endpoint, last_event_id: Option<String>) -> Self {
        let (tell, updates) = connection::queue();
        let (control, controls) = mpsc::channel(CONTROLS);
        let cancel = CancellationToken::new();
        let target = Target::market(endpoint);
        let config = Config { last_event_id, ..Config::new(target.clone()) };
        let task = Goodbye(tokio::spawn(connection::run(config, tell, controls, cancel.clone())));
        Self { updates, target, control, cancel, task }
    }

    /// From now on requests go with this token. What is open stays.
    pub(crate) fn renew(&self, token: Token) {
        self.target.renew(token);
    }

    /// Passes on what a person or the system says. What there is no room for can't matter any more.
    pub(crate) fn control(&self, control: Control) {
        let _ = self.control.try_send(control);
    }

    /// Closes the connection, and gives back what had arrived by then.
    pub(crate) async fn close(mut self) -> (Vec<Update>, Goodbye) {
        self.cancel.cancel();
        let mut rest = Vec::new();
        // The queue ends when the connection is closed, which is before the goodbye.
        while let Some(update) = self.updates.recv().await {
            rest.push(update);
        }
        (rest, self.task)
    }

    /// Why a connection ended that nobody closed and that said nothing of it.
    pub(crate) async fn failure(mut self) -> Option<String> {
        self.task.said().await
    }
}

impl Goodbye {
    /// Waits for the end, once. Gives what went wrong, if anything did. Cancel-safe.
    pub(crate) async fn said(&mut self) -> Option<String> {
        let failure = match (&mut self.0).await {
            Ok(Ok(_)) => return None,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(%failure, "the connection's task failed");
        Some(failure)
    }
}
