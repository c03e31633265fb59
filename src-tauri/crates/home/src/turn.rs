//! A turn that one program of this home has at a time.

use crate::private::open_to_lock;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The time between two looks whether another's turn is over.
const LOOK: Duration = Duration::from_millis(5);

/// Held until it is dropped, or its program ends.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

impl Turn {
    /// Takes the turn that a file stands for, as soon as nobody else has it. It blocks the thread, for
    /// `patience` at most: [`io::ErrorKind::TimedOut`] after that.
    pub fn take(file: &Path, patience: Duration) -> io::Result<Self> {
        let lock = open_to_lock(file)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { _lock: lock }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => sleep(LOOK),
                Err(TryLockError::WouldBlock) => {
                    let why = "another program keeps it from being changed";
                    return Err(io::Error::new(io::ErrorKind::TimedOut, why));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}
