//! The handle on the actor: everything that anyone may ask of it.

use crate::actor::Actor;
use crate::command::Command;
use crate::outputs::{Outputs, Subscription};
use crate::{Change, Choices, Refresh};
use agora_account::{Account, AccountError, Accounts, Keep, SignInFailure, TokenChange, Welcome};
use agora_client::connection::Control;
use agora_client::{BaseUrl, Proof, Secret};
use agora_inbox::{AlertId, Deletion, Inbox, Marking, Partly, StoreError, Which};
use agora_rules::Fate;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How many commands wait for the actor before the next one has to.
const COMMANDS: usize = 32;

/// A handle on the running actor. Clones share it.
#[derive(Debug, Clone)]
pub struct Receiver {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    commands: mpsc::Sender<Command>,
    outputs: Arc<Outputs>,
    accounts: Arc<Accounts>,
    cancel: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Receiver {
    /// Starts the actor on the current runtime. It opens the inbox and connects at once, if there
    /// is an account. `refresh` renews a credential that the market refuses.
    pub fn start(accounts: Arc<Accounts>, refresh: Arc<dyn Refresh>, choices: Choices) -> Self {
        let (tell, commands) = mpsc::channel(COMMANDS);
        let outputs = Arc::new(Outputs::default());
        let cancel = CancellationToken::new();
        let actor = Actor::new(accounts.clone(), refresh, choices, outputs.clone());
        let task = Mutex::new(Some(tokio::spawn(actor.run(commands, cancel.clone()))));
        Self { shared: Arc::new(Shared { commands: tell, outputs, accounts, cancel, task }) }
    }

    /// Everything there is to see, now and from now on.
    pub fn subscribe(&self) -> Subscription {
        self.shared.outputs.subscribe()
    }

    /// What happens in the inbox from now on. Whoever asks for it reads it: what one has not read
    /// yet is kept for all. One that lags is told so, and reads the inbox anew.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.shared.outputs.changes.subscribe()
    }

    /// The inbox, for reading; `None` where it is not open.
    pub fn inbox(&self) -> Option<Inbox> {
        self.shared.outputs.inbox.borrow().clone()
    }

    /// The account's files and settings.
    pub fn accounts(&self) -> &Accounts {
        &self.shared.accounts
    }

    /// Disconnects for so long, or until [`Self::resume`] or [`Self::reconnect`] is called. What the market
    /// sends meanwhile, and doesn't store, never comes.
    pub async fn pause(&self, limit: Option<Duration>) {
        self.tell(Command::Pause(limit)).await;
    }

    /// Connects again after a pause.
    pub async fn resume(&self) {
        self.tell(Command::Resume).await;
    }

    /// Connects now, whatever the schedule says.
    pub async fn reconnect(&self) {
        self.tell(Command::Reconnect).await;
    }

    /// Somebody is there: a locked keyring may ask them to unlock it. Before that, and from then on unless
    /// they ask to connect, it is waited for quietly.
    pub async fn attended(&self) {
        self.tell(Command::Attended).await;
    }

    /// The machine woke.
    pub async fn woke(&self) {
        self.tell(Command::Tell(Control::Woke)).await;
    }

    /// The network came up, or another one.
    pub async fn network_up(&self) {
        self.tell(Command::Tell(Control::NetworkUp)).await;
    }

    /// This machine has no way out any more.
    pub async fn network_lost(&self) {
        self.tell(Command::Tell(Control::NetworkLost)).await;
    }

    /// What the person chose holds from now on.
    pub async fn choose(&self, choices: Choices) {
        self.tell(Command::Choose(choices)).await;
    }

    /// What became of alerts' toasts.
    pub async fn toasted(&self, fates: Vec<(AlertId, Fate)>) {
        self.tell(Command::Toasted(fates)).await;
    }

    /// Sends a message with these words to oneself; how far it comes is told by
    /// [`Subscription::self_test`].
    pub async fn test(&self, title: String, content: String) {
        self.tell(Command::SelfTest { title, content }).await;
    }

    /// Marks alerts as read or unread, here and in the market.
    pub async fn mark(&self, which: Which, read: bool) -> Result<(), StoreError> {
        let asked = self.ask(|done| Command::Mark { which, read, done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Gives alerts a star, or takes it away.
    pub async fn star(&self, ids: Vec<AlertId>, starred: bool) -> Result<(), StoreError> {
        let asked = self.ask(|done| Command::Star { ids, starred, done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Reminds of an alert at a time, in milliseconds since the Unix epoch, or not any more: it is unread
    /// again then, and a toast says so. Whether there was anything to change.
    pub async fn remind(&self, id: AlertId, due_ms: Option<i64>) -> Result<bool, StoreError> {
        let asked = self.ask(|done| Command::Remind { id, due_ms, done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Marks all of these as read. What it gives makes exactly those that it marked unread again with
    /// [`Self::undo_marking`], for a minute; until that is over the market isn't told.
    pub async fn mark_all_read(&self, which: Which) -> Result<Marking, Partly<Option<Marking>>> {
        let asked = self.ask(|done| Command::MarkAllRead { which, done });
        asked.await.unwrap_or(Err(StoreError::Closed.into()))
    }

    /// Makes the alerts of a marking unread again, or not, where its minute is over or that was done
    /// before. What was read elsewhere since stays read.
    pub async fn undo_marking(&self, marking: Marking) -> Result<bool, StoreError> {
        let asked = self.ask(|done| Command::UndoMarking { marking, done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Deletes alerts. What it gives brings them back with [`Self::undo`], for a minute; also where it
    /// failed in between, and some are deleted.
    pub async fn delete(&self, which: Which) -> Result<Deletion, Partly<Option<Deletion>>> {
        let asked = self.ask(|done| Command::Delete { which, done });
        asked.await.unwrap_or(Err(StoreError::Closed.into()))
    }

    /// Brings the alerts of a deletion back, or not, where its minute is over or that was done before.
    /// Where it fails in between, the others can be brought back for another minute.
    pub async fn undo(&self, deletion: Deletion) -> Result<bool, StoreError> {
        let asked = self.ask(|done| Command::Undo { deletion, done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Deletes every alert at once and for good.
    pub async fn delete_everything(&self) -> Result<(), StoreError> {
        let asked = self.ask(|done| Command::DeleteEverything { done });
        asked.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Sets the file in the inbox's place aside, which can't be opened, and begins a new inbox. An
    /// open inbox stays. The error is what people are told. `None`: the program is quitting.
    pub async fn set_inbox_aside(&self) -> Option<Result<(), String>> {
        self.ask(|done| Command::SetInboxAside { done }).await
    }

    /// Saves an account and receives for it from now on. `None`: the program is quitting.
    pub async fn save_account(
        &self,
        account: Account,
        token: TokenChange,
    ) -> Option<Result<(), AccountError>> {
        self.ask(|done| Command::SaveAccount { account, token, done }).await
    }

    /// Signs a person in, and receives for them from now on. `None`: the program is quitting.
    pub async fn sign_in(
        &self,
        base: BaseUrl,
        proof: Proof,
        two_factor: Option<Secret>,
        keep: Keep,
    ) -> Option<Result<Welcome, SignInFailure>> {
        self.ask(|done| Command::SignIn { base, proof, two_factor, keep, done }).await
    }

    /// Leaves the market and forgets the account. `None`: the program is quitting.
    pub async fn forget_account(&self) -> Option<Result<(), AccountError>> {
        self.ask(|done| Command::ForgetAccount { done }).await
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
        let _ = self.shared.commands.send(command).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (done, answer) = oneshot::channel();
        self.shared.commands.send(command(done)).await.ok()?;
        answer.await.ok()
    }
}
