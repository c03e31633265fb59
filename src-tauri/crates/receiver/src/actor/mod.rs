//! The actor: one task, one queue of commands, one owner of the state.
//!
//! It owns the [`Session`] with the market and the [`Store`] of alerts, and what goes on beside it, each of
//! which comes back as a [`Completion`]. This file has the loop and hands on to the verbs: `signing_in`,
//! `renewing` and `receiving` move the session, `store` the inbox, `sync` fetches what was missed, `read_receipts`
//! tells the market what was read, `alerts` does what people do with alerts, `following` with those that they follow up, `retention` lets them go.

mod alerts;
mod clock;
mod completion;
mod following;
mod hints;
mod market_clock;
mod op_queue;
mod pause;
mod read_receipts;
mod receiving;
mod renewing;
mod retention;
mod retry;
mod self_test;
mod session;
mod signing_in;
mod store;
mod sync;
mod without_stream;

use crate::command::Command;
use crate::ingest::Ingest;
use crate::outputs::Outputs;
use crate::stream::Goodbye;
use crate::{Change, Choices, Pulse, Refresh};
use agora_account::{Account, Accounts};
use agora_client::connection::{Control, Update};
use clock::Clock;
use completion::Completion;
use following::Reminders;
use hints::Hints;
use market_clock::MarketClock;
use pause::Pause;
use read_receipts::ReadReceipts;
use renewing::Renewals;
pub use retention::UNDO;
use retention::{Growth, Undoable};
use session::{Event, Off, Session};
use signing_in::Lookup;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use sync::SyncState;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use without_stream::WithoutStream;

/// How long an inbox that is being opened may take to be there after the program began to quit.
const LAST_ANSWERS: Duration = Duration::from_millis(500);
/// How long a renewal may take that is out then: with its answer the session would be lost.
const LAST_RENEWAL: Duration = Duration::from_secs(3);

pub(crate) struct Actor {
    accounts: Arc<Accounts>,
    refresh: Arc<dyn Refresh>,
    choices: Choices,
    account: Option<Account>,
    /// The person's, while one holds.
    pause: Option<Pause>,
    reminders: Reminders,
    /// Whether this machine has no way out, as the system last said.
    offline: bool,
    session: Session,
    /// Whether somebody is there whom the keyring may ask, when the credential is looked up next.
    is_attended: bool,
    /// What waits for the keyring to take a renewed credential that it has refused.
    paying: Option<AbortHandle>,
    lookup: Lookup,
    renewals: Renewals,
    store: Store,
    outputs: Arc<Outputs>,
    /// The number of the present visit to the market, from one leaving to the next: what was asked on
    /// another is nobody's.
    generation: u64,
    pulse: Pulse,
    hints: Hints,
    sync: SyncState,
    receipts: ReadReceipts,
    market_clock: MarketClock,
    clock: Clock,
    trash: Undoable,
    markings: Undoable,
    growth: Growth,
    without_stream: WithoutStream,
    self_test: Option<self_test::Run>,
    beside: JoinSet<Completion>,
}

impl Actor {
    pub(crate) fn new(
        accounts: Arc<Accounts>,
        refresh: Arc<dyn Refresh>,
        choices: Choices,
        outputs: Arc<Outputs>,
    ) -> Self {
        Self {
            accounts,
            refresh,
            choices,
            account: None,
            pause: None,
            reminders: Reminders::default(),
            offline: false,
            session: Session::Off(Off::Idle),
            is_attended: false,
            paying: None,
            lookup: Lookup::default(),
            renewals: Renewals::default(),
            store: Store::default(),
            outputs,
            generation: 0,
            pulse: Pulse::default(),
            hints: Hints::default(),
            sync: SyncState::default(),
            receipts: ReadReceipts::default(),
            market_clock: MarketClock::default(),
            clock: Clock::default(),
            trash: Undoable::default(),
            markings: Undoable::default(),
            growth: Growth::default(),
            without_stream: WithoutStream::default(),
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
            let has_room = self.store.ingest().is_some_and(Ingest::has_room);
            let retry = self.store.ingest().and_then(Ingest::retry_at);
            let (owed, renewal) = (self.owed_at(), self.renewal_at());
            let pause_ends = self.pause.and_then(Pause::timer);
            let reminders = self.reminders;
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                Some(command) = commands.recv() => self.command(command).await,
                Some(done) = self.beside.join_next() => match done {
                    Ok(done) => self.completed(done).await,
                    Err(error) if error.is_cancelled() => {}
                    Err(error) => tracing::error!(%error, "a task beside the stream failed"),
                },
                () = at(owed) => self.try_owed().await,
                () = at(renewal) => self.renewal_is_due(),
                event = self.session.next(has_room) => match event {
                    Event::Update(update) => self.update(update).await,
                    Event::Left => self.left(),
                },
                () = at(retry) => self.keep().await,
                () = at(pause_ends) => self.resume(),
                () = reminders.due() => self.reminder_is_due().await,
                () = self.store.begun_anew() => self.inbox_is_new().await,
            }
        }
        self.end().await;
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Pause(limit) => self.pause(limit).await,
            Command::Resume => self.resume_asking(),
            Command::Reconnect => self.reconnect(),
            Command::Attended => self.attended(),
            Command::Tell(control) => {
                self.tell_connection(control);
                if matches!(control, Control::Woke) {
                    self.look_for_reminders().await;
                }
            }
            Command::Choose(choices) => self.choose(choices),
            Command::Toasted(fates) => {
                self.self_test_shows(&fates);
                self.keep_fates(fates).await;
            }
            Command::SelfTest { title, content } => self.begin_self_test(&title, &content),
            Command::Mark { which, read, done } => self.mark(which, read, done).await,
            Command::Star { ids, starred, done } => self.star(ids, starred, done).await,
            Command::Remind { id, due_ms, done } => self.remind(id, due_ms, done).await,
            Command::Delete { which, done } => self.delete(which, done),
            Command::MarkAllRead { which, done } => self.mark_all_read(which, done),
            Command::UndoMarking { marking, done } => self.undo_marking(marking, done),
            Command::Undo { deletion, done } => self.undo(deletion, done),
            Command::DeleteEverything { done } => self.delete_everything(done),
            Command::SetInboxAside { done } => self.set_inbox_aside(done),
            Command::SaveAccount { account, token, done } => {
                let accounts = self.accounts.clone();
                self.beside.spawn(async move {
                    Completion::Account(accounts.save(account, token).await, done)
                });
            }
            Command::SignIn { base, proof, two_factor, keep, done } => {
                let accounts = self.accounts.clone();
                self.beside.spawn(async move {
                    let result = accounts.sign_in(base, &proof, two_factor.as_ref(), keep).await;
                    Completion::SignedIn(result, done)
                });
            }
            Command::ForgetAccount { done } => {
                let accounts = self.accounts.clone();
                self.beside
                    .spawn(async move { Completion::Account(accounts.forget().await, done) });
            }
        }
    }

    async fn completed(&mut self, completion: Completion) {
        match completion {
            Completion::Credential(number, account, credential) if self.lookup.is(number) => {
                self.found_credential(account, credential).await;
            }
            Completion::Unlocked(number, account, credential) if self.lookup.is(number) => {
                self.found_credential(account, credential).await;
            }
            Completion::Paid(account, paid) => self.paid(&account, paid),
            Completion::Renewed(number, account, renewal) => {
                self.renewals.out -= 1;
                if self.lookup.is(number) {
                    self.renewed(account, renewal).await;
                }
            }
            Completion::BeginAgain(number) if self.lookup.is(number) => self.begin(),
            Completion::Account(result, asked) => {
                if result.is_ok() {
                    self.leave().await;
                    self.begin_asking();
                }
                let _ = asked.send(result);
            }
            Completion::SignedIn(result, asked) => {
                if result.is_ok() {
                    self.leave().await;
                    self.begin_asking();
                }
                let _ = asked.send(result);
            }
            Completion::Opened(result) => self.opened(result).await,
            Completion::OpenAgain => self.open_inbox(),
            Completion::SetAside(result, asked) => {
                self.set_aside_is_over();
                let _ = asked.send(result);
            }
            Completion::Worked(worked, answer) => {
                self.worked(worked).await;
                answer();
            }
            Completion::Looked(true) => self.expire(),
            Completion::Room(room) => self.room_is_made(room).await,
            Completion::Fetched(visit, found) if visit == self.generation => {
                self.fetched(found).await;
            }
            Completion::Merged(visit, taken, turn) => self.merged(visit, taken, turn).await,
            Completion::ReceiptsSent(visit, told) if visit == self.generation => {
                self.receipts_sent(told).await;
            }
            Completion::Counted(visit, all_taken) if visit == self.generation => {
                self.counted(all_taken);
            }
            // Something else has come up since.
            Completion::Credential(..)
            | Completion::Unlocked(..)
            | Completion::BeginAgain(_)
            | Completion::Fetched(..)
            | Completion::ReceiptsSent(..)
            | Completion::Looked(_)
            | Completion::Counted(..) => {}
            Completion::ReceiptsDue => self.send_receipts(),
            Completion::TrashIsOld(deletion) => self.trash_is_old(deletion),
            Completion::MarkingIsOld(marking) => self.marking_is_old(marking),
            Completion::SelfTestSent(mark, data, outcome) => {
                self.self_test_sent(&mark, &data, outcome).await;
            }
            Completion::SelfTestLocal(mark, data, failure) => {
                self.self_test_locally(&mark, &data, failure).await;
            }
            Completion::SelfTestIsOver(mark) => self.self_test_is_over(&mark),
            Completion::DayIsOver => self.day_begins(),
        }
    }

    /// Passes on what the system says. Whether there is a network matters to the next stream too.
    fn tell_connection(&mut self, control: Control) {
        match control {
            Control::NetworkUp => {
                self.offline = false;
                self.renew_at_once();
            }
            Control::NetworkLost => self.offline = true,
            Control::Woke => {
                self.renew_at_once();
                self.pause_after_sleep();
            }
            Control::ReconnectNow => {}
        }
        self.session.control(control);
    }

    /// Connects now: sooner than planned, or anew where the market's answer had ended it.
    fn reconnect(&mut self) {
        match self.session {
            _ if self.pause.is_some() => self.resume_asking(),
            Session::Open(_) => self.session.control(Control::ReconnectNow),
            Session::Finding | Session::Leaving(_) => {}
            Session::Off(_) | Session::Renewing(_) if self.store.inbox().is_none() => {
                self.open_inbox();
            }
            Session::Off(_) | Session::Renewing(_) => self.begin_asking(),
        }
    }

    async fn end(mut self) {
        let goodbye = self.close().await;
        if let Some(lost) = self.store.ingest().map(Ingest::waiting).filter(|n| *n > 0) {
            tracing::error!(lost, "alerts are lost: the inbox could not keep them");
        }
        let inbox = self.store.inbox().cloned();
        let limit = if self.renewals.out > 0 { LAST_RENEWAL } else { LAST_ANSWERS };
        let answers = async {
            // What else goes on beside may never end.
            while (self.renewals.out > 0 || self.store.is_busy())
                && let Some(done) = self.beside.join_next().await
            {
                match done {
                    Ok(Completion::Renewed(..)) => self.renewals.out -= 1,
                    Ok(Completion::SetAside(..)) => self.store = Store::default(),
                    Ok(Completion::Opened(result)) => {
                        self.store = Store::default();
                        if let Ok(inbox) = result {
                            inbox.close().await;
                        }
                    }
                    _ => {}
                }
            }
        };
        let answers = timeout(limit, answers);
        let goodbye = async {
            if let Some(mut goodbye) = goodbye {
                goodbye.said().await;
            }
        };
        let closing = async {
            if let Some(inbox) = inbox {
                inbox.close().await;
            }
        };
        let _ = tokio::join!(answers, goodbye, closing);
    }

    /// Leaves the market, and keeps what had arrived. The goodbye goes on by itself.
    async fn leave(&mut self) {
        if let Some(goodbye) = self.close().await {
            self.enter(Session::Leaving(goodbye));
        }
    }

    /// The market was told that we left, or couldn't be.
    fn left(&mut self) {
        self.session = Session::Off(Off::Idle);
        self.begin();
    }

    /// Closes the stream, and keeps what had arrived. Gives the goodbye, if there is one to wait for.
    async fn close(&mut self) -> Option<Goodbye> {
        self.call_off();
        let session = self.session.take();
        self.publish();
        match session {
            Session::Open(open) => {
                let (rest, goodbye) = open.stream.close().await;
                for update in rest {
                    if matches!(update, Update::Event(_) | Update::Cursor(_)) {
                        self.take(update);
                    }
                }
                self.keep().await;
                Some(goodbye)
            }
            Session::Leaving(goodbye) => Some(goodbye),
            Session::Off(_) | Session::Finding | Session::Renewing(_) => None,
        }
    }

    fn change(&self, change: Change) {
        // Nobody may be subscribed.
        let _ = self.outputs.changes.send(change);
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
