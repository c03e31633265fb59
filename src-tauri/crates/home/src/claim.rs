//! The claim to receive under the account's client id: the market forgets a client that connects
//! a second time under the same id, so at most one program of a home may do so.

use crate::Files;
use crate::private::open_to_lock;
use std::fs::{File, TryLockError};
use std::io;

/// The claim, for as long as the value lives. The system gives it up with the process.
#[derive(Debug)]
pub struct Claim {
    _lock: File,
}

impl Claim {
    /// Takes the claim of a home; `None` while another program has it.
    pub fn take(files: &Files) -> io::Result<Option<Self>> {
        let lock = open_to_lock(&files.inbox.with_file_name("receiving.lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
