//! Which program has a sending: one that lives holds a file locked, of a name that stands with what it
//! has. The system lets go of the lock with the process, however that ends.

use crate::LedgerError;
use agora_home::private::open_to_lock;
use rand::distr::{Alphanumeric, SampleString};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// This program, for as long as the value lives.
#[derive(Debug)]
pub struct Runner {
    pub(crate) name: String,
    file: PathBuf,
    _lock: File,
}

impl Runner {
    /// One more beside the ledger at `path`.
    pub fn begin(path: &Path) -> Result<Self, LedgerError> {
        let name = Alphanumeric.sample_string(&mut rand::rng(), 12);
        let file = file_of(path, &name);
        let lock = open_to_lock(&file)?;
        lock.try_lock().map_err(io::Error::from)?;
        Ok(Self { name, file, _lock: lock })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// Whether the program of that name lives. The file of one that doesn't is removed.
pub(crate) fn lives(path: &Path, name: &str) -> io::Result<bool> {
    let file = file_of(path, name);
    if !file.exists() {
        return Ok(false);
    }
    match open_to_lock(&file)?.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => {
            let _ = fs::remove_file(file);
            Ok(false)
        }
    }
}

/// A name out of the file leads nowhere else: only letters and digits of it are taken.
fn file_of(path: &Path, name: &str) -> PathBuf {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    path.with_file_name(format!("sending-{name}.lock"))
}
