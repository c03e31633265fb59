//! The actor: one task, one mailbox, one owner of the state.

mod again;
mod catching_up;
mod clock;
mod done;
mod hints;
mod inbox_work;
mod market_clock;
mod opening;
mod receiving;
mod self_test;
mod signing_in;
mod telling;
mod tidying;
mod without_stream;

use crate::command::Command;
use crate::handle::Outputs;
use crate::keeping::Keeping;
use crate::status::Status;
use crate::stream::{Goodbye, Stream};
use crate::{Change, Choices, Refresh, send};
use agora_account::{Account, Accounts};
use agora_client::Token;
use agora_client::connection::{Control, Update};
use agora_inbox::{Inbox, SetAside};
use catching_up::CatchingUp;
use clock::Clock;
use done::Done;
use hints::Hints;
use market_clock::MarketClock;
use opening::Opening;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use telling::Telling;
pub use tidying::UNDO;
use tidying::{Growth, Trash};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use without_stream::WithoutStream;

/// How long sends that are out may take to be answered after the program began to quit, and an inbox
/// that is being opened to be there.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

pub(crate) struct Actor {
    accounts: Arc<Accounts>,
    refresh: Arc<dyn Refresh>,
    choices: Choices,
    opening: Opening,
    inbox: Option<Inbox>,
    /// The file that was set aside by the open inbox, as it tells.
    set_aside: Option<watch::Receiver<Option<SetAside>>>,
    outputs: Outputs,
    account: Option<Account>,
    paused: bool,
    /// Whether this machine has no way out, as the system last said.
    offline: bool,
    /// What the connection last said of itself, or what there is instead of one.
    status: Status,
    /// Since when the stream is open, if it is.
    open_since: Option<SystemTime>,
    stream: Option<Stream>,
    /// Whether the market is still being told that we left: until then nothing connects.
    leaving: bool,
    /// What has arrived and waits for the inbox; `None` without one.
    keeping: Option<Keeping>,
    /// The credential in use.
    token: Option<Token>,
    /// Whether it came from a refresh that no open connection has confirmed yet.
    refreshed: bool,
    /// The market's refusal, while a refresh may still undo it.
    refused: Option<Status>,
    /// The number of the latest look-up of a credential, and whether it is still going on.
    lookup: u64,
    looking: bool,
    /// The task that asks for it, or waits for the keyring to be unlocked.
    asking: Option<AbortHandle>,
    /// The number of the present visit to the market, from one leaving to the next.
    visit: u64,
    hints: Hints,
    catching_up: CatchingUp,
    telling: Telling,
    market_clock: MarketClock,
    clock: Clock,
    trash: Trash,
    growth: Growth,
    without_stream: WithoutStream,
    /// How many messages are out.
    sends: usize,
    self_test: Option<self_test::Run>,
    beside: JoinSet<Done>,
}

impl Actor {
    pub(crate) fn new(
        accounts: Arc<Accounts>,
        refresh: Arc<dyn Refresh>,
        choices: Choices,
        outputs: Outputs,
    ) -> Self {
        Self {
            accounts,
            refresh,
            choices,
            opening: Opening::default(),
            inbox: None,
            set_aside: None,
            keeping: None,
            outputs,
            account: None,
            paused: false,
            offline: false,
            status: Status::Connecting,
            open_since: None,
            stream: None,
            leaving: false,
            token: None,
            refreshed: false,
            refused: None,
            lookup: 0,
            looking: false,
            asking: None,
            visit: 0,
            hints: Hints::default(),
            catching_up: CatchingUp::default(),
            telling: Telling::default(),
            market_clock: MarketClock::default(),
            clock: Clock::default(),
            trash: Trash::default(),
            growth: Growth::default(),
            without_stream: WithoutStream::default(),
            sends: 0,
            self_test: None,
            beside: JoinSet::new(),
        }
    }

    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        cancel: CancellationToken,
    ) {
        // Opening may take a while, and nobody is to be taken for new meanwhile.
        self.know_account();
        self.open_inbox();
        self.day_begins();
        loop {
            let can_take = self.keeping.as_ref().is_some_and(Keeping::has_room);
            let retry = self.keeping.as_ref().and_then(Keeping::retry_at);
            let owed = self.owed_at();
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                Some(command) = commands.recv() => self.command(command).await,
                Some(done) = self.beside.join_next() => match done {
                    Ok(done) => self.done(done).await,
                    Err(error) if error.is_cancelled() => {}
                    Err(error) => tracing::error!(%error, "a task beside the stream failed"),
                },
                () = at(owed) => self.try_owed().await,
                update = next_update(self.stream.as_mut()), if can_take => self.update(update).await,
                () = at(retry) => self.keep().await,
                () = changed(self.set_aside.as_mut()) => self.begun_anew().await,
            }
        }
        self.end().await;
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Pause(paused) => self.pause(paused).await,
            Command::Reconnect => self.reconnect().await,
            Command::Tell(control) => self.tell_connection(control),
            Command::Choose(choices) => self.choose(choices),
            Command::Toasted(fates) => {
                self.self_test_shows(&fates);
                self.keep_fates(fates).await;
            }
            Command::SelfTest { title, content } => self.begin_self_test(&title, &content),
            Command::Mark { which, read, done } => self.mark(which, read, done).await,
            Command::Delete { which, done } => self.delete(which, done),
            Command::Undo { deletion, done } => self.undo(deletion, done),
            Command::DeleteEverything { done } => self.delete_everything(done),
            Command::SetInboxAside { done } => self.set_inbox_aside(done),
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
                self.sends += 1;
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
            Done::Credential(number, account, credential) if number == self.lookup => {
                self.look_at(account, credential).await;
            }
            Done::Unlocked(number, account, credential) if number == self.lookup => {
                self.sign_in(account, credential).await;
            }
            Done::Refreshed(number, account, credential) if number == self.lookup => {
                self.go_on(account, credential).await;
            }
            Done::Again(number) if number == self.lookup => self.begin(),
            Done::Left => {
                self.leaving = false;
                self.begin();
            }
            Done::Account(result, asked) => {
                if result.is_ok() {
                    self.leave().await;
                    self.begin();
                }
                let _ = asked.send(result);
            }
            Done::Sent(outcome, asked) => {
                self.sends -= 1;
                let _ = asked.send(outcome);
            }
            Done::Opened(result) => self.opened(result).await,
            Done::OpenAgain => self.open_inbox(),
            Done::SetAside(result, asked) => {
                self.set_aside_is_over();
                let _ = asked.send(result);
            }
            Done::Worked(worked, answer) => {
                self.worked(worked).await;
                answer();
            }
            Done::Looked(true) => self.expire(),
            Done::Room(room) => self.room_is_made(room).await,
            Done::Found(visit, found) if visit == self.visit => self.found(found).await,
            Done::Merged(visit, taken, turn) => self.merged(visit, taken, turn).await,
            Done::Told(visit, told) if visit == self.visit => self.told(told).await,
            Done::Counted(visit, all_taken) if visit == self.visit => self.counted(all_taken),
            // Something else has come up since.
            Done::Credential(..)
            | Done::Unlocked(..)
            | Done::Refreshed(..)
            | Done::Again(_)
            | Done::Found(..)
            | Done::Told(..)
            | Done::Looked(_)
            | Done::Counted(..) => {}
            Done::Tell => self.tell_reads(),
            Done::TrashIsOld(deletion) => self.trash_is_old(deletion),
            Done::SelfTestSent(mark, data, outcome) => {
                self.self_test_sent(&mark, &data, outcome).await;
            }
            Done::SelfTestLocal(mark, data, failure) => {
                self.self_test_locally(&mark, &data, failure).await;
            }
            Done::SelfTestIsOver(mark) => self.self_test_is_over(&mark),
            Done::DayIsOver => self.day_begins(),
        }
    }

    async fn pause(&mut self, paused: bool) {
        if self.paused == paused {
            return;
        }
        self.paused = paused;
        self.outputs.paused.send_replace(paused);
        if paused {
            self.leave().await;
        }
        self.begin();
    }

    /// Passes on what the system says. Whether there is a network matters to the next stream too.
    fn tell_connection(&mut self, control: Control) {
        match control {
            Control::NetworkUp => self.offline = false,
            Control::NetworkLost => self.offline = true,
            Control::Woke | Control::ReconnectNow => {}
        }
        if let Some(stream) = &self.stream {
            stream.control(control);
        }
    }

    /// Connects now: sooner than planned, or anew where the market's answer had ended it.
    async fn reconnect(&mut self) {
        match &self.stream {
            _ if self.paused => self.pause(false).await,
            Some(stream) => stream.control(Control::ReconnectNow),
            None if self.looking => {}
            None if self.inbox.is_none() => self.open_inbox(),
            None => self.begin(),
        }
    }

    async fn end(mut self) {
        let goodbye = self.close().await;
        if let Some(lost) = self.keeping.as_ref().map(Keeping::waiting).filter(|n| *n > 0) {
            tracing::error!(lost, "alerts are lost: the inbox could not keep them");
        }
        let answers = async {
            // What else goes on beside may never end.
            while (self.sends > 0 || self.opening.is_going_on())
                && let Some(done) = self.beside.join_next().await
            {
                match done {
                    Ok(Done::Sent(outcome, asked)) => {
                        self.sends -= 1;
                        let _ = asked.send(outcome);
                    }
                    Ok(Done::SetAside(..)) => self.opening = Opening::default(),
                    Ok(Done::Opened(result)) => {
                        self.opening = Opening::default();
                        if let Ok(inbox) = result {
                            inbox.close().await;
                        }
                    }
                    _ => {}
                }
            }
        };
        // Whoever waits beyond that is told that the message may have been delivered.
        let answers = timeout(LAST_ANSWERS, answers);
        let inbox = self.inbox.take();
        let _ = tokio::join!(
            answers,
            async {
                match goodbye {
                    Some(goodbye) => goodbye.said().await,
                    None => None,
                }
            },
            async {
                if let Some(inbox) = inbox {
                    inbox.close().await;
                }
            }
        );
    }

    /// Leaves the market, and keeps what had arrived. The goodbye goes on beside.
    async fn leave(&mut self) {
        if let Some(goodbye) = self.close().await {
            self.leaving = true;
            self.beside.spawn(async move {
                goodbye.said().await;
                Done::Left
            });
        }
    }

    /// Closes the stream, and keeps what had arrived.
    async fn close(&mut self) -> Option<Goodbye> {
        self.call_off();
        // Nobody is to see a connection that is being closed as one that is there.
        self.say(if self.paused { Status::Paused } else { Status::Connecting });
        let (rest, goodbye) = self.stream.take()?.close().await;
        for update in rest {
            if matches!(update, Update::Event(_) | Update::Cursor(_)) {
                self.take(update);
            }
        }
        self.keep().await;
        Some(goodbye)
    }

    fn is_connected(&self) -> bool {
        matches!(self.status, Status::Connected { .. })
    }

    /// Takes note of the status, and tells it.
    fn say(&mut self, status: Status) {
        self.open_since = match status {
            Status::Connected { since, .. } => Some(since),
            _ => None,
        };
        self.status = status;
        self.publish();
    }

    fn publish(&self) {
        let status = if self.is_blocked() {
            Status::NoInbox
        } else {
            self.without_stream.shown(&self.status)
        };
        self.outputs.status.send_if_modified(|now| {
            let is_new = *now != status;
            *now = status;
            is_new
        });
    }

    /// Whether the stream isn't read because nothing more fits in front of the inbox. Then nobody
    /// knows whether it is alive.
    fn is_blocked(&self) -> bool {
        let is_full = |keeping: &Keeping| keeping.retry_at().is_some() && !keeping.has_room();
        self.stream.is_some() && self.keeping.as_ref().is_some_and(is_full)
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

/// When what is watched has changed; never, where nothing is watched or nothing will change it.
async fn changed<T>(watched: Option<&mut watch::Receiver<T>>) {
    if let Some(watched) = watched
        && watched.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
