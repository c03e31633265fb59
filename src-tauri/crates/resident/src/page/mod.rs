//! The page in the window: what it is told, and the answers to what it asks.

mod account_form;
mod accounts;
mod answers;
mod compose;
mod diagnostics;
mod exports;
mod fates;
mod feed;
#[cfg(test)]
mod fixtures;
mod lists;
mod live;
mod preferences;
mod reminders;
mod self_tests;
mod sending;
mod sent_views;
mod sign_in_form;
mod subjects;
pub(crate) mod view;

use crate::accounts::{Roster, Running};
use crate::autostart::Autostart;
use crate::desk::{Choices, Notices, Tasks, Window};
use crate::ipc::{Call, PageEvent, Problem, ProblemCode};
use agora_account::AccountName;
use agora_receiver::Receiver;
use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// The page, whosever alerts it shows. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    roster: Roster,
    window: Window,
    /// What is wrong with this desktop, whatever the account.
    desktop: Notices,
    autostart: Autostart,
    tasks: Tasks,
    /// The last export.
    exported: Arc<Mutex<Option<PathBuf>>>,
    /// Ends the feed of the page that is open.
    feed: Arc<Mutex<CancellationToken>>,
}

/// The page with one account: what it is told of that, and answered from.
#[derive(Debug, Clone)]
pub(crate) struct AccountPage {
    account: Running,
    receiver: Receiver,
    choices: Choices,
    notices: Notices,
    page: Page,
}

impl Page {
    pub(crate) fn new(roster: Roster, desktop: Notices, autostart: Autostart) -> Self {
        let (window, tasks) = (roster.shared.window.clone(), roster.shared.tasks.clone());
        let (exported, feed) = Default::default();
        Self { roster, window, desktop, autostart, tasks, exported, feed }
    }

    /// Answers a call: what it gives, or a problem, as the page reads them. It says itself which account
    /// it is of: the window may have turned to another meanwhile.
    pub(crate) async fn call(&self, mut call: Value) -> Result<Value, Value> {
        let account = call.as_object_mut().and_then(|call| call.remove("account"));
        let answer = match (self.of_call(account.as_ref()), serde_json::from_value::<Call>(call)) {
            (Some(page), Ok(call)) => call.answered_by(&page).await,
            (None, Ok(_)) => Err(Problem::of(ProblemCode::Internal, "there is no such account")),
            (_, Err(error)) => {
                Err(Problem::of(ProblemCode::Internal, &format!("this is no call: {error}")))
            }
        };
        answer.map_err(as_json)
    }

    fn of_call(&self, account: Option<&Value>) -> Option<AccountPage> {
        self.with(&account?.as_str()?.parse().ok()?)
    }

    /// The page with an account.
    fn with(&self, account: &AccountName) -> Option<AccountPage> {
        self.roster.find(account).map(|account| AccountPage::new(account, self.clone()))
    }

    /// Feeds a page with what happens, in place of the one before, for as long as it takes it: to the
    /// account that is shown, and to the next one when the window turns to that.
    pub(crate) fn attach<T: Future<Output = bool> + Send + 'static>(
        &self,
        mut take: impl FnMut(PageEvent) -> T + Send + 'static,
    ) {
        let end = CancellationToken::new();
        self.replace_feed(end.clone());
        let page = self.clone();
        let feed = async move {
            let mut shown = page.window.account();
            loop {
                let name = shown.borrow_and_update().clone();
                let first = || AccountPage::new(page.roster.first(), page.clone());
                let with = page.with(&name).unwrap_or_else(first);
                tokio::select! {
                    () = feed::run(with, &mut take) => return,
                    Ok(()) = shown.changed() => {}
                }
            }
        };
        self.tasks.spawn(async move {
            end.run_until_cancelled(feed).await;
        });
        // Whom the keyring may ask.
        let roster = self.roster.clone();
        self.tasks.spawn(async move {
            for running in roster.all() {
                running.receiver.attended().await;
            }
        });
    }

    /// The page is gone. What it was to be told waits for the next one.
    pub(crate) fn detach(&self) {
        self.replace_feed(CancellationToken::new());
    }

    fn replace_feed(&self, end: CancellationToken) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *feed, end).cancel();
        // The page before may have had them open.
        for account in self.roster.all() {
            account.diagnostics.close();
        }
    }
}

impl AccountPage {
    fn new(account: Running, page: Page) -> Self {
        let (receiver, choices) = (account.receiver.clone(), account.choices.clone());
        let notices = account.notices.clone();
        Self { account, receiver, choices, notices, page }
    }
}

/// As the page reads it.
pub(crate) fn as_json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| {
        tracing::error!(%error, "the page can't be told");
        Value::Null
    })
}
