//! The actor: one task, one mailbox, one owner of the state.

mod receiving;
mod signing_in;

use crate::command::Command;
use crate::handle::{Change, Outputs};
use crate::keeping::{Keeping, Trouble};
use crate::status::Status;
use crate::stream::Stream;
use crate::{Refresh, SendOutcome, send};
use agora_account::{Account, AccountError, Accounts, Credential};
use agora_client::Token;
use agora_client::connection::{Control, Update};
use agora_inbox::{AlertId, Inbox, Marked, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// How long sends that are out may take to be answered after the program began to quit.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// What goes on beside the stream and comes back to the actor when it is done.
enum Done {
    /// The account's credential was looked up.
    Credential(Account, Credential),
    /// The account was saved or forgotten, or not.
    Account(Result<(), AccountError>, oneshot::Sender<Result<(), AccountError>>),
    /// A credential that the market refused was renewed, or not.
    Refreshed(Account, Option<Token>),
    /// A message was sent, or not.
    Sent(SendOutcome, oneshot::Sender<SendOutcome>),
}

pub(crate) struct Actor {
    accounts: Arc<Accounts>,
    refresh: Arc<dyn Refresh>,
    inbox: Option<Inbox>,
    outputs: Outputs,
    account: Option<Account>,
    /// The credential in use, and whether it came from a refresh that no open connection has
    /// confirmed yet.
    token: Option<Token>,
    refreshed: bool,
    paused: bool,
    /// What the connection last said of itself.
    status: Status,
    stream: Option<Stream>,
    keeping: Option<Keeping>,
    /// The market's refusal, while a refresh may still undo it.
    refused: Option<Status>,
    beside: JoinSet<Done>,
}

impl Actor {
    pub(crate) fn new(
        accounts: Arc<Accounts>,
        refresh: Arc<dyn Refresh>,
        inbox: Option<Inbox>,
        outputs: Outputs,
    ) -> Self {
        Self {
            accounts,
            refresh,
            inbox,
            outputs,
            account: None,
            token: None,
            refreshed: false,
            paused: false,
            status: Status::Connecting,
            stream: None,
            keeping: None,
            refused: None,
            beside: JoinSet::new(),
        }
    }

    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        cancel: CancellationToken,
    ) {
        self.begin();
        loop {
            let can_take = self.keeping.as_ref().is_some_and(Keeping::has_room);
            let retry = self.keeping.as_ref().and_then(Keeping::retry_at);
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                Some(command) = commands.recv() => self.command(command).await,
                Some(done) = self.beside.join_next() => match done {
                    Ok(done) => self.done(done).await,
                    Err(error) => tracing::error!(%error, "a task beside the stream failed"),
                },
                update = next_update(self.stream.as_mut()), if can_take => self.update(update).await,
                () = at(retry) => self.keep().await,
            }
        }
        self.end().await;
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Pause(paused) => self.pause(paused).await,
            Command::Reconnect => self.reconnect().await,
            Command::NetworkUp => {
                if let Some(stream) = &self.stream {
                    stream.control(Control::NetworkUp);
                }
            }
            Command::Mark { ids, read, done } => {
                let _ = done.send(self.mark(ids, read).await);
            }
            Command::SaveAccount { account, token, done } => {
                let accounts = self.accounts.clone();
                self.beside
                    .spawn(async move { Done::Account(accounts.save(account, token).await, done) });
            }
            Command::ForgetAccount { done } => {
                let accounts = self.accounts.clone();
                self.beside.spawn(async move { Done::Account(accounts.forget().await, done) });
            }
            Command::Send { to, message, done } => {
                let accounts = self.accounts.clone();
                let account = self.account.clone();
                self.beside.spawn(async move {
                    Done::Sent(send::send(&accounts, account, to, message).await, done)
                });
            }
        }
    }

    async fn done(&mut self, done: Done) {
        match done {
            Done::Credential(account, credential) => self.look_at(account, &credential).await,
            Done::Refreshed(account, token) => self.go_on(account, token).await,
            Done::Account(result, asked) => {
                if result.is_ok() {
                    self.leave().await;
                    self.begin();
                }
                let _ = asked.send(result);
            }
            Done::Sent(outcome, asked) => {
                let _ = asked.send(outcome);
            }
        }
    }

    async fn mark(&mut self, ids: Vec<AlertId>, read: bool) -> Result<(), StoreError> {
        let inbox = self.inbox.as_ref().ok_or(StoreError::Closed)?;
        let Marked { changed, counts } = inbox.mark(ids, read).await?;
        if !changed.is_empty() {
            self.change(Change::Marked { ids: changed.into(), read, counts: counts.into() });
        }
        Ok(())
    }

    async fn pause(&mut self, paused: bool) {
        if self.paused == paused {
            return;
        }
        self.paused = paused;
        if paused {
            self.leave().await;
        }
        self.begin();
    }

    /// Connects now: sooner than planned, or anew where the market's answer had ended it.
    async fn reconnect(&mut self) {
        match &self.stream {
            _ if self.paused => self.pause(false).await,
            Some(stream) => stream.control(Control::ReconnectNow),
            None => self.begin(),
        }
    }

    async fn end(mut self) {
        self.leave().await;
        self.give_up_waiting();
        let answers = async {
            while let Some(done) = self.beside.join_next().await {
                if let Ok(Done::Sent(outcome, asked)) = done {
                    let _ = asked.send(outcome);
                }
            }
        };
        // Whoever waits beyond that is told that the message may have been delivered.
        let _ = timeout(LAST_ANSWERS, answers).await;
    }

    /// Takes note of the status, and tells it.
    pub(super) fn say(&mut self, status: Status) {
        self.status = status.clone();
        self.publish(status);
    }

    pub(super) fn publish(&self, status: Status) {
        self.outputs.status.send_if_modified(|now| {
            let is_new = *now != status;
            *now = status;
            is_new
        });
    }

    pub(super) fn trouble(&self, trouble: Option<Trouble>) {
        self.outputs.trouble.send_if_modified(|now| {
            let is_new = *now != trouble;
            *now = trouble;
            is_new
        });
    }

    pub(super) fn change(&self, change: Change) {
        // Nobody may be subscribed.
        let _ = self.outputs.changes.send(change);
    }
}

/// The stream's next update, `None` at its end; never, where there is no stream.
async fn next_update(stream: Option<&mut Stream>) -> Option<Update> {
    match stream {
        Some(stream) => stream.updates.recv().await,
        None => std::future::pending().await,
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
