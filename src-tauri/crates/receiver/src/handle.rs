//! The handle on the actor: everything that anyone may ask of it or see of it.

use crate::actor::Actor;
use crate::command::Command;
use crate::{AccountState, Recipient, Refresh, SendOutcome, Status, Trouble};
use agora_account::{Account, AccountError, Accounts, TokenChange};
use agora_client::Message;
use agora_inbox::{Alert, AlertId, Counts, Inbox, OpenError, StoreError};
use std::sync::Arc;
use tokio::sync::{Mutex, broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How many commands wait in the mailbox before the next one has to.
const MAILBOX: usize = 32;
/// How many changes a slow subscriber may be behind before it needs a new snapshot.
const CHANGES: usize = 64;

/// Something that changed in the inbox.
#[derive(Debug, Clone)]
pub enum Change {
    /// Alerts were committed that are new, in order.
    Arrived {
        /// The alerts.
        alerts: Arc<[Alert]>,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
    /// Alerts were marked.
    Marked {
        /// Which.
        ids: Arc<[AlertId]>,
        /// As read, or as unread.
        read: bool,
        /// The counts that follow.
        counts: Arc<Counts>,
    },
}

/// What a subscriber gets: states that always hold the latest, and the changes from now on.
#[derive(Debug)]
pub struct Subscription {
    /// The connection's status.
    pub status: watch::Receiver<Status>,
    /// The account; `None` before one was set up.
    pub account: watch::Receiver<Option<AccountState>>,
    /// Whether the person paused it.
    pub paused: watch::Receiver<bool>,
    /// Why the settings can't be read, if they can't.
    pub settings: watch::Receiver<Option<String>>,
    /// What is wrong with the inbox.
    pub trouble: watch::Receiver<Option<Trouble>>,
    /// What happens in the inbox. One that lags is told so, and reads the inbox anew.
    pub changes: broadcast::Receiver<Change>,
}

/// A handle on the running actor. Clones share it.
#[derive(Debug, Clone)]
pub struct Receiver {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    mailbox: mpsc::Sender<Command>,
    status: watch::Receiver<Status>,
    account: watch::Receiver<Option<AccountState>>,
    paused: watch::Receiver<bool>,
    settings: watch::Receiver<Option<String>>,
    trouble: watch::Receiver<Option<Trouble>>,
    changes: broadcast::Sender<Change>,
    accounts: Arc<Accounts>,
    inbox: Option<Inbox>,
    cancel: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// The sending ends of what the actor tells.
#[derive(Debug)]
pub(crate) struct Outputs {
    pub(crate) status: watch::Sender<Status>,
    pub(crate) account: watch::Sender<Option<AccountState>>,
    pub(crate) paused: watch::Sender<bool>,
    pub(crate) settings: watch::Sender<Option<String>>,
    pub(crate) trouble: watch::Sender<Option<Trouble>>,
    pub(crate) changes: broadcast::Sender<Change>,
}

impl Receiver {
    /// Starts the actor on the current runtime. It connects at once, if there is an account and
    /// an inbox to keep alerts in. `refresh` renews a credential that the market refuses.
    pub fn start(
        accounts: Arc<Accounts>,
        inbox: Result<Inbox, OpenError>,
        refresh: Arc<dyn Refresh>,
    ) -> Self {
        let (mailbox, commands) = mpsc::channel(MAILBOX);
        let (status, status_out) = watch::channel(Status::Connecting);
        let (account, account_out) = watch::channel(None);
        let (paused, paused_out) = watch::channel(false);
        let (settings, settings_out) = watch::channel(None);
        let (trouble, trouble_out) = watch::channel(inbox.as_ref().err().map(Trouble::of_open));
        let changes = broadcast::Sender::new(CHANGES);
        let inbox = inbox.ok();
        let cancel = CancellationToken::new();
        let outputs =
            Outputs { status, account, paused, settings, trouble, changes: changes.clone() };
        let actor = Actor::new(accounts.clone(), refresh, inbox.clone(), outputs);
        let task = tokio::spawn(actor.run(commands, cancel.clone()));
        Self {
            shared: Arc::new(Shared {
                mailbox,
                status: status_out,
                account: account_out,
                paused: paused_out,
                settings: settings_out,
                trouble: trouble_out,
                changes,
                accounts,
                inbox,
                cancel,
                task: Mutex::new(Some(task)),
            }),
        }
    }

    /// Everything there is to see, from now on.
    pub fn subscribe(&self) -> Subscription {
        Subscription {
            status: self.shared.status.clone(),
            account: self.shared.account.clone(),
            paused: self.shared.paused.clone(),
            settings: self.shared.settings.clone(),
            trouble: self.shared.trouble.clone(),
            changes: self.shared.changes.subscribe(),
        }
    }

    /// The inbox, for reading; `None` where it could not be opened.
    pub fn inbox(&self) -> Option<&Inbox> {
        self.shared.inbox.as_ref()
    }

    /// The account's files and settings.
    pub fn accounts(&self) -> &Accounts {
        &self.shared.accounts
    }

    /// Pauses receiving, or goes on with it.
    pub async fn pause(&self, paused: bool) {
        self.tell(Command::Pause(paused)).await;
    }

    /// Connects now, whatever the schedule says.
    pub async fn reconnect(&self) {
        self.tell(Command::Reconnect).await;
    }

    /// The network came up, or the machine woke.
    pub async fn network_up(&self) {
        self.tell(Command::NetworkUp).await;
    }

    /// Marks alerts as read or unread.
    pub async fn mark(&self, ids: Vec<AlertId>, read: bool) -> Result<(), StoreError> {
        self.ask(|done| Command::Mark { ids, read, done }).await.unwrap_or(Err(StoreError::Closed))
    }

    /// Saves an account and receives for it from now on. `None`: the program is quitting.
    pub async fn save_account(
        &self,
        account: Account,
        token: TokenChange,
    ) -> Option<Result<(), AccountError>> {
        self.ask(|done| Command::SaveAccount { account, token, done }).await
    }

    /// Leaves the market and forgets the account. `None`: the program is quitting.
    pub async fn forget_account(&self) -> Option<Result<(), AccountError>> {
        self.ask(|done| Command::ForgetAccount { done }).await
    }

    /// Sends a message, once.
    pub async fn send(&self, to: Recipient, message: Message) -> SendOutcome {
        let (done, answer) = oneshot::channel();
        let asked = self.shared.mailbox.send(Command::Send { to, message, done }).await;
        if asked.is_err() {
            return SendOutcome::NotSent("the program is quitting".into());
        }
        answer.await.unwrap_or_else(|_| {
            SendOutcome::MayHaveBeenDelivered("the program quit before the answer came".into())
        })
    }

    /// Leaves the market, keeps what has arrived, and ends the actor. Nothing is sent afterwards.
    pub async fn shut_down(&self) {
        self.shared.cancel.cancel();
        if let Some(task) = self.shared.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the receiver failed");
        }
    }

    async fn tell(&self, command: Command) {
        // The actor ends only when the program does.
        let _ = self.shared.mailbox.send(command).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (done, answer) = oneshot::channel();
        self.shared.mailbox.send(command(done)).await.ok()?;
        answer.await.ok()
    }
}
