//! The page in the window: what it is told, and the answers to what it asks.

mod account_form;
mod answers;
mod compose;
mod exports;
mod fates;
mod feed;
#[cfg(test)]
mod fixtures;
mod lists;
mod preferences;
mod self_tests;
mod sign_in_form;
pub(crate) mod view;

use crate::desk::{Choices, Notices, Tasks, Window};
use crate::ipc::{Call, PageEvent, Problem, ProblemCode};
use agora_receiver::Receiver;
use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// What the page is told and answered from. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) receiver: Receiver,
    pub(crate) choices: Choices,
    pub(crate) notices: Notices,
    pub(crate) window: Window,
    pub(crate) tasks: Tasks,
    /// The last export.
    exported: Arc<Mutex<Option<PathBuf>>>,
    /// Ends the feed of the page that is open.
    feed: Arc<Mutex<CancellationToken>>,
}

impl Page {
    pub(crate) fn new(
        receiver: Receiver,
        choices: Choices,
        notices: Notices,
        window: Window,
        tasks: Tasks,
    ) -> Self {
        let (exported, feed) = Default::default();
        Self { receiver, choices, notices, window, tasks, exported, feed }
    }

    /// Answers a call: what it gives, or a problem, as the page reads them.
    pub(crate) async fn call(&self, call: Value) -> Result<Value, Value> {
        let answer = match serde_json::from_value::<Call>(call) {
            Ok(call) => call.answered_by(self).await,
            Err(error) => {
                Err(Problem::of(ProblemCode::Internal, &format!("this is no call: {error}")))
            }
        };
        answer.map_err(as_json)
    }

    /// Feeds a page with what happens, in place of the one before, for as long as it takes it.
    pub(crate) fn attach<T: Future<Output = bool> + Send + 'static>(
        &self,
        take: impl FnMut(PageEvent) -> T + Send + 'static,
    ) {
        let end = CancellationToken::new();
        self.replace_feed(end.clone());
        let feed = feed::run(self.clone(), take);
        self.tasks.spawn(async move {
            end.run_until_cancelled(feed).await;
        });
    }

    /// The page is gone. What it was to be told waits for the next one.
    pub(crate) fn detach(&self) {
        self.replace_feed(CancellationToken::new());
    }

    fn replace_feed(&self, end: CancellationToken) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *feed, end).cancel();
    }
}

/// As the page reads it.
pub(crate) fn as_json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| {
        tracing::error!(%error, "the page can't be told");
        Value::Null
    })
}
