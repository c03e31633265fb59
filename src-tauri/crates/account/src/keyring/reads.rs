//! Who reads what from the keyring: who asks for what is being read already waits with the others,
//! so that a keyring that hangs is asked once, and puts one prompt on the screen.

use super::{Job, KeyringError, Store};
use agora_client::Tokens;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{mpsc, watch};

/// What the keyring said; `None` until it did.
type Answer = Option<Result<Option<Tokens>, KeyringError>>;

/// What became of the latest read.
#[derive(Debug, Default)]
enum Latest {
    #[default]
    Nothing,
    /// The answer's sender is the thread's, or its queue's: it is gone with them.
    UnderWay { name: String, answer: Weak<watch::Sender<Answer>> },
    /// It ended so; of one that ended well, nothing is kept.
    Refused { name: String, error: KeyringError },
}

/// The latest read. One is enough: a program reads the token of its one account.
#[derive(Debug, Default)]
pub(super) struct Reads {
    latest: Mutex<Latest>,
}

impl Reads {
    /// The answer to the read of that name that is under way.
    pub(super) fn under_way(&self, name: &str) -> Option<watch::Receiver<Answer>> {
        under_way(&self.lock(), name)
    }

    /// How the latest read of that name was refused.
    pub(super) fn refusal(&self, name: &str) -> Option<KeyringError> {
        match &*self.lock() {
            Latest::Refused { name: of, error } if of == name => Some(error.clone()),
            _ => None,
        }
    }

    /// Has the thread read that name. It doesn't where nobody waits any more when its turn comes.
    pub(super) fn begin(
        self: &Arc<Self>,
        name: &str,
        store: &Arc<dyn Store>,
        place: mpsc::Permit<'_, Job>,
    ) -> watch::Receiver<Answer> {
        let mut latest = self.lock();
        // Another may have begun while this one waited for its place.
        if let Some(answer) = under_way(&latest, name) {
            return answer;
        }
        let (answer, answered) = watch::channel(None);
        let answer = Arc::new(answer);
        // Whoever waits for another name's answer must find it: this one's is not shared then.
        let free =
            !matches!(&*latest, Latest::UnderWay { answer, .. } if answer.strong_count() > 0);
        if free {
            *latest = Latest::UnderWay { name: name.to_owned(), answer: Arc::downgrade(&answer) };
        }
        let (reads, store, name) = (self.clone(), store.clone(), name.to_owned());
        place.send(Box::new(move || reads.run(&name, &*store, &answer)));
        answered
    }

    fn run(&self, name: &str, store: &dyn Store, answer: &Arc<watch::Sender<Answer>>) {
        {
            let mut latest = self.lock();
            if answer.is_closed() {
                end(&mut latest, answer, Latest::Nothing);
                return;
            }
        }
        let said = store.get(name);
        let ended = match &said {
            Ok(_) => Latest::Nothing,
            Err(error) => Latest::Refused { name: name.to_owned(), error: error.clone() },
        };
        end(&mut self.lock(), answer, ended);
        answer.send_replace(Some(said));
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn under_way(latest: &Latest, name: &str) -> Option<watch::Receiver<Answer>> {
    match latest {
        Latest::UnderWay { name: of, answer } if of == name => {
            answer.upgrade().map(|answer| answer.subscribe())
        }
        _ => None,
    }
}

/// Says how the read of that answer ended, where it is the latest.
fn end(latest: &mut Latest, ended: &Arc<watch::Sender<Answer>>, so: Latest) {
    if matches!(latest, Latest::UnderWay { answer, .. } if answer.as_ptr() == Arc::as_ptr(ended)) {
        *latest = so;
    }
}
