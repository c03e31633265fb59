//! The file as the inbox's thread holds it: open, and opened anew when it turns out to be damaged,
//! or not to be there any more.

use crate::aside::{self, SetAside, beside};
use crate::{Access, OpenError, StoreError, open, search};
use rusqlite::{Connection, ffi};
use std::path::{Path, PathBuf};
use tokio::sync::watch;

/// How many damaged files are set aside while the program runs: on a disk that spoils each, one
/// more would help nobody.
const MOST_SET_ASIDE: u32 = 5;

pub(crate) struct Held {
    path: PathBuf,
    access: Access,
    open: Result<Connection, String>,
    /// Which files the inbox and its log are.
    files: [Option<Identity>; 2],
    found_damaged: u32,
    told: watch::Sender<Option<SetAside>>,
}

impl Held {
    /// Opens the file.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        let (db, told) = match access {
            Access::Write => open::for_writing(path)?,
            Access::ReadOnly => (open::for_reading(path)?, None),
        };
        let path = path.to_owned();
        let files = files(&path);
        let told = watch::Sender::new(told);
        Ok(Self { path, access, open: Ok(db), files, found_damaged: 0, told })
    }

    /// Where it is told what was set aside.
    pub(crate) fn told(&self) -> watch::Receiver<Option<SetAside>> {
        self.told.subscribe()
    }

    /// Does some work. Damage that it finds is only told.
    pub(crate) fn work<T>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        match &mut self.open {
            Ok(db) => Ok(work(db)?),
            Err(why) => Err(StoreError::NotOpen(why.clone())),
        }
    }

    /// Does work by which something new is kept. It is not done in a file that nobody would find
    /// again, and where it finds damage, the next such work has a new file.
    pub(crate) fn keep<T>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        if self.access == Access::Write {
            self.find()?;
        }
        let done = self.work(work);
        if let Err(StoreError::Damaged(error)) = &done {
            self.heal(error);
        }
        done
    }

    /// Makes sure that the files that are open are the ones in their place: SQLite would go on in
    /// deleted ones, and all that is kept would go with them.
    fn find(&mut self) -> Result<(), StoreError> {
        let now = files(&self.path);
        if self.open.is_ok() && now == self.files {
            return Ok(());
        }
        let mut gone = None;
        if let Ok(db) = self.take("it was deleted or replaced") {
            let [file, log] = now;
            let is_log_alone = file == self.files[0];
            if is_log_alone {
                // What the deleted log holds is not lost as long as it is open.
                db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
            open::close_as_it_is(db);
            // SQLite would take a log for that of whatever file it lies beside.
            let is_stray = log.is_some() && is_log_alone != (log == self.files[1]);
            let stray = is_stray.then(|| aside::remains(&self.path)).transpose();
            let stray = stray.map_err(|error| StoreError::NotOpen(error.to_string()))?;
            let why = "it was deleted or replaced while the program had it open";
            tracing::error!("the inbox is opened anew: {why}");
            if !is_log_alone || stray.is_some() {
                let path = stray.unwrap_or_else(|| self.path.clone());
                gone = Some(SetAside { path, why: why.to_owned() });
            }
        }
        self.open_anew(gone)
    }

    /// Makes the file usable again after damage was found in it.
    fn heal(&mut self, damage: &rusqlite::Error) {
        if self.access == Access::ReadOnly || self.found_damaged == MOST_SET_ASIDE {
            return;
        }
        let is_in_index = damage
            .sqlite_error()
            .is_some_and(|error| error.extended_code == ffi::SQLITE_CORRUPT_VTAB);
        if is_in_index && self.work(rebuild_index).is_ok() {
            tracing::warn!("the inbox's search index was damaged, and was made anew");
            return;
        }
        self.found_damaged += 1;
        if let Ok(db) = self.take("it is damaged") {
            open::close_as_it_is(db);
        }
        let anew = match open::set_aside(&self.path, damage.to_string()) {
            Ok(set_aside) => self.open_anew(Some(set_aside)),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = anew {
            tracing::error!("the inbox can't be opened anew: {error}");
        }
    }

    /// Opens what is in the inbox's place now, and tells what came before it.
    fn open_anew(&mut self, before: Option<SetAside>) -> Result<(), StoreError> {
        let opened = open::for_writing(&self.path);
        let told = match opened {
            Ok((db, told)) => {
                self.open = Ok(db);
                self.files = files(&self.path);
                told.or(before)
            }
            Err(error) => {
                self.open = Err(error.to_string());
                if before.is_some() {
                    self.told.send_replace(before);
                }
                return Err(error.into());
            }
        };
        if told.is_some() {
            self.told.send_replace(told);
        }
        Ok(())
    }

    fn take(&mut self, why: &str) -> Result<Connection, String> {
        std::mem::replace(&mut self.open, Err(why.to_owned()))
    }
}

fn rebuild_index(db: &mut Connection) -> rusqlite::Result<()> {
    let all = db.transaction()?;
    search::rebuild(&all)?;
    all.commit()
}

fn files(path: &Path) -> [Option<Identity>; 2] {
    [Identity::of(path), Identity::of(&beside(path, "-wal"))]
}

/// Which file a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl Identity {
    /// `None` where there is no file.
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        path.metadata().ok().map(|file| Self { device: file.dev(), inode: file.ino() })
    }

    /// Windows lets nobody delete or replace a file that SQLite has open.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "on Unix there may be none")]
    fn of(_: &Path) -> Option<Self> {
        Some(Self {})
    }
}
