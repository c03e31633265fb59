//! The inbox: its folder can be written, and its file is as it was written.

use super::Check;
use agora_account::Files;
use agora_inbox::{Access, Inbox, OpenError, StoreError};
use std::io;
use std::path::Path;

const NAME: &str = "inbox";

/// Checks the folder and reads the whole file; nothing is changed.
pub(super) async fn check(files: &Files) -> Check {
    let file = &files.inbox;
    let folder = file.parent().unwrap_or(Path::new("."));
    if let Err(error) = try_to_write(folder) {
        return Check::bad(
            NAME,
            format!("{} can't be written: {error}", folder.display()),
            "check the folder's permissions and the space on its disk, or set AGORA_HOME to another",
        );
    }
    match read(file).await {
        Ok(count) => Check::good(NAME, format!("{count} alerts, and the file is whole")),
        Err(OpenError::NotMade) => Check::good(NAME, "not made yet; its folder can be written"),
        Err(error) => {
            let advice = advice(&error, file);
            Check::bad(NAME, format!("{:#}", anyhow::Error::from(error)), advice)
        }
    }
}

/// Makes a file without a name in the folder, or in the nearest one above that exists.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(existing).map(drop)
}

/// Checks every page of the file; how many alerts are in it.
async fn read(file: &Path) -> Result<u32, OpenError> {
    let inbox = Inbox::open(file, Access::ReadOnly)?;
    inbox.check().await?;
    Ok(inbox.counts().await?.total())
}

fn advice(error: &OpenError, file: &Path) -> String {
    match error {
        // What SQLite has not yet moved from the file beside it would end up in the new inbox.
        OpenError::NotAnInbox | OpenError::Store(StoreError::Damaged(_)) => format!(
            "quit the app, move {0} away (with {0}-wal and {0}-shm, where they are), and start the \
             app again: it makes a new inbox",
            file.display()
        ),
        OpenError::Newer { .. } => "update the program; nothing was changed".to_owned(),
        OpenError::Store(StoreError::Busy(_)) => "try again in a moment".to_owned(),
        _ => format!("check the permissions of {} and of its folder", file.display()),
    }
}
