//! Who reads what from the keyring: who asks for what is being read already waits with the others,
//! so that a keyring that hangs is asked once, and puts one prompt on the screen.

use super::{Job, KeyringError, Store};
use agora_client::Tokens;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{mpsc, watch};

/// What the keyring said; `None` until it did.
type Answer = Option<Result<Option<Tokens>, KeyringError>>;

/// What became of the latest read of a name; of one that ended well, nothing is kept.
#[derive(Debug)]
enum Latest {
    /// The answer's sender is the thread's, or its queue's: it is gone with them.
    UnderWay(Weak<watch::Sender<Answer>>),
    /// It ended so.
    Refused(KeyringError),
}

#[derive(Debug, Default)]
struct Known {
    /// By the names: as many as there are accounts.
    latest: HashMap<String, Latest>,
    /// How often a person has let a prompt to unlock the keyring go.
    dismissed: u64,
}

/// The latest reads.
#[derive(Debug, Default)]
pub(super) struct Reads {
    known: Mutex<Known>,
}

impl Reads {
    /// The answer to the read of that name that is under way.
    pub(super) fn under_way(&self, name: &str) -> Option<watch::Receiver<Answer>> {
        self.lock().under_way(name)
    }

    /// How the latest read of that name was refused.
    pub(super) fn refusal(&self, name: &str) -> Option<KeyringError> {
        match self.lock().latest.get(name) {
            Some(Latest::Refused(error)) => Some(error.clone()),
            _ => None,
        }
    }

    /// Has the thread read that name. It doesn't where nobody waits any more when its turn comes, nor
    /// where a person has let the prompt for another name go meanwhile, which would come again.
    pub(super) fn begin(
        self: &Arc<Self>,
        name: &str,
        store: &Arc<dyn Store>,
        somebody: watch::Receiver<bool>,
        place: mpsc::Permit<'_, Job>,
    ) -> watch::Receiver<Answer> {
        let mut known = self.lock();
        // Another may have begun while this one waited for its place.
        if let Some(answer) = known.under_way(name) {
            return answer;
        }
        let (answer, answered) = watch::channel(None);
        let answer = Arc::new(answer);
        known.latest.insert(name.to_owned(), Latest::UnderWay(Arc::downgrade(&answer)));
        let dismissed = known.dismissed;
        let (reads, store, name) = (self.clone(), store.clone(), name.to_owned());
        place.send(Box::new(move || {
            if !answer.is_closed() {
                store.wait_for(somebody);
            }
            reads.run(&name, &*store, &answer, dismissed);
        }));
        answered
    }

    fn run(
        &self,
        name: &str,
        store: &dyn Store,
        answer: &Arc<watch::Sender<Answer>>,
        dismissed: u64,
    ) {
        let is_dismissed = {
            let mut known = self.lock();
            if answer.is_closed() {
                return known.end(name, answer, None);
            }
            known.dismissed != dismissed
        };
        let said = if is_dismissed { Err(KeyringError::Locked) } else { store.get(name) };
        let mut known = self.lock();
        if said == Err(KeyringError::Locked) && !is_dismissed {
            known.dismissed += 1;
        }
        known.end(name, answer, said.as_ref().err().cloned());
        drop(known);
        answer.send_replace(Some(said));
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn under_way(&self, name: &str) -> Option<watch::Receiver<Answer>> {
        match self.latest.get(name) {
            Some(Latest::UnderWay(answer)) => answer.upgrade().map(|answer| answer.subscribe()),
            _ => None,
        }
    }

    /// Keeps how the read of that answer was refused, if it was and is the latest of its name.
    fn end(
        &mut self,
        name: &str,
        ended: &Arc<watch::Sender<Answer>>,
        refusal: Option<KeyringError>,
    ) {
        let is_latest = matches!(
            self.latest.get(name),
            Some(Latest::UnderWay(answer)) if answer.as_ptr() == Arc::as_ptr(ended)
        );
        if is_latest {
            match refusal {
                Some(error) => self.latest.insert(name.to_owned(), Latest::Refused(error)),
                None => self.latest.remove(name),
            };
        }
    }
}
