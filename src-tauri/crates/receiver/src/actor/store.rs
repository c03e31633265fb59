//! The inbox, from its file to a handle: opened beside the actor, tried again where waiting may help, and
//! set aside where the person wants it.

use super::retry::Retry;
use super::{Actor, Completion};
use crate::Change;
use crate::command::Answer;
use crate::ingest::{Ingest, Trouble};
use agora_inbox::{Access, Inbox, OpenError, SetAside};
use std::future::pending;
use tokio::sync::watch;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::sleep;

/// Whoever asked for a file to be set aside.
type Asked = Answer<Result<(), String>>;

/// How it stands with the inbox.
pub(super) enum Store {
    /// It isn't open: not yet, or it can't be.
    Closed {
        /// When it is tried again.
        retry: Retry,
        /// The next try, which waits for its time.
        next: Option<AbortHandle>,
    },
    /// Its file is being opened.
    Opening {
        /// When it is tried again, should that be in vain.
        retry: Retry,
        /// Who wants the file set aside, should that be in vain again.
        asked: Vec<Asked>,
    },
    /// The file in its place is being set aside, and what is there then will be opened.
    SettingAside {
        /// Who wants that, too, should it be in vain.
        asked: Vec<Asked>,
    },
    /// It is open.
    Open(OpenStore),
}

/// The open inbox.
pub(super) struct OpenStore {
    inbox: Inbox,
    /// What has arrived and waits for it.
    ingest: Ingest,
    /// The file that it set aside, as it tells.
    set_aside: watch::Receiver<Option<SetAside>>,
}

impl Default for Store {
    fn default() -> Self {
        Self::Closed { retry: Retry::default(), next: None }
    }
}

impl Store {
    pub(super) fn inbox(&self) -> Option<&Inbox> {
        match self {
            Self::Open(open) => Some(&open.inbox),
            _ => None,
        }
    }

    pub(super) fn ingest(&self) -> Option<&Ingest> {
        match self {
            Self::Open(open) => Some(&open.ingest),
            _ => None,
        }
    }

    pub(super) fn ingest_mut(&mut self) -> Option<&mut Ingest> {
        match self {
            Self::Open(open) => Some(&mut open.ingest),
            _ => None,
        }
    }

    /// Whether it can't be opened, as far as is known.
    pub(super) fn is_out_of_reach(&self) -> bool {
        match self {
            Self::Closed { .. } | Self::SettingAside { .. } => true,
            Self::Opening { retry, .. } => retry.has_failed(),
            Self::Open(_) => false,
        }
    }

    /// Whether the file is being opened or set aside right now.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Opening { .. } | Self::SettingAside { .. })
    }

    /// When the open inbox has been set aside, and is a new one; never, where that is not to be expected.
    pub(super) async fn begun_anew(&mut self) {
        if let Self::Open(open) = self
            && open.set_aside.changed().await.is_ok()
        {
            return;
        }
        pending::<()>().await;
    }
}

impl Actor {
    /// Opens the inbox beside the actor, unless it is open or being opened.
    pub(super) fn open_inbox(&mut self) {
        if let Store::Closed { retry, next } = &mut self.store {
            if let Some(next) = next.take() {
                next.abort();
            }
            let retry = std::mem::take(retry);
            self.begin_opening(retry, Vec::new());
        }
    }

    fn begin_opening(&mut self, retry: Retry, asked: Vec<Asked>) {
        self.store = Store::Opening { retry, asked };
        let file = self.accounts.files().inbox.clone();
        self.beside.spawn(async move {
            let opened = spawn_blocking(move || Inbox::open(&file, Access::Write)).await;
            Completion::Opened(
                opened.unwrap_or_else(|error| Err(OpenError::Thread(std::io::Error::other(error)))),
            )
        });
    }

    /// The inbox is there, or it is known why not.
    pub(super) async fn opened(&mut self, result: Result<Inbox, OpenError>) {
        let Store::Opening { mut retry, asked } = std::mem::take(&mut self.store) else { return };
        match result {
            Ok(inbox) => {
                self.store = Store::Open(OpenStore {
                    set_aside: inbox.set_aside(),
                    ingest: Ingest::new(inbox.clone()),
                    inbox: inbox.clone(),
                });
                self.tell_set_aside();
                self.outputs.inbox.send_replace(Some(inbox));
                self.trouble(None);
                self.tidy().await;
                self.remind_at_start().await;
            }
            Err(error) => {
                tracing::error!("the inbox can't be opened: {error}");
                let trouble = Trouble::of_open(&error);
                let wait = retry.next(None);
                let next = trouble.may_pass().then(|| {
                    self.beside.spawn(async move {
                        sleep(wait).await;
                        Completion::OpenAgain
                    })
                });
                self.store = Store::Closed { retry, next };
                self.trouble(Some(trouble));
            }
        }
        for asked in asked {
            self.set_inbox_aside(asked);
        }
        self.begin();
    }

    /// Sets the file aside that can't be opened, once it is known that it can't be.
    pub(super) fn set_inbox_aside(&mut self, done: Asked) {
        match &mut self.store {
            Store::Open(_) => {
                let _ = done.send(Ok(()));
            }
            Store::Opening { asked, .. } | Store::SettingAside { asked } => asked.push(done),
            Store::Closed { next, .. } => {
                if let Some(next) = next.take() {
                    next.abort();
                }
                self.store = Store::SettingAside { asked: Vec::new() };
                let file = self.accounts.files().inbox.clone();
                self.beside.spawn(async move {
                    let result = spawn_blocking(move || agora_inbox::set_aside(&file)).await;
                    let result = match result {
                        Ok(result) => result.map(drop).map_err(|error| error.to_string()),
                        Err(error) => Err(error.to_string()),
                    };
                    Completion::SetAside(result, done)
                });
            }
        }
    }

    /// The file was set aside, or couldn't be: in either case it is seen what is there now.
    pub(super) fn set_aside_is_over(&mut self) {
        if let Store::SettingAside { asked } = std::mem::take(&mut self.store) {
            self.begin_opening(Retry::default(), asked);
        }
    }

    fn tell_set_aside(&mut self) {
        if let Store::Open(open) = &mut self.store {
            let set_aside = open.set_aside.borrow_and_update().clone();
            if set_aside.is_some() {
                self.outputs.set_aside.send_replace(set_aside);
            }
        }
    }

    /// The open inbox was set aside, and is a new one.
    pub(super) async fn inbox_is_new(&mut self) {
        self.tell_set_aside();
        if let Some(inbox) = self.store.inbox()
            && let Ok(counts) = inbox.counts().await
        {
            self.change(Change::Much { counts: counts.into() });
        }
        self.reminder_is_due().await;
        // Of what was in it the market may have stored some.
        self.sync().await;
    }
}
