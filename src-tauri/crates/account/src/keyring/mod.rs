//! The tokens in the system's keyring: one thread that asks it, and how long to wait for that.
//!
//! The platforms' calls block, and on a locked collection they wait for a person. So they run on
//! a thread of their own, one after the other, and whoever asks waits only so long. A read that
//! was given up may be taken up again ([`Keyring::get_when_unlocked`]); a change that was given up
//! leaves the keyring as it was, whenever the keyring comes to it. What the platforms' keyrings
//! are called and what they answer is in `system`, how tokens are written there in `form`.

#[cfg(test)]
pub(crate) mod fake;
mod form;
mod reads;
mod system;
#[cfg(test)]
mod tests;

use agora_client::{DeviceId, Token, Tokens};
use reads::Reads;
use std::fmt::Debug;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

/// How long an answer may take. A prompt to unlock may still be on the screen after it.
const LIMIT: Duration = Duration::from_secs(10);
/// How long a person may take to choose a password for a new keyring.
const MAKING: Duration = Duration::from_mins(3);
/// How many calls wait behind one that hangs before the next has to wait for its place.
const QUEUE: usize = 4;

type Job = Box<dyn FnOnce() + Send>;

/// Why the keyring did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// This desktop has none.
    #[error(
        "this desktop has no keyring (on Linux: a Secret Service such as GNOME Keyring or KWallet): {0}"
    )]
    Unavailable(String),
    /// It has no default collection: a GNOME Keyring that was never set up, or a `KeePassXC` that gives
    /// out no database.
    #[error(
        "the keyring has nothing to keep the token in: a default keyring must be made first (in KeePassXC: a database given out by its Secret Service)"
    )]
    NoCollection,
    /// It is locked, or waits for somebody to unlock it.
    #[error("the keyring is locked: unlock it and try again")]
    Locked,
    /// Anything else.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

/// A keyring's calls. They may block for as long as a person takes.
pub(crate) trait Store: Debug + Send + Sync {
    /// The tokens of that name; `None` where there are none.
    fn get(&self, name: &str) -> Result<Option<Tokens>, KeyringError>;
    /// Puts tokens there, in the place of the former ones.
    fn set(&self, name: &str, tokens: &Tokens) -> Result<(), KeyringError>;
    /// Removes the tokens of that name; that there are none is no error.
    fn delete(&self, name: &str) -> Result<(), KeyringError>;
    /// Makes a default collection, where there is none.
    fn make(&self) -> Result<(), KeyringError>;
    /// Waits until a read puts no prompt on the screen, or until a person is there to answer one.
    fn wait_for(&self, somebody: watch::Receiver<bool>);
}

/// A handle on the keyring's thread, which starts with the first call.
#[derive(Debug)]
pub(crate) struct Keyring {
    store: Arc<dyn Store>,
    thread: OnceLock<mpsc::Sender<Job>>,
    reads: Arc<Reads>,
    /// Whether a person is there whom a prompt may be shown.
    somebody: watch::Sender<bool>,
}

impl Keyring {
    /// The platform's keyring.
    pub(crate) fn of_system() -> Self {
        Self::new(Arc::new(system::System))
    }

    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        let somebody = watch::Sender::new(true);
        Self { store, thread: OnceLock::new(), reads: Arc::default(), somebody }
    }

    /// Whether a person is there whom a prompt may be shown, as there is where nobody says otherwise. As
    /// long as nobody is, what a locked keyring would ask for waits, and is [`KeyringError::Locked`] after
    /// the limit.
    pub(crate) fn set_somebody(&self, is_there: bool) {
        self.somebody.send_replace(is_there);
    }

    /// The tokens of that name; `None` where there are none. [`KeyringError::Locked`] after the
    /// limit, which leaves a read that has begun under way.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        timeout(LIMIT, self.read(name)).await.unwrap_or(Err(KeyringError::Locked))
    }

    /// The answer to the latest read of that name, without a limit: of one that is under way, the
    /// answer when it comes; of one that was refused, the refusal, because to ask again could put
    /// another prompt before the person who dismissed the first. Otherwise it reads anew.
    pub(crate) async fn get_when_unlocked(
        &self,
        name: &str,
    ) -> Result<Option<Tokens>, KeyringError> {
        match self.reads.refusal(name) {
            Some(refusal) => Err(refusal),
            None => self.read(name).await,
        }
    }

    /// Puts `tokens` in the place of that name, or nothing; gives what was there before. On an
    /// error, the limit's too, that is there still, or again once the hanging call comes back.
    pub(crate) async fn replace(
        &self,
        name: &str,
        tokens: Option<Tokens>,
    ) -> Result<Option<Tokens>, KeyringError> {
        let (answer, mut answered) = oneshot::channel();
        let (store, name) = (self.store.clone(), name.to_owned());
        let job = Box::new(move || replace_for(answer, &*store, &name, tokens.as_ref()));
        let done = timeout(LIMIT, async {
            self.place().await?.send(job);
            (&mut answered).await.unwrap_or_else(|_| Err(thread_ended()))
        })
        .await;
        done.unwrap_or_else(|_| {
            // From here on the thread sees that nobody waits; what it said until now counts.
            answered.close();
            answered.try_recv().unwrap_or(Err(KeyringError::Locked))
        })
    }

    /// Puts `new` in the place of `old`, if that is what is there: whether it was. Whoever stops waiting at
    /// the limit finds it done later; what was renewed holds, whatever comes of the answer.
    pub(crate) async fn exchange(
        &self,
        name: &str,
        old: Tokens,
        new: Tokens,
    ) -> Result<bool, KeyringError> {
        let (answer, answered) = oneshot::channel();
        let (store, name) = (self.store.clone(), name.to_owned());
        let job = Box::new(move || {
            let is_there = store.get(&name).map(|found| found.as_ref() == Some(&old));
            let done = match is_there {
                Ok(true) => store.set(&name, &new).map(|()| true),
                other => other,
            };
            let _ = answer.send(done);
        });
        let done = timeout(LIMIT, async {
            self.place().await?.send(job);
            answered.await.unwrap_or_else(|_| Err(thread_ended()))
        });
        done.await.unwrap_or(Err(KeyringError::Locked))
    }

    /// Does all that is done with a token, with an entry of its own, which is gone afterwards.
    pub(crate) async fn probe(&self) -> Result<(), KeyringError> {
        let mark = DeviceId::generate();
        let name = format!("probe {}", mark.as_str());
        let token = Token::parse(mark.as_str()).ok().map(Tokens::from);
        self.replace(&name, token.clone()).await?;
        let written = self.get(&name).await;
        let removed = self.replace(&name, None).await?;
        let left = self.get(&name).await?;
        if written? == token && removed == token && left.is_none() {
            Ok(())
        } else {
            Err(KeyringError::Failed("what it gives back isn't what was put there".into()))
        }
    }

    /// Makes a default collection, where there is none. The person may dismiss it.
    pub(crate) async fn make(&self) -> Result<(), KeyringError> {
        let (answer, answered) = oneshot::channel();
        let store = self.store.clone();
        let job = Box::new(move || {
            if !answer.is_closed() {
                // Whoever stopped waiting finds it when the next token is kept.
                let _ = answer.send(store.make());
            }
        });
        let made = timeout(MAKING, async {
            self.place().await?.send(job);
            answered.await.unwrap_or_else(|_| Err(thread_ended()))
        });
        made.await.unwrap_or(Err(KeyringError::NoCollection))
    }

    async fn read(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        let mut answer = if let Some(answer) = self.reads.under_way(name) {
            answer
        } else {
            let place = self.place().await?;
            self.reads.begin(name, &self.store, self.somebody.subscribe(), place)
        };
        let answer = answer.wait_for(Option::is_some).await;
        answer.ok().and_then(|answer| answer.clone()).unwrap_or_else(|| Err(thread_ended()))
    }

    /// A place in the thread's queue.
    async fn place(&self) -> Result<mpsc::Permit<'_, Job>, KeyringError> {
        self.thread.get_or_init(start).reserve().await.map_err(|_| thread_ended())
    }
}

fn thread_ended() -> KeyringError {
    KeyringError::Failed("its thread ended".into())
}

fn start() -> mpsc::Sender<Job> {
    let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
    let started = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        while let Some(job) = queue.blocking_recv() {
            job();
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "the keyring's thread can't be started");
    }
    jobs
}

/// Changes what is there as long as somebody waits for it: who stopped waiting was told that
/// nothing was changed.
fn replace_for(
    answer: oneshot::Sender<Result<Option<Tokens>, KeyringError>>,
    store: &dyn Store,
    name: &str,
    tokens: Option<&Tokens>,
) {
    if answer.is_closed() {
        return;
    }
    let former = match store.get(name) {
        // What is there is no token: nothing that would have to be put back.
        Err(KeyringError::Failed(_)) => Ok(None),
        other => other,
    };
    // Reading is where a locked keyring hangs.
    if answer.is_closed() {
        return;
    }
    let done = former.and_then(|former| put(store, name, tokens).map(|()| former));
    if let Err(Ok(former)) = answer.send(done)
        && let Err(error) = put(store, name, former.as_ref())
    {
        tracing::warn!(%error, "a change came too late, and the former token can't be put back");
    }
}

fn put(store: &dyn Store, name: &str, tokens: Option<&Tokens>) -> Result<(), KeyringError> {
    match tokens {
        Some(tokens) => store.set(name, tokens),
        None => store.delete(name),
    }
}
