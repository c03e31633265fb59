//! The inbox, from its file to a handle: opened beside the mailbox, tried again where waiting may
//! help, and set aside where the person wants it.

use super::{Actor, Done};
use crate::Change;
use crate::command::Answer;
use crate::keeping::{Keeping, Trouble};
use agora_inbox::{Access, Inbox, OpenError};
use std::time::Duration;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::sleep;

/// The first wait before another try, which doubles with each.
const FIRST: Duration = Duration::from_secs(5);
/// The longest.
const LONGEST: Duration = Duration::from_mins(5);

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// Whether the file is being opened, or set aside: not both at a time.
    is_going_on: bool,
    /// Who wants the file set aside that is being opened.
    aside: Vec<Answer<Result<(), String>>>,
    failures: u32,
    /// Another try that waits for its time.
    again: Option<AbortHandle>,
}

impl Opening {
    /// Whether the inbox is being opened or set aside right now.
    pub(super) fn is_going_on(&self) -> bool {
        self.is_going_on
    }
}

impl Actor {
    /// Opens the inbox beside the mailbox, unless it is open or being opened.
    pub(super) fn open_inbox(&mut self) {
        if self.inbox.is_some() || self.opening.is_going_on {
            return;
        }
        self.opening.is_going_on = true;
        if let Some(again) = self.opening.again.take() {
            again.abort();
        }
        let file = self.accounts.files().inbox.clone();
        self.beside.spawn(async move {
            let opened = spawn_blocking(move || Inbox::open(&file, Access::Write)).await;
            Done::Opened(
                opened.unwrap_or_else(|error| Err(OpenError::Thread(std::io::Error::other(error)))),
            )
        });
    }

    /// The inbox is there, or it is known why not.
    pub(super) async fn opened(&mut self, result: Result<Inbox, OpenError>) {
        self.opening.is_going_on = false;
        let aside = std::mem::take(&mut self.opening.aside);
        match result {
            Ok(inbox) => {
                self.opening = Opening::default();
                self.set_aside = Some(inbox.set_aside());
                self.tell_set_aside();
                self.keeping = Some(Keeping::new(inbox.clone()));
                self.inbox = Some(inbox.clone());
                self.outputs.inbox.send_replace(Some(inbox));
                self.trouble(None);
                self.tidy().await;
            }
            Err(error) => {
                tracing::error!("the inbox can't be opened: {error}");
                let trouble = Trouble::of_open(&error);
                if trouble.may_pass() {
                    let wait = FIRST.saturating_mul(1 << self.opening.failures.min(8)).min(LONGEST);
                    self.opening.failures += 1;
                    self.opening.again = Some(self.beside.spawn(async move {
                        sleep(wait).await;
                        Done::OpenAgain
                    }));
                }
                self.trouble(Some(trouble));
            }
        }
        for done in aside {
            self.set_inbox_aside(done);
        }
        self.begin();
    }

    /// Sets the file aside that can't be opened, once it is known that it can't be.
    pub(super) fn set_inbox_aside(&mut self, done: Answer<Result<(), String>>) {
        if self.inbox.is_some() {
            let _ = done.send(Ok(()));
            return;
        }
        if self.opening.is_going_on {
            self.opening.aside.push(done);
            return;
        }
        self.opening.is_going_on = true;
        let file = self.accounts.files().inbox.clone();
        self.beside.spawn(async move {
            let result = spawn_blocking(move || agora_inbox::set_aside(&file)).await;
            let result = match result {
                Ok(result) => result.map(drop).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            Done::SetAside(result, done)
        });
    }

    /// The file was set aside, or couldn't be: in either case it is seen what is there now.
    pub(super) fn set_aside_is_over(&mut self) {
        self.opening.is_going_on = false;
        self.open_inbox();
    }

    fn tell_set_aside(&mut self) {
        if let Some(told) = &mut self.set_aside {
            let set_aside = told.borrow_and_update().clone();
            if set_aside.is_some() {
                self.outputs.set_aside.send_replace(set_aside);
            }
        }
    }

    /// The open inbox was set aside, and is a new one.
    pub(super) async fn begun_anew(&mut self) {
        self.tell_set_aside();
        if let Some(inbox) = &self.inbox
            && let Ok(counts) = inbox.counts().await
        {
            self.change(Change::Much { counts: counts.into() });
        }
        // Of what was in it the market may have stored some.
        self.catch_up().await;
    }
}
