//! The journal as it is kept from one run of the program to the next, so that whoever starts it again to
//! mend something sees what was before. A file that can't be read is begun anew: nothing hangs on it.

use super::entry::Entry;
use super::minutes::{Minutes, Sparse};
use super::{DAY_MS, Journal, MOST};
use agora_home::private;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

/// The form in which it is written.
const VERSION: u32 = 1;
/// More than it can ever be, in bytes.
const LIMIT: u64 = 512 * 1024;
/// What is older says nothing of any day that is shown, in milliseconds.
const LONG_AGO_MS: i64 = 366 * DAY_MS;

/// What is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    version: u32,
    saved_ms: i64,
    entries: VecDeque<Entry>,
    minutes: Sparse,
}

impl Kept {
    pub(super) fn of(saved_ms: i64, entries: &VecDeque<Entry>, minutes: &Minutes) -> Self {
        Self { version: VERSION, saved_ms, entries: entries.clone(), minutes: minutes.into() }
    }

    /// What of it can be of the time before `now_ms`.
    pub(super) fn apart(mut self, now_ms: i64) -> (i64, VecDeque<Entry>, Minutes) {
        let was = now_ms.saturating_sub(LONG_AGO_MS)..=now_ms;
        self.entries.retain(|entry| was.contains(&entry.at_ms));
        self.minutes.retain(&was);
        let much = self.entries.len().saturating_sub(MOST);
        self.entries.drain(..much);
        (self.saved_ms, self.entries, self.minutes.into())
    }

    /// Where it is, beside the inbox.
    pub fn path(inbox: &Path) -> PathBuf {
        inbox.with_file_name("connection.json")
    }

    /// Reads it; `None` where there is none that can be used.
    pub fn read(path: &Path) -> Option<Self> {
        let bytes = private::read(path, LIMIT).ok()??;
        let kept: Self = serde_json::from_slice(&bytes).ok()?;
        (kept.version == VERSION).then_some(kept)
    }

    /// Writes it, in a step that a power cut can't tear. It blocks.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        private::replace(path, &serde_json::to_string(self)?)
    }

    /// The day up to when it was kept, for whoever reads it beside the program.
    pub fn day(self) -> super::Day {
        let saved_ms = self.saved_ms;
        let (_, entries, minutes) = self.apart(saved_ms);
        Journal { entries, minutes, ..Journal::default() }.day(saved_ms)
    }
}
