//! The handle on sending for an account: what is begun, and what is wished of what runs.

use crate::check::{Checked, check};
use crate::echo::{Echoes, Heard};
use crate::post::{Again, Post, SendError, Tried, new_reference, now};
use crate::progress::Progress;
use crate::run::{Run, Told, Wish};
use crate::{Recipients, Template};
use agora_account::{Account, Accounts};
use agora_client::{Message, UserId};
use agora_ledger::{
    Audience, Ended, Halt, Ledger, LedgerError, NewLine, NewSending, Outcome, Sending, SendingId,
};
use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, mpsc, watch};
use tokio::task::spawn_blocking;
use tokio_util::task::TaskTracker;

/// How many lines are written into the ledger at a time.
const CHUNK: usize = 500;

/// How many of those that ended are still told of.
const ENDED: usize = 20;

/// How long something may take to come back on our own stream.
const AWAITED: Duration = Duration::from_mins(10);

/// How long it is kept what was sent: milliseconds. A year.
const KEPT: i64 = 365 * 24 * 60 * 60 * 1000;

/// To whom one message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A broadcast.
    Everyone,
    /// A direct message.
    User(UserId),
}

/// What each of a list is sent, and how fast.
#[derive(Debug, Clone)]
pub struct List {
    /// The body, with placeholders.
    pub message: Message,
    /// The same, read.
    pub template: Template,
    /// The most requests in any second.
    pub per_second: u16,
    /// The most requests under way at a time.
    pub at_once: u16,
}

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Something is wrong with the list. Nothing was sent, and nothing kept.
    #[error("the list has faults")]
    Faults(Box<Checked>),
    /// It was begun as somebody else, or at another market.
    #[error("this was begun as {account} at {base}: sign in as that user to go on")]
    OtherAccount {
        /// As whom.
        account: String,
        /// Where.
        base: String,
    },
    /// Nothing is to be had to send with, or it can't be written down.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<LedgerError> for StartError {
    fn from(error: LedgerError) -> Self {
        Self::Send(error.into())
    }
}

/// Sending for an account. Clones share it.
#[derive(Debug, Clone)]
pub struct Sender {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    accounts: Arc<Accounts>,
    path: PathBuf,
    ledger: OnceCell<Ledger>,
    wishes: Mutex<BTreeMap<SendingId, watch::Sender<Wish>>>,
    progress: watch::Sender<BTreeMap<SendingId, Progress>>,
    echoes: Mutex<Echoes>,
    runs: TaskTracker,
}

impl Sender {
    /// For this account. The ledger is opened when it is first needed.
    pub fn new(accounts: Arc<Accounts>) -> Self {
        let path = accounts.files().sent();
        let (ledger, wishes, progress, echoes, runs) = Default::default();
        Self { shared: Arc::new(Shared { accounts, path, ledger, wishes, progress, echoes, runs }) }
    }

    /// The ledger, opened.
    pub async fn ledger(&self) -> Result<&Ledger, LedgerError> {
        let open = async || {
            let path = self.shared.path.clone();
            let opened = spawn_blocking(move || Ledger::open(&path)).await;
            let ledger = opened.unwrap_or(Err(LedgerError::Closed))?;
            ledger.expire(now() - KEPT).await?;
            Ok(ledger)
        };
        self.shared.ledger.get_or_try_init(open).await
    }

    /// How far each sending is that waits or runs here, or has just ended.
    pub fn progress(&self) -> watch::Receiver<BTreeMap<SendingId, Progress>> {
        self.shared.progress.subscribe()
    }

    /// Sends one message, once and now. Where the market doesn't take the token any more it goes with a
    /// new one: it was refused as a whole.
    pub async fn send(&self, to: &To, message: &Message) -> Result<(), SendError> {
        let account = self.account()?;
        let post = Post::of(self.shared.accounts.clone(), account.clone()).await?;
        let ledger = self.ledger().await?;
        let id = self.note(ledger, &account, to, message, None).await?;
        self.expect(&account, to, message, (id, 1));
        let first = self.attempt(ledger, &post, id, (to, message), true).await?;
        let last = if first.ended.outcome == Outcome::NotTried {
            match post.renew(first.token.as_ref()).await {
                Ok(true) => self.attempt(ledger, &post, id, (to, message), false).await?.result,
                // Nothing came of asking for a token: it stays refused.
                Ok(false) => {
                    let ended = Ended { outcome: Outcome::Refused, ..first.ended };
                    ledger.refuse(id, 1, ended, now()).await?;
                    first.result
                }
                Err(error) => {
                    let (outcome, why) = (Outcome::NotSent, Some(error.to_string()));
                    ledger.refuse(id, 1, Ended { outcome, status: None, why }, now()).await?;
                    ledger.finish(id).await?;
                    return Err(error);
                }
            }
        } else {
            first.result
        };
        ledger.finish(id).await?;
        Ok(last?)
    }

    /// Sends one message, once and at a time: milliseconds since 1970, while this program runs. Until then
    /// [`Self::take_back`] undoes it.
    pub async fn send_later(
        &self,
        to: &To,
        message: &Message,
        due: i64,
    ) -> Result<SendingId, StartError> {
        let account = self.account()?;
        let ledger = self.ledger().await?;
        let id = self.note(ledger, &account, to, message, Some(due)).await?;
        self.run(id, None).await?;
        Ok(id)
    }

    /// Checks a list, writes it down whole, and begins to send it. Each line's outcome is told to `told`.
    pub async fn send_list<R: Read + Seek + Send + 'static>(
        &self,
        recipients: Recipients<R>,
        list: List,
        told: Option<mpsc::Sender<Told>>,
    ) -> Result<SendingId, StartError> {
        let account = self.account()?;
        let ledger = self.ledger().await?;
        let new = NewSending {
            made: now(),
            due: None,
            audience: Audience::List,
            base: account.base.to_string(),
            account: name_of(&account),
            template: list.message.as_json().to_owned(),
            columns: Some(serde_json::json!(list.template.columns()).to_string()),
            per_second: list.per_second,
            at_once: list.at_once,
        };
        let id = ledger.draft(new).await?;
        let checked = write_down(ledger, id, recipients, list.template).await;
        match checked {
            Ok(checked) if checked.fault_count == 0 => {}
            other => {
                ledger.delete(id).await?;
                return Err(StartError::Faults(Box::new(other?)));
            }
        }
        ledger.ready(id).await?;
        self.run(id, told).await?;
        Ok(id)
    }

    /// Goes on with what is not yet tried, or of which nothing left. One that waited for its time goes now.
    pub async fn resume(
        &self,
        id: SendingId,
        told: Option<mpsc::Sender<Told>>,
    ) -> Result<(), StartError> {
        let ledger = self.ledger().await?;
        self.is_ours(&ledger.sending(id).await?)?;
        ledger.take(id, None).await?;
        self.run(id, told).await
    }

    /// Tries again what the market refused, and goes on.
    pub async fn retry_refused(
        &self,
        id: SendingId,
        told: Option<mpsc::Sender<Told>>,
    ) -> Result<(), StartError> {
        let ledger = self.ledger().await?;
        self.is_ours(&ledger.sending(id).await?)?;
        ledger.retry_refused(id).await?;
        ledger.take(id, None).await?;
        self.run(id, told).await
    }

    /// Has it stand. What is under way is waited for. Whether it runs or waits here.
    pub fn halt(&self, id: SendingId, halt: Halt) -> bool {
        let wishes = self.shared.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.get(&id).is_some_and(|wish| wish.send(Wish::Halt(halt)).is_ok())
    }

    /// Undoes what waits for its time: nothing of it has left, and nothing is kept. Whether that was so.
    pub async fn take_back(&self, id: SendingId) -> Result<bool, LedgerError> {
        let is_gone = self.ledger().await?.take_back(id).await?;
        if is_gone {
            // Its run finds nothing any more.
            self.halt(id, Halt::Stopped);
            self.shared.progress.send_modify(|all| drop(all.remove(&id)));
        }
        Ok(is_gone)
    }

    /// The computer slept: what was running stands, and what waited for its time looks at the clock.
    pub fn woke(&self) {
        for wish in self.shared.wishes.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let _ = wish.send(Wish::Woke);
        }
    }

    /// Waits until nothing runs.
    pub async fn ended(&self) {
        self.shared.runs.close();
        self.shared.runs.wait().await;
        self.shared.runs.reopen();
    }

    /// Has everything stand, and waits for what is under way.
    pub async fn shut_down(&self) {
        for wish in self.shared.wishes.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let _ = wish.send(Wish::Halt(Halt::Ended));
        }
        self.ended().await;
    }

    /// Whether something was sent lately, here or by another program of this home, that may come back.
    pub fn awaits_echoes(&self) -> bool {
        let log = self.shared.path.with_extension("sqlite-wal");
        let is_new = |file: &std::path::Path| {
            let written = file.metadata().and_then(|file| file.modified());
            written.is_ok_and(|at| at.elapsed().is_ok_and(|since| since < AWAITED))
        };
        is_new(&log) || is_new(&self.shared.path)
    }

    /// Our own stream brought something: it may be what we sent. It proves that one receiver got it; that
    /// nothing comes back proves nothing.
    pub async fn hears(&self, data: &str, at: i64) {
        let heard = {
            let mut echoes = self.shared.echoes.lock().unwrap_or_else(PoisonError::into_inner);
            echoes.heard(data, at)
        };
        let Some(reference) = heard.filter(|_| self.shared.path.exists()) else { return };
        let Ok(ledger) = self.ledger().await else { return };
        let seen = match reference {
            Heard::Reference(reference) => ledger.seen(reference, at).await,
            Heard::Body(id, number) => ledger.seen_line(id, number, at).await,
        };
        if let Ok(Some((id, _))) = seen {
            self.shared.progress.send_if_modified(|all| {
                let counted = all.get_mut(&id).map(|one| one.sending.counts.seen += 1);
                counted.is_some()
            });
        }
    }

    /// Sends what this program has of the ledger.
    async fn run(&self, id: SendingId, told: Option<mpsc::Sender<Told>>) -> Result<(), StartError> {
        let ledger = self.ledger().await?.clone();
        let sending = ledger.sending(id).await?;
        let account = self.account()?;
        let post = match Post::of(self.shared.accounts.clone(), account.clone()).await {
            Ok(post) => Arc::new(post),
            Err(error) => {
                ledger.halt(id, Halt::SignIn).await?;
                return Err(error.into());
            }
        };
        let (wish, wished) = watch::channel(Wish::Go);
        self.shared.wishes.lock().unwrap_or_else(PoisonError::into_inner).insert(id, wish);
        let progress = self.shared.progress.clone();
        let tell = Box::new(move |now: &Progress| {
            progress.send_modify(|all| {
                all.insert(id, now.clone());
                while all.len() > ENDED {
                    let ended = all.iter().find(|(_, one)| one.has_ended()).map(|(id, _)| *id);
                    let Some(ended) = ended else { break };
                    all.remove(&ended);
                }
            });
        });
        let sender = self.clone();
        let left = Box::new(move |to: &To, message: &Message, number: u32| {
            sender.expect(&account, to, message, (id, number));
        });
        let run = Run { ledger, post, sending, wish: wished, told, tell, left };
        let shared = self.shared.clone();
        self.shared.runs.spawn(async move {
            run.go().await;
            shared.wishes.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
        Ok(())
    }

    /// Writes one message down, as this program's.
    async fn note(
        &self,
        ledger: &Ledger,
        account: &Account,
        to: &To,
        message: &Message,
        due: Option<i64>,
    ) -> Result<SendingId, LedgerError> {
        let (audience, user) = match to {
            To::Everyone => (Audience::Everyone, None),
            To::User(user) => (Audience::User, Some(user.as_str().to_owned())),
        };
        let new = NewSending {
            made: now(),
            due,
            audience,
            base: account.base.to_string(),
            account: name_of(account),
            template: message.as_json().to_owned(),
            columns: None,
            per_second: 1,
            at_once: 1,
        };
        let id = ledger.draft(new).await?;
        ledger.add_lines(id, vec![NewLine { number: 1, user, cells: "[]".to_owned() }]).await?;
        ledger.ready(id).await?;
        Ok(id)
    }

    async fn attempt(
        &self,
        ledger: &Ledger,
        post: &Post,
        id: SendingId,
        sent: (&To, &Message),
        token: bool,
    ) -> Result<Tried, LedgerError> {
        let again = Again { token, time: false };
        post.attempt(ledger, (id, 1), sent, again, &new_reference()).await
    }

    /// What goes to everyone, or to ourselves, may come back.
    fn expect(&self, account: &Account, to: &To, message: &Message, line: (SendingId, u32)) {
        let is_heard = match to {
            To::Everyone => true,
            To::User(user) => account.client_id.user_id().as_ref() == Some(user),
        };
        if is_heard {
            let mut echoes = self.shared.echoes.lock().unwrap_or_else(PoisonError::into_inner);
            echoes.expect(message, line, now());
        }
    }

    fn account(&self) -> Result<Account, SendError> {
        self.shared.accounts.account()?.ok_or(SendError::NoAccount)
    }

    fn is_ours(&self, sending: &Sending) -> Result<(), StartError> {
        let account = self.account()?;
        let NewSending { base, account: name, .. } = &sending.new;
        if *base == account.base.to_string() && *name == name_of(&account) {
            return Ok(());
        }
        Err(StartError::OtherAccount { account: name.clone(), base: base.clone() })
    }
}

/// Whom something is sent as: the user, or the client id where it names none.
fn name_of(account: &Account) -> String {
    let user = account.client_id.user_id();
    user.as_ref().map_or(account.client_id.as_str(), UserId::as_str).to_owned()
}

/// Reads the list into the ledger, a chunk at a time; what is wrong with it is found on the way.
async fn write_down<R: Read + Seek + Send + 'static>(
    ledger: &Ledger,
    id: SendingId,
    mut recipients: Recipients<R>,
    template: Template,
) -> Result<Checked, LedgerError> {
    let (give, mut chunks) = mpsc::channel::<Vec<NewLine>>(2);
    let reading = spawn_blocking(move || {
        let (mut chunk, mut number) = (Vec::new(), 0);
        let checked = check(&mut recipients, &template, |user, cells| {
            number += 1;
            let cells = serde_json::json!(cells).to_string();
            chunk.push(NewLine { number, user: Some(user), cells });
            chunk.len() < CHUNK || give.blocking_send(std::mem::take(&mut chunk)).is_ok()
        });
        let _ = give.blocking_send(chunk);
        checked
    });
    while let Some(chunk) = chunks.recv().await {
        ledger.add_lines(id, chunk).await?;
    }
    reading.await.map_err(|_| LedgerError::Closed)
}
