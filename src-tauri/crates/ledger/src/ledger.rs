//! The handle on the ledger, and the thread that owns the file.

use crate::{
    Counts, Ended, Halt, LedgerError, Line, LinePage, NewLine, NewSending, Outcome, Runner,
    Sending, SendingId, SendingPage, State, lines, open, runner, sendings,
};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// The ledger. Clones share its thread, which ends with the last of them. Times are milliseconds since 1970.
#[derive(Debug, Clone)]
pub struct Ledger {
    path: Arc<PathBuf>,
    runner: Arc<Runner>,
    work: mpsc::Sender<Work>,
}

impl Ledger {
    /// Opens the file, or makes it, and sees to what programs left behind that have ended. It blocks the
    /// thread, as files do.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut db = open::open(path)?;
        let runner = Arc::new(Runner::begin(path)?);
        recover(&mut db, path)?;
        let (work, waiting) = mpsc::channel::<Work>();
        thread::Builder::new().name("ledger".into()).spawn(move || {
            while let Ok(work) = waiting.recv() {
                work(&mut db);
            }
        })?;
        Ok(Self { path: Arc::new(path.to_owned()), runner, work })
    }

    /// Sees to what programs left behind that have ended: what was under way may have been delivered, and
    /// what they were sending stands.
    pub async fn recover(&self) -> Result<(), LedgerError> {
        let path = self.path.clone();
        self.ask(move |db| recover(db, &path)).await
    }

    /// Begins to write down a sending, whose lines follow. Nobody is shown it, and it goes with this program,
    /// until [`Self::ready`].
    pub async fn draft(&self, new: NewSending) -> Result<SendingId, LedgerError> {
        let runner = self.runner.clone();
        self.ask(move |db| sendings::insert(db, &new, &runner.name)).await
    }

    /// Writes lines of a draft down.
    pub async fn add_lines(&self, id: SendingId, new: Vec<NewLine>) -> Result<(), LedgerError> {
        self.ask(move |db| lines::insert(db, id, &new)).await
    }

    /// The draft is whole: this program sends it, at its time.
    pub async fn ready(&self, id: SendingId) -> Result<(), LedgerError> {
        self.ask(move |db| sendings::ready(db, id)).await
    }

    /// Takes a sending that stands, for this program. [`LedgerError::Taken`] where another has it.
    pub async fn take(&self, id: SendingId, due: Option<i64>) -> Result<(), LedgerError> {
        let (path, runner) = (self.path.clone(), self.runner.clone());
        self.ask(move |db| {
            recover(db, &path)?;
            sendings::take(db, id, due, &runner.name)
        })
        .await
    }

    /// Its time has come: it runs.
    pub async fn run(&self, id: SendingId) -> Result<(), LedgerError> {
        self.ask(move |db| sendings::set(db, id, State::Running, None)).await
    }

    /// It stands, and nobody has it. Each line that was tried has its outcome by now.
    pub async fn halt(&self, id: SendingId, halt: Halt) -> Result<(), LedgerError> {
        self.ask(move |db| {
            lines::lose(db, id)?;
            sendings::set(db, id, State::Halted, Some(halt))
        })
        .await
    }

    /// Each of its lines was tried.
    pub async fn finish(&self, id: SendingId) -> Result<(), LedgerError> {
        self.ask(move |db| sendings::set(db, id, State::Done, None)).await
    }

    /// Takes a sending out of the ledger, with its lines; not one that a program has.
    pub async fn delete(&self, id: SendingId) -> Result<(), LedgerError> {
        self.ask(move |db| sendings::delete(db, id)).await
    }

    /// Takes back a sending of this program of which nothing was tried: it is gone. Whether that was so.
    pub async fn take_back(&self, id: SendingId) -> Result<bool, LedgerError> {
        self.ask(move |db| sendings::take_back(db, id)).await
    }

    /// Takes out what was made before a time and that no program has.
    pub async fn expire(&self, before: i64) -> Result<usize, LedgerError> {
        self.ask(move |db| sendings::expire(db, before)).await
    }

    /// A line is about to leave under this reference. When this has returned it is on the disk.
    pub async fn about_to_send(
        &self,
        id: SendingId,
        number: u32,
        reference: String,
        at: i64,
    ) -> Result<(), LedgerError> {
        self.ask(move |db| lines::about_to_send(db, id, number, &reference, at)).await
    }

    /// How a line's try ended.
    pub async fn ended(
        &self,
        id: SendingId,
        number: u32,
        ended: Ended,
        at: i64,
    ) -> Result<(), LedgerError> {
        self.ask(move |db| lines::ended(db, id, number, &ended, at)).await
    }

    /// What was refused as a whole isn't tried again: nothing came of the way to do so.
    pub async fn refuse(
        &self,
        id: SendingId,
        number: u32,
        ended: Ended,
        at: i64,
    ) -> Result<(), LedgerError> {
        self.ask(move |db| lines::refuse(db, id, number, &ended, at)).await
    }

    /// The lines after `after` that can be tried without harm, in their order: never tried, or nothing left.
    pub async fn untried(
        &self,
        id: SendingId,
        after: u32,
        most: u32,
    ) -> Result<Vec<Line>, LedgerError> {
        self.ask(move |db| lines::untried(db, id, after, most)).await
    }

    /// Makes what the market refused untried again. How many.
    pub async fn retry_refused(&self, id: SendingId) -> Result<usize, LedgerError> {
        let path = self.path.clone();
        self.ask(move |db| {
            recover(db, &path)?;
            lines::retry_refused(db, id)
        })
        .await
    }

    /// The stream brought a reference back. Which line that is, where it is one, and wasn't seen before.
    pub async fn seen(
        &self,
        reference: String,
        at: i64,
    ) -> Result<Option<(SendingId, u32)>, LedgerError> {
        self.ask(move |db| lines::seen(db, &reference, at)).await
    }

    /// The stream brought back what a line was sent, by its body. The line, where it wasn't seen before.
    pub async fn seen_line(
        &self,
        id: SendingId,
        number: u32,
        at: i64,
    ) -> Result<Option<(SendingId, u32)>, LedgerError> {
        self.ask(move |db| lines::seen_line(db, id, number, at)).await
    }

    /// One sending.
    pub async fn sending(&self, id: SendingId) -> Result<Sending, LedgerError> {
        self.ask(move |db| sendings::one(db, id)).await
    }

    /// Sendings of which the body, the account or a recipient has this text, newest first, made before
    /// `before` by their ids.
    pub async fn sendings(
        &self,
        text: String,
        state: Option<State>,
        before: Option<SendingId>,
        most: u32,
    ) -> Result<SendingPage, LedgerError> {
        self.ask(move |db| sendings::page(db, &text, state, before, most)).await
    }

    /// Lines of a sending after `after`, in their order.
    pub async fn lines(
        &self,
        id: SendingId,
        outcome: Option<Outcome>,
        after: u32,
        most: u32,
    ) -> Result<LinePage, LedgerError> {
        self.ask(move |db| lines::page(db, id, outcome, after, most)).await
    }

    /// How many lines of a sending are how.
    pub async fn counts(&self, id: SendingId) -> Result<Counts, LedgerError> {
        self.ask(move |db| sendings::counts(db, id)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (done, answer) = oneshot::channel();
        let work = Box::new(move |db: &mut Connection| {
            let _ = done.send(work(db));
        });
        self.work.send(work).map_err(|_| LedgerError::Closed)?;
        answer.await.unwrap_or(Err(LedgerError::Closed))
    }
}

fn recover(db: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for name in sendings::runners(&step)? {
        if !runner::lives(path, &name)? {
            lines::give_up(&step, &name)?;
            sendings::give_up(&step, &name)?;
        }
    }
    Ok(step.commit()?)
}
