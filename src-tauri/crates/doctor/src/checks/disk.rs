//! The disk that the inbox is on: its folder can be written, and there is room.

use crate::{Check, Finding, Part};
use agora_home::Files;
use std::io::{self, Write};
use std::path::Path;
use tokio::task::spawn_blocking;

/// How many bytes there has to be room for.
const A_FEW_ALERTS: usize = 16 * 1024;
/// What is free is little below so many MiB: a day of many alerts with their index, and a copy of the file
/// before an update.
const LITTLE: u64 = 100;

/// Writes a file without a name beside the inbox, and asks how much is free.
pub async fn check(files: &Files) -> Check {
    let folder = files.inbox.parent().unwrap_or(Path::new(".")).to_owned();
    let looked = spawn_blocking(move || {
        let existing =
            folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new(".")).to_owned();
        try_to_write(&existing).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(free_mib(&existing))
    });
    let found = match looked.await {
        Ok(Ok(Some(free))) if free < LITTLE => Finding::DiskIsLow(free),
        Ok(Ok(free)) => Finding::Disk(free),
        Ok(Err(error)) => Finding::DiskUnwritable(error),
        Err(error) => Finding::DiskUnwritable(error.to_string()),
    };
    Check::of(Part::Disk, found)
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&[0; A_FEW_ALERTS])?;
    file.sync_all()
}

/// What this user may still write, in MiB.
#[cfg(unix)]
fn free_mib(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize) / (1024 * 1024))
}

/// Not asked for there.
#[cfg(not(unix))]
fn free_mib(_folder: &Path) -> Option<u64> {
    None
}
