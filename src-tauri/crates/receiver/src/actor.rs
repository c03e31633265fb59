//! The actor: one task, one mailbox, one owner of the state.

use crate::account::{AccountState, TokenState};
use crate::command::Command;
use crate::handle::{Change, Outputs};
use crate::keeping::{Keeping, Trouble};
use crate::status::{SignedOut, Status};
use crate::stream::Stream;
use crate::{SendOutcome, send};
use agora_account::{Account, AccountError, Accounts, Credential};
use agora_client::Endpoint;
use agora_client::connection::{Control, Update};
use agora_inbox::{AlertId, Committed, Inbox, Marked, StoreError};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
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
    /// A message was sent, or not.
    Sent(SendOutcome, oneshot::Sender<SendOutcome>),
}

pub(crate) struct Actor {
    accounts: Arc<Accounts>,
    inbox: Option<Inbox>,
    outputs: Outputs,
    account: Option<Account>,
    paused: bool,
    stream: Option<Stream>,
    keeping: Option<Keeping>,
    beside: JoinSet<Done>,
}

impl Actor {
    pub(crate) fn new(accounts: Arc<Accounts>, inbox: Option<Inbox>, outputs: Outputs) -> Self {
        Self {
            accounts,
            inbox,
            outputs,
            account: None,
            paused: false,
            stream: None,
            keeping: None,
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
            Done::Credential(account, credential) => self.connect(account, credential).await,
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

    /// Looks the account up and sets out to connect: the credential may take a while, so it is
    /// asked for beside the mailbox.
    fn begin(&mut self) {
        self.account = self.accounts.account().unwrap_or_else(|error| {
            tracing::error!(%error, "the settings can't be read");
            self.trouble(Some(Trouble::Settings(error.to_string())));
            None
        });
        let state = |account| AccountState { account, token: TokenState::Unknown };
        self.outputs.account.send_replace(self.account.clone().map(state));
        let Some(account) = self.account.clone() else {
            return self.say(Status::SignedOut(SignedOut::NoAccount));
        };
        if self.inbox.is_none() {
            return self.say(Status::NoInbox);
        }
        if self.paused {
            return self.say(Status::Paused);
        }
        self.say(Status::Connecting);
        let accounts = self.accounts.clone();
        self.beside.spawn(async move {
            let credential = accounts.credential(&account).await;
            Done::Credential(account, credential)
        });
    }

    /// Connects, now that the credential is known, unless something else has come up since.
    async fn connect(&mut self, account: Account, credential: Credential) {
        let is_current = self.account.as_ref() == Some(&account);
        if !is_current || self.paused || self.stream.is_some() {
            return;
        }
        let token = TokenState::of(&credential);
        self.outputs.account.send_replace(Some(AccountState { account: account.clone(), token }));
        if matches!(credential, Credential::Lost(_)) {
            return self.say(Status::SignedOut(SignedOut::NoToken));
        }
        let Some(inbox) = self.inbox.clone() else { return };
        let cursor = self.resume(inbox, account.name()).await;
        let endpoint = Endpoint {
            base: account.base,
            client_id: account.client_id,
            token: credential.token().cloned(),
        };
        self.stream = Some(Stream::start(endpoint, cursor));
    }

    /// Makes ready to keep what `source` sends, and says where its stream is to be resumed. What an
    /// earlier connection could not yet keep stays in line.
    async fn resume(&mut self, inbox: Inbox, source: String) -> Option<String> {
        if let Some(keeping) = self.keeping.as_ref().filter(|keeping| keeping.source() == source) {
            return keeping.cursor().map(ToOwned::to_owned);
        }
        self.give_up_waiting();
        let cursor = inbox.last_event_id(source.clone()).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the stream's cursor can't be read");
            None
        });
        self.keeping = Some(Keeping::new(inbox, source, cursor.clone()));
        cursor
    }

    /// Says so when alerts can wait no longer for an inbox that takes them.
    fn give_up_waiting(&mut self) {
        if let Some(lost) = self.keeping.take().map(|keeping| keeping.waiting()).filter(|n| *n > 0)
        {
            tracing::error!(lost, "alerts are lost: the inbox could not keep them");
        }
    }

    /// Takes one update, and with it whatever else has arrived by now, then keeps it.
    async fn update(&mut self, first: Option<Update>) {
        let Some(first) = first else {
            // The connection has ended for good, and has said why.
            self.stream = None;
            return;
        };
        let mut next = Some(first);
        while let Some(update) = next {
            self.take(update);
            let has_room = self.keeping.as_ref().is_some_and(Keeping::has_room);
            next = match &mut self.stream {
                Some(stream) if has_room => stream.updates.try_recv().ok(),
                _ => None,
            };
        }
        self.keep().await;
    }

    fn take(&mut self, update: Update) {
        match update {
            Update::Status(status) => self.say(Status::of(status)),
            Update::Heard(at) => self.heard(at),
            Update::Event(event) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.take(event);
                }
            }
            Update::Cursor(cursor) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.move_cursor(cursor);
                }
            }
        }
    }

    /// Commits what was taken, then announces what is new of it.
    async fn keep(&mut self) {
        let Some(keeping) = &mut self.keeping else { return };
        match keeping.keep().await {
            Ok(None) => {}
            Ok(Some(Committed { new, counts })) => {
                self.trouble(None);
                if !new.is_empty() {
                    self.change(Change::Arrived { alerts: new.into(), counts: counts.into() });
                }
            }
            Err(error) => {
                tracing::error!(%error, "alerts can't be kept; the stream waits");
                self.trouble(Some(Trouble::of_store(&error)));
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

    /// Leaves the market, and keeps what had arrived.
    async fn leave(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        for update in stream.leave().await {
            if matches!(update, Update::Event(_) | Update::Cursor(_)) {
                self.take(update);
            }
        }
        self.keep().await;
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

    fn say(&self, status: Status) {
        self.outputs.status.send_if_modified(|now| {
            let is_new = *now != status;
            *now = status;
            is_new
        });
    }

    fn heard(&self, at: SystemTime) {
        self.outputs.status.send_if_modified(|now| match now {
            Status::Connected { heard, .. } if *heard < at => {
                *heard = at;
                true
            }
            _ => false,
        });
    }

    fn trouble(&self, trouble: Option<Trouble>) {
        self.outputs.trouble.send_if_modified(|now| {
            let is_new = *now != trouble;
            *now = trouble;
            is_new
        });
    }

    fn change(&self, change: Change) {
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
