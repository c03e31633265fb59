//! The page in the window: what it is told, and the answers to what it asks.

mod account_form;
mod answers;
mod compose;
mod exports;
mod fates;
mod feed;
mod lists;
mod self_tests;
pub(crate) mod view;

use crate::desk::{Choices, Notices, Tasks, Window};
use crate::ipc::PageEvent;
use agora_receiver::Receiver;
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

    /// Feeds a page with what happens, in place of the one before, for as long as it takes it.
    pub(crate) fn attach(&self, take: impl FnMut(PageEvent) -> bool + Send + 'static) {
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
