//! The connection's task, from its start to its goodbye.

use agora_client::connection::{self, Config, Control, Ended, Target, Update};
use agora_client::{Endpoint, SetupError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How many updates wait for the actor before the stream has to.
const QUEUE: usize = 256;

/// A running connection.
#[derive(Debug)]
pub(crate) struct Stream {
    /// What it tells, in order.
    pub(crate) updates: mpsc::Receiver<Update>,
    control: mpsc::Sender<Control>,
    cancel: CancellationToken,
    task: JoinHandle<Result<Ended, SetupError>>,
}

impl Stream {
    pub(crate) fn start(endpoint: Endpoint, last_event_id: Option<String>) -> Self {
        let (tell, updates) = mpsc::channel(QUEUE);
        let (control, controls) = mpsc::channel(1);
        let cancel = CancellationToken::new();
        let config = Config { last_event_id, ..Config::new(Target::market(endpoint)) };
        let task = tokio::spawn(connection::run(config, tell, controls, cancel.clone()));
        Self { updates, control, cancel, task }
    }

    /// Passes on what a person or the system says. One that is already on its way is enough.
    pub(crate) fn control(&self, control: Control) {
        let _ = self.control.try_send(control);
    }

    /// Closes the connection, says goodbye to the market, and gives back what had arrived by then.
    pub(crate) async fn leave(mut self) -> Vec<Update> {
        self.cancel.cancel();
        match self.task.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the connection could not be set up"),
            Err(error) => tracing::error!(%error, "the connection's task failed"),
        }
        let mut rest = Vec::new();
        while let Ok(update) = self.updates.try_recv() {
            rest.push(update);
        }
        rest
    }
}
