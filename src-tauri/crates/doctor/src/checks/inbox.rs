//! The inbox: its file is as it was written, and what lies beside it.

use crate::{Beside, Check, Finding, Part};
use agora_home::Files;
use agora_inbox::{Access, Inbox, OpenError, StoreError, backups, kept_aside, writable};
use std::path::Path;

/// Reads the whole file; nothing is changed.
pub async fn check(files: &Files) -> Check {
    let file = &files.inbox;
    let beside = Beside { aside: kept_aside(file), backup: backups(file).into_iter().next() };
    let found = match read(file).await {
        Ok(alerts) => Finding::Inbox { alerts, beside },
        Err((OpenError::NotMade, _)) if has_log(file) => Finding::InboxLogIsLeft(beside),
        Err((OpenError::NotMade, _)) if leads_nowhere(file) => Finding::InboxLeadsNowhere(beside),
        Err((OpenError::NotMade, _)) if file.exists() => Finding::InboxIsEmptyFile(beside),
        Err((OpenError::NotMade, _)) => Finding::InboxNotMade(beside),
        Err((error, is_open)) => Finding::InboxTrouble { error, is_open, beside },
    };
    Check::of(Part::Inbox, found)
}

/// Whether it is a link that the app can't make a file by.
fn leads_nowhere(file: &Path) -> bool {
    let target = file.read_link().map(|target| file.with_file_name(target));
    target.is_ok_and(|target| !target.parent().is_some_and(Path::is_dir))
}

fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|log| log.len() > 0)
}

/// Checks every page of the file; how many alerts are in it. With an error, whether it is open all the
/// same.
async fn read(file: &Path) -> Result<u32, (OpenError, bool)> {
    let inbox = Inbox::open(file, Access::ReadOnly).map_err(|error| (error, false))?;
    let count = async {
        inbox.check().await?;
        Ok::<_, StoreError>(inbox.counts().await?.total())
    };
    let count = count.await.map_err(|error| (error.into(), true))?;
    writable(file).map_err(|error| (error, true))?;
    Ok(count)
}
