//! What is missing on this desktop or wrong with the files, told by whoever finds it out.

use crate::ipc::{Notice, NoticeCode};
use std::collections::BTreeMap;
use tokio::sync::watch;

/// The notices that hold now. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Notices {
    now: watch::Sender<BTreeMap<NoticeCode, Option<String>>>,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Self { now: watch::Sender::default() }
    }

    /// Says whether a notice holds, with the system's own words for it.
    pub(crate) fn set(&self, code: NoticeCode, holds: bool, detail: Option<String>) {
        self.now.send_if_modified(|now| {
            let detail = holds.then_some(detail);
            let changed = now.get(&code) != detail.as_ref();
            match detail {
                Some(detail) => now.insert(code, detail),
                None => now.remove(&code),
            };
            changed
        });
        if holds {
            tracing::info!(?code, "notice");
        }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<BTreeMap<NoticeCode, Option<String>>> {
        self.now.subscribe()
    }

    pub(crate) fn list(&self) -> Vec<Notice> {
        let now = self.now.borrow();
        now.iter().map(|(code, detail)| Notice { code: *code, detail: detail.clone() }).collect()
    }
}
