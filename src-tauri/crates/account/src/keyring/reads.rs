//! Who reads what from the keyring: who asks for what is being read already waits with the others,
//! so that a keyring that hangs is asked once, and puts one prompt on the screen.

use super::store::{Asking, KeyringError, Store};
use super::thread::Job;
use agora_client::Tokens;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{mpsc, watch};

/// What the keyring said; `None` until it did.
type Answer = Option<Result<Option<Tokens>, KeyringError>>;

#[derive(Debug, Default)]
struct Known {
    /// The reads under way, by their names: as many as there are accounts. The answer's sender is the
    /// thread's, or its queue's: it is gone with them.
    under_way: HashMap<String, Weak<watch::Sender<Answer>>>,
    /// How often a person has let a prompt to unlock the keyring go.
    dismissed: u64,
}

/// The reads under way.
#[derive(Debug, Default)]
pub(super) struct Reads {
    known: Mutex<Known>,
}

impl Reads {
    /// The answer to the read of that name that is under way.
    pub(super) fn under_way(&self, name: &str) -> Option<watch::Receiver<Answer>> {
        self.lock().under_way(name)
    }

    /// Has the thread read that name. It doesn't where nobody waits any more when its turn comes, nor
    /// where a person has let the prompt for another name go meanwhile, which would come again.
    pub(super) fn begin(
        self: &Arc<Self>,
        name: &str,
        store: &Arc<dyn Store>,
        place: mpsc::Permit<'_, Job>,
    ) -> watch::Receiver<Answer> {
        let mut known = self.lock();
        // Another may have begun while this one waited for its place.
        if let Some(answer) = known.under_way(name) {
            return answer;
        }
        let (answer, answered) = watch::channel(None);
        let answer = Arc::new(answer);
        known.under_way.insert(name.to_owned(), Arc::downgrade(&answer));
        let dismissed = known.dismissed;
        let (reads, store, name) = (self.clone(), store.clone(), name.to_owned());
        place.send(Box::new(move || reads.run(&name, &*store, &answer, dismissed)));
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
                return known.end(name, answer);
            }
            known.dismissed != dismissed
        };
        let said =
            if is_dismissed { Err(KeyringError::Denied) } else { store.get(name, Asking::ForAll) };
        let mut known = self.lock();
        if said == Err(KeyringError::Denied) && !is_dismissed {
            known.dismissed += 1;
        }
        known.end(name, answer);
        drop(known);
        answer.send_replace(Some(said));
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn under_way(&self, name: &str) -> Option<watch::Receiver<Answer>> {
        Some(self.under_way.get(name)?.upgrade()?.subscribe())
    }

    /// Forgets the read of that answer, if it is the latest of its name.
    fn end(&mut self, name: &str, ended: &Arc<watch::Sender<Answer>>) {
        let is_latest = |answer: &Weak<_>| answer.as_ptr() == Arc::as_ptr(ended);
        if self.under_way.get(name).is_some_and(is_latest) {
            self.under_way.remove(name);
        }
    }
}
