//! The tokens in the system's keyring: one thread that asks it, and how long to wait for that.
//!
//! The platforms' calls block, and on a locked collection they wait for a person. So they run on
//! a thread of their own, one after the other, and whoever asks waits only so long: there is one
//! prompt on the screen at a time, and none where nobody asked ([`Keyring::get_quietly`]). A read that
//! was given up may be taken up again ([`Keyring::get_when_unlocked`]); a change that was given up
//! leaves the keyring as it was, whenever the keyring comes to it. What is asked of a keyring, and why it may
//! say no, is in `store`, what the platforms' keyrings are called and what they answer in `system`, how
//! tokens are written there in `form`.

#[cfg(test)]
pub(crate) mod fake;
mod form;
mod reads;
mod store;
mod system;
#[cfg(test)]
mod tests;
mod thread;

use agora_client::{DeviceId, Token, Tokens};
use reads::Reads;
use std::sync::Arc;
use std::time::Duration;
pub use store::KeyringError;
use store::{Asking, Store};
use thread::{Thread, ended};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

/// How long an answer may take. A prompt to unlock may still be on the screen after it.
const LIMIT: Duration = Duration::from_secs(10);
/// How long a person may take to choose a password for a new keyring.
const MAKING: Duration = Duration::from_mins(3);

/// A handle on the keyring's thread, which starts with the first call.
#[derive(Debug)]
pub(crate) struct Keyring {
    store: Arc<dyn Store>,
    thread: Thread,
    reads: Arc<Reads>,
    /// How often it was worth looking again.
    rings: watch::Sender<u64>,
}

impl Keyring {
    /// The platform's keyring.
    pub(crate) fn of_system() -> Self {
        Self::new(Arc::<system::System>::default())
    }

    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            thread: Thread::default(),
            reads: Arc::default(),
            rings: watch::Sender::default(),
        }
    }

    /// The tokens of that name; `None` where there are none. The person may be asked to unlock what is
    /// locked: [`KeyringError::Locked`] after the limit, which leaves a read that has begun under way.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        timeout(LIMIT, self.read(name)).await.unwrap_or_else(|_| Err(self.silence()))
    }

    /// The same, and nobody is asked: [`KeyringError::Locked`] where that would be needed.
    pub(crate) async fn get_quietly(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        self.look(name, Asking::Nobody).await
    }

    /// The tokens of that name, when there is a keyring that gives them without anybody being asked: now,
    /// or once one came or was unlocked. Of a read that is under way, which may have a prompt on the
    /// screen, it is the answer when it comes, a refusal too.
    pub(crate) async fn get_when_unlocked(
        &self,
        name: &str,
    ) -> Result<Option<Tokens>, KeyringError> {
        let mut rings = self.rings();
        loop {
            if let Some(mut answer) = self.reads.under_way(name) {
                let answer = answer.wait_for(Option::is_some).await;
                return answer
                    .ok()
                    .and_then(|answer| answer.clone())
                    .unwrap_or_else(|| Err(ended()));
            }
            if let Ok(found) = self.get_quietly(name).await {
                return Ok(found);
            }
            let _ = rings.changed().await;
        }
    }

    /// Changes when it may be worth looking again, and soon after it was asked for.
    pub(crate) fn rings(&self) -> watch::Receiver<u64> {
        let is_heard = self.rings.receiver_count() > 0;
        let rings = self.rings.subscribe();
        if !is_heard {
            self.store.listen(self.rings.clone());
        }
        rings
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
            self.thread.place().await?.send(job);
            (&mut answered).await.unwrap_or_else(|_| Err(ended()))
        })
        .await;
        done.unwrap_or_else(|_| {
            // From here on the thread sees that nobody waits; what it said until now counts.
            answered.close();
            answered.try_recv().unwrap_or_else(|_| Err(self.silence()))
        })
    }

    /// Puts `new` in the place of `old`, if that is what is there: whether it was. Whoever stops waiting at
    /// the limit finds it done later; what was renewed holds, whatever comes of the answer. Nobody is asked.
    pub(crate) async fn exchange(
        &self,
        name: &str,
        old: Tokens,
        new: Tokens,
    ) -> Result<bool, KeyringError> {
        let (answer, answered) = oneshot::channel();
        let (store, name) = (self.store.clone(), name.to_owned());
        let job = Box::new(move || {
            let done = match store.get(&name, Asking::Nobody) {
                Ok(Some(found)) if found == new => Ok(true),
                Ok(Some(found)) if found == old => {
                    store.set(&name, &new, Asking::Nobody).map(|()| true)
                }
                other => other.map(|_| false),
            };
            let _ = answer.send(done);
        });
        let done = timeout(LIMIT, async {
            self.thread.place().await?.send(job);
            answered.await.unwrap_or_else(|_| Err(ended()))
        });
        done.await.unwrap_or_else(|_| Err(self.silence()))
    }

    /// Does all that is done with a token, with an entry of its own, which is gone afterwards.
    pub(crate) async fn probe(&self) -> Result<(), KeyringError> {
        let mark = DeviceId::generate();
        let name = format!("probe {}", mark.as_str());
        let token = Token::parse(mark.as_str()).ok().map(Tokens::from);
        self.replace(&name, token.clone()).await?;
        let written = self.look(&name, Asking::ForDefault).await;
        let removed = self.replace(&name, None).await?;
        let left = self.look(&name, Asking::ForDefault).await?;
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
            self.thread.place().await?.send(job);
            answered.await.unwrap_or_else(|_| Err(ended()))
        });
        made.await.unwrap_or(Err(KeyringError::NoCollection))
    }

    /// One read, which is given up at the limit.
    async fn look(&self, name: &str, asking: Asking) -> Result<Option<Tokens>, KeyringError> {
        let (answer, answered) = oneshot::channel();
        let (store, name, rings) = (self.store.clone(), name.to_owned(), self.rings.clone());
        let job = Box::new(move || {
            if !answer.is_closed() && answer.send(store.get(&name, asking)).is_err() {
                // It came too late, and there may be more now.
                rings.send_modify(|times| *times += 1);
            }
        });
        let done = timeout(LIMIT, async {
            self.thread.place().await?.send(job);
            answered.await.unwrap_or_else(|_| Err(ended()))
        });
        done.await.unwrap_or_else(|_| Err(self.silence()))
    }

    /// What it means that nothing was answered within the limit.
    fn silence(&self) -> KeyringError {
        if self.store.waits_for_person() {
            KeyringError::Locked
        } else {
            KeyringError::Unavailable("it does not answer".into())
        }
    }

    async fn read(&self, name: &str) -> Result<Option<Tokens>, KeyringError> {
        let mut answer = match self.reads.under_way(name) {
            Some(answer) => answer,
            None => self.reads.begin(name, &self.store, self.thread.place().await?),
        };
        let answer = answer.wait_for(Option::is_some).await;
        answer.ok().and_then(|answer| answer.clone()).unwrap_or_else(|| Err(ended()))
    }
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
    let former = match store.get(name, Asking::ForDefault) {
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
        Some(tokens) => store.set(name, tokens, Asking::ForDefault),
        None => store.delete(name, Asking::ForAll),
    }
}
